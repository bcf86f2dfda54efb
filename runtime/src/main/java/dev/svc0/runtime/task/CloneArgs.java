package dev.svc0.runtime.task;

/**
 * What clone(2) and clone3(2) ask for.
 *
 * @param flags CLONE_ bits, without the exit signal
 * @param exitSignal sent to the parent at the end, 0 for none
 * @param stack the child's stack pointer, 0 to keep the parent's
 * @param tls thread pointer for CLONE_SETTLS
 * @param parentTid where CLONE_PARENT_SETTID writes
 * @param childTid where CLONE_CHILD_SETTID writes and CLONE_CHILD_CLEARTID clears
 * @param pidfd where CLONE_PIDFD writes
 */
public record CloneArgs(
    long flags, int exitSignal, long stack, long tls, long parentTid, long childTid, long pidfd) {
  /** Whether all bits of the flag are set. */
  public boolean has(long flag) {
    return (flags & flag) == flag;
  }
}
