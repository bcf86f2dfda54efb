package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.trace.event.VfsTrace;
import org.jspecify.annotations.Nullable;

/**
 * From a descriptor to the driver: the checks of read and write and the choice among the three ways
 * a driver may offer. <i>Linux:</i> fs/read_write.c.
 *
 * <p><i>Partial:</i> whatever was transferred before an error is the result; the error shows in the
 * next call.
 */
@Traced(layer = Traced.Layer.VFS)
public final class ReadWrite {
  /** The most one call transfers. */
  public static final long MAX_RW_COUNT = 0x7ffff000L;

  private static final int UIO_MAXIOV = 1024;

  private ReadWrite() {}

  /** Gives a file and its position lock back. <i>Linux:</i> fdput_pos. */
  private static void fdputPos(File file) {
    if (file.hasMode(File.FMODE_ATOMIC_POS)) {
      file.positionLock.unlock();
    }
    file.put();
  }

  /** The file of a descriptor with its position locked; null for a bad one. */
  @Traced("fdget_pos")
  private static @Nullable File fdgetPos(Caller caller, int fd) {
    File file = caller.files().getUnlessPath(fd);
    if (file != null && file.hasMode(File.FMODE_ATOMIC_POS)) {
      file.positionLock.lock();
    }
    return file;
  }

  /** write(2). Bytes or −errno. */
  @Traced("ksys_write")
  public static long ksysWrite(Caller caller, int fd, long buffer, long count) {
    File file = fdgetPos(caller, fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    IoContext io = IoContext.acquire();
    try {
      Kiocb kiocb = io.kiocb(file, caller, startOf(file), Kiocb.IOCB_WRITE);
      long result = vfsWrite(kiocb, io, buffer, count);
      if (result > 0) {
        keepPosition(file, kiocb);
      }
      return result;
    } finally {
      io.release();
      fdputPos(file);
    }
  }

  /** read(2). Bytes or −errno. */
  @Traced("ksys_read")
  public static long ksysRead(Caller caller, int fd, long buffer, long count) {
    File file = fdgetPos(caller, fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    IoContext io = IoContext.acquire();
    try {
      Kiocb kiocb = io.kiocb(file, caller, startOf(file), 0);
      long result = vfsRead(kiocb, io, buffer, count);
      if (result >= 0) {
        keepPosition(file, kiocb);
      }
      return result;
    } finally {
      io.release();
      fdputPos(file);
    }
  }

  private static long startOf(File file) {
    return file.hasMode(File.FMODE_STREAM) ? 0 : file.position;
  }

  private static void keepPosition(File file, Kiocb kiocb) {
    if (!file.hasMode(File.FMODE_STREAM)) {
      file.position = kiocb.position;
    }
  }

  /** pwrite64(2). Bytes or −errno. */
  @Traced("ksys_pwrite64")
  public static long ksysPwrite64(Caller caller, int fd, long buffer, long count, long position) {
    if (position < 0) {
      return -Errno.EINVAL;
    }
    File file = caller.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    IoContext io = IoContext.acquire();
    try {
      if (!file.hasMode(File.FMODE_PWRITE)) {
        return -Errno.ESPIPE;
      }
      return vfsWrite(io.kiocb(file, caller, position, Kiocb.IOCB_WRITE), io, buffer, count);
    } finally {
      io.release();
      file.put();
    }
  }

  /** pread64(2). Bytes or −errno. */
  @Traced("ksys_pread64")
  public static long ksysPread64(Caller caller, int fd, long buffer, long count, long position) {
    if (position < 0) {
      return -Errno.EINVAL;
    }
    File file = caller.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    IoContext io = IoContext.acquire();
    try {
      if (!file.hasMode(File.FMODE_PREAD)) {
        return -Errno.ESPIPE;
      }
      return vfsRead(io.kiocb(file, caller, position, 0), io, buffer, count);
    } finally {
      io.release();
      file.put();
    }
  }

  @Traced("vfs_write")
  private static long vfsWrite(Kiocb kiocb, IoContext io, long buffer, long bytes) {
    File file = kiocb.file;
    Caller caller = kiocb.caller;
    if (!file.hasMode(File.FMODE_WRITE)) {
      return -Errno.EBADF;
    }
    if (!file.hasMode(File.FMODE_CAN_WRITE)) {
      return -Errno.EINVAL;
    }
    if (!caller.memory().accessOk(buffer, bytes)) {
      return -Errno.EFAULT;
    }
    long result = rwVerifyArea(file, kiocb.position, bytes);
    if (result != 0) {
      return result;
    }
    long count = Math.min(bytes, MAX_RW_COUNT);
    if (VfsTrace.vfsWriteOn()) {
      Inode inode = file.inode();
      VfsTrace.vfsWrite(
          inode.traceDevice(), inode.number(), kiocb.position, count, PathNames.traced(file));
    }
    FileOperations operations = file.operations();
    if ((operations.supplies() & FileOperations.WRITE) != 0) {
      result = operations.write(kiocb, buffer, count);
    } else {
      result = syncWrite(kiocb, io.iter.initUser(caller.memory(), buffer, count));
    }
    if (result > 0) {
      Fsnotify.modify(file);
    }
    caller.accountWrite(Math.max(result, 0));
    return result;
  }

  /** The newer two ways. Bytes or −errno. */
  static long syncWrite(Kiocb kiocb, IovIter from) {
    FileOperations operations = kiocb.file.operations();
    int supplies = operations.supplies();
    if ((supplies & FileOperations.WRITE_ITER) != 0) {
      return operations.writeIter(kiocb, from);
    }
    return (supplies & FileOperations.AIO_WRITE) != 0 ? doSyncWrite(kiocb, from) : -Errno.EINVAL;
  }

  /** The 3.x way: asks again for as long as the driver says so. */
  @Traced("do_sync_write")
  private static long doSyncWrite(Kiocb kiocb, IovIter from) {
    while (true) {
      long result = kiocb.file.operations().aioWrite(kiocb, from);
      if (result != FileOperations.EIOCBRETRY) {
        return result;
      }
      kiocb.waitOnRetry();
    }
  }

  @Traced("vfs_read")
  private static long vfsRead(Kiocb kiocb, IoContext io, long buffer, long bytes) {
    File file = kiocb.file;
    Caller caller = kiocb.caller;
    if (!file.hasMode(File.FMODE_READ)) {
      return -Errno.EBADF;
    }
    if (!file.hasMode(File.FMODE_CAN_READ)) {
      return cannotRead(file);
    }
    if (!caller.memory().accessOk(buffer, bytes)) {
      return -Errno.EFAULT;
    }
    long result = rwVerifyArea(file, kiocb.position, bytes);
    if (result != 0) {
      return result;
    }
    long count = Math.min(bytes, MAX_RW_COUNT);
    if (VfsTrace.vfsReadOn()) {
      Inode inode = file.inode();
      VfsTrace.vfsRead(
          inode.traceDevice(), inode.number(), kiocb.position, count, PathNames.traced(file));
    }
    FileOperations operations = file.operations();
    if ((operations.supplies() & FileOperations.READ) != 0) {
      result = operations.read(kiocb, buffer, count);
    } else {
      result = syncRead(kiocb, io.iter.initUser(caller.memory(), buffer, count));
    }
    if (result > 0) {
      Fsnotify.access(file);
    }
    caller.accountRead(Math.max(result, 0));
    return result;
  }

  static long syncRead(Kiocb kiocb, IovIter to) {
    FileOperations operations = kiocb.file.operations();
    int supplies = operations.supplies();
    if ((supplies & FileOperations.READ_ITER) != 0) {
      return operations.readIter(kiocb, to);
    }
    return (supplies & FileOperations.AIO_READ) != 0 ? doSyncRead(kiocb, to) : -Errno.EINVAL;
  }

  @Traced("do_sync_read")
  private static long doSyncRead(Kiocb kiocb, IovIter to) {
    while (true) {
      long result = kiocb.file.operations().aioRead(kiocb, to);
      if (result != FileOperations.EIOCBRETRY) {
        return result;
      }
      kiocb.waitOnRetry();
    }
  }

  /** Whether a range of a file can be meant at all. 0 or −EINVAL. */
  @Traced("rw_verify_area")
  static long rwVerifyArea(File file, long position, long bytes) {
    if (bytes < 0) {
      return -Errno.EINVAL;
    }
    boolean unsignedOffsets = file.hasMode(File.FMODE_UNSIGNED_OFFSET);
    if (position < 0) {
      if (!unsignedOffsets) {
        return -Errno.EINVAL;
      }
      return Long.compareUnsigned(bytes, -position) >= 0 ? -Errno.EOVERFLOW : 0;
    }
    return position + bytes < 0 && !unsignedOffsets ? -Errno.EINVAL : 0;
  }

  /**
   * Writes from the kernel's own memory at a position, for copies between files.
   *
   * @return bytes or −errno
   */
  @Traced("__kernel_write")
  public static long kernelWrite(
      File file, Caller caller, long hostAddress, long bytes, long[] position) {
    IoContext io = IoContext.acquire();
    try {
      Kiocb kiocb = io.kiocb(file, caller, position[0], Kiocb.IOCB_WRITE);
      long result = syncWrite(kiocb, io.iter.initKernel(hostAddress, bytes));
      position[0] = kiocb.position;
      if (result > 0) {
        Fsnotify.modify(file);
      }
      return result;
    } finally {
      io.release();
    }
  }

  /** Reads into the kernel's own memory at a position. Bytes or −errno. */
  @Traced("__kernel_read")
  public static long kernelRead(
      File file, Caller caller, long hostAddress, long bytes, long[] position) {
    IoContext io = IoContext.acquire();
    try {
      Kiocb kiocb = io.kiocb(file, caller, position[0], 0);
      long result = syncRead(kiocb, io.iter.initKernel(hostAddress, bytes));
      position[0] = kiocb.position;
      return result;
    } finally {
      io.release();
    }
  }

  /** readv(2). Bytes or −errno. */
  public static long doReadv(Caller caller, int fd, long vector, long segments) {
    return vectored(caller, fd, vector, segments, 0, Direction.READ);
  }

  /** writev(2). Bytes or −errno. */
  public static long doWritev(Caller caller, int fd, long vector, long segments) {
    return vectored(caller, fd, vector, segments, 0, Direction.WRITE);
  }

  /** Which way the data goes. */
  public enum Direction {
    READ,
    WRITE
  }

  /** readv, writev, and preadv2, pwritev2 at the file's own position. */
  public static long vectored(
      Caller caller, int fd, long vector, long segments, int rwf, Direction direction) {
    File file = fdgetPos(caller, fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    IoContext io = IoContext.acquire();
    try {
      Kiocb kiocb = io.kiocb(file, caller, startOf(file), flagOf(direction));
      long result = vfsVectored(kiocb, io, vector, segments, rwf, direction);
      if (result >= 0) {
        keepPosition(file, kiocb);
      }
      return result;
    } finally {
      io.release();
      fdputPos(file);
    }
  }

  /** preadv, pwritev and their second versions. */
  public static long vectoredAt(
      Caller caller,
      int fd,
      long vector,
      long segments,
      long position,
      int rwf,
      Direction direction) {
    if (position < 0) {
      return -Errno.EINVAL;
    }
    File file = caller.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    IoContext io = IoContext.acquire();
    try {
      int needed = direction == Direction.READ ? File.FMODE_PREAD : File.FMODE_PWRITE;
      if (!file.hasMode(needed)) {
        return -Errno.ESPIPE;
      }
      Kiocb kiocb = io.kiocb(file, caller, position, flagOf(direction));
      return vfsVectored(kiocb, io, vector, segments, rwf, direction);
    } finally {
      io.release();
      file.put();
    }
  }

  private static int flagOf(Direction direction) {
    return direction == Direction.WRITE ? Kiocb.IOCB_WRITE : 0;
  }

  private static long vfsVectored(
      Kiocb kiocb, IoContext io, long vector, long segments, int rwf, Direction direction) {
    File file = kiocb.file;
    boolean writes = direction == Direction.WRITE;
    if (!file.hasMode(writes ? File.FMODE_WRITE : File.FMODE_READ)) {
      return -Errno.EBADF;
    }
    if (!file.hasMode(writes ? File.FMODE_CAN_WRITE : File.FMODE_CAN_READ)) {
      return writes ? -Errno.EINVAL : cannotRead(file);
    }
    long total = importIovec(kiocb.caller.memory(), io, vector, segments);
    if (total <= 0) {
      return total;
    }
    long result = rwVerifyArea(file, kiocb.position, total);
    if (result == 0) {
      result = setRwFlags(kiocb, rwf);
    }
    if (result != 0) {
      return result;
    }
    result = writes ? vectorWrite(kiocb, io, segments) : vectorRead(kiocb, io, segments);
    account(kiocb, result, direction);
    return result;
  }

  private static void account(Kiocb kiocb, long result, Direction direction) {
    if (direction == Direction.WRITE) {
      if (result > 0) {
        Fsnotify.modify(kiocb.file);
      }
      kiocb.caller.accountWrite(Math.max(result, 0));
    } else {
      if (result > 0) {
        Fsnotify.access(kiocb.file);
      }
      kiocb.caller.accountRead(Math.max(result, 0));
    }
  }

  private static long vectorWrite(Kiocb kiocb, IoContext io, long segments) {
    FileOperations operations = kiocb.file.operations();
    int newer = FileOperations.WRITE_ITER | FileOperations.AIO_WRITE;
    if ((operations.supplies() & newer) != 0) {
      return syncWrite(kiocb, io.iter);
    }
    long done = 0;
    for (int i = 0; i < segments; i++) {
      long result = operations.write(kiocb, io.bases[i], io.lengths[i]);
      if (result < 0) {
        return done == 0 ? result : done;
      }
      done += result;
      if (result < io.lengths[i]) {
        return done;
      }
    }
    return done;
  }

  private static long vectorRead(Kiocb kiocb, IoContext io, long segments) {
    FileOperations operations = kiocb.file.operations();
    int newer = FileOperations.READ_ITER | FileOperations.AIO_READ;
    if ((operations.supplies() & newer) != 0) {
      return syncRead(kiocb, io.iter);
    }
    long done = 0;
    for (int i = 0; i < segments; i++) {
      long result = operations.read(kiocb, io.bases[i], io.lengths[i]);
      if (result < 0) {
        return done == 0 ? result : done;
      }
      done += result;
      if (result < io.lengths[i]) {
        return done;
      }
    }
    return done;
  }

  /** Reads a program's vector of buffers. Total bytes, or −errno. */
  @Traced("import_iovec")
  static long importIovec(UserMemory memory, IoContext io, long vector, long segments) {
    if (Long.compareUnsigned(segments, UIO_MAXIOV) > 0) {
      return -Errno.EINVAL;
    }
    int n = (int) segments;
    io.reserve(n);
    long total = 0;
    for (int i = 0; i < n; i++) {
      io.bases[i] = memory.readLong(vector + 16L * i);
      io.lengths[i] = memory.readLong(vector + 16L * i + 8);
      if (io.lengths[i] < 0) {
        return -Errno.EINVAL;
      }
    }
    for (int i = 0; i < n; i++) {
      if (!memory.accessOk(io.bases[i], io.lengths[i])) {
        return -Errno.EFAULT;
      }
      io.lengths[i] = Math.min(io.lengths[i], MAX_RW_COUNT - total);
      total += io.lengths[i];
    }
    io.iter.initUserVector(memory, io.bases, io.lengths, n);
    return total;
  }

  /** <i>Linux:</i> generic_read_dir, which all directories have. */
  private static long cannotRead(File file) {
    return file.inode().isDirectory() ? -Errno.EISDIR : -Errno.EINVAL;
  }

  /** RWF_ flags of preadv2 and pwritev2. 0 or −errno. <i>Linux:</i> kiocb_set_rw_flags. */
  private static long setRwFlags(Kiocb kiocb, int rwf) {
    if (rwf == 0) {
      return 0;
    }
    if ((rwf & ~FsConstants.RWF_SUPPORTED) != 0 || (rwf & FsConstants.RWF_ATOMIC) != 0) {
      return -Errno.EOPNOTSUPP;
    }
    int both = FsConstants.RWF_APPEND | FsConstants.RWF_NOAPPEND;
    if ((rwf & both) == both) {
      return -Errno.EINVAL;
    }
    if ((rwf & FsConstants.RWF_NOWAIT) != 0) {
      if (!kiocb.file.hasMode(File.FMODE_NOWAIT)) {
        return -Errno.EOPNOTSUPP;
      }
      kiocb.flags |= Kiocb.IOCB_NOWAIT;
    }
    if ((rwf & FsConstants.RWF_SYNC) != 0) {
      kiocb.flags |= Kiocb.IOCB_SYNC | Kiocb.IOCB_DSYNC;
    }
    if ((rwf & FsConstants.RWF_DSYNC) != 0) {
      kiocb.flags |= Kiocb.IOCB_DSYNC;
    }
    if ((rwf & FsConstants.RWF_APPEND) != 0) {
      kiocb.flags |= Kiocb.IOCB_APPEND;
    }
    if ((rwf & FsConstants.RWF_NOAPPEND) != 0 && (kiocb.flags & Kiocb.IOCB_APPEND) != 0) {
      if (kiocb.file.inode().hasFlag(Inode.S_APPEND)) {
        return -Errno.EPERM;
      }
      kiocb.flags &= ~Kiocb.IOCB_APPEND;
    }
    return 0;
  }

  /** lseek(2). The new position or −errno. */
  @Traced("ksys_lseek")
  public static long ksysLseek(Caller caller, int fd, long offset, int whence) {
    File file = fdgetPos(caller, fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      if (Integer.compareUnsigned(whence, FsConstants.SEEK_MAX) > 0) {
        return -Errno.EINVAL;
      }
      return vfsLlseek(file, offset, whence);
    } finally {
      fdputPos(file);
    }
  }

  @Traced("vfs_llseek")
  private static long vfsLlseek(File file, long offset, int whence) {
    if (!file.hasMode(File.FMODE_LSEEK)) {
      return -Errno.ESPIPE;
    }
    return file.operations().llseek(file, offset, whence);
  }
}
