package dev.svc0.fs.bdev;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.iomap.Iomap;
import dev.svc0.runtime.iomap.IomapBufferedIo;
import dev.svc0.runtime.iomap.IomapDirectIo;
import dev.svc0.runtime.iomap.IomapOps;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.VmBacking;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.GenericFile;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.MappedFile;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reading and writing a disk through its node. <i>Linux:</i> def_blk_fops. */
@Traced(layer = Traced.Layer.FILESYSTEM)
public final class BdevFileOperations implements FileOperations {
  private static final int MINOR_BITS = 20;

  /** A disk's content lies where it is: one extent. <i>Linux:</i> blkdev_iomap_ops. */
  private static final class BlkdevIomapOps implements IomapOps {
    private final BlockDevice disk;

    private BlkdevIomapOps(BlockDevice disk) {
      this.disk = disk;
    }

    @Override
    @Traced(value = "blkdev_iomap_begin", layer = Traced.Layer.FILESYSTEM)
    public long iomapBegin(
        PageCacheOwner owner, long position, long bytes, int flags, Iomap iomap) {
      long block = 1L << disk.blockBits();
      iomap.device = disk;
      iomap.offset = position & -block;
      if (iomap.offset >= disk.sizeBytes()) {
        return -Errno.EIO;
      }
      iomap.type = Iomap.MAPPED;
      iomap.address = iomap.offset;
      iomap.length = disk.sizeBytes() - iomap.offset;
      iomap.flags = Iomap.F_BUFFER_HEAD;
      return 0;
    }
  }

  /** What an open file keeps. */
  private record Opened(BlockDevice disk, IomapOps iomapOps, boolean exclusive) {}

  private static Opened opened(File file) {
    if (file.privateData instanceof Opened opened) {
      return opened;
    }
    throw new IllegalStateException("not an open block device");
  }

  @Traced("I_BDEV")
  static BlockDevice diskOf(File file) {
    return opened(file).disk;
  }

  @Override
  public int supplies() {
    return READ_ITER | WRITE_ITER;
  }

  @Override
  @Traced("blkdev_open")
  public long open(Inode inode, File file, Caller caller) {
    int major = inode.rdev >>> MINOR_BITS;
    int minor = inode.rdev & (1 << MINOR_BITS) - 1;
    BlockDevice disk = inode.superBlock().vfs().devices().byNumber(major, minor);
    if (disk == null) {
      return -Errno.ENXIO;
    }
    boolean exclusive = (file.flags & Fcntl.O_EXCL) != 0; // which the file does not keep
    if (exclusive) {
      long busy = disk.claim(file);
      if (busy != 0) {
        return busy;
      }
    }
    file.privateData = new Opened(disk, new BlkdevIomapOps(disk), exclusive);
    file.mode |= File.FMODE_CAN_ODIRECT | File.FMODE_NOWAIT;
    file.setMapping(disk.mapping());
    return 0;
  }

  @Override
  @Traced("blkdev_release")
  public void release(Inode inode, File file) {
    BlockDevice disk = diskOf(file);
    if (file.hasMode(File.FMODE_WRITE)) {
      // As Linux when the last opener goes: what was written reaches the disk.
      Filemap.filemapWriteAndWaitRange(disk.mapping(), 0, Long.MAX_VALUE);
    }
    if (opened(file).exclusive) {
      disk.unclaim(file);
    }
  }

  @Override
  @Traced("blkdev_write_iter")
  public long writeIter(Kiocb kiocb, IovIter from) {
    Opened opened = opened(kiocb.file);
    BlockDevice disk = diskOf(kiocb.file);
    if (disk.isReadOnly()) {
      return -Errno.EPERM;
    }
    if (from.count() == 0) {
      return 0;
    }
    if (kiocb.position >= disk.sizeBytes()) {
      return -Errno.ENOSPC;
    }
    if (kiocb.has(Kiocb.IOCB_NOWAIT) && !kiocb.has(Kiocb.IOCB_DIRECT)) {
      return -Errno.EOPNOTSUPP;
    }
    long wanted = from.count();
    from.truncate(disk.sizeBytes() - kiocb.position);
    long shorted = wanted - from.count();
    long result = GenericFile.fileUpdateTime(kiocb.file);
    if (result == 0) {
      result =
          kiocb.has(Kiocb.IOCB_DIRECT)
              ? blkdevDirectWrite(opened, kiocb, from)
              : blkdevBufferedWrite(opened, kiocb, from);
    }
    from.reexpand(from.count() + shorted);
    return result > 0 ? GenericFile.genericWriteSync(kiocb, result) : result;
  }

  private static long blkdevBufferedWrite(Opened opened, Kiocb kiocb, IovIter from) {
    BlockDevice disk = opened.disk;
    disk.lock.readLock().lock();
    try {
      long written =
          IomapBufferedIo.iomapFileBufferedWrite(
              disk.mapping(), kiocb.position, from, opened.iomapOps);
      if (written > 0) {
        kiocb.position += written;
      }
      return written;
    } finally {
      disk.lock.readLock().unlock();
    }
  }

  /** Writes past the cache; what a busy cached page prevents goes through it after all. */
  private static long blkdevDirectWrite(Opened opened, Kiocb kiocb, IovIter from) {
    BlockDevice disk = opened.disk;
    long start = kiocb.position;
    if (mustWait(disk, kiocb, from, ReqOp.WRITE)) {
      return -Errno.EAGAIN;
    }
    long written = IomapDirectIo.kiocbInvalidatePages(disk.mapping(), start, from.count());
    if (written == -Errno.EBUSY) {
      written = 0;
    } else if (written == 0) {
      written = blkdevDirectIo(disk, kiocb, from, ReqOp.WRITE);
    }
    if (written > 0) {
      IomapDirectIo.kiocbInvalidatePostDirectWrite(disk.mapping(), start, written);
      kiocb.position += written;
    }
    if (written < 0 || from.count() == 0) {
      return written;
    }
    return directWriteFallback(opened, kiocb, from, written);
  }

  @Traced("direct_write_fallback")
  private static long directWriteFallback(Opened opened, Kiocb kiocb, IovIter from, long direct) {
    long start = kiocb.position;
    long buffered = blkdevBufferedWrite(opened, kiocb, from);
    if (buffered < 0) {
      return direct > 0 ? direct : buffered;
    }
    // Who asked for direct I/O expects the data on the device and not in the cache.
    long end = start + buffered - 1;
    long error = Filemap.filemapWriteAndWaitRange(opened.disk.mapping(), start, end);
    if (error != 0) {
      return direct > 0 ? direct : error;
    }
    IomapDirectIo.kiocbInvalidatePostDirectWrite(opened.disk.mapping(), start, buffered);
    return direct + buffered;
  }

  @Traced("blkdev_direct_IO")
  private static long blkdevDirectIo(BlockDevice disk, Kiocb kiocb, IovIter buffers, int opf) {
    if (!IomapDirectIo.isAligned(disk, kiocb.position, buffers)) {
      return -Errno.EINVAL;
    }
    return IomapDirectIo.deviceRw(disk, opf, kiocb.position, buffers);
  }

  @Override
  @Traced("blkdev_read_iter")
  public long readIter(Kiocb kiocb, IovIter to) {
    BlockDevice disk = diskOf(kiocb.file);
    if (kiocb.position >= disk.sizeBytes()) {
      return 0;
    }
    long wanted = to.count();
    to.truncate(disk.sizeBytes() - kiocb.position);
    long shorted = wanted - to.count();
    long result = to.count() == 0 ? 0 : readInside(disk, kiocb, to);
    to.reexpand(to.count() + shorted);
    return result;
  }

  private static long readInside(BlockDevice disk, Kiocb kiocb, IovIter to) {
    long direct = 0;
    if (kiocb.has(Kiocb.IOCB_DIRECT)) {
      long start = kiocb.position;
      if (mustWait(disk, kiocb, to, ReqOp.READ)) {
        return -Errno.EAGAIN;
      }
      direct = Filemap.filemapWriteAndWaitRange(disk.mapping(), start, start + to.count() - 1);
      if (direct == 0) {
        GenericFile.fileAccessed(kiocb.file);
        direct = blkdevDirectIo(disk, kiocb, to, ReqOp.READ);
      }
      if (direct > 0) {
        kiocb.position += direct;
      }
      if (direct < 0 || to.count() == 0) {
        return direct;
      }
    }
    long buffered =
        locked(
            disk,
            () -> Filemap.filemapRead(disk.mapping(), kiocb.position, to, kiocb.readaheadPages()));
    if (buffered < 0) {
      return direct > 0 ? direct : buffered;
    }
    kiocb.position += buffered;
    GenericFile.fileAccessed(kiocb.file);
    return direct + buffered;
  }

  private static boolean mustWait(BlockDevice disk, Kiocb kiocb, IovIter buffers, int opf) {
    return kiocb.has(Kiocb.IOCB_NOWAIT)
        && !IomapDirectIo.needsNoWait(disk.mapping(), opf, kiocb.position, buffers.count());
  }

  private static long locked(BlockDevice disk, LongSupplier work) {
    disk.lock.readLock().lock();
    try {
      return work.getAsLong();
    } finally {
      disk.lock.readLock().unlock();
    }
  }

  @Override
  @Traced("blkdev_llseek")
  public long llseek(File file, long offset, int whence) {
    long size = diskOf(file).sizeBytes();
    long target =
        switch (whence) {
          case FsConstants.SEEK_SET -> offset;
          case FsConstants.SEEK_CUR -> file.position + offset;
          case FsConstants.SEEK_END -> size + offset;
          default -> -1;
        };
    if (target < 0 || target > size) {
      return -Errno.EINVAL;
    }
    file.position = target;
    return target;
  }

  @Override
  @Traced("blkdev_fsync")
  public long fsync(File file, long start, long end, SyncKind kind) {
    BlockDevice disk = diskOf(file);
    long error = GenericFile.fileWriteAndWaitRange(file, start, end);
    if (error != 0) {
      return error;
    }
    long flushed = BlockCore.blkdevIssueFlush(disk);
    return flushed == -Errno.EOPNOTSUPP ? 0 : flushed;
  }

  @Override
  @Traced("blkdev_ioctl")
  public long ioctl(File file, int request, long argument, Caller caller) {
    return BdevIoctl.blkdevIoctl(diskOf(file), file, request, argument, caller);
  }

  @Override
  @Traced("blkdev_mmap")
  public @Nullable VmBacking mmap(File file, boolean shared, long[] error) {
    if (shared && file.hasMode(File.FMODE_WRITE) && diskOf(file).isReadOnly()) {
      error[0] = -Errno.EINVAL;
      return null;
    }
    return new MappedFile(file);
  }

  @Override
  @Traced("blkdev_fallocate")
  public long fallocate(File file, int mode, long offset, long bytes, Caller caller) {
    BlockDevice disk = diskOf(file);
    int keep = FsConstants.FALLOC_FL_KEEP_SIZE;
    boolean punch = mode == (FsConstants.FALLOC_FL_PUNCH_HOLE | keep);
    boolean zero = (mode & ~keep) == FsConstants.FALLOC_FL_ZERO_RANGE;
    if (!punch && !zero) {
      return -Errno.EOPNOTSUPP;
    }
    long length = bytes;
    if (offset >= disk.sizeBytes()) {
      return -Errno.EINVAL;
    }
    if (offset + length > disk.sizeBytes()) {
      if ((mode & keep) == 0) {
        return -Errno.EINVAL;
      }
      length = disk.sizeBytes() - offset;
    }
    if (((offset | length) & disk.queue().limits().logicalBlockBytes() - 1) != 0) {
      return -Errno.EINVAL;
    }
    return BdevIoctl.zeroRange(disk, offset, length);
  }
}
