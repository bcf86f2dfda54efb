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
  private static final int MADV_REMOVE = 9;
  private static final int MADV_NOHUGEPAGE = 15;
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
    long address = map(0, bytes, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    smallPages(address, bytes);
    return address;
  }

  /** Puts fresh zero pages over a part of a reserved range; false when the host has no room. */
  static boolean reserveAt(long address, long bytes) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
    if (tryMap(address, bytes, flags, -1, 0) == -1) {
      return false;
    }
    smallPages(address, bytes);
    return true;
  }

  /** Keeps the host from backing one touched page with 2 MiB: accounts count 4 KiB pages. */
  private static void smallPages(long address, long bytes) {
    try {
      // Fails where the host kernel has no huge pages at all, which is as good.
      int ignored = (int) MADVISE.invokeExact(address, bytes, MADV_NOHUGEPAGE);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Maps a memory file, shared, anywhere. */
  static long mapShared(int fd, long offset, long bytes) {
    return map(0, bytes, MAP_SHARED | MAP_NORESERVE, fd, offset);
  }

  /** Maps a memory file, shared, over a part of a reserved range; false when there is no room. */
  static boolean mapSharedAt(long address, int fd, long offset, long bytes) {
    return tryMap(address, bytes, MAP_SHARED | MAP_NORESERVE | MAP_FIXED, fd, offset) != -1;
  }

  private static long map(long address, long bytes, int flags, int fd, long offset) {
    long result = tryMap(address, bytes, flags, fd, offset);
    if (result == -1) {
      throw new OutOfMemoryError("the host refused to map " + bytes + " bytes");
    }
    return result;
  }

  private static long tryMap(long address, long bytes, int flags, int fd, long offset) {
    try {
      return (long) MMAP.invokeExact(address, bytes, PROT_READ_WRITE, flags, fd, offset);
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

  /** Frees the pages of a memory file that are mapped here; they read as zero again. */
  static void punch(long address, long bytes) {
    try {
      check((int) MADVISE.invokeExact(address, bytes, MADV_REMOVE), "madvise");
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Closes a descriptor from {@link #memoryFile}. */
  static void close(int fd) {
    try {
      check(
          (int) call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)).invokeExact(fd), "close");
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
