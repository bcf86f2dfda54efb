package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.trace.event.VfsTrace;
import org.jspecify.annotations.Nullable;

/** Opening files. <i>Linux:</i> fs/open.c and path_openat of fs/namei.c. */
@Traced(layer = Traced.Layer.VFS)
public final class Open {
  private static final int O_PATH_FLAGS =
      Fcntl.O_DIRECTORY | Fcntl.O_NOFOLLOW | Fcntl.O_PATH | Fcntl.O_CLOEXEC;

  /** The open flags the kernel knows; openat ignores others, openat2 refuses them. */
  public static final int VALID_OPEN_FLAGS =
      Fcntl.O_ACCMODE
          | Fcntl.O_CREAT
          | Fcntl.O_EXCL
          | Fcntl.O_NOCTTY
          | Fcntl.O_TRUNC
          | Fcntl.O_APPEND
          | Fcntl.O_NONBLOCK
          | Fcntl.O_SYNC
          | Fcntl.O_DSYNC
          | Fcntl.FASYNC
          | Fcntl.O_DIRECT
          | Fcntl.O_LARGEFILE
          | Fcntl.O_DIRECTORY
          | Fcntl.O_NOFOLLOW
          | Fcntl.O_NOATIME
          | Fcntl.O_CLOEXEC
          | Fcntl.O_PATH
          | Fcntl.__O_TMPFILE;

  /** MAY_READ and MAY_WRITE for each access mode. */
  private static final int[] ACC_MODE = {
    InodeAttributes.MAY_READ,
    InodeAttributes.MAY_WRITE,
    InodeAttributes.MAY_READ | InodeAttributes.MAY_WRITE,
    InodeAttributes.MAY_READ | InodeAttributes.MAY_WRITE
  };

  private final Caller caller;
  private final Nameidata nd;
  private int openFlags;
  private final int mode;
  private int accMode;
  private boolean created;
  private final long[] error = new long[1];

  private Open(Caller caller, Nameidata nd, int openFlags, int mode, int accMode) {
    this.caller = caller;
    this.nd = nd;
    this.openFlags = openFlags;
    this.mode = mode;
    this.accMode = accMode;
  }

  /**
   * openat(2) and openat2(2): opens and installs a descriptor.
   *
   * @param resolve {@link Lookup} flags from RESOLVE_ bits
   * @return the descriptor or −errno
   */
  @Traced("do_sys_openat2")
  public static long doSysOpenat2(
      Caller caller, int dirfd, String name, int flags, int mode, int resolve) {
    long bad = checkFlags(flags);
    if (bad == 0) {
      bad = Namei.checkName(name, 0);
    }
    if (bad != 0) {
      return bad;
    }
    FilesStruct files = caller.files();
    int fd = files.reserve(0, (flags & Fcntl.O_CLOEXEC) != 0, caller.rlimit(Rlimits.RLIMIT_NOFILE));
    if (fd < 0) {
      return fd;
    }
    long[] error = new long[1];
    File file = null;
    try {
      file = doFilpOpen(caller, dirfd, name, flags, mode, resolve, error);
    } finally {
      if (file == null) {
        files.unreserve(fd);
      }
    }
    if (file == null) {
      return error[0];
    }
    files.publish(fd, file);
    return fd;
  }

  /** <i>Linux:</i> the checks of build_open_flags. */
  public static long checkFlags(int flags) {
    int creatDirectory = Fcntl.O_DIRECTORY | Fcntl.O_CREAT;
    if ((flags & Fcntl.O_PATH) != 0) {
      return 0;
    }
    if ((flags & creatDirectory) == creatDirectory) {
      return -Errno.EINVAL;
    }
    if ((flags & Fcntl.__O_TMPFILE) != 0) {
      boolean writes = (flags & Fcntl.O_ACCMODE) != Fcntl.O_RDONLY;
      if ((flags & Fcntl.O_DIRECTORY) == 0 || !writes) {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }

  /**
   * Opens without a descriptor.
   *
   * @return the file with one reference, or null with −errno in error[0]
   */
  @Traced("do_filp_open")
  public static @Nullable File doFilpOpen(
      Caller caller, int dirfd, String name, int flags, int mode, int resolve, long[] error) {
    int open = flags & VALID_OPEN_FLAGS;
    if ((open & Fcntl.O_PATH) != 0) {
      open &= O_PATH_FLAGS;
    } else if ((open & Fcntl.__O_SYNC) != 0) {
      open |= Fcntl.O_DSYNC;
    }
    int create = Fcntl.O_CREAT | Fcntl.O_EXCL;
    int lookup = resolve;
    if ((open & Fcntl.O_DIRECTORY) != 0) {
      lookup |= Lookup.DIRECTORY;
    }
    if ((open & Fcntl.O_NOFOLLOW) == 0 && (open & create) != create) {
      lookup |= Lookup.FOLLOW;
    }
    Nameidata nd = Nameidata.pathInit(caller, dirfd, name, lookup, error);
    if (nd == null) {
      return null;
    }
    boolean makes = (open & (Fcntl.O_CREAT | Fcntl.__O_TMPFILE)) != 0;
    try (nd) {
      return new Open(caller, nd, open, makes ? mode & 07777 : 0, accModeOf(open))
          .pathOpenat(name, error);
    }
  }

  private static int accModeOf(int open) {
    if ((open & Fcntl.O_PATH) != 0) {
      return 0;
    }
    int acc = ACC_MODE[open & Fcntl.O_ACCMODE];
    return (open & Fcntl.O_TRUNC) != 0 ? acc | InodeAttributes.MAY_WRITE : acc;
  }

  @Traced("path_openat")
  private @Nullable File pathOpenat(String name, long[] result) {
    if ((openFlags & Fcntl.__O_TMPFILE) != 0) {
      return doTmpfile(name, result);
    }
    long walked = (openFlags & Fcntl.O_PATH) != 0 ? nd.pathLookupat(name) : walkToLast(name);
    if (walked != 0) {
      result[0] = walked;
      return null;
    }
    if ((openFlags & Fcntl.O_PATH) != 0) {
      return new File(
          nd.path(),
          nd.inode,
          PathOnly.INSTANCE,
          openFlags & ~Fcntl.O_CLOEXEC,
          File.FMODE_PATH,
          caller.cred());
    }
    return doOpen(result);
  }

  private long walkToLast(String name) {
    String rest = name;
    while (rest != null) {
      long result = nd.linkPathWalk(rest);
      if (result == 0) {
        result = openLastLookups();
      }
      if (result != 0) {
        return result;
      }
      rest = nd.takeLink();
    }
    return 0;
  }

  /** <i>Linux:</i> open_last_lookups: to the last component, creating it if asked to. */
  private long openLastLookups() {
    if (nd.lastType != Nameidata.LastType.NORM) {
      return nd.walkLastDots();
    }
    boolean creates = (openFlags & Fcntl.O_CREAT) != 0;
    if (nd.lastHasSlash) {
      if (creates) {
        return -Errno.EISDIR;
      }
      nd.flags |= Lookup.FOLLOW | Lookup.DIRECTORY;
    }
    while (true) {
      Dentry entry = creates ? lookupOpen() : nd.lookupLastEntry(error);
      if (entry == null) {
        return error[0];
      }
      long result = nd.stepIntoLast(entry);
      if (result != Nameidata.RETRY) {
        return result;
      }
      Thread.onSpinWait();
    }
  }

  /** <i>Linux:</i> lookup_open with O_CREAT. Null with −errno in error[0]. */
  @Traced("lookup_open")
  private @Nullable Dentry lookupOpen() {
    Inode directory = nd.inode;
    long wantWrite = Permissions.mntWantWrite(nd.mount);
    directory.lock.writeLock().lock();
    try {
      if (directory.hasFlag(Inode.S_DEAD)) {
        error[0] = -Errno.ENOENT;
        return null;
      }
      Dentry entry = nd.lookupLastEntry(error);
      if (entry == null || !entry.isNegative()) {
        return entry;
      }
      error[0] = wantWrite != 0 ? wantWrite : Permissions.mayCreate(directory, entry, caller);
      if (error[0] == 0) {
        int bits =
            Permissions.modeStripSgid(
                directory, mode & ~caller.fs().umask | StatConstants.S_IFREG, caller.cred());
        error[0] = directory.operations().create(directory, entry, bits, caller);
      }
      if (error[0] != 0) {
        return null;
      }
      created = true;
      Fsnotify.create(directory, entry, false);
      return entry;
    } finally {
      directory.lock.writeLock().unlock();
    }
  }

  /** <i>Linux:</i> do_open: the checks on what was found, then the open. */
  private @Nullable File doOpen(long[] result) {
    result[0] = checkFound();
    if (result[0] != 0) {
      return null;
    }
    boolean truncates = false;
    if (created) {
      openFlags &= ~Fcntl.O_TRUNC;
      accMode = 0;
    } else if (nd.inode.isRegular() && (openFlags & Fcntl.O_TRUNC) != 0) {
      result[0] = Permissions.mntWantWrite(nd.mount);
      truncates = true;
    }
    if (result[0] == 0) {
      result[0] = mayOpen(nd.path(), nd.inode, accMode, openFlags, caller);
    }
    if (result[0] != 0) {
      return null;
    }
    File file = vfsOpen(nd.path(), nd.inode, openFlags, caller, result);
    if (file == null) {
      return null;
    }
    if (created) {
      file.mode |= File.FMODE_CREATED;
    }
    if (truncates) {
      result[0] = handleTruncate(file);
      if (result[0] != 0) {
        file.put();
        return null;
      }
    }
    return file;
  }

  private long checkFound() {
    if ((openFlags & Fcntl.O_CREAT) != 0) {
      if ((openFlags & Fcntl.O_EXCL) != 0 && !created) {
        return -Errno.EEXIST;
      }
      if (nd.inode.isDirectory()) {
        return -Errno.EISDIR;
      }
    }
    boolean wantsDirectory = (nd.flags & Lookup.DIRECTORY) != 0;
    return wantsDirectory && !nd.inode.isDirectory() ? -Errno.ENOTDIR : 0;
  }

  /** Whether an inode may be opened in a way. 0 or −errno. */
  @Traced("may_open")
  static long mayOpen(Path path, Inode inode, int accMode, int flags, Caller caller) {
    boolean executes = (accMode & InodeAttributes.MAY_EXEC) != 0;
    boolean noexec = (path.mount().flags() & MountFlags.MS_NOEXEC) != 0;
    boolean nodev = (path.mount().flags() & MountFlags.MS_NODEV) != 0;
    long refused =
        switch (inode.type()) {
          case StatConstants.S_IFLNK -> -Errno.ELOOP;
          case StatConstants.S_IFDIR ->
              (accMode & InodeAttributes.MAY_WRITE) != 0
                  ? -Errno.EISDIR
                  : executes ? -Errno.EACCES : 0;
          case StatConstants.S_IFBLK, StatConstants.S_IFCHR ->
              nodev || executes ? -Errno.EACCES : 0;
          case StatConstants.S_IFREG -> executes && noexec ? -Errno.EACCES : 0;
          default -> executes ? -Errno.EACCES : 0;
        };
    if (refused == 0) {
      refused = Permissions.inodePermission(inode, accMode, caller);
    }
    if (refused != 0) {
      return refused;
    }
    if (inode.hasFlag(Inode.S_APPEND)) {
      boolean writes = (flags & Fcntl.O_ACCMODE) != Fcntl.O_RDONLY;
      if (writes && (flags & Fcntl.O_APPEND) == 0 || (flags & Fcntl.O_TRUNC) != 0) {
        return -Errno.EPERM;
      }
    }
    if ((flags & Fcntl.O_NOATIME) != 0 && !Permissions.ownerOrCapable(inode, caller.cred())) {
      return -Errno.EPERM;
    }
    return 0;
  }

  private long handleTruncate(File file) {
    Inode inode = file.inode();
    if (!hasWriteAccess(file) && !inode.getWriteAccess()) {
      return -Errno.ETXTBSY;
    }
    try {
      return Attributes.doTruncate(file.path(), inode, 0, Attributes.Truncate.OPEN, caller);
    } finally {
      if (!hasWriteAccess(file)) {
        inode.putWriteAccess();
      }
    }
  }

  private static boolean hasWriteAccess(File file) {
    return file.hasMode(File.FMODE_WRITER);
  }

  /** Opens what was found and checked. Null with −errno in error[0]. */
  @Traced("vfs_open")
  static @Nullable File vfsOpen(Path path, Inode inode, int flags, Caller caller, long[] error) {
    SpecialFiles special = inode.superBlock().vfs().specialFiles();
    FileOperations operations = special.operationsFor(inode, error);
    if (operations == null) {
      return null;
    }
    File file = doDentryOpen(path, inode, operations, flags, caller, error);
    if (VfsTrace.vfsOpenOn() && file != null) {
      VfsTrace.vfsOpen(inode.traceDevice(), inode.number(), flags, PathNames.traced(file));
    }
    return file;
  }

  @Traced("do_dentry_open")
  private static @Nullable File doDentryOpen(
      Path path, Inode inode, FileOperations operations, int flags, Caller caller, long[] error) {
    int mode = fmodeOf(flags);
    if ((mode & File.FMODE_WRITE) != 0 && (inode.isRegular() || inode.isDirectory())) {
      if (!inode.getWriteAccess()) {
        error[0] = -Errno.ETXTBSY;
        return null;
      }
      if (path.mount().isReadOnly()) {
        inode.putWriteAccess();
        error[0] = -Errno.EROFS;
        return null;
      }
      mode |= File.FMODE_WRITER;
    } else if ((mode & File.FMODE_READ) != 0 && inode.isRegular()) {
      inode.readers.incrementAndGet();
      mode |= File.FMODE_READER;
    }
    int noKeep = Fcntl.O_CREAT | Fcntl.O_EXCL | Fcntl.O_NOCTTY | Fcntl.O_TRUNC | Fcntl.O_CLOEXEC;
    File file = new File(path, inode, operations, flags | Fcntl.O_LARGEFILE, mode, caller.cred());
    error[0] = file.openedBy(caller);
    file.flags &= ~noKeep;
    if (error[0] != 0) {
      return null;
    }
    if ((file.flags & Fcntl.O_DIRECT) != 0 && !file.hasMode(File.FMODE_CAN_ODIRECT)) {
      file.put();
      error[0] = -Errno.EINVAL;
      return null;
    }
    file.readaheadPages = file.mapping().host().readaheadPages();
    Fsnotify.open(file);
    return file;
  }

  private static int fmodeOf(int flags) {
    int mode = File.FMODE_LSEEK | File.FMODE_PREAD | File.FMODE_PWRITE;
    return switch (flags & Fcntl.O_ACCMODE) {
      case Fcntl.O_RDONLY -> mode | File.FMODE_READ;
      case Fcntl.O_WRONLY -> mode | File.FMODE_WRITE;
      case Fcntl.O_RDWR -> mode | File.FMODE_READ | File.FMODE_WRITE;
      default -> mode;
    };
  }

  /** <i>Linux:</i> do_tmpfile. */
  private @Nullable File doTmpfile(String name, long[] result) {
    nd.flags |= Lookup.DIRECTORY;
    result[0] = nd.pathLookupat(name);
    if (result[0] == 0) {
      result[0] = Permissions.mntWantWrite(nd.mount);
    }
    if (result[0] == 0) {
      result[0] =
          Permissions.inodePermission(
              nd.inode, InodeAttributes.MAY_WRITE | InodeAttributes.MAY_EXEC, caller);
    }
    if (result[0] != 0) {
      return null;
    }
    int bits = mode & ~caller.fs().umask | StatConstants.S_IFREG;
    int stripped = Permissions.modeStripSgid(nd.inode, bits, caller.cred());
    Inode inode = nd.inode.operations().tmpfile(nd.inode, stripped, caller, result);
    if (inode == null) {
      return null;
    }
    Dentry entry = Dentry.allocate(nd.dentry, "#" + inode.number());
    entry.instantiate(inode);
    inode.linkable = (openFlags & Fcntl.O_EXCL) == 0;
    try {
      return vfsOpen(new Path(nd.mount, entry), inode, openFlags, caller, result);
    } finally {
      inode.put();
    }
  }

  /**
   * Opens a program for execution.
   *
   * @return the file with one reference, writers kept out until {@link Inode#allowWriteAccess};
   *     null with −errno in error[0]
   */
  @Traced("do_open_execat")
  public static @Nullable File openExec(
      Caller caller, int dirfd, String name, int lookupFlags, long[] error) {
    Nameidata nd = Nameidata.pathInit(caller, dirfd, name, lookupFlags, error);
    if (nd == null) {
      return null;
    }
    try (nd) {
      error[0] = nd.pathLookupat(name);
      if (error[0] == 0) {
        error[0] = mayOpen(nd.path(), nd.inode, InodeAttributes.MAY_EXEC, Fcntl.O_RDONLY, caller);
      }
      if (error[0] == 0 && !nd.inode.isRegular()) {
        error[0] = -Errno.EACCES;
      }
      if (error[0] != 0) {
        return null;
      }
      if (!nd.inode.denyWriteAccess()) {
        error[0] = -Errno.ETXTBSY;
        return null;
      }
      File file = vfsOpen(nd.path(), nd.inode, Fcntl.O_RDONLY, caller, error);
      if (file == null) {
        nd.inode.allowWriteAccess();
      }
      return file;
    }
  }
}
