package dev.svc0.fs.hostfs;

import dev.svc0.runtime.abi.Dirent64Layout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.VmBacking;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.DirContext;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.FileSeek;
import dev.svc0.runtime.vfs.GenericFile;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.MappedFile;
import org.jspecify.annotations.Nullable;

/** Open files and folders of the host. A folder keeps a descriptor of its own while it is open. */
final class HostFileOperations implements FileOperations {
  static final HostFileOperations INSTANCE = new HostFileOperations();

  private static final int LISTING_BYTES = 8192;

  private HostFileOperations() {}

  private static HostInode inodeOf(File file) {
    return (HostInode) file.inode();
  }

  @Override
  public int supplies() {
    return READ_ITER | WRITE_ITER;
  }

  @Override
  public long open(Inode inode, File file, Caller caller) {
    HostInode host = (HostInode) inode;
    if (inode.isDirectory()) {
      long descriptor = host.host().open(host.entry(), Fcntl.O_RDONLY | HostCalls.O_DIRECTORY, 0);
      if (descriptor < 0) {
        return descriptor;
      }
      file.privateData = descriptor;
      return 0;
    }
    if (!inode.isRegular()) {
      return -Errno.ENXIO;
    }
    long failed = host.revalidate();
    return failed != 0 ? failed : host.addOpenFile(file.hasMode(File.FMODE_WRITE));
  }

  @Override
  public long flush(File file, Caller caller) {
    return file.hasMode(File.FMODE_WRITE)
        ? Filemap.filemapWriteAndWaitRange(file.mapping(), 0, Long.MAX_VALUE)
        : 0;
  }

  @Override
  public void release(Inode inode, File file) {
    if (file.privateData instanceof Long descriptor) {
      HostCalls.close(descriptor);
    } else if (inode.isRegular()) {
      ((HostInode) inode).removeOpenFile();
    }
  }

  @Override
  public long readIter(Kiocb kiocb, IovIter to) {
    return kiocb.file.inode().isDirectory()
        ? -Errno.EISDIR
        : GenericFile.genericFileReadIter(kiocb, to);
  }

  @Override
  public long writeIter(Kiocb kiocb, IovIter from) {
    return GenericFile.genericFileWriteIter(kiocb, from);
  }

  @Override
  public long fsync(File file, long start, long end, SyncKind kind) {
    if (file.privateData instanceof Long descriptor) {
      return HostCalls.call(HostCalls.Call.FSYNC, descriptor);
    }
    long result = GenericFile.fileWriteAndWaitRange(file, start, end);
    if (result != 0) {
      return result;
    }
    HostCalls.Call call = kind == SyncKind.ALL ? HostCalls.Call.FSYNC : HostCalls.Call.FDATASYNC;
    return HostCalls.call(call, inodeOf(file).content());
  }

  @Override
  public long llseek(File file, long offset, int whence) {
    if (file.privateData instanceof Long descriptor) {
      long moved = HostCalls.call(HostCalls.Call.LSEEK, descriptor, offset, whence);
      if (moved >= 0) {
        file.position = moved;
      }
      return moved;
    }
    if (whence == FsConstants.SEEK_DATA || whence == FsConstants.SEEK_HOLE) {
      Filemap.filemapWriteAndWaitRange(file.mapping(), 0, Long.MAX_VALUE);
      long moved = HostCalls.call(HostCalls.Call.LSEEK, inodeOf(file).content(), offset, whence);
      if (moved >= 0) {
        file.position = moved;
      }
      return moved;
    }
    return FileSeek.genericFileLlseek(file, offset, whence);
  }

  @Override
  public long iterate(File file, DirContext context) {
    if (!(file.privateData instanceof Long descriptor)) {
      return -Errno.ENOTDIR;
    }
    long moved =
        HostCalls.call(HostCalls.Call.LSEEK, descriptor, context.position, FsConstants.SEEK_SET);
    if (moved < 0) {
      return moved;
    }
    long buffer = HostCalls.scratch().third();
    while (true) {
      long bytes = HostCalls.call(HostCalls.Call.GETDENTS64, descriptor, buffer, LISTING_BYTES);
      if (bytes <= 0) {
        return bytes;
      }
      for (long at = buffer; at < buffer + bytes; ) {
        int length = HostMemory.getShort(at + Dirent64Layout.d_reclen) & 0xffff;
        if (!emit(at, length, context)) {
          return 0;
        }
        at += length;
      }
    }
  }

  private static boolean emit(long at, int length, DirContext context) {
    StringBuilder name = new StringBuilder();
    for (long c = at + Dirent64Layout.d_name; c < at + length; c++) {
      byte b = HostMemory.getByte(c);
      if (b == 0) {
        break;
      }
      name.append((char) (b & 0xff));
    }
    long next = HostMemory.getLong(at + Dirent64Layout.d_off);
    boolean room =
        context.emit(
            name.toString(),
            next,
            HostMemory.getLong(at + Dirent64Layout.d_ino),
            HostMemory.getByte(at + Dirent64Layout.d_type));
    if (room) {
      context.position = next;
    }
    return room;
  }

  @Override
  public @Nullable VmBacking mmap(File file, boolean shared, long[] error) {
    if (!file.inode().isRegular()) {
      error[0] = -Errno.ENODEV;
      return null;
    }
    return new MappedFile(file);
  }

  @Override
  public long fallocate(File file, int mode, long offset, long bytes, Caller caller) {
    HostInode inode = inodeOf(file);
    Filemap.filemapWriteAndWaitRange(file.mapping(), 0, Long.MAX_VALUE);
    long done = HostCalls.call(HostCalls.Call.FALLOCATE, inode.content(), mode, offset, bytes);
    if (done == 0) {
      Filemap.invalidateInodePages2Range(file.mapping(), 0, Long.MAX_VALUE >> 12);
      inode.revalidate();
    }
    return done;
  }
}
