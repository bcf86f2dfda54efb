package dev.svc0.runtime.mm;

/**
 * One mapping as /proc/PID/maps shows it.
 *
 * @param start first address
 * @param end first address after it
 * @param prot PROT_ bits
 * @param shared whether stores reach the backing
 * @param offsetBytes offset in the backing
 * @param device device number, 0 for none
 * @param inode inode number, 0 for none
 * @param name path, or a name in brackets, or empty
 */
public record VmArea(
    long start,
    long end,
    int prot,
    boolean shared,
    long offsetBytes,
    long device,
    long inode,
    String name) {}
