package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MountFlags;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A path walk under way: where it has come to and what is left. Holds the mount and the inode it
 * stands on until {@link #close}. <i>Linux:</i> {@code nameidata}, fs/namei.c.
 */
@Traced(layer = Traced.Layer.VFS)
final class Nameidata implements AutoCloseable {
  /** What the last component is. */
  enum LastType {
    NORM,
    ROOT,
    DOT,
    DOTDOT
  }

  private static final int MAXSYMLINKS = 40;
  private static final int WALK_TRAILING = 1;
  private static final int WALK_NOFOLLOW = 4;

  /** The entry is just being forgotten. */
  static final long RETRY = 1;

  final Caller caller;
  final Vfs vfs;

  /** {@link Lookup} flags. */
  int flags;

  /** What {@code /} and {@code ..} stop at. */
  Path root;

  Mount mount;
  Dentry dentry;

  /** What the walk stands on; held. */
  Inode inode;

  /** The last component, when the walk stops before it. */
  String last = "";

  LastType lastType = LastType.ROOT;

  /** Slashes follow the last component. */
  boolean lastHasSlash;

  private int links;
  private @Nullable String link;
  private final long[] error = new long[1];

  private Nameidata(Caller caller, int flags, Path start, Path root) {
    this.caller = caller;
    this.flags = flags;
    this.root = root;
    vfs = root.mount().superBlock().vfs();
    mount = start.mount();
    dentry = start.dentry();
    inode = dentry.requireInode();
    mount.hold();
    inode.hold();
  }

  /**
   * At the start of a path. <i>Linux:</i> path_init.
   *
   * @param dirfd a descriptor or AT_FDCWD
   * @param result 0 or −errno in [0]
   * @return null on error
   */
  static @Nullable Nameidata pathInit(
      Caller caller, int dirfd, String name, int flags, long[] result) {
    FsStruct fs = caller.fs();
    boolean absolute = name.startsWith("/");
    if (absolute && (flags & Lookup.IS_SCOPED) == 0) {
      return new Nameidata(caller, flags, fs.root(), fs.root());
    }
    if (absolute && (flags & Lookup.BENEATH) != 0) {
      result[0] = -Errno.EXDEV;
      return null;
    }
    if (dirfd == Fcntl.AT_FDCWD) {
      return scoped(caller, flags, fs.workingDirectory(), fs.root());
    }
    File file = caller.files().fdgetRaw(dirfd);
    if (file == null) {
      result[0] = -Errno.EBADF;
      return null;
    }
    try {
      if (!name.isEmpty() && !file.inode().isDirectory()) {
        result[0] = -Errno.ENOTDIR;
        return null;
      }
      return scoped(caller, flags, file.path(), fs.root());
    } finally {
      file.put();
    }
  }

  private static Nameidata scoped(Caller caller, int flags, Path start, Path root) {
    return new Nameidata(caller, flags, start, (flags & Lookup.IS_SCOPED) != 0 ? start : root);
  }

  /** At a given place. */
  static Nameidata at(Caller caller, Path start, int flags) {
    return new Nameidata(caller, flags, start, caller.fs().root());
  }

  @Override
  public void close() {
    inode.put();
    mount.put();
    vfs.dentries().shrink();
  }

  /** Where it stands. */
  Path path() {
    return new Path(mount, dentry);
  }

  /** Walks all but the last component. 0 or −errno. <i>Linux:</i> filename_parentat. */
  long pathParentat(String name) {
    return linkPathWalk(name);
  }

  /** Walks to the end. 0 or −errno. */
  @Traced("path_lookupat")
  long pathLookupat(String name) {
    String rest = name;
    while (rest != null) {
      long result = linkPathWalk(rest);
      if (result == 0) {
        result = lookupLast();
      }
      if (result != 0) {
        return result;
      }
      rest = link;
      link = null;
    }
    if ((flags & Lookup.DIRECTORY) != 0 && !inode.isDirectory()) {
      return -Errno.ENOTDIR;
    }
    return 0;
  }

  private long lookupLast() {
    if (lastType == LastType.NORM && lastHasSlash) {
      flags |= Lookup.FOLLOW | Lookup.DIRECTORY;
    }
    return walkComponent(WALK_TRAILING);
  }

  /** What is left to walk after a symbolic link was met; null when there was none. */
  @Nullable String takeLink() {
    String result = link;
    link = null;
    return result;
  }

  /** Walks everything but the last component, which is left in {@link #last}. 0 or −errno. */
  @Traced("link_path_walk")
  long linkPathWalk(String path) {
    String name = path;
    int at = skipSlashes(name, 0);
    lastType = LastType.ROOT;
    lastHasSlash = false;
    if (at == name.length()) {
      return 0;
    }
    Deque<String> suspended = null;
    while (true) {
      long result = mayLookup();
      if (result != 0) {
        return result;
      }
      int next = nextComponent(name, at);
      if (next == name.length()) {
        if (suspended == null || suspended.isEmpty()) {
          return 0;
        }
        name = suspended.pop();
        next = 0;
      }
      result = walkComponent(0);
      if (result != 0) {
        return result;
      }
      String target = takeLink();
      if (target != null) {
        suspended = suspended == null ? new ArrayDeque<>() : suspended;
        suspended.push(name.substring(next));
        name = target;
        at = 0;
      } else {
        at = next;
        if (!inode.isDirectory()) {
          return -Errno.ENOTDIR;
        }
      }
    }
  }

  private static int skipSlashes(String name, int from) {
    int at = from;
    while (at < name.length() && name.charAt(at) == '/') {
      at++;
    }
    return at;
  }

  /** Takes one component into {@link #last}; where the next one begins. */
  private int nextComponent(String name, int at) {
    int end = name.indexOf('/', at);
    if (end < 0) {
      end = name.length();
    }
    last = name.substring(at, end);
    lastType =
        switch (last) {
          case "." -> LastType.DOT;
          case ".." -> LastType.DOTDOT;
          default -> LastType.NORM;
        };
    lastHasSlash = end < name.length();
    return skipSlashes(name, end);
  }

  private long mayLookup() {
    return Permissions.inodePermission(inode, InodeAttributes.MAY_EXEC, caller);
  }

  private long walkComponent(int how) {
    if (lastType != LastType.NORM) {
      return handleDots();
    }
    while (true) {
      Dentry entry = lookupCached();
      if (entry == null) {
        return error[0];
      }
      long result = stepInto(how, entry);
      if (result != RETRY) {
        return result;
      }
      Thread.onSpinWait();
    }
  }

  private @Nullable Dentry lookupCached() {
    if ((flags & Lookup.CACHED) == 0) {
      return vfs.dentries().lookup(dentry, inode, last, error);
    }
    error[0] = -Errno.EAGAIN;
    return vfs.dentries().lookupFast(dentry, inode, last);
  }

  /**
   * The last step of an open: into an entry that was looked up. <i>Linux:</i> step_into.
   *
   * @return 0 or −errno, or {@link #RETRY} after a race: look it up again; a symbolic link to be
   *     walked is in {@link #takeLink}
   */
  long stepIntoLast(Dentry entry) {
    return stepInto(WALK_TRAILING, entry);
  }

  private long stepInto(int how, Dentry entry) {
    Inode target = entry.inode();
    if (target == null) {
      return -Errno.ENOENT;
    }
    if (!target.tryHold()) {
      return RETRY;
    }
    if (entry.mounts.get() != 0) {
      return intoMount(entry, target);
    }
    if (target.isSymlink() && mayFollow(how)) {
      return pickLink(entry, target);
    }
    moveTo(mount, entry, target);
    return 0;
  }

  /** The entry of {@link #last}, positive or negative; null with −errno in result[0]. */
  @Nullable Dentry lookupLastEntry(long[] result) {
    Dentry entry = lookupCached();
    if (entry == null) {
      result[0] = error[0];
    }
    return entry;
  }

  /** The last step when the last component is {@code .} or {@code ..} or nothing. 0 or −errno. */
  long walkLastDots() {
    return handleDots();
  }

  private boolean mayFollow(int how) {
    return (how & WALK_NOFOLLOW) == 0
        && ((how & WALK_TRAILING) == 0 || (flags & Lookup.FOLLOW) != 0);
  }

  /** Stands on a new place now, whose inode is held; the mount, if it is another one, is too. */
  private void moveTo(Mount toMount, Dentry entry, Inode target) {
    Inode was = inode;
    dentry = entry;
    inode = target;
    if (toMount != mount) {
      mount.put();
      mount = toMount;
    }
    was.put();
  }

  private long intoMount(Dentry entry, Inode target) {
    Mount on = mount;
    Dentry at = entry;
    for (Mount next = vfs.mounts().covering(on, at);
        next != null && next.tryHold();
        next = vfs.mounts().covering(on, at)) {
      if (on != mount) {
        on.put();
      }
      on = next;
      at = next.root();
    }
    if (on == mount) {
      moveTo(mount, entry, target);
      return 0;
    }
    target.put();
    if ((flags & Lookup.NO_XDEV) != 0) {
      on.put();
      return -Errno.EXDEV;
    }
    Inode top = at.requireInode();
    top.hold();
    moveTo(on, at, top);
    return 0;
  }

  private long handleDots() {
    return lastType == LastType.DOTDOT ? followDotdot() : 0;
  }

  private long followDotdot() {
    if (atRoot(mount, dentry)) {
      return (flags & Lookup.BENEATH) != 0 ? -Errno.EXDEV : 0;
    }
    Mount on = mount;
    Dentry at = dentry;
    while (at == on.root()) {
      Path point = on.mountPoint();
      if (point == null || atRoot(on, at)) {
        return (flags & Lookup.BENEATH) != 0 ? -Errno.EXDEV : 0;
      }
      if ((flags & Lookup.NO_XDEV) != 0) {
        return -Errno.EXDEV;
      }
      on = point.mount();
      at = point.dentry();
    }
    if (atRoot(on, at)) {
      return jump(on, at);
    }
    Dentry parent = at.parent();
    if (parent == null) {
      return -Errno.ENOENT;
    }
    Path top = vfs.mounts().topAt(new Path(on, parent));
    if (top.mount() != on && (flags & Lookup.NO_XDEV) != 0) {
      return -Errno.EXDEV;
    }
    return jump(top.mount(), top.dentry());
  }

  private boolean atRoot(Mount on, Dentry at) {
    return at == root.dentry() && on == root.mount();
  }

  /** Goes to a place that is in use by somebody. */
  private long jump(Mount toMount, Dentry to) {
    Inode target = to.requireInode();
    if (!target.tryHold()) {
      return -Errno.ENOENT;
    }
    if (toMount != mount && !toMount.tryHold()) {
      target.put();
      return -Errno.ENOENT;
    }
    moveTo(toMount, to, target);
    return 0;
  }

  /** Follows a symbolic link: reads it, and leaves what is to be walked in {@link #link}. */
  @Traced("pick_link")
  private long pickLink(Dentry entry, Inode target) {
    try {
      if (links++ >= MAXSYMLINKS
          || (flags & Lookup.NO_SYMLINKS) != 0
          || (mount.flags() & MountFlags.MS_NOSYMFOLLOW) != 0) {
        return -Errno.ELOOP;
      }
      InodeTimes.touchAtime(mount, target);
      Path magic = target.operations().followMagicLink(target, caller);
      if (magic != null) {
        return jumpMagic(magic);
      }
      String text = target.operations().getLink(target, caller, error);
      if (text == null) {
        return error[0];
      }
      return startLink(text);
    } finally {
      target.put();
    }
  }

  private long jumpMagic(Path to) {
    if ((flags & Lookup.NO_MAGICLINKS) != 0) {
      return -Errno.ELOOP;
    }
    if ((flags & Lookup.IS_SCOPED) != 0 || (flags & Lookup.NO_XDEV) != 0 && to.mount() != mount) {
      return -Errno.EXDEV;
    }
    return jump(to.mount(), to.dentry());
  }

  private long startLink(String text) {
    if (text.isEmpty()) {
      return -Errno.ENOENT;
    }
    int at = skipSlashes(text, 0);
    if (at > 0) {
      long result = jumpRoot();
      if (result != 0) {
        return result;
      }
    }
    link = at == text.length() ? null : text.substring(at);
    return 0;
  }

  private long jumpRoot() {
    if ((flags & Lookup.BENEATH) != 0 || (flags & Lookup.NO_XDEV) != 0 && root.mount() != mount) {
      return -Errno.EXDEV;
    }
    return jump(root.mount(), root.dentry());
  }
}
