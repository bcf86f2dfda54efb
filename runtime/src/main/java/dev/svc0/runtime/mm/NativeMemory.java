package dev.svc0.runtime.mm;

import dev.svc0.runtime.host.HostSyscall;
import java.lang.foreign.Arena;

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

  private NativeMemory() {}

  private static long mmap(long address, long bytes, int flags, int fd, long offset) {
    return HostSyscall.call(9, 222, address, bytes, PROT_READ_WRITE, flags, fd, offset);
  }

  private static long madvise(long address, long bytes, int advice) {
    return HostSyscall.call(28, 233, address, bytes, advice, 0, 0, 0);
  }

  static long reserve(long bytes) {
    long address = map(0, bytes, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    smallPages(address, bytes);
    return address;
  }

  /** Puts fresh zero pages over a part of a reserved range; false when the host has no room. */
  static boolean reserveAt(long address, long bytes) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
    if (mmap(address, bytes, flags, -1, 0) < 0) {
      return false;
    }
    smallPages(address, bytes);
    return true;
  }

  /** Keeps the host from backing one touched page with 2 MiB: accounts count 4 KiB pages. */
  private static void smallPages(long address, long bytes) {
    // Fails where the host kernel has no huge pages at all, which is as good.
    madvise(address, bytes, MADV_NOHUGEPAGE);
  }

  /** Maps a memory file, shared, anywhere. */
  static long mapShared(int fd, long offset, long bytes) {
    return map(0, bytes, MAP_SHARED | MAP_NORESERVE, fd, offset);
  }

  /** Maps a memory file, shared, over a part of a reserved range; false when there is no room. */
  static boolean mapSharedAt(long address, int fd, long offset, long bytes) {
    return mmap(address, bytes, MAP_SHARED | MAP_NORESERVE | MAP_FIXED, fd, offset) >= 0;
  }

  private static long map(long address, long bytes, int flags, int fd, long offset) {
    long result = mmap(address, bytes, flags, fd, offset);
    if (result < 0) {
      throw new OutOfMemoryError("the host refused to map " + bytes + " bytes");
    }
    return result;
  }

  static void release(long address, long bytes) {
    check(HostSyscall.call(11, 215, address, bytes, 0, 0, 0, 0), "munmap");
  }

  static void discard(long address, long bytes) {
    check(madvise(address, bytes, MADV_DONTNEED), "madvise");
  }

  /** Frees the pages of a memory file that are mapped here; they read as zero again. */
  static void punch(long address, long bytes) {
    check(madvise(address, bytes, MADV_REMOVE), "madvise");
  }

  /** Closes a descriptor from {@link #memoryFile}. */
  static void close(int fd) {
    check(HostSyscall.call(3, 57, fd, 0, 0, 0, 0, 0), "close");
  }

  /** A file that exists only in memory, of the given size; its descriptor. */
  static int memoryFile(String name, long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      long cName = arena.allocateFrom(name).address();
      long fd = HostSyscall.call(319, 279, cName, MFD_CLOEXEC, 0, 0, 0, 0);
      if (fd < 0) {
        throw new OutOfMemoryError("the host refused a memory file: errno " + -fd);
      }
      check(HostSyscall.call(77, 46, fd, bytes, 0, 0, 0, 0), "ftruncate");
      return (int) fd;
    }
  }

  private static void check(long result, String call) {
    if (result != 0) {
      throw new IllegalStateException("host call " + call + " failed: errno " + -result);
    }
  }
}
