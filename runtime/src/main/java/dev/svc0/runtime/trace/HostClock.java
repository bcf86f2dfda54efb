package dev.svc0.runtime.trace;

import dev.svc0.runtime.host.HostSyscall;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Nanoseconds on the scale of {@link System#nanoTime}, at less than half of its price: the counter
 * of an x86-64 processor, where the host's kernel keeps its own time by it and so has found that it
 * is steady and the same on all processors. Anywhere else it is {@code System.nanoTime} itself.
 *
 * <p>Java has no way to read the counter, and a call of native code costs next to nothing: the
 * three instructions that do it stand in a page of their own, which can be executed and not
 * written.
 */
final class HostClock {
  /** rdtsc; shl rdx, 32; or rax, rdx; ret. */
  private static final byte[] READ_COUNTER = {
    0x0f, 0x31, 0x48, (byte) 0xc1, (byte) 0xe2, 0x20, 0x48, 0x09, (byte) 0xd0, (byte) 0xc3
  };

  private static final int MMAP = 9;
  private static final int MPROTECT = 10;
  private static final int ARM_MMAP = 222;
  private static final int ARM_MPROTECT = 226;
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int PROT_EXEC = 4;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
  private static final int PAGE = 4096;

  private static final Path SOURCE =
      Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource");

  /** So long the two clocks are compared; the rate is then good to 10 ppm. */
  private static final long COMPARED_NANOS = 5_000_000;

  private static final int LOOKS = 50;

  /** The rate is nanoseconds a tick in units of 2⁻⁶⁰; ticks are shifted by the rest of 64 bits. */
  private static final int RATE_BITS = 60;

  /** Reads the counter; null where it is not used. */
  private static final @Nullable MethodHandle COUNTER = counter();

  private static final long FIRST_NANOS;
  private static final long FIRST_TICKS;
  private static final long RATE;

  static {
    if (COUNTER == null) {
      FIRST_NANOS = 0;
      FIRST_TICKS = 0;
      RATE = 0;
    } else {
      Both first = look(COUNTER);
      while (System.nanoTime() - first.nanos < COMPARED_NANOS) {
        Thread.onSpinWait();
      }
      Both last = look(COUNTER);
      FIRST_NANOS = first.nanos;
      FIRST_TICKS = first.ticks;
      double each = (double) (last.nanos - first.nanos) / (last.ticks - first.ticks);
      RATE = (long) (each * (1L << RATE_BITS));
    }
  }

  /** The two clocks at the same time. */
  private record Both(long nanos, long ticks) {}

  private HostClock() {}

  /** Nanoseconds now. */
  static long nanos() {
    MethodHandle counter = COUNTER;
    return counter == null
        ? System.nanoTime()
        : FIRST_NANOS
            + Math.multiplyHigh((ticks(counter) - FIRST_TICKS) << (Long.SIZE - RATE_BITS), RATE);
  }

  /** The look with the least time between, for the thread may be interrupted in one. */
  private static Both look(MethodHandle counter) {
    Both best = new Both(0, 0);
    long least = Long.MAX_VALUE;
    for (int i = 0; i < LOOKS; i++) {
      long before = System.nanoTime();
      long ticks = ticks(counter);
      long took = System.nanoTime() - before;
      if (took < least) {
        least = took;
        best = new Both(before + took / 2, ticks);
      }
    }
    return best;
  }

  private static long ticks(MethodHandle counter) {
    try {
      return (long) counter.invokeExact();
    } catch (RuntimeException | Error bug) {
      throw bug;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static @Nullable MethodHandle counter() {
    if (HostSyscall.ARM_HOST || !isTrusted()) {
      return null;
    }
    long page =
        HostSyscall.call(
            MMAP, ARM_MMAP, 0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
    if (page < 0) {
      return null;
    }
    MemorySegment code = MemorySegment.ofAddress(page).reinterpret(READ_COUNTER.length);
    MemorySegment.copy(READ_COUNTER, 0, code, ValueLayout.JAVA_BYTE, 0, READ_COUNTER.length);
    long allowed =
        HostSyscall.call(MPROTECT, ARM_MPROTECT, page, PAGE, PROT_READ | PROT_EXEC, 0, 0, 0);
    if (allowed < 0) {
      return null; // the host lets nobody make code
    }
    return Linker.nativeLinker()
        .downcallHandle(
            code, FunctionDescriptor.of(ValueLayout.JAVA_LONG), Linker.Option.critical(false));
  }

  private static boolean isTrusted() {
    try {
      return Files.readString(SOURCE).strip().equals("tsc");
    } catch (IOException e) {
      return false; // no such kernel, or hidden
    }
  }
}
