package dev.svc0.runtime.iomap;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.buffer.GetBlock;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.WriteContext;
import dev.svc0.runtime.sched.ThreadState;
import org.jspecify.annotations.Nullable;

/**
 * Writing into the page cache extent by extent, for mappings with buffer heads. <i>Linux:</i>
 * fs/iomap/buffered-io.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
public final class IomapBufferedIo {
  private final IomapIter iter = new IomapIter();
  private final WriteContext context = new WriteContext();
  private final GetBlock iomapToBh =
      (owner, block, buffer, mode) -> iomapToBh(buffer, block * buffer.sizeBytes);

  private IomapBufferedIo() {}

  private static IomapBufferedIo take(ThreadState self) {
    Object used = self.iomapIter;
    self.iomapIter = null;
    return used instanceof IomapBufferedIo io ? io : new IomapBufferedIo();
  }

  /**
   * Copies from the buffers into the cache. The caller holds the inode lock, at least shared.
   *
   * @return bytes written, or −errno when none were
   */
  @Traced("iomap_file_buffered_write")
  public static long iomapFileBufferedWrite(
      AddressSpace mapping, long position, IovIter from, IomapOps ops) {
    ThreadState self = ThreadState.current();
    IomapBufferedIo io = take(self);
    IomapIter iter = io.iter;
    iter.init(mapping.host(), position, from.count(), IomapOps.WRITE);
    long status = iter.iomapIter(ops, 0);
    while (status > 0) {
      status = iter.iomapIter(ops, io.iomapWriteIter(mapping, from));
    }
    long written = iter.position - position;
    self.iomapIter = io;
    return written > 0 ? written : status;
  }

  /** Copies into the current extent, folio by folio. 0 or −errno. */
  private long iomapWriteIter(AddressSpace mapping, IovIter from) {
    long limit = Long.MAX_VALUE;
    long chunk = 4096L << mapping.largestOrder();
    while (iter.length() > 0) {
      long at = iter.position;
      int bytes = (int) Math.min(Math.min(chunk - (at & chunk - 1), iter.length()), limit);
      mapping.writeback().balanceDirtyPagesRatelimitedFlags(mapping);
      if (from.faultInReadable(bytes) == bytes) {
        return -Errno.EFAULT;
      }
      long error = iomapWriteBegin(mapping, at, bytes);
      Folio folio = context.folio;
      if (error != 0 || folio == null) {
        return error;
      }
      bytes = Math.min(bytes, folio.sizeBytes() - folio.offsetOf(at));
      long copied = from.copyFromIterAtomic(folio.address + folio.offsetOf(at), bytes);
      int accepted = iomapWriteEnd(folio, at, bytes, (int) copied);
      iomapPutFolio(folio);
      if (accepted != copied) {
        from.revert(copied - accepted);
      }
      limit = accepted == 0 && copied > 0 ? copied : Long.MAX_VALUE;
      iter.iomapIterAdvance(accepted);
    }
    return 0;
  }

  @Traced("iomap_get_folio")
  private static @Nullable Folio iomapGetFolio(AddressSpace mapping, long position, int bytes) {
    long index = position >>> 12;
    int order = mapping.orderFor(index, (position & 4095) + bytes);
    return Filemap.getFolio(mapping, index, Filemap.FGP_WRITEBEGIN, order);
  }

  /**
   * Finds and locks the folio, gives its blocks their places, reads what a partial write leaves.
   */
  @Traced("iomap_write_begin")
  private long iomapWriteBegin(AddressSpace mapping, long position, int bytes) {
    context.folio = null;
    Folio folio = iomapGetFolio(mapping, position, bytes);
    if (folio == null) {
      return -Errno.ENOMEM;
    }
    long error = Buffers.blockWriteBeginInt(folio, position, bytes, iomapToBh);
    if (error != 0) {
      iomapPutFolio(folio);
      return error;
    }
    context.folio = folio;
    return 0;
  }

  /** Gives a buffer the place that the current extent has for it. */
  private long iomapToBh(BufferHead buffer, long position) {
    BlockDevice device = iter.iomap.device;
    switch (iter.iomap.type) {
      case Iomap.MAPPED -> {
        if (device == null) {
          return -Errno.EIO;
        }
        if ((iter.iomap.flags & Iomap.F_NEW) != 0) {
          buffer.setNew();
        }
        buffer.map(device, iter.iomap.addressOf(position) / buffer.sizeBytes);
      }
      case Iomap.UNWRITTEN -> {
        if (device == null) {
          return -Errno.EIO;
        }
        buffer.setNew();
        buffer.setUnwritten();
        buffer.map(device, iter.iomap.addressOf(position) / buffer.sizeBytes);
      }
      case Iomap.DELALLOC -> {
        buffer.setUptodate();
        buffer.setDelay();
      }
      default -> buffer.setNew();
    }
    return 0;
  }

  @Traced("iomap_write_end")
  private static int iomapWriteEnd(Folio folio, long position, int bytes, int copied) {
    return Buffers.blockWriteEnd(folio, position, bytes, copied);
  }

  @Traced("__iomap_put_folio")
  private static void iomapPutFolio(Folio folio) {
    folio.unlock();
    folio.put();
  }
}
