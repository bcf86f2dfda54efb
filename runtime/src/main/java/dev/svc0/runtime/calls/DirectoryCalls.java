package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.CString;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Mode;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Dirent64Layout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.DirContext;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FsStruct;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeAttributes;
import dev.svc0.runtime.vfs.InodeTimes;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.Namei;
import dev.svc0.runtime.vfs.Path;
import dev.svc0.runtime.vfs.PathNames;
import dev.svc0.runtime.vfs.Permissions;
import java.nio.charset.StandardCharsets;

/** Reading directories; where a process stands. */
public final class DirectoryCalls {
  private static final int PATH_MAX = 4096;

  private DirectoryCalls() {}

  /** Writes entries as getdents64 gives them. */
  private static final class Dirents extends DirContext {
    private final UserMemory memory;
    private final long start;
    private final int capacity;
    private int used;
    private boolean refused;
    private long error = -Errno.EINVAL;

    Dirents(UserMemory memory, long start, int capacity) {
      this.memory = memory;
      this.start = start;
      this.capacity = capacity;
    }

    @Override
    public boolean emit(String name, long nextPosition, long inodeNumber, int type) {
      byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
      int record = Dirent64Layout.d_name + bytes.length + 1 + 7 & ~7;
      if (record > capacity - used) {
        refused = true;
        return false;
      }
      byte[] out = new byte[record];
      putLong(out, Dirent64Layout.d_ino, inodeNumber);
      putLong(out, Dirent64Layout.d_off, nextPosition);
      out[Dirent64Layout.d_reclen] = (byte) record;
      out[Dirent64Layout.d_reclen + 1] = (byte) (record >>> 8);
      out[Dirent64Layout.d_type] = (byte) type;
      System.arraycopy(bytes, 0, out, Dirent64Layout.d_name, bytes.length);
      if (memory.copyToUser(start + used, out, 0, record) != 0) {
        error = -Errno.EFAULT;
        refused = true;
        return false;
      }
      used += record;
      position = nextPosition;
      return true;
    }

    private static void putLong(byte[] out, int at, long value) {
      for (int i = 0; i < 8; i++) {
        out[at + i] = (byte) (value >>> 8 * i);
      }
    }
  }

  @SyscallDefine(
      nr = 61,
      name = "getdents64",
      errors = {"EBADF", "EFAULT", "EINVAL", "ENOENT", "ENOTDIR"})
  public static long getdents64(
      Task task,
      @Fd int fd,
      @UserPtr(access = OUT, struct = "linux_dirent64", length = "$result") long dirent,
      int count) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    file.positionLock.lock();
    try {
      return iterateDir(task, file, dirent, count);
    } finally {
      file.positionLock.unlock();
      file.put();
    }
  }

  private static long iterateDir(Task task, File file, long dirent, int count) {
    Inode inode = file.inode();
    if (!inode.isDirectory()) {
      return -Errno.ENOTDIR;
    }
    Dirents dirents = new Dirents(task.memory(), dirent, Math.max(count, 0));
    inode.lock.readLock().lock();
    long result;
    try {
      if (inode.hasFlag(Inode.S_DEAD)) {
        return -Errno.ENOENT;
      }
      dirents.position = file.position;
      result = file.operations().iterate(file, dirents);
      file.position = dirents.position;
      if (result == 0 && dirents.used == 0 && dirents.refused) {
        result = dirents.error;
      }
    } finally {
      inode.lock.readLock().unlock();
    }
    InodeTimes.touchAtime(file.path().mount(), inode);
    return dirents.used > 0 ? dirents.used : result;
  }

  static long getcwd(Task task, long buf, long size) {
    FsStruct fs = task.fs();
    Path here = fs.workingDirectory();
    if (here.dentry().isUnlinked()) {
      return -Errno.ENOENT;
    }
    String name = PathNames.withoutDeleted(here, fs.root());
    if (!PathNames.isReachable(here, fs.root())) {
      name = "(unreachable)" + name;
    }
    byte[] bytes = (name + "\0").getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length > PATH_MAX) {
      return -Errno.ENAMETOOLONG;
    }
    if (Long.compareUnsigned(bytes.length, size) > 0) {
      return -Errno.ERANGE;
    }
    task.memory().writeBytes(buf, bytes);
    return bytes.length;
  }

  @SyscallDefine(
      nr = 49,
      name = "chdir",
      errors = {"EACCES", "ELOOP", "ENOENT", "ENOTDIR"})
  public static long chdir(Task task, @CString long filename) {
    return Namei.withPath(
        task,
        Fcntl.AT_FDCWD,
        UserPath.read(task, filename),
        Lookup.FOLLOW | Lookup.DIRECTORY,
        (path, inode) -> {
          long result = Permissions.inodePermission(inode, InodeAttributes.MAY_EXEC, task);
          if (result == 0) {
            task.fs().setWorkingDirectory(path);
          }
          return result;
        });
  }

  @SyscallDefine(
      nr = 50,
      name = "fchdir",
      errors = {"EACCES", "EBADF", "ENOTDIR"})
  public static long fchdir(Task task, @Fd int fd) {
    File file = task.files().fdgetRaw(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      if (!file.inode().isDirectory()) {
        return -Errno.ENOTDIR;
      }
      long result = Permissions.inodePermission(file.inode(), InodeAttributes.MAY_EXEC, task);
      if (result == 0) {
        task.fs().setWorkingDirectory(file.path());
      }
      return result;
    } finally {
      file.put();
    }
  }

  @SyscallDefine(
      nr = 51,
      name = "chroot",
      errors = {"EACCES", "ENOENT", "ENOTDIR", "EPERM"})
  public static long chroot(Task task, @CString long filename) {
    return Namei.withPath(
        task,
        Fcntl.AT_FDCWD,
        UserPath.read(task, filename),
        Lookup.FOLLOW | Lookup.DIRECTORY,
        (path, inode) -> {
          long result = Permissions.inodePermission(inode, InodeAttributes.MAY_EXEC, task);
          if (result != 0) {
            return result;
          }
          if (!task.cred().capable(Capability.CAP_SYS_CHROOT)) {
            return -Errno.EPERM;
          }
          task.fs().setRoot(path);
          return 0;
        });
  }

  @SyscallDefine(nr = 166, name = "umask")
  public static long umask(Task task, @Mode int mask) {
    FsStruct fs = task.fs();
    synchronized (fs) {
      int was = fs.umask;
      fs.umask = mask & 0777;
      return was;
    }
  }
}
