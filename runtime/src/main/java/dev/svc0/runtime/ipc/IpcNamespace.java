package dev.svc0.runtime.ipc;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Ipc;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.mm.VmArea;
import dev.svc0.runtime.mm.VmBacking;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.Memfd;
import dev.svc0.runtime.vfs.Vfs;
import org.jspecify.annotations.Nullable;

/** The objects of System V IPC of one kernel. <i>Linux:</i> {@code ipc_namespace}. */
public final class IpcNamespace {
  private static final int MOST_OPERATIONS = 500;
  private static final int PAGE = 4096;
  private static final int READ = 4;
  private static final int CHANGE = 2;
  private static final long NO_TIMEOUT = Long.MAX_VALUE;

  private final Vfs vfs;
  final IpcTable<SemaphoreSet> sets = new IpcTable<>(Ipc.SEMMNI);
  final IpcTable<ShmSegment> segments = new IpcTable<>(Ipc.SHMMNI);
  final IpcTable<MessageQueue> queues = new IpcTable<>(Ipc.MSGMNI);

  private IpcNamespace(Vfs vfs) {
    this.vfs = vfs;
  }

  /** Those of the kernel that owns a VFS. */
  public static IpcNamespace of(Vfs vfs) {
    return vfs.component(IpcNamespace.class, IpcNamespace::new);
  }

  /** semget(2). */
  public synchronized long semget(Caller caller, int key, int count, int flags) {
    if (count < 0 || count > Ipc.SEMMSL) {
      return -Errno.EINVAL;
    }
    long[] error = new long[1];
    return sets.get(
        caller.cred(),
        key,
        flags,
        set -> count > set.values.length ? -Errno.EINVAL : 0,
        id -> {
          if (count == 0) {
            error[0] = -Errno.EINVAL;
            return null;
          }
          return new SemaphoreSet(id, key, flags, caller.cred(), count);
        },
        error);
  }

  /**
   * semtimedop(2).
   *
   * @param ops number, operation and flags of each in turn
   * @param nanos how long to wait; {@link Long#MAX_VALUE} for ever
   */
  public long semop(Caller caller, int id, int[] ops, long nanos) {
    if (ops.length == 0) {
      return -Errno.EINVAL;
    }
    if (ops.length / 3 > MOST_OPERATIONS) {
      return -Errno.E2BIG;
    }
    SemaphoreSet set;
    int[] blocking = new int[1];
    int[] counted;
    synchronized (this) {
      set = sets.find(id);
      long wrong = set == null ? -Errno.EINVAL : checkOperations(caller, set, ops);
      if (wrong != 0 || set == null) {
        return wrong;
      }
      long now = set.perform(ops, caller.pid(), blocking);
      if (now != SemaphoreSet.MUST_WAIT) {
        if (now == 0) {
          set.wait.wakeUp();
        }
        return now;
      }
      counted = ops[blocking[0] + 1] == 0 ? set.waitForZero : set.waitForMore;
      counted[ops[blocking[0]]]++;
    }
    int number = ops[blocking[0]];
    long[] result = {SemaphoreSet.MUST_WAIT};
    SemaphoreSet waited = set;
    long deadline = nanos == NO_TIMEOUT ? WaitQueue.NO_DEADLINE : System.nanoTime() + nanos;
    long slept =
        set.wait.waitEvent(
            caller,
            () -> {
              synchronized (this) {
                if (result[0] == SemaphoreSet.MUST_WAIT) {
                  result[0] =
                      waited.removed ? -Errno.EIDRM : waited.perform(ops, caller.pid(), blocking);
                }
                return result[0] != SemaphoreSet.MUST_WAIT;
              }
            },
            deadline);
    synchronized (this) {
      counted[number]--;
    }
    if (result[0] == 0) {
      set.wait.wakeUp();
    }
    if (result[0] != SemaphoreSet.MUST_WAIT) {
      return result[0];
    }
    return slept == -Errno.ETIMEDOUT ? -Errno.EAGAIN : -Errno.EINTR;
  }

  private static long checkOperations(Caller caller, SemaphoreSet set, int[] ops) {
    boolean changes = false;
    for (int i = 0; i < ops.length; i += 3) {
      if (ops[i] >= set.values.length) {
        return -Errno.EFBIG;
      }
      changes |= ops[i + 1] != 0;
    }
    return set.allows(caller.cred(), changes ? CHANGE : READ) ? 0 : -Errno.EACCES;
  }

  /** A process has ended: what it asked to be undone. */
  public void processEnded(int pid) {
    synchronized (this) {
      for (SemaphoreSet set : sets.all()) {
        if (set.processEnded(pid)) {
          set.wait.wakeUp();
        }
      }
    }
  }

  /** shmget(2). */
  public synchronized long shmget(Caller caller, int key, long bytes, int flags) {
    long[] error = new long[1];
    return segments.get(
        caller.cred(),
        key,
        flags,
        segment -> Long.compareUnsigned(bytes, segment.bytes) > 0 ? -Errno.EINVAL : 0,
        id -> newSegment(caller, id, key, bytes, flags, error),
        error);
  }

  private @Nullable ShmSegment newSegment(
      Caller caller, int id, int key, long bytes, int flags, long[] error) {
    if (bytes <= 0 || bytes > Long.MAX_VALUE - PAGE) {
      error[0] = -Errno.EINVAL;
      return null;
    }
    if ((flags & Ipc.SHM_HUGETLB) != 0) {
      error[0] = -Errno.ENOMEM;
      return null;
    }
    String name = String.format("SYSV%08x", key);
    File file = Memfd.create(vfs, caller, name, 0, 0, error);
    if (file == null) {
      return null;
    }
    file.inode().setSize((bytes + PAGE - 1) & -PAGE);
    VmBacking memory = file.operations().mmap(file, true, error);
    if (memory == null) {
      file.put();
      return null;
    }
    return new ShmSegment(this, id, key, flags, caller.cred(), bytes, caller.pid(), file, memory);
  }

  /** shmat(2). The address or −errno. */
  public long shmat(Caller caller, MemoryManager memory, int id, long address, int flags) {
    long at = address;
    if ((at & PAGE - 1) != 0) {
      if ((flags & Ipc.SHM_RND) == 0) {
        return -Errno.EINVAL;
      }
      at &= -PAGE;
    }
    boolean readOnly = (flags & Ipc.SHM_RDONLY) != 0;
    ShmSegment segment;
    synchronized (this) {
      segment = segments.find(id);
      if (segment == null) {
        return -Errno.EINVAL;
      }
      if (!segment.allows(caller.cred(), readOnly ? READ : READ | CHANGE)) {
        return -Errno.EACCES;
      }
    }
    int prot = MmapConstants.PROT_READ;
    if (!readOnly) {
      prot |= MmapConstants.PROT_WRITE;
    }
    if ((flags & Ipc.SHM_EXEC) != 0) {
      prot |= MmapConstants.PROT_EXEC;
    }
    int map = MmapConstants.MAP_SHARED;
    if (at != 0) {
      map |=
          (flags & Ipc.SHM_REMAP) != 0
              ? MmapConstants.MAP_FIXED
              : MmapConstants.MAP_FIXED_NOREPLACE;
    }
    int access =
        readOnly ? MmapConstants.PROT_READ : MmapConstants.PROT_READ | MmapConstants.PROT_WRITE;
    long result =
        memory.mmap(at, segment.bytes, prot, map, segment, 0, access | MmapConstants.PROT_EXEC);
    if (result == -Errno.EEXIST) {
      return -Errno.EINVAL;
    }
    segment.lastPid = caller.pid();
    return result;
  }

  /** shmdt(2). */
  public long shmdt(Caller caller, MemoryManager memory, long address) {
    for (VmArea area : memory.areas()) {
      boolean ours = area.start() == address && area.name().startsWith("/SYSV");
      if (ours && area.offsetBytes() == 0) {
        ShmSegment segment;
        synchronized (this) {
          segment = segments.find((int) area.inode());
        }
        if (segment != null) {
          segment.lastPid = caller.pid();
          return memory.munmap(address, segment.bytes);
        }
      }
    }
    return -Errno.EINVAL;
  }

  /** A segment's memory is gone. */
  synchronized void forget(ShmSegment segment) {
    segments.remove(segment);
  }

  /** A segment waits for its last mapping to go: its key is free. */
  synchronized void forgetKey(ShmSegment segment) {
    segments.forgetKey(segment);
  }

  /** msgget(2). */
  public synchronized long msgget(Caller caller, int key, int flags) {
    return queues.get(
        caller.cred(),
        key,
        flags,
        queue -> 0,
        id -> new MessageQueue(id, key, flags, caller.cred()),
        new long[1]);
  }

  /** msgsnd(2) of bytes that were read already. */
  public long msgsnd(Caller caller, int id, long type, byte[] text, int flags) {
    if (type < 1) {
      return -Errno.EINVAL;
    }
    while (true) {
      MessageQueue queue;
      synchronized (this) {
        queue = queues.find(id);
        if (queue == null) {
          return -Errno.EINVAL;
        }
        if (!queue.allows(caller.cred(), CHANGE)) {
          return -Errno.EACCES;
        }
        if (queue.hasRoom(text.length)) {
          queue.messages.add(new MessageQueue.Message(type, text));
          queue.bytes += text.length;
          queue.lastSender = caller.pid();
          queue.sendSeconds = System.currentTimeMillis() / 1000;
          queue.wait.wakeUp();
          return 0;
        }
      }
      if ((flags & Ipc.IPC_NOWAIT) != 0) {
        return -Errno.EAGAIN;
      }
      MessageQueue full = queue;
      long slept =
          queue.wait.waitEvent(
              caller,
              () -> {
                synchronized (this) {
                  return full.removed || full.hasRoom(text.length);
                }
              },
              WaitQueue.NO_DEADLINE);
      if (slept != 0) {
        return -Errno.EINTR;
      }
      if (queue.removed) {
        return -Errno.EIDRM;
      }
    }
  }

  /** Gives a message to a program. */
  @FunctionalInterface
  public interface Receiver {
    /** Takes type and text; bytes or −errno. */
    long take(long type, byte[] text);
  }

  /**
   * msgrcv(2). Bytes or −errno.
   *
   * @param type which message; with MSG_COPY the place of one that stays in the queue
   */
  public long msgrcv(Caller caller, int id, long size, long type, int flags, Receiver receiver) {
    boolean except = (flags & Ipc.MSG_EXCEPT) != 0;
    boolean copies = (flags & Ipc.MSG_COPY) != 0;
    if (copies && (except || (flags & Ipc.IPC_NOWAIT) == 0)) {
      return -Errno.EINVAL;
    }
    MessageQueue queue;
    while (true) {
      MessageQueue.Message message;
      synchronized (this) {
        queue = queues.find(id);
        if (queue == null) {
          return -Errno.EINVAL;
        }
        if (!queue.allows(caller.cred(), READ)) {
          return -Errno.EACCES;
        }
        message = copies ? queue.at(type) : queue.find(type, except);
        if (message != null) {
          if (message.text().length > size && (flags & Ipc.MSG_NOERROR) == 0) {
            return -Errno.E2BIG;
          }
          if (!copies) {
            queue.take(message, caller.pid());
          } else if (message.text().length > size) {
            return -Errno.EINVAL;
          }
        }
      }
      if (message != null) {
        queue.wait.wakeUp();
        return receiver.take(message.type(), message.text());
      }
      if ((flags & Ipc.IPC_NOWAIT) != 0) {
        return -Errno.ENOMSG;
      }
      MessageQueue empty = queue;
      long slept =
          queue.wait.waitEvent(
              caller,
              () -> {
                synchronized (this) {
                  return empty.removed || empty.find(type, except) != null;
                }
              },
              WaitQueue.NO_DEADLINE);
      if (slept != 0) {
        return -Errno.EINTR;
      }
      if (queue.removed) {
        return -Errno.EIDRM;
      }
    }
  }
}
