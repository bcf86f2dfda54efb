package dev.svc0.runtime.iomap;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;

/** Reading and writing past the page cache. <i>Linux:</i> fs/iomap/direct-io.c. */
@Traced(layer = Traced.Layer.FILESYSTEM)
public final class IomapDirectIo {
  private IomapDirectIo() {}

  /** Whether position, length and buffers suit a device. <i>Linux:</i> blkdev_dio_invalid. */
  public static boolean isAligned(BlockDevice device, long position, IovIter buffers) {
    int block = device.queue().limits().logicalBlockBytes() - 1;
    return ((position | buffers.count()) & block) == 0 && buffers.isAligned(511, block);
  }

  /**
   * Before direct I/O: brings what the cache holds of a range to the device; before a write also
   * takes it out of the cache. <i>Linux:</i> kiocb_write_and_wait, kiocb_invalidate_pages.
   *
   * @return 0 or −errno; −EBUSY when a page stays, so that the write must go through the cache
   */
  @Traced("kiocb_invalidate_pages")
  public static long kiocbInvalidatePages(AddressSpace mapping, long position, long bytes) {
    long end = position + bytes - 1;
    long error = Filemap.filemapWriteAndWaitRange(mapping, position, end);
    return error != 0
        ? error
        : Filemap.invalidateInodePages2Range(mapping, position >>> 12, end >>> 12);
  }

  /** Whether direct I/O of a range finds nothing in the cache that it would wait for. */
  public static boolean needsNoWait(AddressSpace mapping, int opf, long position, long bytes) {
    long end = position + bytes - 1;
    return ReqOp.isWrite(opf)
        ? !Filemap.filemapRangeHasPage(mapping, position, end)
        : !Filemap.filemapRangeNeedsWriteback(mapping, position, end);
  }

  /** After a direct write: what was read into the cache meanwhile is old. */
  @Traced("kiocb_invalidate_post_direct_write")
  public static void kiocbInvalidatePostDirectWrite(
      AddressSpace mapping, long position, long bytes) {
    if (mapping.pages() > 0) {
      Filemap.invalidateInodePages2Range(mapping, position >>> 12, position + bytes - 1 >>> 12);
    }
  }

  /**
   * Direct I/O to or from a device itself, at a byte of it; waits. Stops at the first error after
   * some bytes. The caller has checked the alignment.
   *
   * @return bytes moved, or −errno when none were
   */
  public static long deviceRw(BlockDevice device, int opf, long position, IovIter buffers) {
    return buffers.count() <= DirectBios.MAX_BYTES
        ? blkdevDirectIoSimple(device, opf, position, buffers)
        : blkdevDirectIo(device, opf, position, buffers);
  }

  @Traced("__blkdev_direct_IO_simple")
  private static long blkdevDirectIoSimple(
      BlockDevice device, int opf, long position, IovIter buffers) {
    long moved = DirectBios.transfer(device, opf, position, buffers, (int) buffers.count());
    if (moved < 0 || buffers.count() == 0) {
      return moved;
    }
    // Smaller frames, several buffers, or the next round meets the bad address.
    long rest = blkdevDirectIo(device, opf, position + moved, buffers);
    return rest < 0 ? moved : moved + rest;
  }

  @Traced("__blkdev_direct_IO")
  private static long blkdevDirectIo(BlockDevice device, int opf, long position, IovIter buffers) {
    long done = 0;
    while (buffers.count() > 0) {
      int bytes = (int) Math.min(buffers.count(), DirectBios.MAX_BYTES);
      long moved = DirectBios.transfer(device, opf, position + done, buffers, bytes);
      if (moved < 0) {
        return done > 0 ? done : moved;
      }
      done += moved;
    }
    return done;
  }

  /**
   * Direct I/O of a file: writes back, takes the cache out of the way, moves each extent, and for
   * writes takes the cache out again. Reads stop at the owner's size. The caller holds the inode
   * lock as its file system needs it, and moves the file's size.
   *
   * @param position position in the file, aligned
   * @return bytes moved; −ENOTBLK when the cache could not be emptied and the write must go through
   *     it; or −errno
   */
  @Traced("iomap_dio_rw")
  public static long iomapDioRw(
      AddressSpace mapping, long position, IovIter buffers, IomapOps ops, int opf) {
    boolean write = ReqOp.isWrite(opf);
    long wanted = buffers.count();
    if (!write) {
      long size = mapping.host().sizeBytes();
      if (position >= size) {
        return 0;
      }
      wanted = Math.min(wanted, size - position);
    }
    if (wanted == 0) {
      return 0;
    }
    long error =
        write
            ? kiocbInvalidatePages(mapping, position, wanted)
            : Filemap.filemapWriteAndWaitRange(mapping, position, position + wanted - 1);
    if (error != 0) {
      return write && error == -Errno.EBUSY ? -Errno.ENOTBLK : error;
    }
    long count = buffers.count();
    buffers.truncate(wanted);
    long done = walk(mapping, position, buffers, ops, opf);
    buffers.reexpand(count - Math.max(done, 0));
    if (write) {
      iomapDioComplete(mapping, position, done);
    }
    return done;
  }

  /** What was written lies on the disk: the cache forgets it. */
  @Traced("iomap_dio_complete")
  private static void iomapDioComplete(AddressSpace mapping, long position, long done) {
    if (done > 0) {
      kiocbInvalidatePostDirectWrite(mapping, position, done);
    }
  }

  private static long walk(
      AddressSpace mapping, long position, IovIter buffers, IomapOps ops, int opf) {
    IomapIter iter = new IomapIter();
    int flags = IomapOps.DIRECT | (ReqOp.isWrite(opf) ? IomapOps.WRITE : 0);
    iter.init(mapping.host(), position, buffers.count(), flags);
    long status = iter.iomapIter(ops, 0);
    while (status > 0) {
      status = iter.iomapIter(ops, iomapDioIter(iter, buffers, opf));
    }
    long done = iter.position - position;
    return done > 0 ? done : status;
  }

  /** Moves the current extent. 0 or −errno. */
  @Traced("iomap_dio_iter")
  private static long iomapDioIter(IomapIter iter, IovIter buffers, int opf) {
    while (iter.length() > 0) {
      int bytes = (int) Math.min(iter.length(), DirectBios.MAX_BYTES);
      BlockDevice device = iter.iomap.device;
      long moved;
      if (iter.iomap.type == Iomap.MAPPED
          || iter.iomap.type == Iomap.UNWRITTEN && ReqOp.isWrite(opf)) {
        if (device == null) {
          return -Errno.EIO;
        }
        moved = moveBlocks(iter, device, opf, buffers, bytes);
      } else {
        moved = ReqOp.isWrite(opf) ? -Errno.EIO : buffers.zero(bytes);
      }
      if (moved <= 0) {
        return moved == 0 ? -Errno.EFAULT : moved;
      }
      iter.iomapIterAdvance(moved);
    }
    return 0;
  }

  /** Moves whole blocks; the tail of a file that is read ends inside its last block. */
  @Traced("iomap_dio_bio_iter")
  private static long moveBlocks(
      IomapIter iter, BlockDevice device, int opf, IovIter buffers, int bytes) {
    int block = device.queue().limits().logicalBlockBytes() - 1;
    int whole = bytes + block & ~block;
    if (whole == bytes) {
      long address = iter.iomap.addressOf(iter.position);
      return DirectBios.transfer(device, opf, address, buffers, bytes);
    }
    return DirectBios.readTail(device, iter.iomap.addressOf(iter.position), buffers, bytes, whole);
  }
}
