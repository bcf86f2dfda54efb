package dev.svc0.fs.ext2;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.buffer.GetBlock;
import dev.svc0.runtime.iomap.Iomap;
import dev.svc0.runtime.iomap.IomapDirectIo;
import dev.svc0.runtime.iomap.IomapOps;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.vfs.GenericFile;
import dev.svc0.runtime.vfs.Kiocb;

/** O_DIRECT. <i>Linux:</i> ext2_dio_read_iter, ext2_dio_write_iter, ext2_iomap_ops. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext2DirectIo implements IomapOps {
  private static final Ext2DirectIo OPS = new Ext2DirectIo();

  /** Blocks mapped at once. */
  private static final int MAX_RUN = 1024;

  private Ext2DirectIo() {}

  /** Allocates only behind the end: a hole inside is left to the page cache (−ENOTBLK). */
  @Override
  @Traced("ext2_iomap_begin")
  public long iomapBegin(PageCacheOwner owner, long position, long bytes, int flags, Iomap iomap) {
    Ext2Inode inode = (Ext2Inode) owner;
    int bits = inode.ext2.shape.blockBits;
    long first = position >>> bits;
    long last = position + bytes - 1 >>> bits;
    boolean write = (flags & WRITE) != 0;
    boolean behind = inode.size() == 0 || first > inode.size() - 1 >>> bits;
    Branch branch = new Branch();
    int mode = write && behind ? GetBlock.CREATE : GetBlock.LOOKUP;
    long count =
        BlockTree.getBlocks(inode, first, (int) Math.min(MAX_RUN, last - first + 1), mode, branch);
    if (count < 0) {
      return count;
    }
    iomap.flags = branch.isNew ? Iomap.F_NEW : 0;
    iomap.offset = first << bits;
    iomap.device = inode.ext2.disk;
    if (count == 0) {
      if (write) {
        return -Errno.ENOTBLK;
      }
      iomap.type = Iomap.HOLE;
      iomap.length = 1L << bits;
      return 0;
    }
    iomap.type = Iomap.MAPPED;
    iomap.address = branch.block << bits;
    iomap.length = count << bits;
    return 0;
  }

  @Traced("ext2_dio_read_iter")
  static long read(Kiocb kiocb, IovIter to) {
    Ext2Inode inode = (Ext2Inode) kiocb.file.inode();
    if (to.count() == 0) {
      return 0;
    }
    if (!IomapDirectIo.isAligned(inode.ext2.disk, kiocb.position, to)) {
      return -Errno.EINVAL;
    }
    inode.lock.readLock().lock();
    long result;
    try {
      result = IomapDirectIo.iomapDioRw(inode.mapping(), kiocb.position, to, OPS, ReqOp.READ);
    } finally {
      inode.lock.readLock().unlock();
    }
    if (result > 0) {
      kiocb.position += result;
    }
    GenericFile.fileAccessed(kiocb.file);
    return result;
  }

  @Traced("ext2_dio_write_iter")
  static long write(Kiocb kiocb, IovIter from) {
    Ext2Inode inode = (Ext2Inode) kiocb.file.inode();
    long result;
    inode.lock.writeLock().lock();
    try {
      result = GenericFile.genericWriteChecks(kiocb, from);
      if (result > 0) {
        result = GenericFile.fileModified(kiocb);
        result = result == 0 ? writeLocked(inode, kiocb, from) : result;
      }
    } finally {
      inode.lock.writeLock().unlock();
    }
    return result > 0 ? GenericFile.genericWriteSync(kiocb, result) : result;
  }

  private static long writeLocked(Ext2Inode inode, Kiocb kiocb, IovIter from) {
    if (!IomapDirectIo.isAligned(inode.ext2.disk, kiocb.position, from)) {
      return -Errno.EINVAL;
    }
    long start = kiocb.position;
    long direct = 0;
    boolean wholeBlocks = ((start | from.count()) & inode.ext2.blockSize - 1) == 0;
    if (wholeBlocks) {
      direct = IomapDirectIo.iomapDioRw(inode.mapping(), start, from, OPS, ReqOp.WRITE);
      direct = direct == -Errno.ENOTBLK ? 0 : direct;
    }
    if (direct < 0) {
      BlockTree.truncateBlocks(inode, inode.size());
      return direct;
    }
    kiocb.position += direct;
    if (kiocb.position > inode.size()) {
      inode.setSize(kiocb.position);
      inode.markDirty();
    }
    return from.count() == 0 ? direct : fallBack(inode, kiocb, from, direct);
  }

  /** What direct I/O could not do goes through the page cache, and from there to the disk. */
  private static long fallBack(Ext2Inode inode, Kiocb kiocb, IovIter from, long direct) {
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
