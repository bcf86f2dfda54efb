package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.pagecache.Folio;
import java.util.List;

/**
 * Gives the blocks of dirty pages places, as many at once as lie side by side. <i>Linux:</i> the
 * middle of ext4_do_writepages.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4RunMapper {
  private final Ext4Inode inode;
  private final int bits;
  private int mapped;
  private boolean partly;

  Ext4RunMapper(Ext4Inode inode) {
    this.inode = inode;
    bits = inode.ext4.shape.blockBits;
  }

  /** Pages that had all their places when mapping the last run ended or failed. */
  int mapped() {
    return mapped;
  }

  /** Whether the page behind those got places for some of its blocks. */
  boolean isPartly() {
    return partly;
  }

  /** Gives the dirty buffers of the pages places, as far as the handle's credits go. */
  void mapFolios(Ext4Handle handle, List<Folio> folios) {
    long end = inode.sizeInBlocks();
    mapped = 0;
    partly = false;
    Ext4Map map = new Ext4Map(0, 0);
    for (Folio folio : folios) {
      BufferHead first = buffersOf(folio);
      BufferHead at = first;
      long block = folio.position() >>> bits;
      do {
        if (at.isDirty() && block < end && needsPlace(at)) {
          if (!covers(map, block)) {
            if (!handle.hasCredits(Ext4Extents.INSERT_CREDITS + 4)) {
              return;
            }
            map = mapOneExtent(handle, block, dirtyRunFrom(folios, block, end));
          }
          takePlace(at, map.physical + block - map.block);
          partly = true;
        }
        block++;
        at = at.next;
      } while (at != first);
      mapped++;
      partly = false;
    }
  }

  BufferHead buffersOf(Folio folio) {
    BufferHead first = Buffers.folioBuffers(folio);
    return first != null ? first : Buffers.createEmptyBuffers(folio, inode.ext4.blockSize);
  }

  static boolean needsPlace(BufferHead buffer) {
    return !buffer.isMapped() || buffer.isDelay() || buffer.isUnwritten();
  }

  private static boolean covers(Ext4Map map, long block) {
    return map.state == Ext4Map.WRITTEN && block >= map.block && block < map.block + map.count;
  }

  /** Blocks from one on, up to the end of the run of pages, that have dirty data without place. */
  private int dirtyRunFrom(List<Folio> folios, long block, long end) {
    int count = 0;
    long wanted = block;
    for (Folio folio : folios) {
      long index = folio.position() >>> bits;
      BufferHead first = buffersOf(folio);
      BufferHead at = first;
      do {
        if (index == wanted) {
          if (index >= end || !at.isDirty() || !needsPlace(at)) {
            return Math.max(1, count);
          }
          count++;
          wanted++;
        }
        index++;
        at = at.next;
      } while (at != first);
    }
    return Math.max(1, count);
  }

  @Traced("mpage_map_one_extent")
  Ext4Map mapOneExtent(Ext4Handle handle, long block, int count) {
    int flags = Ext4Mapper.CREATE | Ext4Mapper.IO_SUBMIT;
    long delayed = inode.status.delayedFrom(block, count);
    boolean promised = delayed > 0;
    Ext4Map map = new Ext4Map(block, promised ? delayed : count);
    flags |= promised ? Ext4Mapper.DELAYED : 0;
    boolean complete = block + count >= inode.sizeInBlocks() && !inode.isOpenForWrite();
    flags |= complete ? Ext4Mapper.NO_PREALLOC : 0;
    Ext4Points.daWritePagesExtent(inode, block, (int) map.wanted, promised);
    Ext4Mapper.mapBlocks(handle, inode, map, flags);
    return map;
  }

  void takePlace(BufferHead buffer, long physical) {
    Buffers.cleanBdevAliases(inode.ext4.disk, physical, buffer.sizeBytes);
    buffer.map(inode.ext4.disk, physical);
    buffer.clearDelay();
    buffer.clearUnwritten();
    buffer.clearNew();
  }

  void updateDiskSize(Ext4Handle handle, long mappedEnd) {
    long size = Math.min(mappedEnd, inode.size());
    if (size > inode.diskSize) {
      inode.diskSize = size;
      inode.ext4.table.markInodeDirty(handle, inode);
    }
  }
}
