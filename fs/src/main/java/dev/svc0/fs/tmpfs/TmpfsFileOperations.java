package dev.svc0.fs.tmpfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.VmBacking;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.Truncate;
import dev.svc0.runtime.pagecache.WriteContext;
import dev.svc0.runtime.vfs.Attributes;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.DirContext;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.FileSeek;
import dev.svc0.runtime.vfs.GenericFile;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeTimes;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.MappedFile;
import org.jspecify.annotations.Nullable;

/** Open files and directories of a tmpfs. <i>Linux:</i> shmem_file_operations. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class TmpfsFileOperations implements FileOperations {
  static final TmpfsFileOperations INSTANCE = new TmpfsFileOperations();

  private static final int PAGE_SIZE = 4096;

  private TmpfsFileOperations() {}

  @Override
  public int supplies() {
    return READ_ITER | WRITE_ITER;
  }

  @Override
  public long open(Inode inode, File file, Caller caller) {
    if (inode.isDirectory()) {
      return 0;
    }
    file.mode |= File.FMODE_CAN_ODIRECT;
    return 0;
  }

  /** A hole is read without a page coming into being. */
  @Override
  @Traced("shmem_file_read_iter")
  public long readIter(Kiocb kiocb, IovIter to) {
    Inode inode = kiocb.file.inode();
    if (inode.isDirectory()) {
      return -Errno.EISDIR;
    }
    long done = 0;
    while (to.count() > 0) {
      long left = inode.size() - kiocb.position;
      if (left <= 0) {
        break;
      }
      long wanted = Math.min(left, to.count());
      long copied = copyFolio(inode.mapping(), kiocb.position, wanted, to);
      if (copied <= 0) {
        done = done == 0 ? -Errno.EFAULT : done;
        break;
      }
      kiocb.position += copied;
      done += copied;
    }
    GenericFile.fileAccessed(kiocb.file);
    return done;
  }

  /** Copies up to the end of the folio at a position, or of a page of a hole; bytes copied. */
  private static long copyFolio(AddressSpace mapping, long position, long most, IovIter to) {
    int inPage = (int) (position & PAGE_SIZE - 1);
    Folio folio = mapping.find(position / PAGE_SIZE);
    if (folio == null) {
      return to.zero(Math.min(most, PAGE_SIZE - inPage));
    }
    try {
      int offset = folio.offsetOf(position);
      long bytes = Math.min(most, folio.sizeBytes() - offset);
      return folio.isUptodate() ? to.copyToIter(folio.address + offset, bytes) : to.zero(bytes);
    } finally {
      folio.put();
    }
  }

  @Override
  @Traced("shmem_file_write_iter")
  public long writeIter(Kiocb kiocb, IovIter from) {
    Inode inode = kiocb.file.inode();
    inode.lock.writeLock().lock();
    try {
      long result = GenericFile.genericWriteChecks(kiocb, from);
      if (result <= 0) {
        return result;
      }
      if (inode.seals != Fcntl.F_SEAL_SEAL
          && TmpfsSeals.forbidWrite(inode, kiocb.position + from.count())) {
        return -Errno.EPERM;
      }
      result = GenericFile.fileRemovePrivs(kiocb);
      if (result == 0) {
        result = GenericFile.fileUpdateTime(kiocb.file);
      }
      return result != 0 ? result : GenericFile.genericPerformWrite(kiocb, from);
    } finally {
      inode.lock.writeLock().unlock();
    }
  }

  @Override
  public long fcntl(File file, int command, long argument, Caller caller) {
    return TmpfsSeals.fcntl(file, command, argument);
  }

  @Override
  public long fsync(File file, long start, long end, SyncKind kind) {
    return 0;
  }

  @Override
  public @Nullable VmBacking mmap(File file, boolean shared, long[] error) {
    if (!file.inode().isRegular()) {
      error[0] = -Errno.ENODEV;
      return null;
    }
    GenericFile.fileAccessed(file);
    return new MappedFile(file);
  }

  @Override
  @Traced("shmem_file_llseek")
  public long llseek(File file, long offset, int whence) {
    if (whence != FsConstants.SEEK_DATA && whence != FsConstants.SEEK_HOLE) {
      return FileSeek.genericFileLlseek(file, offset, whence);
    }
    if (!file.inode().isRegular()) {
      return -Errno.EINVAL;
    }
    long size = file.inode().size();
    if (offset < 0 || offset >= size) {
      return -Errno.ENXIO;
    }
    long found = seekHoleData(file.mapping(), offset, size, whence == FsConstants.SEEK_DATA);
    if (found >= size && whence == FsConstants.SEEK_DATA) {
      return -Errno.ENXIO;
    }
    file.position = Math.min(found, size);
    return file.position;
  }

  private static long seekHoleData(AddressSpace mapping, long from, long size, boolean data) {
    long index = from / PAGE_SIZE;
    long position = from;
    while (position < size) {
      Folio folio = mapping.find(index);
      boolean present = folio != null && folio.isUptodate();
      if (folio != null) {
        folio.put();
      }
      if (present == data) {
        return position;
      }
      index++;
      position = index * PAGE_SIZE;
    }
    return size;
  }

  @Override
  @Traced("shmem_fallocate")
  public long fallocate(File file, int mode, long offset, long bytes, Caller caller) {
    int known = FsConstants.FALLOC_FL_KEEP_SIZE | FsConstants.FALLOC_FL_PUNCH_HOLE;
    if ((mode & ~known) != 0) {
      return -Errno.EOPNOTSUPP;
    }
    TmpfsInode inode = (TmpfsInode) file.inode();
    inode.lock.writeLock().lock();
    try {
      boolean punches = (mode & FsConstants.FALLOC_FL_PUNCH_HOLE) != 0;
      if (TmpfsSeals.forbidFallocate(inode, punches, offset + bytes)) {
        return -Errno.EPERM;
      }
      long result = punches ? 0 : Attributes.inodeNewsizeOk(inode, offset + bytes, caller);
      if (result == 0) {
        result = GenericFile.fileModified(file, caller);
      }
      if (result != 0) {
        return result;
      }
      return (mode & FsConstants.FALLOC_FL_PUNCH_HOLE) != 0
          ? punch(inode, offset, bytes)
          : allocate(inode, mode, offset, bytes, caller);
    } finally {
      inode.lock.writeLock().unlock();
    }
  }

  private static long punch(TmpfsInode inode, long offset, long bytes) {
    Truncate.truncateInodePagesRange(inode.mapping(), offset, offset + bytes - 1);
    inode.recalculate();
    InodeTimes.touchModified(inode);
    return 0;
  }

  private static long allocate(TmpfsInode inode, int mode, long offset, long bytes, Caller caller) {
    long end = offset + bytes;
    boolean grows = (mode & FsConstants.FALLOC_FL_KEEP_SIZE) == 0 && end > inode.size();
    if (grows) {
      long allowed =
          GenericFile.genericWriteCheckLimits(caller, inode, inode.size(), end - inode.size());
      if (allowed < end - inode.size()) {
        return -Errno.EFBIG;
      }
    }
    long size = inode.size();
    WriteContext context = new WriteContext();
    for (long index = offset / PAGE_SIZE; index * PAGE_SIZE < end; index++) {
      long position = index * PAGE_SIZE;
      long result = TmpfsPages.INSTANCE.writeBegin(inode.mapping(), position, PAGE_SIZE, context);
      if (result != 0) {
        Truncate.truncateInodePagesRange(inode.mapping(), Math.max(size, offset), Long.MAX_VALUE);
        inode.recalculate();
        return result;
      }
      TmpfsPages.INSTANCE.writeEnd(inode.mapping(), position, PAGE_SIZE, 0, context);
    }
    if (grows) {
      inode.setSize(end);
    }
    return 0;
  }

  @Override
  @Traced("dcache_readdir")
  public long iterate(File file, DirContext context) {
    TmpfsInode inode = (TmpfsInode) file.inode();
    if (!inode.isDirectory()) {
      return -Errno.ENOTDIR;
    }
    if (context.position == 0 && !context.emit(".", 1, inode.number(), StatConstants.DT_DIR)) {
      return 0;
    }
    if (context.position == 1
        && !context.emit("..", 2, inode.parent.number(), StatConstants.DT_DIR)) {
      return 0;
    }
    for (TmpfsInode.Entry entry = inode.entryFrom(context.position);
        entry != null;
        entry = inode.entryFrom(context.position)) {
      int type = entry.inode().mode >>> 12 & 15;
      if (!context.emit(entry.name(), entry.offset() + 1, entry.inode().number(), type)) {
        return 0;
      }
    }
    return 0;
  }
}
