package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FlockLayout;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.sched.WaitQueue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Locks on files: flock(2), record locks of fcntl(2) owned by a process or by an open file. 0 or
 * −errno each. <i>Linux:</i> fs/locks.c.
 */
@Traced(layer = Traced.Layer.VFS)
public final class FileLocks {
  private static final int OFD_PID = -1;

  private FileLocks() {}

  private static FileLockContext contextOf(Inode inode) {
    FileLockContext context = inode.lockContext;
    if (context != null) {
      return context;
    }
    synchronized (inode) {
      context = inode.lockContext;
      if (context == null) {
        context = new FileLockContext();
        inode.lockContext = context;
      }
      return context;
    }
  }

  /** flock(2) after the descriptor was found. */
  @Traced("flock_lock_inode_wait")
  public static long flock(File file, int operation, Caller caller) {
    int kind = operation & ~Fcntl.LOCK_NB;
    if (kind == Fcntl.LOCK_UN) {
      contextOf(file.inode()).unflock(file);
      return 0;
    }
    if (kind != Fcntl.LOCK_SH && kind != Fcntl.LOCK_EX) {
      return -Errno.EINVAL;
    }
    if (!file.hasMode(File.FMODE_READ) && !file.hasMode(File.FMODE_WRITE)) {
      return -Errno.EBADF;
    }
    FileLockContext context = contextOf(file.inode());
    boolean exclusive = kind == Fcntl.LOCK_EX;
    if (context.tryFlock(file, exclusive)) {
      return 0;
    }
    if ((operation & Fcntl.LOCK_NB) != 0) {
      return -Errno.EAGAIN;
    }
    return context.changed.waitEvent(
        caller, () -> context.tryFlock(file, exclusive), WaitQueue.NO_DEADLINE);
  }

  /** The last reference of an open file is gone: so are its locks. */
  static void locksRemoveFile(File file) {
    FileLockContext context = file.inode().lockContext;
    if (context != null) {
      context.unflock(file);
      context.unlock(file, 0, Long.MAX_VALUE);
    }
  }

  /** A process closed a descriptor of the file: its record locks are gone. */
  static void locksRemovePosix(File file, FilesStruct owner) {
    FileLockContext context = file.inode().lockContext;
    if (context != null) {
      context.unlock(owner, 0, Long.MAX_VALUE);
    }
  }

  /** F_GETLEASE: F_RDLCK, F_WRLCK or F_UNLCK. */
  public static long getLease(File file) {
    return Leases.fcntlGetlease(file);
  }

  /** F_SETLEASE. 0 or −errno. */
  public static long setLease(File file, long type, Caller caller) {
    return Leases.fcntlSetlease(file, type, caller);
  }

  /** F_GETLK, F_SETLK, F_SETLKW and their OFD forms. */
  public static long fcntl(File file, int command, long argument, Caller caller) {
    UserMemory memory = caller.memory();
    int type = memory.readShort(argument + FlockLayout.l_type);
    int whence = memory.readShort(argument + FlockLayout.l_whence);
    long start = memory.readLong(argument + FlockLayout.l_start);
    long length = memory.readLong(argument + FlockLayout.l_len);
    int pid = memory.readInt(argument + FlockLayout.l_pid);
    boolean get = command == Fcntl.F_GETLK || command == Fcntl.F_OFD_GETLK;
    if (get && type != Fcntl.F_RDLCK && type != Fcntl.F_WRLCK) {
      return -Errno.EINVAL;
    }
    long[] range = new long[2];
    long bad = toRange(file, whence, start, length, range);
    if (bad == 0 && (type < 0 || type > Fcntl.F_UNLCK)) {
      bad = -Errno.EINVAL;
    }
    if (bad != 0) {
      return bad;
    }
    boolean ofd = command >= Fcntl.F_OFD_GETLK && command <= Fcntl.F_OFD_SETLKW;
    if (ofd && pid != 0) {
      return -Errno.EINVAL;
    }
    Object owner = ofd ? file : caller.files();
    if (get) {
      return getLock(file, owner, type, range, memory, argument);
    }
    if (type == Fcntl.F_RDLCK && !file.hasMode(File.FMODE_READ)
        || type == Fcntl.F_WRLCK && !file.hasMode(File.FMODE_WRITE)) {
      return -Errno.EBADF;
    }
    boolean waits = command == Fcntl.F_SETLKW || command == Fcntl.F_OFD_SETLKW;
    return setLock(file, owner, ofd, type, range, waits, caller);
  }

  /** <i>Linux:</i> flock64_to_posix_lock. Both ends inclusive. */
  private static long toRange(File file, int whence, long start, long length, long[] range) {
    long base;
    switch (whence) {
      case FsConstants.SEEK_SET -> base = 0;
      case FsConstants.SEEK_CUR -> base = file.position;
      case FsConstants.SEEK_END -> base = file.inode().size();
      default -> {
        return -Errno.EINVAL;
      }
    }
    if (start > Long.MAX_VALUE - base) {
      return -Errno.EOVERFLOW;
    }
    long from = base + start;
    if (from < 0) {
      return -Errno.EINVAL;
    }
    long to = Long.MAX_VALUE;
    if (length > 0) {
      if (length - 1 > Long.MAX_VALUE - from) {
        return -Errno.EOVERFLOW;
      }
      to = from + length - 1;
    } else if (length < 0) {
      if (from + length < 0) {
        return -Errno.EINVAL;
      }
      to = from - 1;
      from += length;
    }
    range[0] = from;
    range[1] = to;
    return 0;
  }

  private static long getLock(
      File file, Object owner, int type, long[] range, UserMemory memory, long argument) {
    FileLockContext context = file.inode().lockContext;
    FileLockContext.@Nullable Range against =
        context == null ? null : context.conflict(owner, type == Fcntl.F_WRLCK, range[0], range[1]);
    if (against == null) {
      memory.writeShort(argument + FlockLayout.l_type, (short) Fcntl.F_UNLCK);
      return 0;
    }
    int found = against.exclusive ? Fcntl.F_WRLCK : Fcntl.F_RDLCK;
    long length = against.end == Long.MAX_VALUE ? 0 : against.end - against.start + 1;
    memory.writeShort(argument + FlockLayout.l_type, (short) found);
    memory.writeShort(argument + FlockLayout.l_whence, (short) FsConstants.SEEK_SET);
    memory.writeLong(argument + FlockLayout.l_start, against.start);
    memory.writeLong(argument + FlockLayout.l_len, length);
    memory.writeInt(argument + FlockLayout.l_pid, against.pid);
    return 0;
  }

  @Traced("posix_lock_inode")
  private static long setLock(
      File file, Object owner, boolean ofd, int type, long[] range, boolean waits, Caller caller) {
    FileLockContext context = contextOf(file.inode());
    if (type == Fcntl.F_UNLCK) {
      context.unlock(owner, range[0], range[1]);
      return 0;
    }
    int pid = ofd ? OFD_PID : caller.pid();
    boolean exclusive = type == Fcntl.F_WRLCK;
    FileLockContext.@Nullable Range against =
        context.tryLock(owner, pid, exclusive, range[0], range[1]);
    if (against == null) {
      return 0;
    }
    if (!waits) {
      return -Errno.EAGAIN;
    }
    Map<Object, Object> waiting = file.inode().superBlock().vfs().lockWaits();
    return waitForLock(context, waiting, owner, ofd, pid, exclusive, range, caller);
  }

  private static long waitForLock(
      FileLockContext context,
      Map<Object, Object> waiting,
      Object owner,
      boolean ofd,
      int pid,
      boolean exclusive,
      long[] range,
      Caller caller) {
    boolean[] deadlock = new boolean[1];
    try {
      long result =
          context.changed.waitEvent(
              caller,
              () -> {
                FileLockContext.@Nullable Range against =
                    context.tryLock(owner, pid, exclusive, range[0], range[1]);
                if (against == null) {
                  return true;
                }
                deadlock[0] = !ofd && closesCircle(waiting, owner, against.owner);
                return deadlock[0];
              },
              WaitQueue.NO_DEADLINE);
      return deadlock[0] ? -Errno.EDEADLK : result;
    } finally {
      waiting.remove(owner);
    }
  }

  /** Notes who waits for whom; whether that closes a circle. */
  private static boolean closesCircle(Map<Object, Object> waiting, Object owner, Object holder) {
    synchronized (waiting) {
      Object at = holder;
      for (int i = 0; at != null && i < 100; i++) {
        if (at == owner) {
          return true;
        }
        at = waiting.get(at);
      }
      waiting.put(owner, holder);
      return false;
    }
  }
}
