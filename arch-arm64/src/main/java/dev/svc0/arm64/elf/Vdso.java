package dev.svc0.arm64.elf;

import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.syscall.SyscallResult;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The page of code that the kernel maps into each process: the way back from a signal handler that
 * has no restorer. It is no ELF image and has no clock calls, so AT_SYSINFO_EHDR is not given.
 */
final class Vdso {
  /** Offset of the code that calls rt_sigreturn. */
  static final int SIGRETURN = 4;

  private static final int PAGE_SIZE = 4096;
  private static final int NOP = 0xd503201f;
  private static final int MOV_X8_RT_SIGRETURN = 0xd2801168;
  private static final int SVC = 0xd4000001;

  private Vdso() {}

  /** Maps it; its address or −errno. */
  static long map(MemoryManager mm) {
    long at =
        mm.mmap(
            0,
            PAGE_SIZE,
            MmapConstants.PROT_READ | MmapConstants.PROT_WRITE,
            MmapConstants.MAP_PRIVATE | MmapConstants.MAP_ANONYMOUS,
            null,
            0);
    if (SyscallResult.isError(at)) {
      return at;
    }
    ByteBuffer code = ByteBuffer.allocate(3 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    code.putInt(NOP).putInt(MOV_X8_RT_SIGRETURN).putInt(SVC); // unwinders look one before
    mm.writeBytes(at, code.array());
    long result = mm.mprotect(at, PAGE_SIZE, MmapConstants.PROT_READ | MmapConstants.PROT_EXEC);
    if (result != 0) {
      return result;
    }
    mm.nameArea(at, "[vdso]");
    return at;
  }
}
