package dev.svc0.fs.hostfs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.host.HostSyscall;
import dev.svc0.runtime.mm.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** System calls of the host on its files: a result or −errno, which has the guest's numbers. */
public final class HostCalls {
  /** The calls used here, with their numbers on the two kinds of host. */
  public enum Call {
    PREAD64(17, 67),
    PWRITE64(18, 68),
    CLOSE(3, 57),
    FSYNC(74, 82),
    FDATASYNC(75, 83),
    FTRUNCATE(77, 46),
    FALLOCATE(285, 47),
    GETDENTS64(217, 61),
    MKDIRAT(258, 34),
    MKNODAT(259, 33),
    UNLINKAT(263, 35),
    RENAMEAT2(316, 276),
    LINKAT(265, 37),
    SYMLINKAT(266, 36),
    READLINKAT(267, 78),
    FCHMOD(91, 52),
    FCHOWNAT(260, 54),
    UTIMENSAT(280, 88),
    FSTATFS(138, 44),
    LSEEK(8, 62),
    STATX(332, 291),
    OPENAT(257, 56),
    OPENAT2(437, 437),
    FSETXATTR(190, 7),
    FGETXATTR(193, 10),
    FLISTXATTR(196, 13),
    FREMOVEXATTR(199, 16);

    private final int x8664;
    private final int aarch64;

    Call(int x8664, int aarch64) {
      this.x8664 = x8664;
      this.aarch64 = aarch64;
    }
  }

  /** One thread's memory for paths and results. */
  static final class Scratch {
    private static final int BYTES = 3 * 8192;
    private final MemorySegment memory = Arena.ofAuto().allocate(BYTES, 4096);

    /** Address of the second path, or of a result buffer. */
    long second() {
      return memory.address() + 8192;
    }

    /** Address of a third area of 8 KiB. */
    long third() {
      return memory.address() + 16384;
    }

    /** Puts a name of one character a byte into the first area; its address. */
    long first(String name) {
      return put(name, 0);
    }

    /** Puts a name of one character a byte into the second area; its address. */
    long second(String name) {
      return put(name, 8192);
    }

    private long put(String name, int at) {
      byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
      int n = Math.min(bytes.length, 8190);
      MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, at, n);
      memory.set(JAVA_BYTE, at + n, (byte) 0);
      return memory.address() + at;
    }
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private HostCalls() {}

  /** The calling thread's scratch memory. */
  static Scratch scratch() {
    return SCRATCH.get();
  }

  /** Makes a call; a result or −errno, never EINTR. */
  public static long call(Call call, long a, long b, long c, long d, long e) {
    while (true) {
      long result = HostSyscall.call(call.x8664, call.aarch64, a, b, c, d, e, 0);
      if (result != -Errno.EINTR) {
        return result;
      }
    }
  }

  /** Makes a call; a result or −errno, never EINTR. */
  public static long call(Call call, long a, long b, long c, long d) {
    return call(call, a, b, c, d, 0);
  }

  /** Makes a call; a result or −errno, never EINTR. */
  public static long call(Call call, long a, long b, long c) {
    return call(call, a, b, c, 0, 0);
  }

  /** Makes a call; a result or −errno, never EINTR. */
  public static long call(Call call, long a, long b) {
    return call(call, a, b, 0, 0, 0);
  }

  /** Makes a call; a result or −errno, never EINTR. */
  public static long call(Call call, long a) {
    return call(call, a, 0, 0, 0, 0);
  }

  private static final int RESOLVE_NO_MAGICLINKS = 0x02;
  private static final int RESOLVE_NO_SYMLINKS = 0x04;
  private static final int RESOLVE_BENEATH = 0x08;
  private static final int OPEN_HOW_BYTES = 24;

  /** Host flags that differ between the two kinds of host. */
  static final int O_DIRECTORY = HostSyscall.ARM_HOST ? 0x4000 : 0x10000;

  static final int O_NOFOLLOW = HostSyscall.ARM_HOST ? 0x8000 : 0x20000;

  /**
   * Opens a path below a directory descriptor; nothing in it, nor a race with it, leads outside.
   *
   * @param path relative, without a leading slash and without {@code ..}; empty for the directory
   *     itself
   * @return the descriptor, or −errno
   */
  static long openBeneath(long directory, String path, int flags, int mode) {
    Scratch scratch = SCRATCH.get();
    long name = scratch.first(path.isEmpty() ? "." : path);
    long how = scratch.second();
    HostMemory.putLong(how, (flags | Fcntl.O_CLOEXEC) & 0xffffffffL);
    HostMemory.putLong(how + 8, mode);
    HostMemory.putLong(how + 16, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
    while (true) {
      long result = call(Call.OPENAT2, directory, name, how, OPEN_HOW_BYTES);
      if (result == -Errno.EXDEV) {
        // The path has no "..": a folder of it was moved out of this one while the host walked it.
        return -Errno.ENOENT;
      }
      if (result != -Errno.EAGAIN) { // a rename came in between: the host asks to try again
        return result;
      }
    }
  }

  /** Host flag that differs between the two kinds of host. */
  static final int O_DIRECT = HostSyscall.ARM_HOST ? 0x10000 : 0x4000;

  /** Opens a file by its path as the JVM may: for disks, not for what a guest names. */
  public static long open(String path, int flags, boolean direct) {
    int all = flags | Fcntl.O_CLOEXEC | (direct ? O_DIRECT : 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path);
      return call(Call.OPENAT, Fcntl.AT_FDCWD, name.address(), all, 0);
    }
  }

  /** Closes a descriptor of ours; a failure leaves nothing to do. */
  public static void close(long descriptor) {
    if (descriptor >= 0) {
      call(Call.CLOSE, descriptor);
    }
  }
}
