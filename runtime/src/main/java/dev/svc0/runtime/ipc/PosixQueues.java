package dev.svc0.runtime.ipc;

import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Permissions;
import dev.svc0.runtime.vfs.Vfs;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of the POSIX message queues of one kernel. <i>Linux:</i> ipc/mqueue.c. The file system
 * that shows them cannot be mounted.
 */
public final class PosixQueues {
  /** What /proc/sys/fs/mqueue says: defaults, and limits of who may not exceed them. */
  public static final int MSG_DEFAULT = 10;

  public static final int MSG_MAX = 10;
  public static final int MSGSIZE_DEFAULT = 8192;
  public static final int MSGSIZE_MAX = 8192;
  public static final int QUEUES_MAX = 256;

  private static final int HARD_MSG_MAX = 65536;
  private static final int HARD_MSGSIZE_MAX = 16 << 20;

  /** Bytes that Linux counts for a message, and for a priority, beside the text. */
  private static final int OVERHEAD = 48;

  private static final int MOST_PRIORITIES = 32768;
  private static final int NAME_MAX = 255;
  private static final int MODE = 07777;
  private static final int MAY_READ = 4;
  private static final int MAY_WRITE = 2;

  private final Vfs vfs;
  private final Map<String, Inode> names = new HashMap<>();
  private final Map<Integer, Long> accounted = new HashMap<>();

  private PosixQueues(Vfs vfs) {
    this.vfs = vfs;
  }

  /** Those of the kernel that owns a VFS. */
  public static PosixQueues of(Vfs vfs) {
    return vfs.component(PosixQueues.class, PosixQueues::new);
  }

  /** Messages, and bytes a message, that a new queue is to take. */
  public record Size(long messages, long bytes) {
    static final Size DEFAULT = new Size(MSG_DEFAULT, MSGSIZE_DEFAULT);

    private long check(Cred cred) {
      boolean exceeds = cred.capable(Capability.CAP_SYS_RESOURCE);
      boolean fits =
          messages > 0
              && bytes > 0
              && messages <= (exceeds ? HARD_MSG_MAX : MSG_MAX)
              && bytes <= (exceeds ? HARD_MSGSIZE_MAX : MSGSIZE_MAX);
      return fits ? 0 : -Errno.EINVAL;
    }

    private long accountedBytes() {
      return messages * (bytes + OVERHEAD) + Math.min(messages, MOST_PRIORITIES) * OVERHEAD;
    }
  }

  private static long checkName(String name) {
    if (name.isEmpty()) {
      return -Errno.ENOENT;
    }
    if (name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
      return -Errno.EACCES;
    }
    return name.length() > NAME_MAX ? -Errno.ENAMETOOLONG : 0;
  }

  /**
   * mq_open(3). The open file; null with −errno in error[0].
   *
   * @param name without the slash that the library takes off
   * @param size of a queue that is made; null for the default
   */
  public synchronized @Nullable File open(
      Caller caller, String name, int flags, int mode, @Nullable Size size, long[] error) {
    error[0] = checkName(name);
    if (error[0] != 0) {
      return null;
    }
    Inode inode = names.get(name);
    if (inode == null) {
      error[0] = (flags & Fcntl.O_CREAT) == 0 ? -Errno.ENOENT : 0;
      inode = error[0] != 0 ? null : create(caller, name, mode, size, error);
    } else {
      error[0] = mayOpen(caller, inode, flags);
    }
    if (inode == null || error[0] != 0) {
      return null;
    }
    PosixQueue queue = (PosixQueue) inode.fileOperations();
    queue.users++;
    inode.hold();
    int access = flags + 1 & (File.FMODE_READ | File.FMODE_WRITE);
    int kept = flags & (Fcntl.O_ACCMODE | Fcntl.O_NONBLOCK);
    return vfs.anonymous().newFile(inode, "/" + name, kept, access, caller.cred());
  }

  private static long mayOpen(Caller caller, Inode inode, int flags) {
    int exclusive = Fcntl.O_CREAT | Fcntl.O_EXCL;
    if ((flags & exclusive) == exclusive) {
      return -Errno.EEXIST;
    }
    int wanted =
        switch (flags & Fcntl.O_ACCMODE) {
          case Fcntl.O_RDONLY -> MAY_READ;
          case Fcntl.O_WRONLY -> MAY_WRITE;
          case Fcntl.O_RDWR -> MAY_READ | MAY_WRITE;
          default -> 0;
        };
    return wanted == 0 ? -Errno.EINVAL : Permissions.inodePermission(inode, wanted, caller);
  }

  private @Nullable Inode create(
      Caller caller, String name, int mode, @Nullable Size wanted, long[] error) {
    Cred cred = caller.cred();
    if (names.size() >= QUEUES_MAX && !cred.capable(Capability.CAP_SYS_RESOURCE)) {
      error[0] = -Errno.ENOSPC;
      return null;
    }
    Size size = wanted == null ? Size.DEFAULT : wanted;
    error[0] = size.check(cred);
    if (error[0] != 0) {
      return null;
    }
    long bytes = size.accountedBytes();
    long all = accounted.getOrDefault(cred.fsuid(), 0L) + bytes;
    if (Long.compareUnsigned(all, caller.rlimit(Rlimits.RLIMIT_MSGQUEUE)) > 0) {
      error[0] = -Errno.EMFILE;
      return null;
    }
    accounted.put(cred.fsuid(), all);
    int kind = StatConstants.S_IFREG | mode & MODE & ~caller.fs().umask;
    Inode inode = vfs.anonymous().newInode(kind, new PosixQueue(this, size), cred);
    inode.setSize(PosixQueue.LINE_BYTES);
    names.put(name, inode);
    return inode;
  }

  /** mq_unlink(3): 0 or −errno. Who has it open goes on. */
  public long unlink(Caller caller, String name) {
    Inode inode;
    synchronized (this) {
      long wrong = checkName(name);
      if (wrong != 0) {
        return wrong;
      }
      inode = names.get(name);
      if (inode == null) {
        return -Errno.ENOENT;
      }
      Cred cred = caller.cred();
      if (cred.fsuid() != inode.uid && !cred.capable(Capability.CAP_FOWNER)) {
        return -Errno.EPERM;
      }
      names.remove(name);
      inode.nlink = 0;
      put((PosixQueue) inode.fileOperations(), inode);
    }
    inode.put();
    return 0;
  }

  /** One file or name of a queue is gone: with the last, it counts no longer. */
  synchronized void put(PosixQueue queue, Inode inode) {
    if (--queue.users == 0) {
      long bytes = new Size(queue.maxMessages, queue.messageBytes).accountedBytes();
      accounted.merge(inode.uid, -bytes, Long::sum);
    }
  }
}
