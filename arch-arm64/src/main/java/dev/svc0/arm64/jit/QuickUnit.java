package dev.svc0.arm64.jit;

/**
 * A quick translation: machine code of the host.
 *
 * @param number by which a memory says whether the unit agrees with it
 * @param image what it was made from
 * @param pcs guest addresses where it can be entered, the first first
 * @param entries host addresses of these
 */
record QuickUnit(int number, Unit.Image image, long[] pcs, long[] entries) {}
