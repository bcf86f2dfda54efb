package dev.svc0.runtime.calls;

import dev.svc0.annotation.CString;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Mounting;

/** Attaching and detaching file systems. */
public final class MountCalls {
  private MountCalls() {}

  @SyscallDefine(
      nr = 40,
      name = "mount",
      errors = {"EBUSY", "EINVAL", "ENODEV", "ENOENT", "ENOTBLK", "ENOTDIR", "EPERM"})
  public static long mount(
      Task task,
      @CString long dev_name,
      @CString long dir_name,
      @CString long type,
      @Flags("mount:MS_") long flags,
      @CString long data) {
    String kind = type == 0 ? null : UserPath.read(task, type);
    String source = dev_name == 0 ? "none" : UserPath.read(task, dev_name);
    String options = data == 0 ? "" : UserPath.read(task, data);
    return Mounting.doMount(task, source, UserPath.read(task, dir_name), kind, flags, options);
  }

  @SyscallDefine(
      nr = 39,
      name = "umount2",
      errors = {"EBUSY", "EINVAL", "ENOENT", "EPERM"})
  public static long umount2(
      Task task,
      @CString long name,
      @Flags(
              value = "umount",
              supported = {"MNT_FORCE", "MNT_DETACH", "MNT_EXPIRE", "UMOUNT_NOFOLLOW"})
          int flags) {
    if (!task.cred().capable(Capability.CAP_SYS_ADMIN)) {
      return -Errno.EPERM;
    }
    return Mounting.doUmount(task, UserPath.read(task, name), flags);
  }
}
