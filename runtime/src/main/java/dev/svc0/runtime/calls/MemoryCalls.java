package dev.svc0.runtime.calls;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.mm.VmBacking;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.Inode;

/** Memory mappings. */
public final class MemoryCalls {
  private static final int PAGE_SHIFT = 12;
  private static final long PAGE_MASK = (1L << PAGE_SHIFT) - 1;

  private MemoryCalls() {}

  @SyscallDefine(nr = 214, name = "brk")
  public static long brk(Task task, long brk) {
    return task.memory().brk(brk);
  }

  @SyscallDefine(
      nr = 222,
      name = "mmap",
      support = Support.PARTIAL,
      note = "no huge pages: MAP_HUGETLB answers ENOMEM",
      errors = {"EACCES", "EAGAIN", "EBADF", "EEXIST", "EINVAL", "ENODEV", "ENOMEM", "EPERM"})
  public static long mmap(
      Task task,
      long addr,
      @Size long len,
      @Flags("mmap:PROT_") long prot,
      @Flags("mmap:MAP_") long flags,
      @Fd int fd,
      long off) {
    if ((off & PAGE_MASK) != 0) {
      return -Errno.EINVAL;
    }
    int mapFlags = (int) flags;
    if ((mapFlags & MmapConstants.MAP_ANONYMOUS) != 0) {
      if ((mapFlags & MmapConstants.MAP_HUGETLB) != 0) {
        return -Errno.ENOMEM;
      }
      return task.memory().mmap(addr, len, (int) prot, mapFlags, null, off >>> PAGE_SHIFT);
    }
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      return mapFile(task, file, addr, len, (int) prot, mapFlags, off >>> PAGE_SHIFT);
    } finally {
      file.put();
    }
  }

  private static long mapFile(
      Task task, File file, long addr, long len, int prot, int flags, long pageOffset) {
    int type = flags & MmapConstants.MAP_TYPE;
    boolean shared = type == MmapConstants.MAP_SHARED || type == MmapConstants.MAP_SHARED_VALIDATE;
    long[] error = new long[1];
    VmBacking backing = file.operations().mmap(file, shared, error);
    if (backing == null) {
      return error[0] != 0
          ? error[0]
          : task.memory() // /dev/zero: fresh pages, like anonymous memory
              .mmap(addr, len, prot, flags | MmapConstants.MAP_ANONYMOUS, null, 0);
    }
    boolean sealed =
        shared && (file.inode().seals & (Fcntl.F_SEAL_WRITE | Fcntl.F_SEAL_FUTURE_WRITE)) != 0;
    if (sealed && (prot & MmapConstants.PROT_WRITE) != 0) {
      return -Errno.EPERM;
    }
    boolean append = (file.inode().inodeFlags & Inode.S_APPEND) != 0;
    int access = file.hasMode(File.FMODE_READ) ? MmapConstants.PROT_READ : 0;
    if (file.hasMode(File.FMODE_WRITE) && !append && !sealed) {
      access |= MmapConstants.PROT_WRITE;
    }
    if ((file.path().mount().flags() & MountFlags.MS_NOEXEC) == 0) {
      access |= MmapConstants.PROT_EXEC;
    }
    return task.memory().mmap(addr, len, prot, flags, backing, pageOffset, access);
  }

  @SyscallDefine(
      nr = 215,
      name = "munmap",
      errors = {"EINVAL", "ENOMEM"})
  public static long munmap(Task task, long addr, @Size long len) {
    return task.memory().munmap(addr, len);
  }

  @SyscallDefine(
      nr = 226,
      name = "mprotect",
      errors = {"EACCES", "EINVAL", "ENOMEM"})
  public static long mprotect(
      Task task, long start, @Size long len, @Flags("mmap:PROT_") long prot) {
    return task.memory().mprotect(start, len, (int) prot);
  }

  @SyscallDefine(
      nr = 216,
      name = "mremap",
      errors = {"EFAULT", "EINVAL", "ENOMEM", "EAGAIN"})
  public static long mremap(
      Task task,
      long addr,
      @Size long oldLen,
      @Size long newLen,
      @Flags(
              value = "mmap:MREMAP_",
              supported = {"MREMAP_MAYMOVE", "MREMAP_FIXED", "MREMAP_DONTUNMAP"})
          long flags,
      long newAddr) {
    return task.memory().mremap(addr, oldLen, newLen, (int) flags, newAddr);
  }

  @SyscallDefine(
      nr = 233,
      name = "madvise",
      support = Support.PARTIAL,
      note = "advice without a visible effect is accepted",
      errors = {"EINVAL", "ENOMEM", "EACCES"})
  public static long madvise(
      Task task, long start, @Size long lenIn, @EnumOf("madvise") int behavior) {
    return task.memory().madvise(start, lenIn, behavior);
  }

  @SyscallDefine(
      nr = 227,
      name = "msync",
      errors = {"EBUSY", "EINVAL", "ENOMEM", "EIO"})
  public static long msync(
      Task task,
      long start,
      @Size long len,
      @Flags(
              value = "mmap:MS_",
              supported = {"MS_ASYNC", "MS_INVALIDATE", "MS_SYNC"})
          int flags) {
    return task.memory().msync(start, len, flags);
  }

  @SyscallDefine(
      nr = 228,
      name = "mlock",
      support = Support.PARTIAL,
      note = "nothing is ever swapped; RLIMIT_MEMLOCK is not checked",
      errors = {"ENOMEM", "EINVAL"})
  public static long mlock(Task task, long start, @Size long len) {
    return task.memory().mlock(start, len, 0);
  }

  @SyscallDefine(
      nr = 284,
      name = "mlock2",
      support = Support.PARTIAL,
      note = "nothing is ever swapped; RLIMIT_MEMLOCK is not checked",
      errors = {"ENOMEM", "EINVAL"})
  public static long mlock2(
      Task task,
      long start,
      @Size long len,
      @Flags(
              value = "mmap:MLOCK_",
              supported = {"MLOCK_ONFAULT"})
          int flags) {
    return task.memory().mlock(start, len, flags);
  }

  @SyscallDefine(
      nr = 229,
      name = "munlock",
      errors = {"ENOMEM", "EINVAL"})
  public static long munlock(Task task, long start, @Size long len) {
    return task.memory().munlock(start, len);
  }

  @SyscallDefine(
      nr = 230,
      name = "mlockall",
      support = Support.STUB,
      note = "nothing is ever swapped",
      errors = "EINVAL")
  public static long mlockall(
      Task task,
      @Flags(
              value = "mmap:MCL_",
              supported = {"MCL_CURRENT", "MCL_FUTURE", "MCL_ONFAULT"})
          int flags) {
    return flags == 0 || flags == MmapConstants.MCL_ONFAULT ? -Errno.EINVAL : 0;
  }

  @SyscallDefine(nr = 231, name = "munlockall", support = Support.STUB)
  public static long munlockall(Task task) {
    return 0;
  }

  @SyscallDefine(
      nr = 232,
      name = "mincore",
      support = Support.PARTIAL,
      note = "of a file, what this process has touched counts as present",
      errors = {"EINVAL", "ENOMEM", "EFAULT"})
  public static long mincore(Task task, long start, @Size long len, long vec) {
    return task.memory().mincore(start, len, vec);
  }
}
