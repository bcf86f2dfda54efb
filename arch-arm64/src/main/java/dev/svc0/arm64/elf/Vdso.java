package dev.svc0.arm64.elf;

import static dev.svc0.runtime.abi.ClockConstants.*;

import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.syscall.SyscallResult;
import dev.svc0.runtime.task.Kernel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The shared object that the kernel maps into each process: the clock calls without a system call,
 * and the way back from a signal handler that has no restorer. Its source is {@code
 * src/main/vdso/vdso.S}.
 *
 * <p>The page below it, {@code [vvar]}, says how far each clock is ahead of the counter; it is
 * written at execve. So a step of the host's wall clock is seen by programs that start after it;
 * the system calls see it at once. A kernel with a wall clock of its own keeps its programs from
 * the counter: they make system calls for it.
 */
final class Vdso {
  private static final int PAGE_SIZE = 4096;
  private static final int ENTRY_OFFSET = 24;
  private static final int CLOCKS = 8;
  private static final long NANOS = 1_000_000_000;

  /** How often the wall clock is compared with the counter. */
  private static final int LOOKS = 5;

  private static final byte[] IMAGE = read();

  /** Offset of the code that calls rt_sigreturn: the image's entry point. */
  static final long SIGRETURN =
      ByteBuffer.wrap(IMAGE).order(ByteOrder.LITTLE_ENDIAN).getLong(ENTRY_OFFSET);

  private Vdso() {}

  private static byte[] read() {
    try (InputStream in = Vdso.class.getResourceAsStream("vdso.so")) {
      if (in == null) {
        throw new IllegalStateException("vdso.so is missing");
      }
      byte[] image = in.readAllBytes();
      if (image.length > PAGE_SIZE) {
        throw new IllegalStateException("vdso.so is larger than its page");
      }
      return image;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Maps both pages; the address of the image or −errno. */
  static long map(Kernel kernel, MemoryManager mm) {
    long data =
        mm.mmap(
            0,
            2 * PAGE_SIZE,
            MmapConstants.PROT_READ | MmapConstants.PROT_WRITE,
            MmapConstants.MAP_PRIVATE | MmapConstants.MAP_ANONYMOUS,
            null,
            0);
    if (SyscallResult.isError(data)) {
      return data;
    }
    long image = data + PAGE_SIZE;
    mm.writeBytes(data, offsets(kernel));
    mm.writeBytes(image, IMAGE);
    long result = mm.mprotect(data, PAGE_SIZE, MmapConstants.PROT_READ);
    if (result == 0) {
      result = mm.mprotect(image, PAGE_SIZE, MmapConstants.PROT_READ | MmapConstants.PROT_EXEC);
    }
    if (result != 0) {
      return result;
    }
    mm.nameArea(data, "[vvar]");
    mm.nameArea(image, "[vdso]");
    return image;
  }

  /** A bit for each clock that is an offset from the counter, then the offsets. */
  private static byte[] offsets(Kernel kernel) {
    ByteBuffer page = ByteBuffer.allocate((1 + CLOCKS) * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long monotonic = -kernel.hostDeadline(0);
    long mask = 0;
    for (int clock :
        new int[] {CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME}) {
      mask |= 1L << clock;
      page.putLong((1 + clock) * Long.BYTES, monotonic);
    }
    if (kernel.options().hasHostClock()) {
      long wall = wallOffset(kernel.options().clock());
      for (int clock : new int[] {CLOCK_REALTIME, CLOCK_REALTIME_COARSE}) {
        mask |= 1L << clock;
        page.putLong((1 + clock) * Long.BYTES, wall);
      }
    }
    return page.putLong(0, mask).array();
  }

  /**
   * How far a wall clock is ahead of the counter. Of some looks at both the one counts that took
   * least: between the two the host may run something else.
   */
  private static long wallOffset(InstantSource clock) {
    long offset = 0;
    long least = Long.MAX_VALUE;
    for (int look = 0; look < LOOKS; look++) {
      long before = System.nanoTime();
      Instant now = clock.instant();
      long took = System.nanoTime() - before;
      if (took < least) {
        least = took;
        offset = now.getEpochSecond() * NANOS + now.getNano() - (before + took / 2);
      }
    }
    return offset;
  }
}
