package dev.svc0.runtime.mm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The host's calls for address space: mmap, munmap, madvise, memfd_create, ftruncate.
 *
 * <p>Values of the host constants are those of Linux on x86-64 and arm64, which agree here.
 */
final class NativeMemory {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 0x01;
  private static final int MAP_PRIVATE = 0x02;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MADV_DONTNEED = 4;
  private static final int MFD_CLOEXEC = 1;

  private static final MethodHandle MMAP =
      call(
          "mmap",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MUNMAP =
      call("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle MADVISE =
      call("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

  private NativeMemory() {}

  private static MethodHandle call(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }

  static long reserve(long bytes) {
    return map(0, bytes, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  }

  /** Puts fresh zero pages over a part of a reserved range. */
  static void reserveAt(long address, long bytes) {
    map(address, bytes, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  }

  /** Maps a memory file, shared, anywhere. */
  static long mapShared(int fd, long offset, long bytes) {
    return map(0, bytes, MAP_SHARED | MAP_NORESERVE, fd, offset);
  }

  /** Maps a memory file, shared, over a part of a reserved range. */
  static void mapSharedAt(long address, int fd, long offset, long bytes) {
    map(address, bytes, MAP_SHARED | MAP_NORESERVE | MAP_FIXED, fd, offset);
  }

  private static long map(long address, long bytes, int flags, int fd, long offset) {
    try {
      long result =
          (long) MMAP.invokeExact(address, bytes, PROT_READ_WRITE, flags, fd, offset);
      if (result == -1) {
        throw new OutOfMemoryError("the host refused to map " + bytes + " bytes");
      }
      return result;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void release(long address, long bytes) {
    try {
      check((int) MUNMAP.invokeExact(address, bytes), "munmap");
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void discard(long address, long bytes) {
    try {
      check((int) MADVISE.invokeExact(address, bytes, MADV_DONTNEED), "madvise");
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** A file that exists only in memory, of the given size; its descriptor. */
  static int memoryFile(String name, long bytes) {
    MethodHandle create = call("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    MethodHandle truncate = call("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cName = arena.allocateFrom(name);
      int fd = (int) create.invokeExact(cName, MFD_CLOEXEC);
      if (fd < 0) {
        throw new OutOfMemoryError("the host refused a memory file");
      }
      check((int) truncate.invokeExact(fd, bytes), "ftruncate");
      return fd;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static void check(int result, String call) {
    if (result != 0) {
      throw new IllegalStateException("host call " + call + " failed");
    }
  }

  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (e instanceof Error error) {
      throw error;
    }
    throw new IllegalStateException(e);
  }
}
