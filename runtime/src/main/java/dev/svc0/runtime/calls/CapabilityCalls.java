package dev.svc0.runtime.calls;

import static dev.svc0.runtime.abi.Capability.*;

import dev.svc0.annotation.SyscallDefine;
import dev.svc0.runtime.abi.CapUserDataLayout;
import dev.svc0.runtime.abi.CapUserHeaderLayout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.Credentials;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Cred;

/** Capabilities of threads. */
public final class CapabilityCalls {
  private static final long ALL = (1L << CAP_LAST_CAP + 1) - 1;

  private CapabilityCalls() {}

  /** Words of 32 bits that a version of the header has; 0 for an unknown one. */
  private static int words(UserMemory memory, long header) {
    return switch (memory.readInt(header + CapUserHeaderLayout.version)) {
      case _LINUX_CAPABILITY_VERSION_1 -> _LINUX_CAPABILITY_U32S_1;
      case _LINUX_CAPABILITY_VERSION_2, _LINUX_CAPABILITY_VERSION_3 -> _LINUX_CAPABILITY_U32S_3;
      default -> 0;
    };
  }

  @SyscallDefine(
      nr = 90,
      name = "capget",
      errors = {"EFAULT", "EINVAL", "ESRCH"})
  public static long capget(Task task, long header, long dataptr) {
    UserMemory memory = task.memory();
    int words = words(memory, header);
    if (words == 0) {
      memory.writeInt(header + CapUserHeaderLayout.version, _LINUX_CAPABILITY_VERSION_3);
      return dataptr == 0 ? 0 : -Errno.EINVAL;
    }
    int pid = memory.readInt(header + CapUserHeaderLayout.pid);
    if (pid < 0) {
      return -Errno.EINVAL;
    }
    Task target = pid == 0 ? task : task.kernel().findTask(pid);
    if (target == null) {
      return -Errno.ESRCH;
    }
    if (dataptr == 0) {
      return 0;
    }
    Cred cred = target.cred();
    for (int word = 0; word < words; word++) {
      long at = dataptr + (long) CapUserDataLayout.SIZE * word;
      int shift = Integer.SIZE * word;
      memory.writeInt(at + CapUserDataLayout.effective, (int) (cred.effective() >>> shift));
      memory.writeInt(at + CapUserDataLayout.permitted, (int) (cred.permitted() >>> shift));
      memory.writeInt(at + CapUserDataLayout.inheritable, (int) (cred.inheritable() >>> shift));
    }
    return 0;
  }

  @SyscallDefine(
      nr = 91,
      name = "capset",
      errors = {"EFAULT", "EINVAL", "EPERM"})
  public static long capset(Task task, long header, long data) {
    UserMemory memory = task.memory();
    int words = words(memory, header);
    if (words == 0) {
      memory.writeInt(header + CapUserHeaderLayout.version, _LINUX_CAPABILITY_VERSION_3);
      return -Errno.EINVAL;
    }
    int pid = memory.readInt(header + CapUserHeaderLayout.pid);
    if (pid != 0 && pid != task.tid()) {
      return -Errno.EPERM;
    }
    long effective = 0;
    long permitted = 0;
    long inheritable = 0;
    for (int word = 0; word < words; word++) {
      long at = data + (long) CapUserDataLayout.SIZE * word;
      int shift = Integer.SIZE * word;
      effective |= unsigned(memory, at + CapUserDataLayout.effective) << shift;
      permitted |= unsigned(memory, at + CapUserDataLayout.permitted) << shift;
      inheritable |= unsigned(memory, at + CapUserDataLayout.inheritable) << shift;
    }
    return change(task, effective & ALL, permitted & ALL, inheritable & ALL);
  }

  private static long unsigned(UserMemory memory, long address) {
    return memory.readInt(address) & 0xffffffffL;
  }

  private static long change(Task task, long effective, long permitted, long inheritable) {
    Cred old = task.cred();
    boolean mayInherit =
        old.capable(CAP_SETPCAP) || (inheritable & ~(old.inheritable() | old.permitted())) == 0;
    if (!mayInherit || (permitted & ~old.permitted()) != 0 || (effective & ~permitted) != 0) {
      return -Errno.EPERM;
    }
    task.setCred(Credentials.withCapabilities(old, effective, permitted, inheritable));
    return 0;
  }
}
