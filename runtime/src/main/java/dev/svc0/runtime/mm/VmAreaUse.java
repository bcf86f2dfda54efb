package dev.svc0.runtime.mm;

/**
 * One mapping as /proc/PID/smaps shows it.
 *
 * @param area the mapping
 * @param use what its pages come to
 * @param flags the VmFlags line: two letters and a space for each
 */
public record VmAreaUse(VmArea area, PageUse use, String flags) {}
