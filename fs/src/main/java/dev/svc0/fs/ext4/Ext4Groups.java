package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.GroupDescriptorLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.vfs.MountException;
import java.util.Arrays;

/**
 * The group descriptors, and the sums over them. Changed under the allocation lock of the super
 * block and a handle; sums are read without.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Groups {
  private final Ext4SuperBlock superBlock;
  private final ExtGeometry shape;
  private final BufferHead[] buffers;
  private int loaded;
  private long[] systemStarts = {};
  private long[] systemEnds = {};

  /** Blocks that no file has; protected by the allocation lock, read without. */
  private volatile long freeBlocks;

  private volatile long freeInodes;
  private volatile long directories;

  Ext4Groups(Ext4SuperBlock superBlock) {
    this.superBlock = superBlock;
    shape = superBlock.shape;
    buffers = new BufferHead[shape.descriptorBlocks];
  }

  /** Reads and checks all group descriptors. */
  @Traced("ext4_check_descriptors")
  void load() throws MountException {
    for (int i = 0; i < buffers.length; i++) {
      long at = shape.descriptorBlock(i);
      BufferHead block =
          at < shape.blocksCount ? Buffers.bread(superBlock.disk, at, shape.blockSize) : null;
      if (block == null) {
        throw new MountException(
            Errno.EIO, "ext4: unable to read group descriptors in block " + at);
      }
      buffers[i] = block;
      loaded = i + 1;
    }
    for (int group = 0; group < shape.groups; group++) {
      check(group);
      freeBlocks += freeBlocks(group);
      freeInodes += freeInodes(group);
      directories += usedDirectories(group);
    }
    gatherSystemBlocks();
  }

  private void check(int group) throws MountException {
    long at = at(group);
    if (!superBlock.checksums.isGroupRight(group, at, shape.descriptorSize)) {
      throw new MountException(
          Errno.EINVAL,
          "ext4: group %d: bg_checksum is 0x%04x, which is wrong: damaged, run e2fsck"
              .formatted(group, Disk.u16(at + BG_CHECKSUM)));
    }
    checkPlace(group, "bg_inode_table", inodeTable(group), shape.inodeTableBlocks);
    checkPlace(group, "bg_block_bitmap", blockBitmap(group), 1);
    checkPlace(group, "bg_inode_bitmap", inodeBitmap(group), 1);
  }

  private void checkPlace(int group, String field, long block, int count) throws MountException {
    if (block <= shape.firstDataBlock || block + count > shape.blocksCount) {
      throw new MountException(
          Errno.EINVAL,
          "ext4: group %d: %s is block %d, outside the file system: run e2fsck"
              .formatted(group, field, block));
    }
  }

  /** Ranges that no file may have: what e2fsprogs calls group overhead. */
  @Traced("ext4_setup_system_zone")
  private void gatherSystemBlocks() {
    long[][] ranges = new long[3 * shape.groups + 2 * shape.groups + 1][];
    int count = 0;
    for (int group = 0; group < shape.groups; group++) {
      int copies = shape.groupSuperBlocks(group);
      if (copies > 0) {
        ranges[count++] = new long[] {shape.groupFirstBlock(group), copies};
      }
      ranges[count++] = new long[] {blockBitmap(group), 1};
      ranges[count++] = new long[] {inodeBitmap(group), 1};
      ranges[count++] = new long[] {inodeTable(group), shape.inodeTableBlocks};
    }
    Arrays.sort(ranges, 0, count, (a, b) -> Long.compare(a[0], b[0]));
    systemStarts = new long[count];
    systemEnds = new long[count];
    int last = -1;
    for (int i = 0; i < count; i++) {
      if (last >= 0 && ranges[i][0] <= systemEnds[last]) {
        systemEnds[last] = Math.max(systemEnds[last], ranges[i][0] + ranges[i][1]);
      } else {
        last++;
        systemStarts[last] = ranges[i][0];
        systemEnds[last] = ranges[i][0] + ranges[i][1];
      }
    }
    systemStarts = Arrays.copyOf(systemStarts, last + 1);
    systemEnds = Arrays.copyOf(systemEnds, last + 1);
  }

  /** Whether what a file's map says can be true. */
  @Traced("ext4_inode_block_valid")
  boolean inodeBlockValid(long block, long count) {
    return isFileRange(block, count);
  }

  /** Whether [block, block + count) may belong to a file. */
  @Traced("ext4_sb_block_valid")
  boolean isFileRange(long block, long count) {
    if (!shape.isDataRange(block, count)) {
      return false;
    }
    int found = Arrays.binarySearch(systemStarts, block);
    int at = found >= 0 ? found : -found - 2;
    boolean before = at >= 0 && systemEnds[at] > block;
    boolean behind = at + 1 < systemStarts.length && systemStarts[at + 1] < block + count;
    return !before && !behind;
  }

  void release() {
    for (int i = 0; i < loaded; i++) {
      Buffers.brelse(buffers[i]);
    }
    loaded = 0;
  }

  /** The buffer that holds a group's descriptor. */
  BufferHead buffer(int group) {
    return buffers[group / shape.descriptorsPerBlock];
  }

  /** Host address of a group's descriptor. */
  long at(int group) {
    return buffers[group / shape.descriptorsPerBlock].address
        + (long) (group % shape.descriptorsPerBlock) * shape.descriptorSize;
  }

  private boolean isWide() {
    return shape.descriptorSize >= 64;
  }

  private long pointer(int group, int low, int high) {
    long at = at(group);
    return Disk.join(Disk.u32(at + low), isWide() ? Disk.u32(at + high) : 0);
  }

  private int count(int group, int low, int high) {
    long at = at(group);
    return Disk.u16(at + low) | (isWide() ? Disk.u16(at + high) << 16 : 0);
  }

  private void putCount(int group, int low, int high, int value) {
    long at = at(group);
    Disk.put16(at + low, value);
    if (isWide()) {
      Disk.put16(at + high, value >>> 16);
    }
  }

  @Traced("ext4_block_bitmap")
  long blockBitmap(int group) {
    return pointer(group, BG_BLOCK_BITMAP, BG_BLOCK_BITMAP_HI);
  }

  long inodeBitmap(int group) {
    return pointer(group, BG_INODE_BITMAP, BG_INODE_BITMAP_HI);
  }

  @Traced("ext4_inode_table")
  long inodeTable(int group) {
    return pointer(group, BG_INODE_TABLE, BG_INODE_TABLE_HI);
  }

  @Traced("ext4_free_group_clusters")
  int freeBlocks(int group) {
    return count(group, BG_FREE_BLOCKS_COUNT, BG_FREE_BLOCKS_COUNT_HI);
  }

  int freeInodes(int group) {
    return count(group, BG_FREE_INODES_COUNT, BG_FREE_INODES_COUNT_HI);
  }

  int usedDirectories(int group) {
    return count(group, BG_USED_DIRS_COUNT, BG_USED_DIRS_COUNT_HI);
  }

  /** Inodes at the end of a group's table that were never used. */
  int unusedInodes(int group) {
    return superBlock.checksums.hasGroups()
        ? count(group, BG_ITABLE_UNUSED, BG_ITABLE_UNUSED_HI)
        : 0;
  }

  boolean hasFlag(int group, int flag) {
    return superBlock.checksums.hasGroups() && (Disk.u16(at(group) + BG_FLAGS) & flag) != 0;
  }

  void clearFlag(int group, int flag) {
    long at = at(group) + BG_FLAGS;
    Disk.put16(at, Disk.u16(at) & ~flag);
  }

  void putUnusedInodes(int group, int value) {
    putCount(group, BG_ITABLE_UNUSED, BG_ITABLE_UNUSED_HI, value);
  }

  /** More or less free blocks; the sum too. */
  void addFreeBlocks(int group, int delta) {
    setFreeBlocks(group, freeBlocks(group) + delta);
    freeBlocks = freeBlocks + delta;
  }

  /** The descriptor of a group whose bitmap was not there had a count that only now matters. */
  void putFreeBlocks(int group, int value) {
    freeBlocks = freeBlocks + value - freeBlocks(group);
    setFreeBlocks(group, value);
  }

  @Traced("ext4_free_group_clusters_set")
  private void setFreeBlocks(int group, int value) {
    putCount(group, BG_FREE_BLOCKS_COUNT, BG_FREE_BLOCKS_COUNT_HI, value);
  }

  void addFreeInodes(int group, int delta) {
    putCount(group, BG_FREE_INODES_COUNT, BG_FREE_INODES_COUNT_HI, freeInodes(group) + delta);
    freeInodes = freeInodes + delta;
  }

  void addDirectories(int group, int delta) {
    int value = Math.max(0, usedDirectories(group) + delta);
    putCount(group, BG_USED_DIRS_COUNT, BG_USED_DIRS_COUNT_HI, value);
    directories = directories + delta;
  }

  /** Checks a bitmap that was read against its descriptor. */
  boolean isBlockBitmapRight(int group, BufferHead bitmap) {
    int low = Disk.u16(at(group) + BG_BLOCK_BITMAP_CSUM);
    int high = isWide() ? Disk.u16(at(group) + BG_BLOCK_BITMAP_CSUM_HI) : 0;
    int bytes = shape.blocksPerGroup / 8;
    return superBlock.checksums.isBitmapRight(bitmap.address, bytes, low, high, isWide());
  }

  boolean isInodeBitmapRight(int group, BufferHead bitmap) {
    int low = Disk.u16(at(group) + BG_INODE_BITMAP_CSUM);
    int high = isWide() ? Disk.u16(at(group) + BG_INODE_BITMAP_CSUM_HI) : 0;
    int bytes = shape.inodesPerGroup / 8;
    return superBlock.checksums.isBitmapRight(bitmap.address, bytes, low, high, isWide());
  }

  /** Ends a change of a block bitmap and of its descriptor. */
  void blockBitmapChanged(Ext4Handle handle, int group, BufferHead bitmap) {
    superBlock.checksums.setBlockBitmap(
        at(group), isWide(), bitmap.address, shape.blocksPerGroup / 8);
    superBlock.checksums.setGroup(group, at(group), shape.descriptorSize);
    handle.dirtyMetadata(bitmap);
    handle.dirtyMetadata(buffer(group));
  }

  void inodeBitmapChanged(Ext4Handle handle, int group, BufferHead bitmap) {
    superBlock.checksums.setInodeBitmap(
        at(group), isWide(), bitmap.address, shape.inodesPerGroup / 8);
    handle.dirtyMetadata(bitmap);
    changed(handle, group);
  }

  /** Ends a change of a descriptor. */
  void changed(Ext4Handle handle, int group) {
    superBlock.checksums.setGroup(group, at(group), shape.descriptorSize);
    handle.dirtyMetadata(buffer(group));
  }

  long freeBlocks() {
    return freeBlocks;
  }

  long freeInodes() {
    return freeInodes;
  }

  long directories() {
    return directories;
  }
}
