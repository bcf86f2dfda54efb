package dev.svc0.fs.overlay;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.VmBacking;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.DirContext;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.IoContext;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.Layer;
import org.jspecify.annotations.Nullable;

/** Open files of the overlay: each has an open file of a layer behind it. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class OverlayFileOperations implements FileOperations {
  static final OverlayFileOperations INSTANCE = new OverlayFileOperations();

  private OverlayFileOperations() {}

  @Override
  public int supplies() {
    return READ_ITER | WRITE_ITER;
  }

  @Override
  @Traced("ovl_open")
  public long open(Inode inode, File file, Caller caller) {
    OverlayInode overlay = (OverlayInode) inode;
    if (inode.isDirectory()) {
      file.privateData = new Listing();
      return 0;
    }
    if (file.hasMode(File.FMODE_WRITE)) {
      long result = CopyUp.copyUp(overlay, caller);
      if (result != 0) {
        return result;
      }
    }
    Layer layer = overlay.upper != null ? overlay.overlay().upper : overlay.overlay().lower;
    long[] error = new long[1];
    File real = layer.open(overlay.realEntry(), file.flags, caller, error);
    if (real == null) {
      return error[0];
    }
    if (real.hasMode(File.FMODE_CAN_ODIRECT)) {
      file.mode |= File.FMODE_CAN_ODIRECT;
    }
    file.privateData = real;
    return 0;
  }

  @Override
  public void release(Inode inode, File file) {
    if (file.privateData instanceof File real) {
      real.put();
    }
  }

  private static File realOf(File file) {
    if (file.privateData instanceof File real) {
      return real;
    }
    throw new IllegalStateException("no file of a layer behind an open file");
  }

  private static void refresh(File file) {
    ((OverlayInode) file.inode()).refresh();
  }

  @Override
  @Traced("ovl_read_iter")
  public long readIter(Kiocb kiocb, IovIter to) {
    if (kiocb.file.inode().isDirectory()) {
      return -Errno.EISDIR;
    }
    File real = realOf(kiocb.file);
    OverlayInode overlay = (OverlayInode) kiocb.file.inode();
    if (overlay.upper == null || real.inode() == overlay.real()) {
      return readReal(real, kiocb, to);
    }
    // Copied up since it was opened: what is read is what the name stands for now.
    long[] error = new long[1];
    int flags = kiocb.file.flags & ~Fcntl.O_NOATIME;
    File fresh =
        overlay.overlay().upper.open(overlay.realEntry(), flags, LayerCaller.NOBODY, error);
    if (fresh == null) {
      return error[0];
    }
    try {
      return readReal(fresh, kiocb, to);
    } finally {
      fresh.put();
    }
  }

  private static long readReal(File real, Kiocb kiocb, IovIter to) {
    IoContext io = IoContext.acquire();
    try {
      Kiocb below = io.kiocb(real, kiocb.caller, kiocb.position, kiocb.flags);
      long result = real.operations().readIter(below, to);
      kiocb.position = below.position;
      return result;
    } finally {
      io.release();
    }
  }

  @Override
  @Traced("ovl_write_iter")
  public long writeIter(Kiocb kiocb, IovIter from) {
    File file = kiocb.file;
    File real = realOf(file);
    IoContext io = IoContext.acquire();
    file.inode().lock.writeLock().lock();
    try {
      Kiocb below = io.kiocb(real, kiocb.caller, kiocb.position, kiocb.flags);
      long result = real.operations().writeIter(below, from);
      kiocb.position = below.position;
      refresh(file);
      return result;
    } finally {
      file.inode().lock.writeLock().unlock();
      io.release();
    }
  }

  @Override
  public long fsync(File file, long start, long end, SyncKind kind) {
    return file.privateData instanceof File real
        ? real.operations().fsync(real, start, end, kind)
        : 0;
  }

  @Override
  public long llseek(File file, long offset, int whence) {
    if (!(file.privateData instanceof File real)) {
      return FileOperations.super.llseek(file, offset, whence);
    }
    real.position = file.position;
    long result = real.operations().llseek(real, offset, whence);
    if (result >= 0) {
      file.position = result;
    }
    return result;
  }

  @Override
  public @Nullable VmBacking mmap(File file, boolean shared, long[] error) {
    if (!(file.privateData instanceof File real)) {
      error[0] = -Errno.ENODEV;
      return null;
    }
    return real.operations().mmap(real, shared, error);
  }

  @Override
  public long fallocate(File file, int mode, long offset, long bytes, Caller caller) {
    File real = realOf(file);
    long result = real.operations().fallocate(real, mode, offset, bytes, caller);
    refresh(file);
    return result;
  }

  @Override
  public long ioctl(File file, int request, long argument, Caller caller) {
    return file.privateData instanceof File real
        ? real.operations().ioctl(real, request, argument, caller)
        : -Errno.ENOTTY;
  }

  @Override
  @Traced("ovl_iterate")
  public long iterate(File file, DirContext context) {
    if (!(file.privateData instanceof Listing listing)) {
      return -Errno.ENOTDIR;
    }
    return listing.iterate((OverlayInode) file.inode(), context);
  }

  /** Opens a directory of a layer for reading; null with −errno in error[0]. */
  static @Nullable File openDirectory(Layer layer, Dentry directory, Caller caller, long[] error) {
    return layer.open(directory, Fcntl.O_RDONLY | Fcntl.O_DIRECTORY, caller, error);
  }
}
