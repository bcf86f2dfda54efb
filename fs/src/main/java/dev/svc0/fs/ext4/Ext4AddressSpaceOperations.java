package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.buffer.GetBlock;
import dev.svc0.runtime.buffer.Mpage;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.pagecache.PageWriteback;
import dev.svc0.runtime.pagecache.WriteContext;
import dev.svc0.runtime.pagecache.WritebackControl;
import java.util.Objects;

/**
 * How pages of files are filled and written: with delayed allocation where space is plenty, else
 * with blocks allocated when a page is written to, or with the data in the journal. <i>Linux:</i>
 * ext4_da_aops, ext4_aops, ext4_journalled_aops.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4AddressSpaceOperations implements AddressSpaceOperations {
  static final Ext4AddressSpaceOperations INSTANCE = new Ext4AddressSpaceOperations();

  private static final GetBlock GET_BLOCK = Ext4AddressSpaceOperations::getBlock;
  private static final GetBlock DA_GET_BLOCK_PREP = Ext4AddressSpaceOperations::daGetBlockPrep;

  /** Free blocks below which allocation is not delayed. */
  private static final long WATERMARK = 256;

  private static final int RETRIES = 3;

  private Ext4AddressSpaceOperations() {}

  @Traced("ext4_get_block")
  private static long getBlock(PageCacheOwner owner, long fileBlock, BufferHead buffer, int mode) {
    Ext4Inode inode = (Ext4Inode) owner;
    Ext4Map map = new Ext4Map(fileBlock, 1);
    try {
      Ext4Mapper.mapBlocks(null, inode, map, 0);
    } catch (Ext4Exception e) {
      return e.result;
    }
    if (map.state == Ext4Map.WRITTEN) {
      buffer.map(inode.ext4.disk, map.physical);
    }
    return 0;
  }

  /** Gives a page's block its place, or the promise of one. */
  @Traced("ext4_da_get_block_prep")
  private static long daGetBlockPrep(
      PageCacheOwner owner, long fileBlock, BufferHead buffer, int mode) {
    if (buffer.isDelay()) {
      return 0;
    }
    Ext4Inode inode = (Ext4Inode) owner;
    Ext4Map map = new Ext4Map(fileBlock, 1);
    try {
      Ext4Mapper.lookup(inode, map);
    } catch (Ext4Exception e) {
      return e.result;
    }
    if (map.state == Ext4Map.HOLE) {
      long result = delayBlock(inode, map);
      if (result != 0) {
        return result;
      }
    }
    switch (map.state) {
      case Ext4Map.WRITTEN -> buffer.map(inode.ext4.disk, map.physical);
      case Ext4Map.UNWRITTEN -> {
        buffer.map(inode.ext4.disk, map.physical);
        buffer.setNew();
        buffer.setUnwritten();
      }
      default -> {
        buffer.setNew();
        buffer.setDelay();
      }
    }
    return 0;
  }

  /** Promises a hole's block a place, unless somebody did so, or allocated it, a moment ago. */
  private static long delayBlock(Ext4Inode inode, Ext4Map map) {
    inode.dataLock.writeLock().lock();
    try {
      boolean known = inode.status.lookup(map);
      return known && map.state != Ext4Map.HOLE ? 0 : insertDelayedBlocks(inode, map);
    } finally {
      inode.dataLock.writeLock().unlock();
    }
  }

  @Traced("ext4_insert_delayed_blocks")
  private static long insertDelayedBlocks(Ext4Inode inode, Ext4Map map) {
    long result = daReserveSpace(inode);
    if (result == 0) {
      inode.status.insertDelayed(map.block);
      map.state = Ext4Map.DELAYED;
    }
    return result;
  }

  @Traced("ext4_da_reserve_space")
  private static long daReserveSpace(Ext4Inode inode) {
    long result = inode.ext4.blocks.claimFreeClusters(inode, 1, false);
    if (result == 0) {
      Ext4Points.daReserveSpace(inode, 1);
    }
    return result;
  }

  @Override
  @Traced("ext4_read_folio")
  public long readFolio(Folio folio) {
    if (Ext4Trace.ext4ReadFolioOn()) {
      PageCacheOwner host = Objects.requireNonNull(folio.mapping).host();
      Ext4Trace.ext4ReadFolio(host.traceDevice(), host.traceInode(), folio.index);
    }
    BlockCore.blkStartPlug();
    long result = Buffers.blockReadFullFolio(folio, GET_BLOCK);
    BlockCore.blkFinishPlug();
    return result;
  }

  @Override
  @Traced("ext4_readahead")
  public void readahead(AddressSpace mapping, long firstIndex, int pages) {
    Mpage.mpageReadahead(mapping, firstIndex, pages, GET_BLOCK);
  }

  @Override
  @Traced("ext4_dirty_folio")
  public boolean dirtyFolio(AddressSpace mapping, Folio folio) {
    Ext4Inode inode = (Ext4Inode) mapping.host();
    if (!inode.journalsData()) {
      return Buffers.blockDirtyFolio(mapping, folio);
    }
    noteStores(inode, folio);
    return Filemap.filemapDirtyFolio(mapping, folio);
  }

  /** data=journal: from now on the page may be stored to without the journal knowing. */
  private static void noteStores(Ext4Inode inode, Folio folio) {
    inode.storedToUnlogged = true;
    folio.setChecked();
  }

  @Override
  @Traced("ext4_writepages")
  public long writepages(AddressSpace mapping, WritebackControl control) {
    Ext4Inode inode = (Ext4Inode) mapping.host();
    return new Ext4Writepages(inode, control, true).run();
  }

  /** Whether there is too little space to promise any. */
  @Traced("ext4_nonda_switch")
  private static boolean nondaSwitch(Ext4Inode inode) {
    long free = inode.ext4.groups.freeBlocks();
    long dirty = inode.ext4.blocks.reserved();
    return 2 * free < 3 * dirty || free < dirty + WATERMARK;
  }

  @Override
  public long writeBegin(AddressSpace mapping, long position, int bytes, WriteContext context) {
    Ext4Inode inode = (Ext4Inode) mapping.host();
    context.fsData = null;
    boolean delays =
        inode.ext4.options.delayedAllocation && inode.isRegular() && !inode.journalsData();
    return delays
        ? daWriteBegin(mapping, position, bytes, context)
        : retryingWriteBegin(mapping, position, bytes, context);
  }

  private static long retryingWriteBegin(
      AddressSpace mapping, long position, int bytes, WriteContext context) {
    Ext4Inode inode = (Ext4Inode) mapping.host();
    if (Ext4Trace.ext4WriteBeginOn()) {
      Ext4Trace.ext4WriteBegin(inode.traceDevice(), inode.number(), position, bytes);
    }
    for (int retry = 0; ; retry++) {
      long result = allocatingWriteBegin(mapping, position, bytes, context);
      if (result != -Errno.ENOSPC || retry == RETRIES || !inode.ext4.shouldRetryAllocation()) {
        return result;
      }
    }
  }

  @Traced("ext4_da_write_begin")
  private static long daWriteBegin(
      AddressSpace mapping, long position, int bytes, WriteContext context) {
    Ext4Inode inode = (Ext4Inode) mapping.host();
    if (nondaSwitch(inode)) {
      return retryingWriteBegin(mapping, position, bytes, context);
    }
    if (Ext4Trace.ext4DaWriteBeginOn()) {
      Ext4Trace.ext4DaWriteBegin(inode.traceDevice(), inode.number(), position, bytes);
    }
    for (int retry = 0; ; retry++) {
      long result = delayingWriteBegin(mapping, position, bytes, context);
      if (result != -Errno.ENOSPC || retry == RETRIES || !inode.ext4.shouldRetryAllocation()) {
        return result;
      }
    }
  }

  private static long delayingWriteBegin(
      AddressSpace mapping, long position, int bytes, WriteContext context) {
    long index = position >>> 12;
    int order = mapping.orderFor(index, (position & 4095) + bytes);
    Folio folio = Filemap.getFolio(mapping, index, Filemap.FGP_WRITEBEGIN, order);
    if (folio == null) {
      return -Errno.ENOMEM;
    }
    long result = blockWriteBegin(folio, position, bytes, DA_GET_BLOCK_PREP);
    if (result != 0) {
      folio.unlock();
      folio.put();
      truncateFailedWrite((Ext4Inode) mapping.host(), position + bytes);
      return result;
    }
    context.folio = folio;
    return 0;
  }

  @Traced("ext4_block_write_begin")
  private static long blockWriteBegin(Folio folio, long position, int bytes, GetBlock getBlock) {
    return Buffers.blockWriteBeginInt(folio, position, bytes, getBlock);
  }

  /**
   * With blocks for one page at once, for which the handle has credits, whatever the size of its
   * folio. The handle stays open until write_end.
   */
  @Traced("ext4_write_begin")
  private static long allocatingWriteBegin(
      AddressSpace mapping, long position, int wanted, WriteContext context) {
    Ext4Inode inode = (Ext4Inode) mapping.host();
    int bytes = (int) Math.min(wanted, 4096 - (position & 4095));
    context.most = bytes;
    Folio folio = Filemap.getFolio(mapping, position >>> 12, Filemap.FGP_WRITEBEGIN);
    if (folio == null) {
      return -Errno.ENOMEM;
    }
    if (Buffers.folioBuffers(folio) == null) {
      Buffers.createEmptyBuffers(folio, inode.ext4.blockSize);
    }
    folio.unlock();
    Ext4Handle handle = null;
    boolean locked = false;
    long result;
    try {
      int blocks = 4096 >>> inode.ext4.shape.blockBits;
      int credits = Ext4Extents.INSERT_CREDITS * blocks + blocks;
      handle = Ext4Handle.start(inode.ext4, credits);
      Ext4Handle open = handle;
      folio.lock();
      locked = true;
      result = folio.mapping == mapping ? 0 : -Errno.EAGAIN;
      if (result == 0) {
        PageWriteback.folioWaitStable(folio); // it was not locked meanwhile
        result =
            blockWriteBegin(
                folio,
                position,
                bytes,
                (owner, block, buffer, mode) -> createBlock(open, inode, block, buffer));
      }
      if (result == 0 && inode.journalsData()) {
        forBuffers(folio, position, bytes, open::getWriteAccess);
      }
    } catch (Ext4Exception e) {
      result = e.result;
    }
    if (result == 0) {
      context.folio = folio;
      context.fsData = Objects.requireNonNull(handle);
      return 0;
    }
    if (locked) {
      folio.unlock();
    }
    folio.put();
    if (handle != null) {
      handle.stop();
      truncateFailedWrite(inode, position + bytes);
    }
    return result == -Errno.EAGAIN
        ? allocatingWriteBegin(mapping, position, bytes, context)
        : result;
  }

  /** What a failed write behind the end left in the cache, and on the disk, goes. */
  private static void truncateFailedWrite(Ext4Inode inode, long end) {
    if (end <= inode.size()) {
      return;
    }
    Filemap.truncateInodePages(inode.mapping(), inode.size());
    try {
      Ext4Truncate.truncateInode(inode);
    } catch (Ext4Exception e) {
      inode.ext4.error("inode " + inode.number() + ": blocks behind its end stay allocated");
    }
  }

  /** Gives a page's block its place at once. */
  @Traced("ext4_get_block")
  private static long createBlock(
      Ext4Handle handle, Ext4Inode inode, long fileBlock, BufferHead buffer) {
    Ext4Map map = new Ext4Map(fileBlock, 1);
    try {
      Ext4Mapper.mapBlocks(handle, inode, map, Ext4Mapper.CREATE);
    } catch (Ext4Exception e) {
      return e.result;
    }
    buffer.map(inode.ext4.disk, map.physical);
    buffer.clearDelay();
    buffer.clearUnwritten();
    if (map.isNew) {
      buffer.setNew();
    }
    return 0;
  }

  private interface ForBuffer {
    void accept(BufferHead buffer);
  }

  private static void forBuffers(Folio folio, long position, int bytes, ForBuffer action) {
    int from = folio.offsetOf(position);
    BufferHead first = Objects.requireNonNull(Buffers.folioBuffers(folio));
    for (int at = from & -first.sizeBytes; at < from + bytes; at += first.sizeBytes) {
      action.accept(Buffers.bufferAt(first, at));
    }
  }

  @Override
  public long writeEnd(
      AddressSpace mapping, long position, int bytes, int copied, WriteContext context) {
    Ext4Inode inode = (Ext4Inode) mapping.host();
    if (context.fsData instanceof Ext4Handle handle) {
      context.fsData = null;
      return inode.journalsData()
          ? journalledWriteEnd(inode, handle, position, bytes, copied, context)
          : allocatingWriteEnd(inode, handle, position, bytes, copied, context);
    }
    return daWriteEnd(inode, position, bytes, copied, context);
  }

  @Traced("ext4_da_write_end")
  private static long daWriteEnd(
      Ext4Inode inode, long position, int bytes, int copied, WriteContext context) {
    if (Ext4Trace.ext4DaWriteEndOn()) {
      Ext4Trace.ext4DaWriteEnd(inode.traceDevice(), inode.number(), position, bytes, copied);
    }
    Folio folio = Objects.requireNonNull(context.folio);
    int accepted = Buffers.blockWriteEnd(folio, position, bytes, copied);
    boolean diskSizeChanged = false;
    long newSize = position + accepted;
    if (accepted > 0 && newSize > inode.size()) {
      inode.setSize(newSize);
      if (daShouldUpdateDisksize(folio, newSize - 1)) {
        inode.diskSize = Math.max(inode.diskSize, newSize);
        diskSizeChanged = true;
      }
    }
    folio.unlock();
    folio.put();
    context.folio = null;
    if (diskSizeChanged) {
      inode.markDirty(PageCacheOwner.DIRTY_DATASYNC);
    }
    return accepted;
  }

  /** Whether the last byte's block has its place already. */
  @Traced("ext4_da_should_update_i_disksize")
  private static boolean daShouldUpdateDisksize(Folio folio, long lastByte) {
    int offset = folio.offsetOf(lastByte);
    BufferHead first = Objects.requireNonNull(Buffers.folioBuffers(folio));
    BufferHead at = Buffers.bufferAt(first, offset);
    return at.isMapped() && !at.isDelay() && !at.isUnwritten();
  }

  @Traced("ext4_write_end")
  private static long allocatingWriteEnd(
      Ext4Inode inode,
      Ext4Handle handle,
      long position,
      int bytes,
      int copied,
      WriteContext context) {
    if (Ext4Trace.ext4WriteEndOn()) {
      Ext4Trace.ext4WriteEnd(inode.traceDevice(), inode.number(), position, bytes, copied);
    }
    Folio folio = Objects.requireNonNull(context.folio);
    int accepted = Buffers.blockWriteEnd(folio, position, bytes, copied);
    return finishWrite(inode, handle, folio, position, bytes, accepted, context);
  }

  private static long finishWrite(
      Ext4Inode inode,
      Ext4Handle handle,
      Folio folio,
      long position,
      int bytes,
      int accepted,
      WriteContext context) {
    long result = accepted;
    boolean grown = position + accepted > inode.size();
    if (grown) {
      inode.setSize(position + accepted);
    }
    folio.unlock();
    folio.put();
    context.folio = null;
    try {
      if (inode.size() > inode.diskSize && accepted > 0) {
        inode.diskSize = inode.size();
        inode.ext4.table.markInodeDirty(handle, inode);
      }
    } catch (Ext4Exception e) {
      result = e.result;
    }
    long stopped = handle.stop();
    if (accepted < bytes) {
      truncateFailedWrite(inode, position + bytes);
    }
    return stopped != 0 && result >= 0 ? stopped : result;
  }

  /** data=journal: what was copied goes to the log. */
  @Traced("ext4_journalled_write_end")
  private static long journalledWriteEnd(
      Ext4Inode inode,
      Ext4Handle handle,
      long position,
      int bytes,
      int copied,
      WriteContext context) {
    if (Ext4Trace.ext4JournalledWriteEndOn()) {
      Ext4Trace.ext4JournalledWriteEnd(
          inode.traceDevice(), inode.number(), position, bytes, copied);
    }
    Folio folio = Objects.requireNonNull(context.folio);
    int accepted = copied < bytes && !folio.isUptodate() ? 0 : copied;
    long result = accepted;
    try {
      if (accepted > 0) {
        forBuffers(
            folio,
            position,
            accepted,
            buffer -> {
              buffer.setUptodate();
              buffer.clearNew();
              handle.dirtyMetadata(buffer, inode);
            });
        markUptodateIfWhole(folio);
        if (context.forMapping) {
          noteStores(inode, folio);
          // The commit takes the right to store from the mappings: what it logs does not change.
          handle.orderedWrite(inode, folio.position(), folio.sizeBytes(), false);
        }
        Filemap.filemapDirtyFolio(inode.mapping(), folio);
      }
    } catch (Ext4Exception e) {
      result = e.result;
    }
    long finished = finishWrite(inode, handle, folio, position, bytes, accepted, context);
    return result < 0 ? result : finished;
  }

  private static void markUptodateIfWhole(Folio folio) {
    BufferHead first = Objects.requireNonNull(Buffers.folioBuffers(folio));
    boolean whole = true;
    BufferHead at = first;
    do {
      whole &= at.isUptodate();
      at = at.next;
    } while (at != first);
    if (whole && !folio.isUptodate()) {
      folio.markUptodate();
    }
  }

  @Override
  @Traced("ext4_invalidate_folio")
  public void invalidateFolio(Folio folio, int offset, int bytes) {
    AddressSpace mapping = Objects.requireNonNull(folio.mapping);
    Ext4Inode inode = (Ext4Inode) mapping.host();
    releasePromises(inode, folio, offset, bytes);
    if (inode.journalsData() && inode.ext4.journal != null) {
      inode.ext4.journal.invalidateFolio(folio, offset, bytes);
    } else {
      Buffers.blockInvalidateFolio(folio, offset, bytes);
    }
  }

  /** Blocks of a page that goes away need no space any more. */
  @Traced("ext4_es_remove_blks")
  private static void releasePromises(Ext4Inode inode, Folio folio, int offset, int bytes) {
    if (inode.status.delayed() == 0) {
      return;
    }
    int size = inode.ext4.blockSize;
    long first = folio.position() + offset + size - 1 >>> inode.ext4.shape.blockBits;
    long end = folio.position() + offset + bytes >>> inode.ext4.shape.blockBits;
    for (long block = first; block < end; block++) {
      if (inode.status.nextDelayed(block, block + 1) >= 0) {
        inode.status.remove(block, 1);
      }
    }
  }

  @Override
  @Traced("ext4_release_folio")
  public boolean releaseFolio(Folio folio) {
    AddressSpace mapping = folio.mapping;
    if (mapping != null
        && mapping.host() instanceof Ext4Inode inode
        && inode.ext4.journal != null) {
      return inode.ext4.journal.tryToFreeBuffers(folio);
    }
    return Buffers.tryToFreeBuffers(folio);
  }

  @Override
  @Traced("ext4_bmap")
  public long bmap(AddressSpace mapping, long block) {
    Ext4Inode inode = (Ext4Inode) mapping.host();
    Ext4Map map = new Ext4Map(block, 1);
    try {
      if (inode.status.delayed() > 0) {
        Filemap.filemapWriteAndWaitRange(mapping, 0, Long.MAX_VALUE);
      }
      Ext4Mapper.lookup(inode, map);
    } catch (Ext4Exception e) {
      return e.result;
    }
    return map.state == Ext4Map.WRITTEN ? map.physical : 0;
  }
}
