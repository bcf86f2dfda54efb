package dev.svc0.runtime.calls;

import dev.svc0.annotation.CString;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Mode;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.Namei;
import dev.svc0.runtime.vfs.Rename;
import dev.svc0.runtime.vfs.Stat;

/** Creating, linking, moving and removing names. */
public final class NameCalls {
  private NameCalls() {}

  @SyscallDefine(
      nr = 33,
      name = "mknodat",
      errors = {"EEXIST", "EINVAL", "EPERM", "EROFS"})
  public static long mknodat(
      Task task, @Fd int dfd, @CString long filename, @Mode int mode, int dev) {
    return Namei.mknodat(task, dfd, UserPath.read(task, filename), mode, Stat.decodeDev(dev));
  }

  @SyscallDefine(
      nr = 34,
      name = "mkdirat",
      errors = {"EEXIST", "EMLINK", "ENOENT", "EROFS"})
  public static long mkdirat(Task task, @Fd int dfd, @CString long pathname, @Mode int mode) {
    return Namei.mkdirat(task, dfd, UserPath.read(task, pathname), mode);
  }

  @SyscallDefine(
      nr = 35,
      name = "unlinkat",
      errors = {"EBUSY", "EINVAL", "EISDIR", "ENOENT", "ENOTDIR", "ENOTEMPTY", "EPERM"})
  public static long unlinkat(
      Task task,
      @Fd int dfd,
      @CString long pathname,
      @Flags(
              value = "at_flags:AT_REMOVEDIR",
              supported = {"AT_REMOVEDIR"})
          int flag) {
    String name = UserPath.read(task, pathname);
    return (flag & Fcntl.AT_REMOVEDIR) != 0
        ? Namei.rmdirat(task, dfd, name)
        : Namei.unlinkat(task, dfd, name);
  }

  @SyscallDefine(
      nr = 36,
      name = "symlinkat",
      errors = {"EEXIST", "ENAMETOOLONG", "ENOENT"})
  public static long symlinkat(
      Task task, @CString long oldname, @Fd int newdfd, @CString long newname) {
    String target = UserPath.read(task, oldname);
    return Namei.symlinkat(task, target, newdfd, UserPath.read(task, newname));
  }

  @SyscallDefine(
      nr = 37,
      name = "linkat",
      errors = {"EEXIST", "EMLINK", "EPERM", "EXDEV"})
  public static long linkat(
      Task task,
      @Fd int olddfd,
      @CString long oldname,
      @Fd int newdfd,
      @CString long newname,
      @Flags(
              value = "at_flags:AT_SYMLINK_FOLLOW|AT_EMPTY_PATH",
              supported = {"AT_SYMLINK_FOLLOW", "AT_EMPTY_PATH"})
          int flags) {
    int lookup = (flags & Fcntl.AT_SYMLINK_FOLLOW) != 0 ? Lookup.FOLLOW : 0;
    String old = UserPath.read(task, oldname);
    if ((flags & Fcntl.AT_EMPTY_PATH) != 0) {
      if (old.isEmpty() && !task.cred().capable(Capability.CAP_DAC_READ_SEARCH)) {
        return -Errno.ENOENT;
      }
      lookup |= Lookup.EMPTY;
    }
    return Namei.linkat(task, olddfd, old, newdfd, UserPath.read(task, newname), lookup);
  }

  @SyscallDefine(nr = 38, name = "renameat")
  public static long renameat(
      Task task, @Fd int olddfd, @CString long oldname, @Fd int newdfd, @CString long newname) {
    return renameat2(task, olddfd, oldname, newdfd, newname, 0);
  }

  @SyscallDefine(
      nr = 276,
      name = "renameat2",
      errors = {"EBUSY", "EEXIST", "EINVAL", "EISDIR", "ENOTDIR", "ENOTEMPTY", "EXDEV"})
  public static long renameat2(
      Task task,
      @Fd int olddfd,
      @CString long oldname,
      @Fd int newdfd,
      @CString long newname,
      @Flags(
              value = "fs:RENAME_",
              supported = {"RENAME_NOREPLACE", "RENAME_EXCHANGE", "RENAME_WHITEOUT"})
          int flags) {
    long bad = Rename.checkFlags(flags);
    if (bad != 0) {
      return bad;
    }
    String old = UserPath.read(task, oldname);
    return Rename.renameat2(task, olddfd, old, newdfd, UserPath.read(task, newname), flags);
  }
}
