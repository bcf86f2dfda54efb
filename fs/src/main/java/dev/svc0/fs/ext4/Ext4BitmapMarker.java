package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Bitmap;
import dev.svc0.fs.extformat.GroupDescriptorLayout;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;

/**
 * Says on disk which blocks are in use: in a group's bitmap and its descriptor. Under the
 * allocation lock and a handle. <i>Linux:</i> ext4_mb_mark_context of fs/ext4/mballoc.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4BitmapMarker {
  private final Ext4SuperBlock superBlock;
  private final Ext4BlockBitmaps bitmaps;

  Ext4BitmapMarker(Ext4SuperBlock superBlock, Ext4BlockBitmaps bitmaps) {
    this.superBlock = superBlock;
    this.bitmaps = bitmaps;
  }

  /** Takes blocks that the bitmap says are free. */
  void take(Ext4Handle handle, int group, int bit, int count) {
    if (markContext(handle, group, bit, count, true) != count) {
      Ext4Exception.check(
          superBlock.error(
              "group %d: block bitmap and buddy differ in %d+%d".formatted(group, bit, count)));
    }
  }

  /** Gives blocks back that the bitmap says are in use. */
  void give(Ext4Handle handle, int group, int bit, int count) {
    if (markContext(handle, group, bit, count, false) != count) {
      Ext4Exception.check(
          superBlock.error("group %d: a block of %d+%d freed twice".formatted(group, bit, count)));
    }
  }

  /** Marks blocks whatever the bitmap says; how many of them it said something else of. */
  @Traced("ext4_mb_mark_context")
  int markContext(Ext4Handle handle, int group, int bit, int count, boolean used) {
    BufferHead bitmap = bitmaps.readBlockBitmap(group);
    try {
      handle.getWriteAccess(bitmap);
      handle.getWriteAccess(superBlock.groups.buffer(group));
      bitmaps.useBlockBitmap(group, bitmap);
      int changed = used ? setBits(bitmap, bit, count) : clearBits(bitmap, bit, count);
      superBlock.groups.addFreeBlocks(group, used ? -changed : changed);
      superBlock.groups.blockBitmapChanged(handle, group, bitmap);
      return changed;
    } finally {
      Buffers.brelse(bitmap);
    }
  }

  @Traced("mb_set_bits")
  private static int setBits(BufferHead bitmap, int bit, int count) {
    int changed = 0;
    for (int i = bit; i < bit + count; i++) {
      changed += Bitmap.testAndSet(bitmap.address, i) ? 0 : 1;
    }
    return changed;
  }

  @Traced("mb_clear_bits")
  private static int clearBits(BufferHead bitmap, int bit, int count) {
    int changed = 0;
    for (int i = bit; i < bit + count; i++) {
      changed += Bitmap.testAndClear(bitmap.address, i) ? 1 : 0;
    }
    return changed;
  }

  /** A group gets its first inode: its bitmap of blocks is on disk from now on, too. */
  void useGroup(Ext4Handle handle, int group) {
    if (superBlock.groups.hasFlag(group, GroupDescriptorLayout.EXT4_BG_BLOCK_UNINIT)) {
      BufferHead bitmap = bitmaps.readBlockBitmap(group);
      handle.getWriteAccess(bitmap);
      bitmaps.useBlockBitmap(group, bitmap);
      superBlock.groups.blockBitmapChanged(handle, group, bitmap);
      Buffers.brelse(bitmap);
    }
  }
}
