package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.GroupDescriptorLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Bitmap;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.BufferIo;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import java.util.BitSet;

/**
 * The bitmaps of blocks and of inodes as they are on disk, made here for groups that were never
 * used. Under the allocation lock.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4BlockBitmaps {
  private final Ext4SuperBlock superBlock;
  private final ExtGeometry shape;
  private final BitSet checkedBlocks = new BitSet();
  private final BitSet checkedInodes = new BitSet();

  Ext4BlockBitmaps(Ext4SuperBlock superBlock) {
    this.superBlock = superBlock;
    shape = superBlock.shape;
  }

  /** A group's bitmap of blocks, with a reference. */
  @Traced("ext4_read_block_bitmap")
  BufferHead readBlockBitmap(int group) {
    BufferHead bitmap = readBlockBitmapNowait(group);
    waitBlockBitmap(group, bitmap);
    return bitmap;
  }

  /** The same, perhaps still being read; made here when it was never on disk. */
  @Traced("ext4_read_block_bitmap_nowait")
  private BufferHead readBlockBitmapNowait(int group) {
    BufferHead bitmap = getblk(superBlock.groups.blockBitmap(group));
    if (bitmap.isUptodate()) {
      validateBlockBitmap(group, bitmap);
    } else if (superBlock.groups.hasFlag(group, EXT4_BG_BLOCK_UNINIT)) {
      initBlockBitmap(group, bitmap);
    } else {
      if (Ext4Trace.ext4ReadBlockBitmapLoadOn()) {
        Ext4Trace.ext4ReadBlockBitmapLoad(Ext4Points.device(superBlock), group, false);
      }
      BufferIo.bhReadNowait(bitmap);
    }
    return bitmap;
  }

  /** Waits for one that is being read. */
  @Traced("ext4_wait_block_bitmap")
  private void waitBlockBitmap(int group, BufferHead bitmap) {
    if (bitmap.isUptodate() && checkedBlocks.get(group)
        || superBlock.groups.hasFlag(group, EXT4_BG_BLOCK_UNINIT)) {
      return;
    }
    bitmap.waitLocked();
    if (!bitmap.isUptodate()) {
      Buffers.brelse(bitmap);
      throw new Ext4Exception(-Errno.EIO);
    }
    validateBlockBitmap(group, bitmap);
  }

  /** Checks one that was read, once. */
  @Traced("ext4_validate_block_bitmap")
  private void validateBlockBitmap(int group, BufferHead bitmap) {
    if (checkedBlocks.get(group) || superBlock.groups.hasFlag(group, EXT4_BG_BLOCK_UNINIT)) {
      return;
    }
    if (!superBlock.groups.isBlockBitmapRight(group, bitmap)) {
      long block = bitmap.blockNumber;
      Buffers.brelse(bitmap);
      superBlock.error("group " + group + ": wrong checksum of block bitmap " + block);
      throw new Ext4Exception(-Errno.EBADMSG);
    }
    checkOwnBlocks(group, bitmap);
    checkedBlocks.set(group);
  }

  /** What a bitmap must say of the blocks that describe its group. */
  @Traced("ext4_valid_block_bitmap")
  private void checkOwnBlocks(int group, BufferHead bitmap) {
    boolean right =
        isMarked(group, bitmap, superBlock.groups.blockBitmap(group), 1)
            && isMarked(group, bitmap, superBlock.groups.inodeBitmap(group), 1)
            && isMarked(group, bitmap, superBlock.groups.inodeTable(group), shape.inodeTableBlocks);
    if (!right) {
      Buffers.brelse(bitmap);
      Ext4Exception.check(
          superBlock.error("group " + group + ": block bitmap does not hold the group's own"));
    }
  }

  private boolean isMarked(int group, BufferHead bitmap, long block, int count) {
    for (long at = block; at < block + count; at++) {
      if (shape.groupOfBlock(at) == group && !Bitmap.test(bitmap.address, shape.bitOfBlock(at))) {
        return false;
      }
    }
    return true;
  }

  private BufferHead read(long block) {
    BufferHead buffer = Buffers.bread(superBlock.disk, block, shape.blockSize);
    if (buffer == null) {
      throw new Ext4Exception(-Errno.EIO);
    }
    return buffer;
  }

  private BufferHead getblk(long block) {
    BufferHead buffer = Buffers.bdevGetblk(superBlock.disk, block, shape.blockSize);
    if (buffer == null) {
      throw new Ext4Exception(-Errno.ENOMEM);
    }
    return buffer;
  }

  @Traced("ext4_init_block_bitmap")
  private void initBlockBitmap(int group, BufferHead buffer) {
    buffer.lock();
    HostMemory.fill(buffer.address, buffer.sizeBytes, (byte) 0);
    setBits(buffer, 0, shape.groupSuperBlocks(group));
    markOwn(group, buffer, superBlock.groups.blockBitmap(group), 1);
    markOwn(group, buffer, superBlock.groups.inodeBitmap(group), 1);
    markOwn(group, buffer, superBlock.groups.inodeTable(group), shape.inodeTableBlocks);
    setBits(buffer, shape.groupBlocks(group), shape.blockSize * 8);
    buffer.setUptodate();
    buffer.unlock();
  }

  private void markOwn(int group, BufferHead buffer, long block, int count) {
    for (long at = block; at < block + count; at++) {
      if (shape.groupOfBlock(at) == group) {
        Bitmap.testAndSet(buffer.address, shape.bitOfBlock(at));
      }
    }
  }

  private static void setBits(BufferHead buffer, int from, int end) {
    for (int bit = from; bit < end; bit++) {
      Bitmap.testAndSet(buffer.address, bit);
    }
  }

  /** Before the first block of a group is taken: from now on its bitmap is on disk. */
  void useBlockBitmap(int group, BufferHead bitmap) {
    if (superBlock.groups.hasFlag(group, EXT4_BG_BLOCK_UNINIT)) {
      superBlock.groups.clearFlag(group, EXT4_BG_BLOCK_UNINIT);
      int free = Bitmap.countZero(bitmap.address, shape.groupBlocks(group));
      superBlock.groups.putFreeBlocks(group, free);
      checkedBlocks.set(group);
    }
  }

  /** A group's bitmap of inodes, with a reference. */
  @Traced("ext4_read_inode_bitmap")
  BufferHead readInodeBitmap(int group) {
    long block = superBlock.groups.inodeBitmap(group);
    if (superBlock.groups.hasFlag(group, EXT4_BG_INODE_UNINIT)) {
      BufferHead made = getblk(block);
      if (!made.isUptodate()) {
        made.lock();
        HostMemory.fill(made.address, made.sizeBytes, (byte) 0);
        setBits(made, shape.inodesPerGroup, shape.blockSize * 8);
        made.setUptodate();
        made.unlock();
      }
      return made;
    }
    if (!checkedInodes.get(group) && Ext4Trace.ext4LoadInodeBitmapOn()) {
      Ext4Trace.ext4LoadInodeBitmap(Ext4Points.device(superBlock), group);
    }
    BufferHead bitmap = read(block);
    if (!checkedInodes.get(group)) {
      if (!superBlock.groups.isInodeBitmapRight(group, bitmap)) {
        Buffers.brelse(bitmap);
        superBlock.error("group " + group + ": wrong checksum of inode bitmap " + block);
        throw new Ext4Exception(-Errno.EBADMSG);
      }
      checkedInodes.set(group);
    }
    return bitmap;
  }

  /** Before the first inode of a group is taken: from now on its bitmap is on disk. */
  void useInodeBitmap(int group) {
    if (superBlock.groups.hasFlag(group, EXT4_BG_INODE_UNINIT)) {
      superBlock.groups.clearFlag(group, EXT4_BG_INODE_UNINIT);
      checkedInodes.set(group);
    }
  }
}
