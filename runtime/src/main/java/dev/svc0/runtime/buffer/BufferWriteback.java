package dev.svc0.runtime.buffer;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.pagecache.PageWriteback;
import dev.svc0.runtime.pagecache.WritebackControl;

/** Writing folios back block by block. <i>Linux:</i> fs/buffer.c. */
@Traced(layer = Traced.Layer.PAGECACHE)
final class BufferWriteback {
  private static final BufferHead.EndIo END_ASYNC_WRITE = BufferWriteback::endBufferAsyncWrite;

  private BufferWriteback() {}

  @Traced("block_write_full_folio")
  static long blockWriteFullFolio(Folio folio, WritebackControl control, GetBlock getBlock) {
    return isInside(folio) ? blockWriteFullFolioInt(folio, control, getBlock) : 0;
  }

  /** Zeroes what lies behind the end; false, and unlocked, when all of it does. */
  static boolean isInside(Folio folio) {
    long size = BufferedFolio.ownerOf(folio).sizeBytes();
    long position = folio.position();
    if (position + folio.sizeBytes() > size) {
      if (position >= size) {
        // Truncated under our feet: the truncation takes the folio out as soon as it has the lock.
        folio.unlock();
        return false;
      }
      // What lies behind the end of the file must reach the device as zeroes.
      int inside = (int) (size - position);
      HostMemory.fill(folio.address + inside, folio.sizeBytes() - inside, (byte) 0);
    }
    return true;
  }

  /** The buffers of a folio that is being written, dirty where it had none. */
  static BufferHead dirtyBuffers(Folio folio) {
    BufferHead first = Buffers.folioBuffers(folio);
    if (first != null) {
      return first;
    }
    first = BufferedFolio.folioCreateBuffers(folio);
    BufferHead at = first;
    do {
      at.testAndSetDirty();
      at = at.next;
    } while (at != first);
    return first;
  }

  @Traced("__block_write_full_folio")
  private static long blockWriteFullFolioInt(
      Folio folio, WritebackControl control, GetBlock getBlock) {
    PageCacheOwner owner = BufferedFolio.ownerOf(folio);
    BufferHead first = dirtyBuffers(folio);
    long error = mapDirtyBuffers(owner, folio, first, getBlock);
    lockDirtyBuffers(folio, first, control, error);
    Filemap.folioStartWriteback(folio);
    int flags = control.syncMode == WritebackControl.SyncMode.ALL ? ReqOp.SYNC : ReqOp.BACKGROUND;
    int underway = 0;
    BufferHead at = first;
    do {
      // The last buffer's completion may free the list: the link is read before.
      BufferHead next = at.next;
      if (at.isAsyncWrite()) {
        underway++;
        BufferIo.submitBh(ReqOp.WRITE | flags, at);
      }
      at = next;
    } while (at != first);
    if (error != 0) {
      folio.setError();
      noteError(folio, error);
    }
    folio.unlock();
    if (underway == 0) {
      Filemap.folioEndWriteback(folio);
    }
    return error;
  }

  private static void noteError(Folio folio, long error) {
    AddressSpace mapping = folio.mapping;
    if (mapping != null) {
      mapping.setError(error);
    }
  }

  /** Allocates blocks for dirty buffers without one; the first error, or 0. */
  static long mapDirtyBuffers(
      PageCacheOwner owner, Folio folio, BufferHead first, GetBlock getBlock) {
    int blockBytes = first.sizeBytes;
    long block = folio.position() / blockBytes;
    long lastBlock = (owner.sizeBytes() - 1) / blockBytes;
    BufferHead at = first;
    do {
      if (block > lastBlock) {
        at.testAndClearDirty();
        at.setUptodate();
      } else if ((!at.isMapped() || at.isDelay()) && at.isDirty()) {
        long error = getBlock.getBlock(owner, block, at, GetBlock.CREATE);
        if (error != 0) {
          return error;
        }
        at.clearDelay();
        BlockDevice device = at.device;
        if (at.isNew() && device != null) {
          at.clearNew();
          Buffers.cleanBdevAliases(device, at.blockNumber, blockBytes);
        }
      }
      block++;
      at = at.next;
    } while (at != first);
    return 0;
  }

  private static void lockDirtyBuffers(
      Folio folio, BufferHead first, WritebackControl control, long error) {
    BufferHead at = first;
    do {
      if (at.isMapped()) {
        lockIfDirty(folio, at, control);
      } else if (error != 0) {
        at.testAndClearDirty(); // it has no place to go to; the error says so
      }
      at = at.next;
    } while (at != first);
  }

  private static void lockIfDirty(Folio folio, BufferHead buffer, WritebackControl control) {
    if (control.syncMode == WritebackControl.SyncMode.ALL) {
      buffer.lock();
    } else if (!buffer.tryLock()) {
      PageWriteback.folioRedirty(folio);
      return;
    }
    if (buffer.testAndClearDirty()) {
      markBufferAsyncWrite(buffer);
    } else {
      buffer.unlock();
    }
  }

  @Traced("mark_buffer_async_write_endio")
  private static void markBufferAsyncWrite(BufferHead buffer) {
    buffer.endIo = END_ASYNC_WRITE;
    buffer.setAsyncWrite();
  }

  @Traced("end_buffer_async_write")
  private static void endBufferAsyncWrite(BufferHead buffer, long status) {
    Folio folio = buffer.folio;
    BufferHead first = Buffers.folioBuffers(folio);
    if (first == null) {
      throw new IllegalStateException("a write ended for a folio without buffers");
    }
    if (status == 0) {
      buffer.setUptodate();
    } else {
      folio.setError();
      BufferIo.markBufferWriteIoError(buffer);
      buffer.clearUptodate();
    }
    synchronized (first) {
      buffer.clearAsyncWrite();
      buffer.unlock();
      // Most often they end in their order, and the next one is still under way.
      for (BufferHead at = buffer.next; at != buffer; at = at.next) {
        if (at.isAsyncWrite()) {
          return;
        }
      }
    }
    Filemap.folioEndWriteback(folio);
  }
}
