package dev.svc0.runtime.buffer;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.pagecache.PageWriteback;
import dev.svc0.runtime.pagecache.WriteContext;
import dev.svc0.runtime.trace.event.BlockTrace;
import org.jspecify.annotations.Nullable;

/** Reading and overwriting folios block by block. <i>Linux:</i> fs/buffer.c. */
@Traced(layer = Traced.Layer.PAGECACHE)
final class BufferedFolio {
  private static final BufferHead.EndIo END_ASYNC_READ = BufferedFolio::endBufferAsyncRead;

  private BufferedFolio() {}

  static PageCacheOwner ownerOf(Folio folio) {
    AddressSpace mapping = folio.mapping;
    if (mapping == null) {
      throw new IllegalStateException("a folio that belongs to nobody");
    }
    return mapping.host();
  }

  /** The buffers of a locked folio, made if there are none. */
  @Traced("folio_create_buffers")
  static BufferHead folioCreateBuffers(Folio folio) {
    BufferHead first = Buffers.folioBuffers(folio);
    return first != null
        ? first
        : Buffers.createEmptyBuffers(folio, 1 << ownerOf(folio).blockBits());
  }

  @Traced("block_read_full_folio")
  static long blockReadFullFolio(Folio folio, GetBlock getBlock) {
    PageCacheOwner owner = ownerOf(folio);
    BufferHead first = folioCreateBuffers(folio);
    int blockBytes = first.sizeBytes;
    long block = folio.position() / blockBytes;
    long endBlock = (owner.sizeBytes() + blockBytes - 1) / blockBytes;
    @Nullable BufferHead[] toRead = new BufferHead[folio.sizeBytes() / blockBytes];
    int count = 0;
    long error = 0;
    BufferHead at = first;
    do {
      if (!at.isUptodate()) {
        long result =
            at.isMapped() || block >= endBlock
                ? 0
                : getBlock.getBlock(owner, block, at, GetBlock.LOOKUP);
        error = error == 0 ? result : error;
        if (!at.isMapped()) {
          HostMemory.fill(at.address, blockBytes, (byte) 0);
          if (result == 0) {
            at.setUptodate();
          }
        } else if (!at.isUptodate()) {
          toRead[count++] = at;
        }
      }
      block++;
      at = at.next;
    } while (at != first);
    if (count == 0) {
      folioEndRead(folio, error == 0);
      return error;
    }
    submitReads(toRead, count);
    return 0;
  }

  private static void submitReads(@Nullable BufferHead[] toRead, int count) {
    for (int i = 0; i < count; i++) {
      BufferHead buffer = present(toRead[i]);
      buffer.lock();
      buffer.endIo = END_ASYNC_READ;
      buffer.setAsyncRead();
    }
    for (int i = 0; i < count; i++) {
      BufferHead buffer = present(toRead[i]);
      if (buffer.isUptodate()) {
        endBufferAsyncRead(buffer, 0);
      } else {
        BufferIo.submitBh(ReqOp.READ, buffer);
      }
    }
  }

  private static BufferHead present(@Nullable BufferHead buffer) {
    if (buffer == null) {
      throw new IllegalStateException("a buffer is missing");
    }
    return buffer;
  }

  @Traced("folio_end_read")
  static void folioEndRead(Folio folio, boolean success) {
    if (success) {
      folio.markUptodate();
    } else {
      folio.setError();
    }
    folio.unlock();
  }

  @Traced("end_buffer_async_read")
  private static void endBufferAsyncRead(BufferHead buffer, long status) {
    Folio folio = buffer.folio;
    BufferHead first = present(Buffers.folioBuffers(folio));
    if (status == 0) {
      buffer.setUptodate();
    } else {
      buffer.clearUptodate();
    }
    boolean good = true;
    synchronized (first) {
      buffer.clearAsyncRead();
      buffer.unlock();
      // Most often they end in their order, and the next one is still under way.
      for (BufferHead at = buffer.next; at != buffer; at = at.next) {
        if (at.isAsyncRead()) {
          return;
        }
      }
      BufferHead at = first;
      do {
        good &= at.isUptodate();
        at = at.next;
      } while (at != first);
    }
    folioEndRead(folio, good);
  }

  @Traced("block_write_begin")
  static long blockWriteBegin(
      AddressSpace mapping, long position, int bytes, WriteContext context, GetBlock getBlock) {
    long index = position >>> 12;
    int order = mapping.orderFor(index, (position & 4095) + bytes);
    Folio folio = Filemap.getFolio(mapping, index, Filemap.FGP_WRITEBEGIN, order);
    if (folio == null) {
      return -Errno.ENOMEM;
    }
    long error = blockWriteBeginInt(folio, position, bytes, getBlock);
    if (error != 0) {
      folio.unlock();
      folio.put();
      return error;
    }
    context.folio = folio;
    return 0;
  }

  @Traced("__block_write_begin_int")
  static long blockWriteBeginInt(Folio folio, long position, int bytes, GetBlock getBlock) {
    PageCacheOwner owner = ownerOf(folio);
    BufferHead first = folioCreateBuffers(folio);
    int from = folio.offsetOf(position);
    int to = Math.min(from + bytes, folio.sizeBytes());
    int blockBytes = first.sizeBytes;
    boolean reading = false;
    long error = 0;
    boolean partial = !folio.isUptodate();
    long block = folio.position() / blockBytes;
    int last = (partial ? folio.sizeBytes() : to + blockBytes - 1) / blockBytes;
    for (int i = partial ? 0 : from / blockBytes; i < last; i++) {
      BufferHead at = first.sibling(i);
      int start = i * blockBytes;
      int end = start + blockBytes;
      if (end <= from || start >= to) {
        if (folio.isUptodate()) {
          at.setUptodate();
        }
      } else {
        at.clearNew();
        if (!at.isMapped()) {
          error = mapForWrite(owner, folio, at, block + i, getBlock, from - start, to - start);
        }
        if (error != 0) {
          break;
        }
        if (folio.isUptodate()) {
          at.setUptodate();
        } else if (!at.isUptodate()
            && !at.isDelay()
            && !at.isUnwritten()
            && (start < from || end > to)) {
          at.lock();
          if (at.isUptodate()) {
            at.unlock();
          } else {
            BufferIo.startRead(at, ReqOp.READ);
            reading = true;
          }
        }
      }
    }
    if (reading) {
      long result = awaitReads(first);
      error = error == 0 ? result : error;
    }
    if (error != 0) {
      folioZeroNewBuffers(folio, from, to);
    }
    return error;
  }

  /** Finds or allocates the block of a buffer; from and to are where the write cuts the buffer. */
  private static long mapForWrite(
      PageCacheOwner owner,
      Folio folio,
      BufferHead buffer,
      long block,
      GetBlock getBlock,
      int from,
      int to) {
    long error = getBlock.getBlock(owner, block, buffer, GetBlock.CREATE);
    if (error != 0 || !buffer.isNew()) {
      return error;
    }
    BlockDevice device = buffer.device;
    if (device != null) {
      Buffers.cleanBdevAliases(device, buffer.blockNumber, buffer.sizeBytes);
    }
    if (folio.isUptodate()) {
      buffer.clearNew();
      buffer.setUptodate();
      Buffers.markBufferDirty(buffer);
      return 0;
    }
    if (from > 0) {
      HostMemory.fill(buffer.address, from, (byte) 0);
    }
    if (to < buffer.sizeBytes) {
      HostMemory.fill(buffer.address + to, buffer.sizeBytes - to, (byte) 0);
    }
    if (from > 0 || to < buffer.sizeBytes) {
      buffer.setUptodate(); // what the write leaves is zero, not what the device has
    }
    return 0;
  }

  private static long awaitReads(BufferHead first) {
    long error = 0;
    BufferHead at = first;
    do {
      if (at.isLocked()) {
        at.waitLocked();
        if (!at.isUptodate()) {
          error = -Errno.EIO;
        }
      }
      at = at.next;
    } while (at != first);
    return error;
  }

  /**
   * Blocks allocated for a write that did not reach them must not show what the device has there.
   */
  @Traced("folio_zero_new_buffers")
  static void folioZeroNewBuffers(Folio folio, int from, int to) {
    BufferHead first = Buffers.folioBuffers(folio);
    if (first == null) {
      return;
    }
    int start = 0;
    BufferHead at = first;
    do {
      int end = start + at.sizeBytes;
      if (at.isNew() && end > from && start < to) {
        if (!folio.isUptodate()) {
          int zeroFrom = Math.max(start, from);
          int zeroTo = Math.min(end, to);
          HostMemory.fill(folio.address + zeroFrom, zeroTo - zeroFrom, (byte) 0);
          at.setUptodate();
        }
        at.clearNew();
        Buffers.markBufferDirty(at);
      }
      start = end;
      at = at.next;
    } while (at != first);
  }

  @Traced("block_write_end")
  static int blockWriteEnd(Folio folio, long position, int bytes, int copied) {
    int start = folio.offsetOf(position);
    int accepted = copied;
    if (copied < bytes) {
      // A folio that is not up to date and only partly filled would mix garbage into the file.
      if (!folio.isUptodate()) {
        accepted = 0;
      }
      folioZeroNewBuffers(folio, start + accepted, start + bytes);
    }
    if (accepted > 0) {
      blockCommitWrite(folio, start, start + accepted);
    }
    return accepted;
  }

  @Traced("block_commit_write")
  static void blockCommitWrite(Folio folio, int from, int to) {
    BufferHead first = Buffers.folioBuffers(folio);
    if (first == null) {
      throw new IllegalStateException("write_end without write_begin");
    }
    boolean complete = true;
    boolean partial = !folio.isUptodate();
    // Hundreds of buffers that a write finds dirty are one overwrite, unless somebody looks on.
    boolean together = folio.pages() > 1 && !BlockTrace.blockDirtyBufferOn();
    boolean overwritten = false;
    int blockBytes = first.sizeBytes;
    int last = (partial ? folio.sizeBytes() : to + blockBytes - 1) / blockBytes;
    for (int i = partial ? 0 : from / blockBytes; i < last; i++) {
      BufferHead at = first.sibling(i);
      int start = i * blockBytes;
      if (start + blockBytes <= from || start >= to) {
        complete &= at.isUptodate();
      } else if (together && at.isDirty() && at.isUptodate()) {
        overwritten = true;
        at.clearNew();
      } else {
        at.setUptodate();
        Buffers.markBufferDirty(at);
        at.clearNew();
      }
    }
    if (overwritten) {
      PageWriteback.noteOverwrite(folio);
    }
    if (complete && partial) {
      folio.markUptodate();
    }
  }

  @Traced("block_truncate_page")
  static long blockTruncatePage(AddressSpace mapping, long from, GetBlock getBlock) {
    PageCacheOwner owner = mapping.host();
    int blockBytes = 1 << owner.blockBits();
    int inBlock = (int) (from & blockBytes - 1);
    if (inBlock == 0) {
      return 0;
    }
    Folio folio = Filemap.getFolio(mapping, from >>> 12, Filemap.FGP_LOCK | Filemap.FGP_CREAT);
    if (folio == null) {
      return -Errno.ENOMEM;
    }
    long error = zeroTail(folio, folio.offsetOf(from), from / blockBytes, owner, getBlock);
    folio.unlock();
    folio.put();
    return error;
  }

  private static long zeroTail(
      Folio folio, int offset, long block, PageCacheOwner owner, GetBlock getBlock) {
    BufferHead buffer = Buffers.bufferAt(folioCreateBuffers(folio), offset);
    if (!buffer.isMapped()) {
      long error = getBlock.getBlock(owner, block, buffer, GetBlock.LOOKUP);
      if (error != 0 || !buffer.isMapped()) {
        return error; // a hole is zero already
      }
    }
    if (folio.isUptodate()) {
      buffer.setUptodate();
    }
    if (!buffer.isUptodate() && !buffer.isDelay() && !buffer.isUnwritten()) {
      long error = BufferIo.bhRead(buffer);
      if (error != 0) {
        return error;
      }
    }
    int end = (int) (buffer.address - folio.address) + buffer.sizeBytes;
    HostMemory.fill(folio.address + offset, end - offset, (byte) 0);
    Buffers.markBufferDirty(buffer);
    return 0;
  }
}
