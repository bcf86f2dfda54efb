package dev.svc0.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * System calls of the host, by number, through the C library's {@code syscall}: a result or −errno.
 * Errno values of the host are those of the guest: both are Linux with the generic numbers.
 *
 * <p>One shape for all of them: the JVM spins classes for each shape of native call, which would be
 * half of what a short program costs. It is not linked as the variadic function that its prototype
 * says, which costs more: on both hosts integers are passed alike, and {@code syscall} is written
 * in assembly and looks at nothing else.
 */
public final class HostSyscall {
  /** Whether the host is AArch64; else it is x86-64. */
  public static final boolean ARM_HOST =
      System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("aarch64");

  private static final MemoryLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final long ERRNO_OFFSET =
      CAPTURE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SYSCALL = link();

  /** Bytes of {@link #scratch}. */
  public static final int SCRATCH_BYTES = 256;

  private static final long SCRATCH_OFFSET = (CAPTURE.byteSize() + 7) & -8;

  /** A thread's memory: where its errno is captured, and scratch. */
  private static final ThreadLocal<MemorySegment> STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(SCRATCH_OFFSET + SCRATCH_BYTES, 8));

  private HostSyscall() {}

  private static MethodHandle link() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
        Linker.Option.captureCallState("errno"));
  }

  /**
   * Address of memory of the calling thread for the results of a call: {@link #SCRATCH_BYTES},
   * until the next user of it.
   */
  public static long scratch() {
    return STATE.get().address() + SCRATCH_OFFSET;
  }

  /**
   * Makes a call.
   *
   * @param x8664 its number on an x86-64 host
   * @param aarch64 its number on an AArch64 host
   */
  public static long call(int x8664, int aarch64, long a, long b, long c, long d, long e, long f) {
    MemorySegment state = STATE.get();
    try {
      long number = ARM_HOST ? aarch64 : x8664;
      long result = (long) SYSCALL.invokeExact(state, number, a, b, c, d, e, f);
      return result != -1 ? result : -state.get(JAVA_INT, ERRNO_OFFSET);
    } catch (RuntimeException | Error bug) {
      throw bug;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
