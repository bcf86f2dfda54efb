package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.sched.WaitQueue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leases on one inode: who holds one is told by a signal before another opens or truncates the
 * file, which waits for it. <i>Linux:</i> the leases of fs/locks.c.
 *
 * <p>The signal goes to the thread that took the lease, where Linux asks F_SETOWN too.
 *
 * <p><b>Locks:</b> its monitor, which is a leaf.
 */
@Traced(layer = Traced.Layer.VFS)
final class Leases {
  /** How long a breaker waits: fs.lease-break-time. */
  static final long BREAK_NANOS = 45_000_000_000L;

  private static final class Lease {
    final File file;
    int type;
    Caller holder;

    /** What it must become, and when it does by itself; its own type while nobody waits. */
    int target;

    long deadline;

    Lease(File file, int type, Caller holder) {
      this.file = file;
      this.type = type;
      this.target = type;
      this.holder = holder;
    }

    boolean conflicts(boolean writes) {
      return writes || type == Fcntl.F_WRLCK;
    }
  }

  private final List<Lease> leases = new ArrayList<>();
  private final WaitQueue changed = new WaitQueue();

  /** F_GETLEASE: what the file has, or will have when the breaking is over. */
  static int fcntlGetlease(File file) {
    Leases all = file.inode().leases;
    return all == null ? Fcntl.F_UNLCK : all.targetOf(file);
  }

  private synchronized int targetOf(File file) {
    Lease lease = find(file);
    return lease == null ? Fcntl.F_UNLCK : lease.target;
  }

  /** F_SETLEASE. 0 or −errno. */
  @Traced("fcntl_setlease")
  static long fcntlSetlease(File file, long type, Caller caller) {
    if (type != Fcntl.F_RDLCK && type != Fcntl.F_WRLCK && type != Fcntl.F_UNLCK) {
      return -Errno.EINVAL;
    }
    Inode inode = file.inode();
    if (inode.uid != caller.cred().fsuid() && !caller.cred().capable(Capability.CAP_LEASE)) {
      return -Errno.EACCES;
    }
    if (!inode.isRegular()) {
      return -Errno.EINVAL;
    }
    Leases all = of(inode);
    return type == Fcntl.F_UNLCK ? all.remove(file) : all.add(file, (int) type, caller);
  }

  private static Leases of(Inode inode) {
    synchronized (inode) {
      Leases all = inode.leases;
      if (all == null) {
        all = new Leases();
        inode.leases = all;
      }
      return all;
    }
  }

  private synchronized @Nullable Lease find(File file) {
    for (Lease lease : leases) {
      if (lease.file == file) {
        return lease;
      }
    }
    return null;
  }

  /** <i>Linux:</i> generic_add_lease. */
  private synchronized long add(File file, int type, Caller caller) {
    if (hasConflictingOpen(file, type)) {
      return -Errno.EAGAIN;
    }
    Lease mine = find(file);
    for (Lease lease : leases) {
      boolean breaking = lease.target == Fcntl.F_UNLCK;
      if (lease != mine && (type == Fcntl.F_WRLCK || breaking)) {
        return -Errno.EAGAIN;
      }
    }
    if (mine == null) {
      leases.add(new Lease(file, type, caller));
      return 0;
    }
    mine.type = type;
    mine.target = type;
    mine.holder = caller;
    changed.wakeUp();
    return 0;
  }

  /** <i>Linux:</i> check_conflicting_open. */
  private static boolean hasConflictingOpen(File file, int type) {
    Inode inode = file.inode();
    if (type == Fcntl.F_RDLCK) {
      return inode.isOpenForWrite();
    }
    int ownWriters = file.hasMode(File.FMODE_WRITER) ? 1 : 0;
    int ownReaders = file.hasMode(File.FMODE_READER) ? 1 : 0;
    return inode.openWriters() != ownWriters || inode.readers.get() != ownReaders;
  }

  private synchronized long remove(File file) {
    Lease lease = find(file);
    if (lease == null) {
      return -Errno.EAGAIN;
    }
    leases.remove(lease);
    file.owner = 0;
    file.ownerSignal = 0;
    changed.wakeUp();
    return 0;
  }

  /** An open file is gone, and its lease with it. */
  static void removeFile(File file) {
    Leases all = file.inode().leases;
    if (all != null) {
      all.remove(file);
    }
  }

  /**
   * Waits until no lease stands against an open or a truncation.
   *
   * @param flags O_ flags: the access mode, and O_NONBLOCK for not waiting
   * @return 0, −EAGAIN, or −ERESTARTSYS
   */
  @Traced("__break_lease")
  static long breakLease(Inode inode, int flags, Caller caller) {
    Leases all = inode.leases;
    return all == null ? 0 : all.breakAll(flags, caller);
  }

  private long breakAll(int flags, Caller caller) {
    boolean writes = (flags & Fcntl.O_ACCMODE) != Fcntl.O_RDONLY;
    if (!tell(writes)) {
      return 0;
    }
    if ((flags & Fcntl.O_NONBLOCK) != 0) {
      return -Errno.EAGAIN;
    }
    while (true) {
      long deadline = System.nanoTime() + BREAK_NANOS;
      long result = changed.waitEvent(caller, () -> !stands(writes), deadline);
      if (result != -Errno.ETIMEDOUT) {
        return result;
      }
      timeOut();
    }
  }

  /** Asks those in the way to give way; whether there are any. */
  private synchronized boolean tell(boolean writes) {
    boolean any = false;
    for (Lease lease : leases) {
      if (!lease.conflicts(writes)) {
        continue;
      }
      any = true;
      int target = writes ? Fcntl.F_UNLCK : Fcntl.F_RDLCK;
      if (lease.target == lease.type || writes && lease.target != target) {
        lease.target = target;
        lease.deadline = System.nanoTime() + BREAK_NANOS;
        int signal = lease.file.ownerSignal;
        lease.holder.sendSignal(signal == 0 ? Signals.SIGIO : signal);
      }
    }
    return any;
  }

  private synchronized boolean stands(boolean writes) {
    for (Lease lease : leases) {
      if (lease.conflicts(writes)) {
        return true;
      }
    }
    return false;
  }

  /** Who was told long ago and did nothing loses the lease. <i>Linux:</i> time_out_leases. */
  private synchronized void timeOut() {
    long now = System.nanoTime();
    leases.removeIf(lease ->
        lease.target == Fcntl.F_UNLCK && lease.type != Fcntl.F_UNLCK && lease.deadline - now <= 0);
    for (Lease lease : leases) {
      if (lease.target != lease.type && lease.deadline - now <= 0) {
        lease.type = lease.target;
      }
    }
    changed.wakeUp();
  }
}
