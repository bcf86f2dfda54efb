package dev.svc0.runtime.ipc;

import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Ipc;
import dev.svc0.runtime.abi.IpcPermLayout;
import dev.svc0.runtime.abi.MsqidLayout;
import dev.svc0.runtime.abi.SemidLayout;
import dev.svc0.runtime.abi.ShmidLayout;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.vfs.Caller;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** semctl(2), shmctl(2), msgctl(2). */
public final class IpcControl {
  private static final int READ = 4;
  private static final int CHANGE = 2;

  /** In the mode of a segment that goes with its last mapping. */
  static final int SHM_DEST = 01000;

  private IpcControl() {}

  static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer read(Caller caller, long address, int bytes) {
    return ByteBuffer.wrap(caller.memory().readBytes(address, bytes))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What belongs to the owner: IPC_RMID and IPC_SET. 0 or −errno. */
  private static long owner(Caller caller, @Nullable IpcObject object) {
    if (object == null) {
      return -Errno.EINVAL;
    }
    return object.ownedBy(caller.cred()) ? 0 : -Errno.EPERM;
  }

  /** IPC_STAT of what is at an index: its number, or −errno. */
  private static long statAt(
      IpcNamespace ipc,
      IpcTable<? extends IpcObject> table,
      Caller caller,
      int index,
      boolean any,
      long address) {
    byte[] out;
    int id;
    synchronized (ipc) {
      IpcObject object = table.findAt(index);
      if (object == null) {
        return -Errno.EINVAL;
      }
      if (!any && !object.allows(caller.cred(), READ)) {
        return -Errno.EACCES;
      }
      id = object.id;
      out =
          switch (object) {
            case SemaphoreSet set -> stat(set);
            case ShmSegment segment -> stat(segment);
            case MessageQueue queue -> stat(queue);
          };
    }
    caller.memory().writeBytes(address, out);
    return id;
  }

  /** semctl(2). */
  public static long semctl(
      IpcNamespace ipc, Caller caller, int id, int number, int command, long argument) {
    if (id < 0) {
      return -Errno.EINVAL;
    }
    if (command == Ipc.IPC_INFO || command == Ipc.SEM_INFO) {
      return IpcInfo.semaphores(ipc, caller, command, argument);
    }
    if (command == Ipc.SEM_STAT || command == Ipc.SEM_STAT_ANY) {
      return statAt(ipc, ipc.sets, caller, id, command == Ipc.SEM_STAT_ANY, argument);
    }
    ByteBuffer change =
        command == Ipc.IPC_SET ? read(caller, argument, SemidLayout.SIZE) : buffer(0);
    int[] values = command == Ipc.SETALL ? readValues(ipc, caller, id, argument) : new int[0];
    byte[] out;
    synchronized (ipc) {
      SemaphoreSet set = ipc.sets.find(id);
      if (set == null) {
        return -Errno.EINVAL;
      }
      switch (command) {
        case Ipc.IPC_RMID, Ipc.IPC_SET -> {
          long refused = owner(caller, set);
          if (refused != 0) {
            return refused;
          }
          if (command == Ipc.IPC_SET) {
            set.setPermissions(change);
          } else {
            ipc.sets.remove(set);
            set.wait.wakeUp();
          }
          return 0;
        }
        case Ipc.IPC_STAT, Ipc.GETALL -> {
          if (!set.allows(caller.cred(), READ)) {
            return -Errno.EACCES;
          }
          out = command == Ipc.IPC_STAT ? stat(set) : all(set);
        }
        case Ipc.SETALL -> {
          return setAll(caller, set, values);
        }
        case Ipc.GETVAL, Ipc.GETPID, Ipc.GETNCNT, Ipc.GETZCNT, Ipc.SETVAL -> {
          return one(caller, set, number, command, (int) argument);
        }
        default -> {
          return -Errno.EINVAL;
        }
      }
    }
    caller.memory().writeBytes(argument, out);
    return 0;
  }

  private static int[] readValues(IpcNamespace ipc, Caller caller, int id, long argument) {
    int count;
    synchronized (ipc) {
      SemaphoreSet set = ipc.sets.find(id);
      count = set == null ? 0 : set.values.length;
    }
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = caller.memory().readShort(argument + (long) i * Short.BYTES) & 0xffff;
    }
    return values;
  }

  private static long setAll(Caller caller, SemaphoreSet set, int[] values) {
    if (!set.allows(caller.cred(), CHANGE)) {
      return -Errno.EACCES;
    }
    for (int value : values) {
      if (value > Ipc.SEMVMX) {
        return -Errno.ERANGE;
      }
    }
    for (int i = 0; i < Math.min(values.length, set.values.length); i++) {
      set.setValue(i, values[i], caller.pid());
    }
    set.wait.wakeUp();
    return 0;
  }

  private static long one(Caller caller, SemaphoreSet set, int number, int command, int value) {
    boolean sets = command == Ipc.SETVAL;
    if (sets && (value < 0 || value > Ipc.SEMVMX)) {
      return -Errno.ERANGE;
    }
    if (!set.allows(caller.cred(), sets ? CHANGE : READ)) {
      return -Errno.EACCES;
    }
    if (number < 0 || number >= set.values.length) {
      return -Errno.EINVAL;
    }
    return switch (command) {
      case Ipc.GETVAL -> set.values[number];
      case Ipc.GETPID -> set.pids[number];
      case Ipc.GETNCNT -> set.waitForMore[number];
      case Ipc.GETZCNT -> set.waitForZero[number];
      default -> {
        set.setValue(number, value, caller.pid());
        set.wait.wakeUp();
        yield 0;
      }
    };
  }

  private static byte[] stat(SemaphoreSet set) {
    ByteBuffer out = buffer(SemidLayout.SIZE);
    set.putPermissions(out);
    out.putLong(SemidLayout.sem_otime, set.operationSeconds);
    out.putLong(SemidLayout.sem_ctime, set.changeSeconds);
    out.putLong(SemidLayout.sem_nsems, set.values.length);
    return out.array();
  }

  private static byte[] all(SemaphoreSet set) {
    ByteBuffer out = buffer(set.values.length * Short.BYTES);
    for (int value : set.values) {
      out.putShort((short) value);
    }
    return out.array();
  }

  /** shmctl(2). */
  public static long shmctl(IpcNamespace ipc, Caller caller, int id, int command, long address) {
    if (id < 0) {
      return -Errno.EINVAL;
    }
    if (command == Ipc.IPC_INFO || command == Ipc.SHM_INFO) {
      return IpcInfo.segments(ipc, caller, command, address);
    }
    if (command == Ipc.SHM_STAT || command == Ipc.SHM_STAT_ANY) {
      return statAt(ipc, ipc.segments, caller, id, command == Ipc.SHM_STAT_ANY, address);
    }
    UserMemory memory = caller.memory();
    ByteBuffer change =
        command == Ipc.IPC_SET ? read(caller, address, ShmidLayout.SIZE) : buffer(0);
    ShmSegment segment;
    synchronized (ipc) {
      segment = ipc.segments.find(id);
    }
    if (segment == null) {
      return -Errno.EINVAL;
    }
    switch (command) {
      case Ipc.IPC_STAT -> {
        if (!segment.allows(caller.cred(), READ)) {
          return -Errno.EACCES;
        }
        memory.writeBytes(address, stat(segment));
      }
      case Ipc.IPC_SET, Ipc.IPC_RMID -> {
        long refused = owner(caller, segment);
        if (refused != 0) {
          return refused;
        }
        if (command == Ipc.IPC_RMID) {
          segment.remove();
        } else {
          synchronized (ipc) {
            segment.setPermissions(change);
          }
        }
      }
      case Ipc.SHM_LOCK, Ipc.SHM_UNLOCK -> {
        boolean may =
            segment.ownedBy(caller.cred()) || caller.cred().capable(Capability.CAP_IPC_LOCK);
        return may ? 0 : -Errno.EPERM; // nothing is ever swapped out
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }

  private static byte[] stat(ShmSegment segment) {
    ByteBuffer out = buffer(ShmidLayout.SIZE);
    segment.putPermissions(out);
    if (segment.removed) {
      out.putInt(IpcPermLayout.key, 0);
      out.putInt(IpcPermLayout.mode, segment.mode | SHM_DEST);
    }
    out.putLong(ShmidLayout.shm_segsz, segment.bytes);
    out.putLong(ShmidLayout.shm_atime, segment.attachSeconds);
    out.putLong(ShmidLayout.shm_dtime, segment.detachSeconds);
    out.putLong(ShmidLayout.shm_ctime, segment.changeSeconds);
    out.putInt(ShmidLayout.shm_cpid, segment.creatorPid);
    out.putInt(ShmidLayout.shm_lpid, segment.lastPid);
    out.putLong(ShmidLayout.shm_nattch, segment.attached());
    return out.array();
  }

  /** msgctl(2). */
  public static long msgctl(IpcNamespace ipc, Caller caller, int id, int command, long address) {
    if (id < 0) {
      return -Errno.EINVAL;
    }
    if (command == Ipc.IPC_INFO || command == Ipc.MSG_INFO) {
      return IpcInfo.queues(ipc, caller, command, address);
    }
    if (command == Ipc.MSG_STAT || command == Ipc.MSG_STAT_ANY) {
      return statAt(ipc, ipc.queues, caller, id, command == Ipc.MSG_STAT_ANY, address);
    }
    ByteBuffer change =
        command == Ipc.IPC_SET ? read(caller, address, MsqidLayout.SIZE) : buffer(0);
    byte[] out;
    synchronized (ipc) {
      MessageQueue queue = ipc.queues.find(id);
      if (queue == null) {
        return -Errno.EINVAL;
      }
      switch (command) {
        case Ipc.IPC_RMID, Ipc.IPC_SET -> {
          long refused = owner(caller, queue);
          if (refused != 0) {
            return refused;
          }
          if (command == Ipc.IPC_RMID) {
            ipc.queues.remove(queue);
          } else {
            long most = change.getLong(MsqidLayout.msg_qbytes);
            if (most > Ipc.MSGMNB && !caller.cred().capable(Capability.CAP_SYS_RESOURCE)) {
              return -Errno.EPERM;
            }
            queue.mostBytes = Math.max(0, most);
            queue.setPermissions(change);
          }
          queue.wait.wakeUp();
          return 0;
        }
        case Ipc.IPC_STAT -> {
          if (!queue.allows(caller.cred(), READ)) {
            return -Errno.EACCES;
          }
          out = stat(queue);
        }
        default -> {
          return -Errno.EINVAL;
        }
      }
    }
    caller.memory().writeBytes(address, out);
    return 0;
  }

  private static byte[] stat(MessageQueue queue) {
    ByteBuffer out = buffer(MsqidLayout.SIZE);
    queue.putPermissions(out);
    out.putLong(MsqidLayout.msg_stime, queue.sendSeconds);
    out.putLong(MsqidLayout.msg_rtime, queue.receiveSeconds);
    out.putLong(MsqidLayout.msg_ctime, queue.changeSeconds);
    out.putLong(MsqidLayout.msg_cbytes, queue.bytes);
    out.putLong(MsqidLayout.msg_qnum, queue.messages.size());
    out.putLong(MsqidLayout.msg_qbytes, queue.mostBytes);
    out.putInt(MsqidLayout.msg_lspid, queue.lastSender);
    out.putInt(MsqidLayout.msg_lrpid, queue.lastReceiver);
    return out.array();
  }
}
