package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.jbd2.Journal;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.iomap.Iomap;
import dev.svc0.runtime.iomap.IomapDirectIo;
import dev.svc0.runtime.iomap.IomapOps;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.vfs.GenericFile;
import dev.svc0.runtime.vfs.Kiocb;
import java.util.concurrent.locks.Lock;

/**
 * O_DIRECT. Overwrites of whole blocks that have content share the inode lock; what extends the
 * file, allocates or cuts blocks has it alone. New blocks are allocated unwritten and get their
 * content when the write is over. <i>Linux:</i> ext4_dio_read_iter, ext4_dio_write_iter,
 * ext4_iomap_ops.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4DirectIo implements IomapOps {
  private static final Ext4DirectIo OPS = new Ext4DirectIo();
  private static final IomapOps OVERWRITE_OPS = new Overwrite();
  private static final int RETRIES = 3;

  private Ext4DirectIo() {}

  /** For writes over blocks that have content: nothing is allocated, whatever is asked for. */
  private static final class Overwrite implements IomapOps {
    @Override
    @Traced(value = "ext4_iomap_overwrite_begin", layer = Traced.Layer.FILESYSTEM)
    public long iomapBegin(
        PageCacheOwner owner, long position, long bytes, int flags, Iomap iomap) {
      return OPS.iomapBegin(owner, position, bytes, flags & ~WRITE, iomap);
    }

    @Override
    public long dioEndIo(PageCacheOwner owner, long position, long bytes, long error, int flags) {
      return OPS.dioEndIo(owner, position, bytes, error, flags);
    }
  }

  @Override
  @Traced("ext4_iomap_begin")
  public long iomapBegin(PageCacheOwner owner, long position, long bytes, int flags, Iomap iomap) {
    Ext4Inode inode = (Ext4Inode) owner;
    int bits = inode.ext4.shape.blockBits;
    long first = position >>> bits;
    long last = position + bytes - 1 >>> bits;
    Ext4Map map = new Ext4Map(first, last - first + 1);
    boolean write = (flags & WRITE) != 0;
    try {
      if (!write || position + bytes <= inode.size()) {
        Ext4Mapper.mapBlocks(null, inode, map, 0);
      }
      if (write && !map.isAllocated()) {
        // Behind the end nobody sees the blocks before the size says so.
        boolean behind = map.block << bits >= inode.size();
        if (!behind && !inode.hasExtents()) {
          return -Errno.ENOTBLK; // blocks without content cannot be told from others
        }
        map.wanted = last - first + 1;
        iomapAlloc(inode, map, Ext4Mapper.CREATE | (behind ? 0 : Ext4Mapper.UNWRITTEN));
      }
    } catch (Ext4Exception e) {
      return e.result;
    }
    setIomap(inode, iomap, map);
    return 0;
  }

  @Traced("ext4_iomap_alloc")
  private static void iomapAlloc(Ext4Inode inode, Ext4Map map, int flags) {
    for (int retry = 0; ; retry++) {
      try (Ext4Handle handle =
          Ext4Handle.start(inode, Ext4Extents.INSERT_CREDITS + Ext4Truncate.CREDITS)) {
        Ext4Mapper.mapBlocks(handle, inode, map, flags);
        return;
      } catch (Ext4Exception e) {
        if (e.result != -Errno.ENOSPC || retry == RETRIES || !inode.ext4.shouldRetryAllocation()) {
          throw e;
        }
      }
    }
  }

  @Traced("ext4_set_iomap")
  private static void setIomap(Ext4Inode inode, Iomap iomap, Ext4Map map) {
    int bits = inode.ext4.shape.blockBits;
    iomap.flags = map.isNew ? Iomap.F_NEW : 0;
    Journal journal = inode.ext4.journal;
    if (journal != null && !journal.transactionCommitted(inode.dataSyncTid)) {
      iomap.flags |= Iomap.F_DIRTY;
    }
    iomap.offset = map.block << bits;
    iomap.length = map.count << bits;
    iomap.device = inode.ext4.disk;
    iomap.address = map.physical << bits;
    iomap.type =
        switch (map.state) {
          case Ext4Map.WRITTEN -> Iomap.MAPPED;
          case Ext4Map.UNWRITTEN -> Iomap.UNWRITTEN;
          default -> Iomap.HOLE;
        };
  }

  @Traced("ext4_dio_read_iter")
  static long read(Kiocb kiocb, IovIter to) {
    Ext4Inode inode = (Ext4Inode) kiocb.file.inode();
    if (to.count() == 0) {
      return 0;
    }
    if (inode.journalsData()) {
      return GenericFile.genericFileReadIter(kiocb, to);
    }
    if (!IomapDirectIo.isAligned(inode.ext4.disk, kiocb.position, to)) {
      return -Errno.EINVAL;
    }
    Lock lock = inode.lock.readLock();
    if (!take(lock, kiocb)) {
      return -Errno.EAGAIN;
    }
    long result;
    try {
      result =
          mustWait(inode, kiocb, to, ReqOp.READ)
              ? -Errno.EAGAIN
              : IomapDirectIo.iomapDioRw(inode.mapping(), kiocb.position, to, OPS, ReqOp.READ);
    } finally {
      lock.unlock();
    }
    if (result > 0) {
      kiocb.position += result;
    }
    GenericFile.fileAccessed(kiocb.file);
    return result;
  }

  /** Takes the inode lock; false when it is not free and the caller does not wait. */
  private static boolean take(Lock lock, Kiocb kiocb) {
    if (kiocb.has(Kiocb.IOCB_NOWAIT)) {
      return lock.tryLock();
    }
    lock.lock();
    return true;
  }

  private static boolean mustWait(Ext4Inode inode, Kiocb kiocb, IovIter buffers, int opf) {
    return kiocb.has(Kiocb.IOCB_NOWAIT)
        && !IomapDirectIo.needsNoWait(inode.mapping(), opf, kiocb.position, buffers.count());
  }

  @Traced("ext4_dio_write_iter")
  static long write(Kiocb kiocb, IovIter from) {
    Ext4Inode inode = (Ext4Inode) kiocb.file.inode();
    if (inode.journalsData()) {
      return Ext4FileOperations.bufferedWriteIter(inode, kiocb, from);
    }
    long result = -Errno.EAGAIN;
    boolean waits = !kiocb.has(Kiocb.IOCB_NOWAIT);
    if (kiocb.position + from.count() <= inode.size()) {
      Lock lock = inode.lock.readLock();
      if (!take(lock, kiocb)) {
        return -Errno.EAGAIN;
      }
      try {
        result = checkedWrite(inode, kiocb, from, true);
      } finally {
        lock.unlock();
      }
    }
    // What allocates, or changes the size, waits.
    if (result == -Errno.EAGAIN && (waits || from.count() == 0)) {
      inode.lock.writeLock().lock();
      try {
        result = checkedWrite(inode, kiocb, from, false);
      } finally {
        inode.lock.writeLock().unlock();
      }
    }
    return result > 0 ? GenericFile.genericWriteSync(kiocb, result) : result;
  }

  /** Checks and writes with the inode lock held; −EAGAIN when shared and that is not enough. */
  private static long checkedWrite(Ext4Inode inode, Kiocb kiocb, IovIter from, boolean shared) {
    if (mustWait(inode, kiocb, from, ReqOp.WRITE)) {
      return -Errno.EAGAIN;
    }
    long result = Ext4FileOperations.writeChecks(inode, kiocb, from);
    if (result <= 0) {
      return result;
    }
    if (shared && !overwriteIo(inode, kiocb, from)) {
      return -Errno.EAGAIN;
    }
    result = GenericFile.fileModified(kiocb);
    return result == 0 ? writeLocked(inode, kiocb, from, shared) : result;
  }

  /** Whether the disk takes it directly, or refuses it: only parts of blocks go another way. */
  private static boolean isDirect(Ext4Inode inode, Kiocb kiocb, IovIter from) {
    return ((kiocb.position | from.count()) & inode.ext4.blockSize - 1) == 0
        || !IomapDirectIo.isAligned(inode.ext4.disk, kiocb.position, from);
  }

  /** Whether all of it lies in blocks with content, inside the file. */
  @Traced("ext4_overwrite_io")
  private static boolean overwriteIo(Ext4Inode inode, Kiocb kiocb, IovIter from) {
    long position = kiocb.position;
    long bytes = from.count();
    if (position + bytes > inode.size() || !isDirect(inode, kiocb, from)) {
      return false;
    }
    int bits = inode.ext4.shape.blockBits;
    long end = position + bytes + inode.ext4.blockSize - 1 >>> bits;
    try {
      for (long block = position >>> bits; block < end; ) {
        Ext4Map map = new Ext4Map(block, end - block);
        Ext4Mapper.mapBlocks(null, inode, map, 0);
        if (map.state != Ext4Map.WRITTEN) {
          return false;
        }
        block += map.count;
      }
    } catch (Ext4Exception e) {
      return false;
    }
    return true;
  }

  private static long writeLocked(Ext4Inode inode, Kiocb kiocb, IovIter from, boolean shared) {
    long start = kiocb.position;
    long count = from.count();
    boolean extends_ = start + count > inode.size();
    try {
      if (extends_) {
        orphan(inode, true);
      }
      long direct = 0;
      if (isDirect(inode, kiocb, from)) {
        IomapOps ops = shared ? OVERWRITE_OPS : OPS;
        direct = IomapDirectIo.iomapDioRw(inode.mapping(), start, from, ops, ReqOp.WRITE);
        direct = direct == -Errno.ENOTBLK ? 0 : direct;
      }
      kiocb.position += Math.max(direct, 0);
      if (extends_) {
        inodeExtensionCleanup(inode, direct < count);
      }
      return direct < 0 || from.count() == 0 ? direct : fallBack(inode, kiocb, from, direct);
    } catch (Ext4Exception e) {
      return e.result;
    }
  }

  @Override
  @Traced("ext4_dio_write_end_io")
  public long dioEndIo(PageCacheOwner owner, long position, long bytes, long error, int flags) {
    Ext4Inode inode = (Ext4Inode) owner;
    if (error != 0) {
      return error;
    }
    try {
      if (bytes > 0 && (flags & DIO_UNWRITTEN) != 0) {
        Ext4Mapper.convertUnwritten(inode, position, bytes);
      }
      long end = position + bytes;
      if (end > inode.size() || end > inode.diskSize) {
        handleInodeExtension(inode, end);
      }
      return 0;
    } catch (Ext4Exception e) {
      return e.result;
    }
  }

  private static void orphan(Ext4Inode inode, boolean add) {
    try (Ext4Handle handle = Ext4Handle.start(inode, 6)) {
      if (add) {
        inode.ext4.orphans.add(handle, inode);
      } else {
        inode.ext4.orphans.del(handle, inode);
      }
    }
  }

  /** The file is as long as what was written. */
  @Traced("ext4_handle_inode_extension")
  private static void handleInodeExtension(Ext4Inode inode, long end) {
    try (Ext4Handle handle = Ext4Handle.start(inode, 6)) {
      if (end > inode.size()) {
        inode.setSize(end);
      }
      inode.diskSize = Math.max(inode.diskSize, end);
      inode.ext4.table.markInodeDirty(handle, inode);
      if (inode.nlink > 0) {
        inode.ext4.orphans.del(handle, inode);
      }
    }
  }

  /** After a write that made the file longer, or was to: blocks behind its end go. */
  @Traced("ext4_inode_extension_cleanup")
  private static void inodeExtensionCleanup(Ext4Inode inode, boolean failed) {
    if (failed) {
      Filemap.truncateInodePages(inode.mapping(), inode.size());
      Ext4Truncate.truncateInode(inode);
    }
    if (inode.onOrphanList && inode.nlink > 0) {
      orphan(inode, false);
    }
  }

  /** What direct I/O could not do goes through the page cache, and from there to the disk. */
  private static long fallBack(Ext4Inode inode, Kiocb kiocb, IovIter from, long direct) {
    long start = kiocb.position;
    long buffered = GenericFile.genericPerformWrite(kiocb, from);
    if (buffered < 0) {
      return direct > 0 ? direct : buffered;
    }
    long error = Filemap.filemapWriteAndWaitRange(inode.mapping(), start, start + buffered - 1);
    if (error != 0) {
      return error;
    }
    IomapDirectIo.kiocbInvalidatePostDirectWrite(inode.mapping(), start, buffered);
    return direct + buffered;
  }
}
