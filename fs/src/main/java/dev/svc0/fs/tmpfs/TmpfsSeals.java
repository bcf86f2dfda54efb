package dev.svc0.fs.tmpfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.SetAttributes;

/** What may no longer be done with a file in memory. <i>Linux:</i> mm/memfd.c. */
final class TmpfsSeals {
  private static final int ALL =
      Fcntl.F_SEAL_SEAL
          | Fcntl.F_SEAL_SHRINK
          | Fcntl.F_SEAL_GROW
          | Fcntl.F_SEAL_WRITE
          | Fcntl.F_SEAL_FUTURE_WRITE
          | Fcntl.F_SEAL_EXEC;
  private static final int NO_WRITE = Fcntl.F_SEAL_WRITE | Fcntl.F_SEAL_FUTURE_WRITE;
  private static final int EXECUTE = 0111;

  private TmpfsSeals() {}

  static long fcntl(File file, int command, long argument) {
    Inode inode = file.inode();
    boolean seals = command == Fcntl.F_ADD_SEALS || command == Fcntl.F_GET_SEALS;
    if (!seals || !inode.isRegular()) {
      return seals ? -Errno.EINVAL : -Errno.EBADF;
    }
    return command == Fcntl.F_GET_SEALS ? inode.seals : add(file, inode, argument);
  }

  /** <i>Linux:</i> memfd_add_seals. */
  private static long add(File file, Inode inode, long argument) {
    if (!file.hasMode(File.FMODE_WRITE)) {
      return -Errno.EPERM;
    }
    if ((argument & ~ALL) != 0) {
      return -Errno.EINVAL;
    }
    inode.lock.writeLock().lock();
    try {
      if ((inode.seals & Fcntl.F_SEAL_SEAL) != 0) {
        return -Errno.EPERM;
      }
      int added = (int) argument;
      if ((added & Fcntl.F_SEAL_EXEC) != 0 && (inode.mode & EXECUTE) != 0) {
        added |= Fcntl.F_SEAL_SHRINK | Fcntl.F_SEAL_GROW | NO_WRITE;
      }
      boolean newlyWrite = (added & ~inode.seals & Fcntl.F_SEAL_WRITE) != 0;
      if (newlyWrite && inode.mapping().isWritablyMapped()) {
        return -Errno.EBUSY;
      }
      inode.seals |= added;
      return 0;
    } finally {
      inode.lock.writeLock().unlock();
    }
  }

  static boolean forbidWrite(Inode inode, long end) {
    int seals = inode.seals;
    return (seals & NO_WRITE) != 0 || (seals & Fcntl.F_SEAL_GROW) != 0 && end > inode.size();
  }

  static boolean forbidFallocate(Inode inode, boolean punches, long end) {
    int seals = inode.seals;
    return punches
        ? (seals & NO_WRITE) != 0
        : (seals & Fcntl.F_SEAL_GROW) != 0 && end > inode.size();
  }

  static boolean forbidChange(Inode inode, SetAttributes change) {
    int seals = inode.seals;
    if (seals == Fcntl.F_SEAL_SEAL) {
      return false;
    }
    if (change.has(SetAttributes.ATTR_SIZE)) {
      boolean shrinks = change.size < inode.size() && (seals & Fcntl.F_SEAL_SHRINK) != 0;
      boolean grows = change.size > inode.size() && (seals & Fcntl.F_SEAL_GROW) != 0;
      if (shrinks || grows) {
        return true;
      }
    }
    return change.has(SetAttributes.ATTR_MODE)
        && (seals & Fcntl.F_SEAL_EXEC) != 0
        && ((inode.mode ^ change.mode) & EXECUTE) != 0;
  }
}
