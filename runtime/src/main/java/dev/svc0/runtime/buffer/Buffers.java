package dev.svc0.runtime.buffer;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.pagecache.PageWriteback;
import dev.svc0.runtime.pagecache.WriteContext;
import dev.svc0.runtime.pagecache.WritebackControl;
import dev.svc0.runtime.trace.event.BlockTrace;
import org.jspecify.annotations.Nullable;

/**
 * What file systems do with buffer heads: finding metadata blocks, dirtying and releasing them;
 * reading and writing folios through them is in {@link BufferedFolio}. <i>Linux:</i> fs/buffer.c.
 */
@Traced(layer = Traced.Layer.PAGECACHE)
public final class Buffers {
  private Buffers() {}

  /** The first buffer of a folio, or null when it has none. <i>Linux:</i> folio_buffers. */
  public static @Nullable BufferHead folioBuffers(Folio folio) {
    return (BufferHead) folio.privateData;
  }

  /**
   * The buffer of a device block, with a reference, its content perhaps not read; null when memory
   * ran out or the block lies behind the end of the device.
   */
  @Traced("bdev_getblk")
  public static @Nullable BufferHead bdevGetblk(BlockDevice device, long block, int sizeBytes) {
    while (true) {
      BufferHead found = findGetBlock(device, block, sizeBytes);
      if (found != null) {
        return found;
      }
      long position = block * sizeBytes;
      boolean outside = block < 0 || position + sizeBytes > device.sizeBytes();
      if (outside || !growBuffers(device, position, sizeBytes)) {
        return null;
      }
    }
  }

  /** The buffer of a device block if it is cached, with a reference. */
  @Traced("__find_get_block")
  public static @Nullable BufferHead findGetBlock(BlockDevice device, long block, int sizeBytes) {
    long position = block * sizeBytes;
    Folio folio = device.mapping().find(position >>> 12);
    if (folio == null) {
      return null;
    }
    BufferHead first = folioBuffers(folio);
    BufferHead result = null;
    if (first != null && first.sizeBytes == sizeBytes) {
      // In the cache of a device a block lies where its number says.
      BufferHead at = bufferAt(first, folio.offsetOf(position));
      if (at.blockNumber == block && at.isMapped() && at.tryGet()) {
        result = at;
        if (BlockTrace.blockTouchBufferOn()) {
          long sector = block * (sizeBytes >>> 9);
          BlockTrace.blockTouchBuffer(device.mapping().host().traceDevice(), sector, sizeBytes);
        }
      }
    }
    folio.markAccessed();
    folio.put();
    return result;
  }

  /** Makes the buffers of the folio at a position of a device; false when memory ran out. */
  @Traced("grow_buffers")
  private static boolean growBuffers(BlockDevice device, long position, int sizeBytes) {
    Folio folio =
        Filemap.getFolio(device.mapping(), position >>> 12, Filemap.FGP_LOCK | Filemap.FGP_CREAT);
    if (folio == null) {
      return false;
    }
    BufferHead first = folioBuffers(folio);
    boolean made = true;
    if (first == null || first.sizeBytes != sizeBytes) {
      made = first == null || tryToFreeBuffers(folio);
      if (made) {
        first = createEmptyBuffers(folio, sizeBytes);
      }
    }
    if (made && first != null) {
      initBuffers(device, folio, first);
    }
    folio.unlock();
    folio.put();
    if (!made) {
      throw new IllegalStateException(
          device.name() + ": buffers of another size are in use at byte " + position);
    }
    return true;
  }

  /** Maps the buffers of a device's folio one to one, as far as the device goes. */
  @Traced("folio_init_buffers")
  static void initBuffers(BlockDevice device, Folio folio, BufferHead first) {
    long block = folio.position() / first.sizeBytes;
    long end = device.sizeBytes() / first.sizeBytes;
    BufferHead at = first;
    do {
      if (!at.isMapped()) {
        if (folio.isUptodate()) {
          at.setUptodate();
        }
        if (block < end) {
          at.map(device, block);
        }
      }
      block++;
      at = at.next;
    } while (at != first);
  }

  /** The buffer of a device block, read if need be, with a reference; null when reading failed. */
  @Traced("__bread_gfp")
  public static @Nullable BufferHead bread(BlockDevice device, long block, int sizeBytes) {
    BufferHead buffer = bdevGetblk(device, block, sizeBytes);
    if (buffer == null || buffer.isUptodate()) {
      return buffer;
    }
    if (BufferIo.bhRead(buffer) == 0) {
      return buffer;
    }
    brelse(buffer);
    return null;
  }

  /** Starts reading a device block that will be wanted soon. */
  @Traced("__breadahead")
  public static void breadahead(BlockDevice device, long block, int sizeBytes) {
    BufferHead buffer = bdevGetblk(device, block, sizeBytes);
    if (buffer != null) {
      BufferIo.bhReadahead(buffer);
      brelse(buffer);
    }
  }

  /** Lets go of the reference of {@link #bread} or {@link #bdevGetblk}; null is ignored. */
  public static void brelse(@Nullable BufferHead buffer) {
    if (buffer != null) {
      release(buffer);
    }
  }

  @Traced("__brelse")
  private static void release(BufferHead buffer) {
    buffer.put();
  }

  /** Marks a buffer, its folio and its owner dirty. */
  @Traced("mark_buffer_dirty")
  public static void markBufferDirty(BufferHead buffer) {
    Folio folio = buffer.folio;
    AddressSpace mapping = folio.mapping;
    if (BlockTrace.blockDirtyBufferOn() && mapping != null) {
      long sector = buffer.blockNumber * (buffer.sizeBytes >>> 9);
      BlockTrace.blockDirtyBuffer(mapping.host().traceDevice(), sector, buffer.sizeBytes);
    }
    if (buffer.testAndSetDirty()) {
      PageWriteback.noteOverwrite(folio);
    } else if (mapping != null && PageWriteback.markDirtyQuietly(mapping, folio)) {
      mapping.host().markDirty(PageCacheOwner.DIRTY_PAGES);
    }
  }

  /** The same for metadata that belongs to a file, so that its fsync writes it. */
  @Traced("mark_buffer_dirty_inode")
  public static void markBufferDirtyInode(BufferHead buffer, AddressSpace file) {
    markBufferDirty(buffer);
    AssociatedBuffers.of(file).add(buffer, file);
  }

  /**
   * dirty_folio of a file system with buffers: a store through a memory mapping reached the folio,
   * so all of its buffers are dirty. True if the folio was clean.
   */
  @Traced("block_dirty_folio")
  public static boolean blockDirtyFolio(AddressSpace mapping, Folio folio) {
    BufferHead first = folioBuffers(folio);
    if (first != null) {
      BufferHead at = first;
      do {
        at.testAndSetDirty();
        at = at.next;
      } while (at != first);
    }
    return Filemap.filemapDirtyFolio(mapping, folio);
  }

  /** Forgets that a buffer is dirty: its block was freed. Gives the reference back. */
  public static void bforget(@Nullable BufferHead buffer) {
    if (buffer != null) {
      forget(buffer);
    }
  }

  @Traced("__bforget")
  private static void forget(BufferHead buffer) {
    buffer.testAndClearDirty();
    AddressSpace file = buffer.associatedFile;
    if (file != null) {
      AssociatedBuffers.of(file).remove(buffer);
    }
    brelse(buffer);
  }

  /** Writes a dirty buffer and waits. 0 or −errno. */
  @Traced("sync_dirty_buffer")
  public static long syncDirtyBuffer(BufferHead buffer) {
    return BufferIo.syncDirtyBuffer(buffer, ReqOp.SYNC);
  }

  /** Writes the metadata buffers that belong to a file and waits. 0 or −errno. */
  @Traced("sync_mapping_buffers")
  public static long syncMappingBuffers(AddressSpace file) {
    return file.privateList == null ? 0 : AssociatedBuffers.of(file).sync();
  }

  /** A file goes away: its metadata buffers belong to nobody from now on. */
  @Traced("invalidate_inode_buffers")
  public static void invalidateInodeBuffers(AddressSpace file) {
    if (file.privateList != null) {
      AssociatedBuffers.of(file).clear();
    }
  }

  /**
   * Takes cached copies of device blocks out of the way of a file that just got them: what they
   * hold must not be written any more.
   */
  @Traced("clean_bdev_aliases")
  public static void cleanBdevAliases(BlockDevice device, long block, int sizeBytes) {
    BufferHead alias = findGetBlock(device, block, sizeBytes);
    if (alias == null) {
      return;
    }
    alias.lock();
    alias.testAndClearDirty();
    alias.unlock();
    brelse(alias);
  }

  /** Gives a locked folio clean, unmapped buffers of a block size. */
  @Traced("create_empty_buffers")
  public static BufferHead createEmptyBuffers(Folio folio, int blockBytes) {
    BufferHead first = folioAllocBuffers(folio, blockBytes);
    BufferHead at = first;
    do {
      if (folio.isUptodate()) {
        at.setUptodate();
      }
      if (folio.isDirty()) {
        at.testAndSetDirty();
      }
      at = at.next;
    } while (at != first);
    folio.get();
    folio.privateData = first;
    return first;
  }

  @Traced("folio_alloc_buffers")
  private static BufferHead folioAllocBuffers(Folio folio, int blockBytes) {
    BufferHead first = new BufferHead(folio, folio.address, blockBytes);
    int count = folio.sizeBytes() / blockBytes;
    if (count == 1) {
      return first;
    }
    BufferHead[] all = new BufferHead[count];
    all[0] = first;
    for (int i = 1; i < count; i++) {
      all[i] = new BufferHead(folio, folio.address + (long) i * blockBytes, blockBytes);
      all[i - 1].next = all[i];
    }
    all[count - 1].next = first;
    first.siblings = all;
    return first;
  }

  /** The buffer of a folio that holds the byte at an offset. */
  public static BufferHead bufferAt(BufferHead first, int offset) {
    BufferHead[] all = first.siblings;
    return all.length == 0 ? first : all[offset / first.sizeBytes];
  }

  /** read_folio of a file system with buffers. */
  public static long blockReadFullFolio(Folio folio, GetBlock getBlock) {
    return BufferedFolio.blockReadFullFolio(folio, getBlock);
  }

  /**
   * write_begin of a file system with buffers: finds and locks the folio, maps, reads partial
   * blocks.
   */
  public static long blockWriteBegin(
      AddressSpace mapping, long position, int bytes, WriteContext context, GetBlock getBlock) {
    return BufferedFolio.blockWriteBegin(mapping, position, bytes, context, getBlock);
  }

  /** The part of {@link #blockWriteBegin} after the folio is found and locked. */
  public static long blockWriteBeginInt(Folio folio, long position, int bytes, GetBlock getBlock) {
    return BufferedFolio.blockWriteBeginInt(folio, position, bytes, getBlock);
  }

  /** Marks what was copied up to date and dirty. Bytes accepted; the folio stays locked. */
  public static int blockWriteEnd(Folio folio, long position, int bytes, int copied) {
    return BufferedFolio.blockWriteEnd(folio, position, bytes, copied);
  }

  /** prepare_write of a file system with buffers, of the 2.4 generation. 0 or −errno. */
  @Traced("block_prepare_write")
  public static long blockPrepareWrite(Folio folio, int from, int to, GetBlock getBlock) {
    return BufferedFolio.blockWriteBeginInt(folio, folio.position() + from, to - from, getBlock);
  }

  /** Marks the buffers of a range of a locked folio up to date and dirty. */
  public static void blockCommitWrite(Folio folio, int from, int to) {
    BufferedFolio.blockCommitWrite(folio, from, to);
  }

  /** Writes a locked folio's dirty buffers; unlocks it. 0 or −errno. */
  public static long blockWriteFullFolio(Folio folio, WritebackControl control, GetBlock getBlock) {
    return BufferWriteback.blockWriteFullFolio(folio, control, getBlock);
  }

  /** invalidate_folio of a file system with buffers. */
  @Traced("block_invalidate_folio")
  public static void blockInvalidateFolio(Folio folio, int offset, int bytes) {
    BufferHead first = folioBuffers(folio);
    if (first == null) {
      return;
    }
    int end = offset + bytes;
    int start = 0;
    BufferHead at = first;
    do {
      int next = start + at.sizeBytes;
      if (next > end) {
        break;
      }
      if (offset <= start) {
        discardBuffer(at);
      }
      start = next;
      at = at.next;
    } while (at != first);
    if (bytes == folio.sizeBytes()) {
      Filemap.filemapReleaseFolio(folio);
    }
  }

  private static void discardBuffer(BufferHead buffer) {
    buffer.lock();
    buffer.testAndClearDirty();
    buffer.device = null;
    buffer.clearMapped();
    buffer.clearNew();
    buffer.clearDelay();
    buffer.clearUnwritten();
    buffer.unlock();
  }

  /** release_folio of a file system with buffers: drops clean, unused buffers. */
  @Traced("try_to_free_buffers")
  public static boolean tryToFreeBuffers(Folio folio) {
    BufferHead first = folioBuffers(folio);
    if (first == null) {
      return true;
    }
    if (folio.isWriteback() || !dropBuffers(folio, first)) {
      return false;
    }
    if (folio.isDirty()) {
      PageWriteback.folioCancelDirty(folio); // every buffer is clean, so the folio is
    }
    return true;
  }

  /** Takes all buffers off a folio, or none. */
  @Traced("drop_buffers")
  private static boolean dropBuffers(Folio folio, BufferHead first) {
    if (!freezeAll(first)) {
      return false;
    }
    BufferHead at = first;
    do {
      AddressSpace file = at.associatedFile;
      if (file != null) {
        AssociatedBuffers.of(file).remove(at);
      }
      at = at.next;
    } while (at != first);
    folio.privateData = null;
    folio.put();
    return true;
  }

  /** Makes all buffers unreachable, or none. */
  private static boolean freezeAll(BufferHead first) {
    BufferHead at = first;
    do {
      if (at.isDirty() || at.isLocked() || !at.freeze()) {
        for (BufferHead undo = first; undo != at; undo = undo.next) {
          undo.unfreeze();
        }
        return false;
      }
      at = at.next;
    } while (at != first);
    return true;
  }

  /** Zeroes the rest of the block that a new file size cuts, and marks it dirty. 0 or −errno. */
  public static long blockTruncatePage(AddressSpace mapping, long from, GetBlock getBlock) {
    return BufferedFolio.blockTruncatePage(mapping, from, getBlock);
  }
}
