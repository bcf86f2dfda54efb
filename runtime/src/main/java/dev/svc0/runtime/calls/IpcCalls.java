package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.IN_OUT;
import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.Size;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Ipc;
import dev.svc0.runtime.abi.SembufLayout;
import dev.svc0.runtime.ipc.IpcControl;
import dev.svc0.runtime.ipc.IpcNamespace;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.Task;

/** System V semaphores, shared memory and message queues. */
public final class IpcCalls {
  private static final int MOST_OPERATIONS = 500;
  private static final int FIELDS = 3;

  private IpcCalls() {}

  private static IpcNamespace ipc(Task task) {
    return IpcNamespace.of(task.kernel().vfs());
  }

  @SyscallDefine(
      nr = 190,
      name = "semget",
      errors = {"EACCES", "EEXIST", "EINVAL", "ENOENT", "ENOSPC"})
  public static long semget(Task task, int key, int nsems, int semflg) {
    return ipc(task).semget(task, key, nsems, semflg);
  }

  @SyscallDefine(
      nr = 191,
      name = "semctl",
      errors = {"EACCES", "EFAULT", "EINVAL", "EPERM", "ERANGE"})
  public static long semctl(Task task, int semid, int semnum, int cmd, long arg) {
    return IpcControl.semctl(ipc(task), task, semid, semnum, cmd & ~Ipc.IPC_64, arg);
  }

  @SyscallDefine(
      nr = 193,
      name = "semop",
      errors = {"E2BIG", "EACCES", "EAGAIN", "EFBIG", "EIDRM", "EINTR", "EINVAL", "ERANGE"})
  public static long semop(
      Task task,
      int semid,
      @UserPtr(access = IN, struct = "sembuf", count = "nsops") long tsops,
      int nsops) {
    return operate(task, semid, tsops, nsops, Long.MAX_VALUE);
  }

  @SyscallDefine(
      nr = 192,
      name = "semtimedop",
      errors = {"E2BIG", "EACCES", "EAGAIN", "EFBIG", "EIDRM", "EINTR", "EINVAL", "ERANGE"})
  public static long semtimedop(
      Task task,
      int semid,
      @UserPtr(access = IN, struct = "sembuf", count = "nsops") long tsops,
      int nsops,
      @UserPtr(access = IN, struct = "__kernel_timespec") long timeout) {
    long nanos = Long.MAX_VALUE;
    if (timeout != 0) {
      nanos = UserTime.readTimespec(task.memory(), timeout);
      if (nanos == UserTime.INVALID) {
        return -Errno.EINVAL;
      }
    }
    return operate(task, semid, tsops, nsops, nanos);
  }

  private static long operate(Task task, int id, long address, int count, long nanos) {
    if (count < 1 || id < 0) {
      return -Errno.EINVAL;
    }
    if (count > MOST_OPERATIONS) {
      return -Errno.E2BIG;
    }
    UserMemory memory = task.memory();
    int[] ops = new int[count * FIELDS];
    for (int i = 0; i < count; i++) {
      long at = address + (long) i * SembufLayout.SIZE;
      ops[FIELDS * i] = memory.readShort(at + SembufLayout.sem_num) & 0xffff;
      ops[FIELDS * i + 1] = memory.readShort(at + SembufLayout.sem_op);
      ops[FIELDS * i + 2] = memory.readShort(at + SembufLayout.sem_flg);
    }
    return ipc(task).semop(task, id, ops, nanos);
  }

  @SyscallDefine(
      nr = 194,
      name = "shmget",
      support = Support.PARTIAL,
      note = "no SHM_HUGETLB: ENOMEM",
      errors = {"EACCES", "EEXIST", "EINVAL", "ENOENT", "ENOMEM", "ENOSPC"})
  public static long shmget(Task task, int key, @Size long size, int shmflg) {
    return ipc(task).shmget(task, key, size, shmflg);
  }

  @SyscallDefine(
      nr = 195,
      name = "shmctl",
      errors = {"EACCES", "EFAULT", "EINVAL", "EPERM"})
  public static long shmctl(
      Task task, int shmid, int cmd, @UserPtr(access = IN_OUT, struct = "shmid64_ds") long buf) {
    return IpcControl.shmctl(ipc(task), task, shmid, cmd & ~Ipc.IPC_64, buf);
  }

  @SyscallDefine(
      nr = 196,
      name = "shmat",
      errors = {"EACCES", "EINVAL", "ENOMEM"})
  public static long shmat(Task task, int shmid, long shmaddr, int shmflg) {
    return ipc(task).shmat(task, task.memory(), shmid, shmaddr, shmflg);
  }

  @SyscallDefine(nr = 197, name = "shmdt", errors = "EINVAL")
  public static long shmdt(Task task, long shmaddr) {
    return ipc(task).shmdt(task, task.memory(), shmaddr);
  }

  @SyscallDefine(
      nr = 186,
      name = "msgget",
      errors = {"EACCES", "EEXIST", "ENOENT", "ENOSPC"})
  public static long msgget(Task task, int key, int msgflg) {
    return ipc(task).msgget(task, key, msgflg);
  }

  @SyscallDefine(
      nr = 187,
      name = "msgctl",
      errors = {"EACCES", "EFAULT", "EINVAL", "EPERM"})
  public static long msgctl(
      Task task, int msqid, int cmd, @UserPtr(access = IN_OUT, struct = "msqid64_ds") long buf) {
    return IpcControl.msgctl(ipc(task), task, msqid, cmd & ~Ipc.IPC_64, buf);
  }

  @SyscallDefine(
      nr = 189,
      name = "msgsnd",
      errors = {"EACCES", "EAGAIN", "EFAULT", "EIDRM", "EINTR", "EINVAL"})
  public static long msgsnd(
      Task task,
      int msqid,
      @UserPtr(access = IN, length = "msgsz") long msgp,
      @Size long msgsz,
      int msgflg) {
    long type = task.memory().readLong(msgp);
    if (msgsz < 0 || msgsz > Ipc.MSGMAX || msqid < 0 || type < 1) {
      return -Errno.EINVAL;
    }
    byte[] text = task.memory().readBytes(msgp + Long.BYTES, (int) msgsz);
    return ipc(task).msgsnd(task, msqid, type, text, msgflg);
  }

  @SyscallDefine(
      nr = 188,
      name = "msgrcv",
      errors = {"E2BIG", "EACCES", "EFAULT", "EIDRM", "EINTR", "EINVAL", "ENOMSG"})
  public static long msgrcv(
      Task task,
      int msqid,
      @UserPtr(access = OUT, length = "msgsz") long msgp,
      @Size long msgsz,
      long msgtyp,
      int msgflg) {
    if (msqid < 0 || msgsz < 0) {
      return -Errno.EINVAL;
    }
    return ipc(task)
        .msgrcv(
            task,
            msqid,
            msgsz,
            msgtyp,
            msgflg,
            (type, text) -> {
              int bytes = (int) Math.min(text.length, msgsz);
              task.memory().writeLong(msgp, type);
              return task.memory().copyToUser(msgp + Long.BYTES, text, 0, bytes) == 0
                  ? bytes
                  : -Errno.EFAULT;
            });
  }
}
