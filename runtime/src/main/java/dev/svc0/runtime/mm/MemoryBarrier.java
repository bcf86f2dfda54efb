package dev.svc0.runtime.mm;

import dev.svc0.runtime.host.HostSyscall;

/**
 * A full fence on all other threads of this process at once, so that what is done all the time
 * needs none and only what is rare pays. <i>Linux:</i> {@code membarrier} with
 * MEMBARRIER_CMD_PRIVATE_EXPEDITED.
 */
final class MemoryBarrier {
  private static final int MEMBARRIER_X86 = 324;
  private static final int MEMBARRIER_ARM = 283;
  private static final int PRIVATE_EXPEDITED = 1 << 3;
  private static final int REGISTER_PRIVATE_EXPEDITED = 1 << 4;

  /** Whether the host has it: Linux since 4.14, if no filter of system calls forbids it. */
  static final boolean AVAILABLE = call(REGISTER_PRIVATE_EXPEDITED) == 0;

  private MemoryBarrier() {}

  private static long call(int command) {
    return HostSyscall.call(MEMBARRIER_X86, MEMBARRIER_ARM, command, 0, 0, 0, 0, 0);
  }

  /** Every other thread passes a full fence, if the host has it. */
  static void onOtherThreads() {
    if (AVAILABLE && call(PRIVATE_EXPEDITED) != 0) {
      throw new IllegalStateException("membarrier was there and is not any more");
    }
  }
}
