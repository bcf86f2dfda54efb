package dev.svc0.fs.overlay;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Layer;
import dev.svc0.runtime.vfs.ReadWrite;
import org.jspecify.annotations.Nullable;

/** Bringing a file of the lower layer into the upper one before it changes. 0 or −errno. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class CopyUp {
  private static final int ORDER = 4;
  private static final int CHUNK = 4096 << ORDER;

  private CopyUp() {}

  /** Makes sure that a file is in the upper layer, and the directories above it. */
  @Traced("ovl_copy_up")
  static long copyUp(OverlayInode inode, Caller caller) {
    if (inode.upper != null) {
      return 0;
    }
    OverlaySuperBlock overlay = inode.overlay();
    overlay.copyUpLock.lock();
    try {
      OverlayInode parent = inode.parent;
      Dentry below = inode.lower;
      if (inode.upper != null || parent == null || below == null) {
        return 0;
      }
      long result = copyUp(parent, caller);
      Dentry directory = parent.upper;
      return result != 0 || directory == null ? result : copyOne(inode, directory, below, caller);
    } finally {
      overlay.copyUpLock.unlock();
    }
  }

  @Traced("ovl_copy_up_one")
  private static long copyOne(OverlayInode inode, Dentry directory, Dentry below, Caller caller) {
    Layer upper = inode.overlay().upper;
    long[] error = new long[1];
    Dentry entry = upper.lookup(directory, below.name(), error);
    if (entry == null) {
      return error[0];
    }
    Inode source = below.requireInode();
    long result = upper.locked(directory, up -> make(up, entry, source, caller));
    if (result == 0 && source.isRegular()) {
      result = copyData(inode.overlay(), below, entry, caller);
      if (result != 0) {
        upper.remove(directory, entry);
      }
    }
    if (result != 0) {
      return result;
    }
    copyAttributes(source, entry.requireInode());
    Inode was = inode.real();
    entry.requireInode().hold();
    inode.upper = entry;
    inode.overlay().rekey(was, inode);
    return 0;
  }

  private static long make(Inode directory, Dentry entry, Inode source, Caller caller) {
    if (source.isDirectory()) {
      return directory.operations().mkdir(directory, entry, source.mode & 07777, caller);
    }
    if (source.isSymlink()) {
      long[] error = new long[1];
      String target = source.operations().getLink(source, caller, error);
      return target == null
          ? error[0]
          : directory.operations().symlink(directory, entry, target, caller);
    }
    return source.isRegular()
        ? directory.operations().create(directory, entry, source.mode, caller)
        : directory.operations().mknod(directory, entry, source.mode, source.rdev, caller);
  }

  private static void copyAttributes(Inode from, Inode to) {
    to.mode = from.mode;
    to.uid = from.uid;
    to.gid = from.gid;
    to.atimeSeconds = from.atimeSeconds;
    to.atimeNanos = from.atimeNanos;
    to.mtimeSeconds = from.mtimeSeconds;
    to.mtimeNanos = from.mtimeNanos;
    for (String name : from.operations().listxattr(from).split("\0")) {
      byte[] value = name.isEmpty() ? null : from.operations().getxattr(from, name, new long[1]);
      if (value != null) {
        to.operations().setxattr(to, name, value, 0);
      }
    }
  }

  private static long copyData(OverlaySuperBlock overlay, Dentry from, Dentry to, Caller caller) {
    long[] error = new long[1];
    Caller unlimited = new LayerCaller(caller);
    File source = overlay.lower.open(from, Fcntl.O_RDONLY, unlimited, error);
    if (source == null) {
      return error[0];
    }
    File target = overlay.upper.open(to, Fcntl.O_WRONLY, unlimited, error);
    try {
      return target == null ? error[0] : copy(overlay.vfs().frames(), source, target, unlimited);
    } finally {
      source.put();
      if (target != null) {
        target.put();
      }
    }
  }

  private static long copy(FrameAllocator frames, File from, File to, Caller caller) {
    long buffer = frames.allocate(ORDER);
    if (buffer < 0 && buffer >= -4095) {
      return -Errno.ENOMEM;
    }
    try {
      long[] readAt = new long[1];
      long[] writeAt = new long[1];
      while (true) {
        long got = ReadWrite.kernelRead(from, caller, buffer, CHUNK, readAt);
        if (got <= 0) {
          return got;
        }
        long put = ReadWrite.kernelWrite(to, caller, buffer, got, writeAt);
        if (put != got) {
          return put < 0 ? put : -Errno.ENOSPC;
        }
      }
    } finally {
      frames.free(buffer, ORDER);
    }
  }

  /** The upper entry of a file, made if need be; null with −errno in error[0]. */
  static @Nullable Dentry upperOf(OverlayInode inode, Caller caller, long[] error) {
    error[0] = copyUp(inode, caller);
    return error[0] == 0 ? inode.upper : null;
  }
}
