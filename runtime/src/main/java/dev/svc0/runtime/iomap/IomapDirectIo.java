package dev.svc0.runtime.iomap;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockCore;
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
    return isAligned(device, position, buffers.count(), buffers);
  }

  static boolean isAligned(BlockDevice device, long position, long bytes, IovIter buffers) {
    int block = device.queue().limits().logicalBlockBytes() - 1;
    return ((position | bytes) & block) == 0 && buffers.isAligned(511, block);
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
   * Direct I/O of a file: writes back, takes the cache out of the way, moves all extents together,
   * and for writes takes the cache out again. Reads stop at the owner's size. The caller holds the
   * inode lock as its file system needs it; {@link IomapOps#dioEndIo} moves the file's size.
   *
   * @param position position in the file, aligned for reads
   * @return bytes moved; −ENOTBLK when the cache could not be emptied, or a file system cannot, and
   *     the write must go through the cache; or −errno, whatever was moved before
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
    long count = buffers.count();
    buffers.truncate(wanted);
    IomapDio dio = new IomapDio(buffers, opf);
    long done = iomapDioRwSync(dio, mapping, position, wanted, ops, write);
    buffers.reexpand(count - Math.max(done, 0));
    return write ? iomapDioComplete(dio, mapping, position, done, ops) : done;
  }

  /** Moves all of it and waits. Bytes, or −errno. */
  @Traced("__iomap_dio_rw")
  private static long iomapDioRwSync(
      IomapDio dio, AddressSpace mapping, long position, long wanted, IomapOps ops, boolean write) {
    long error =
        write
            ? kiocbInvalidatePages(mapping, position, wanted)
            : Filemap.filemapWriteAndWaitRange(mapping, position, position + wanted - 1);
    if (error != 0) {
      return write && error == -Errno.EBUSY ? -Errno.ENOTBLK : error;
    }
    IomapIter iter = new IomapIter();
    int flags = IomapOps.DIRECT | (write ? IomapOps.WRITE : 0);
    iter.init(mapping.host(), position, wanted, flags);
    long status;
    BlockCore.blkStartPlug();
    try {
      status = iter.iomapIter(ops, 0);
      while (status > 0) {
        status = iter.iomapIter(ops, iomapDioIter(dio, iter, write));
      }
    } finally {
      BlockCore.blkFinishPlug();
    }
    long failed = dio.drain();
    long done = iter.position - position;
    if (failed != 0 || status < 0 && (done == 0 || status != -Errno.ENOTBLK)) {
      return failed != 0 ? failed : status;
    }
    return done;
  }

  /** What was written lies on the disk: the file system hears of it, and the cache forgets it. */
  @Traced("iomap_dio_complete")
  private static long iomapDioComplete(
      IomapDio dio, AddressSpace mapping, long position, long done, IomapOps ops) {
    if (done == -Errno.ENOTBLK) {
      return done;
    }
    long error =
        ops.dioEndIo(
            mapping.host(),
            position,
            Math.max(done, 0),
            Math.min(done, 0),
            dio.wroteUnwritten() ? IomapOps.DIO_UNWRITTEN : 0);
    if (done > 0) {
      kiocbInvalidatePostDirectWrite(mapping, position, done);
    }
    return error != 0 ? error : done;
  }

  /** Starts moving the current extent. 0 or −errno. */
  @Traced("iomap_dio_iter")
  private static long iomapDioIter(IomapDio dio, IomapIter iter, boolean write) {
    while (iter.length() > 0) {
      BlockDevice device = iter.iomap.device;
      long moved;
      if (iter.iomap.type == Iomap.MAPPED || iter.iomap.type == Iomap.UNWRITTEN && write) {
        if (device == null) {
          return -Errno.EIO;
        }
        moved = dio.iomapDioBioIter(iter, device);
      } else {
        moved = write ? -Errno.EIO : dio.zero(iter.length());
      }
      if (moved <= 0) {
        return moved == 0 ? -Errno.EFAULT : moved;
      }
      iter.iomapIterAdvance(moved);
    }
    return 0;
  }
}
