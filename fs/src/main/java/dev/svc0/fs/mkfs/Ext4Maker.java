package dev.svc0.fs.mkfs;

import static dev.svc0.fs.extformat.DirEntryLayout.*;
import static dev.svc0.fs.extformat.GroupDescriptorLayout.*;
import static dev.svc0.fs.extformat.InodeLayout.*;
import static dev.svc0.fs.extformat.SuperBlockLayout.*;

import dev.svc0.fs.extformat.Bitmap;
import dev.svc0.fs.extformat.Crc;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.mkfs.Mke2fsOptions.Feature;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.mm.HostMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Makes an ext4. <i>Source:</i> the layout that mke2fs 1.47.0 makes. */
final class Ext4Maker implements AutoCloseable {
  private static final int LOST_FOUND_BYTES = 16 * 1024;
  private static final int FIRST_INODE = 11;
  private static final int EXTRA_ISIZE = 32;
  private static final int TAIL = 12;
  private static final int EXTENT_MAGIC = 0xF30A;
  private static final int MAX_EXTENT = 32768;

  private final FileChannel image;
  private final Mke2fsOptions options;
  private final Layout base;
  private final Ext4Layout layout;
  private final int blockSize;
  private final long now;
  private final int seed;

  /** One block of host memory to build things in. */
  private final long scratch;

  /** The journal's i_block, kept a second time in the superblock. */
  private final byte[] journalMap = new byte[60];

  private long journalSize;

  Ext4Maker(FileChannel image, long bytes, Mke2fsOptions options) throws IOException {
    this.image = image;
    this.options = options;
    base = new Layout(bytes, options);
    layout = new Ext4Layout(base);
    blockSize = base.blockSize;
    now = options.now.getEpochSecond();
    scratch = HostMemory.reserve(4096);
    putUuid(scratch, options.uuid);
    seed = Crc.crc32c(Crc.CRC32C_START, scratch, 16);
  }

  @Override
  public void close() {
    HostMemory.release(scratch, 4096);
  }

  void make() throws IOException {
    writeBadBlocksInode();
    writeRoot();
    writeLostFound();
    if (base.reservedGdtBlocks > 0) {
      writeResizeInode();
    }
    if (options.has(Feature.HAS_JOURNAL)) {
      writeJournal();
    }
    writeBitmaps();
    writeDescriptors();
    writeSuperBlocks();
    image.force(true);
  }

  private void clear() {
    HostMemory.fill(scratch, 4096, (byte) 0);
  }

  private void write(long position, int bytes) throws IOException {
    ByteBuffer data = HostMemory.segment(scratch, bytes).asByteBuffer();
    long at = position;
    while (data.hasRemaining()) {
      at += image.write(data, at);
    }
  }

  private void writeBlock(long block) throws IOException {
    write(block * blockSize, blockSize);
  }

  // Inodes

  private void beginInode(int mode, int links, long size, long blocks) {
    clear();
    Disk.put16(scratch + I_MODE, mode);
    Disk.put16(scratch + I_LINKS_COUNT, links);
    Disk.put32(scratch + I_SIZE, size);
    Disk.put32(scratch + I_SIZE_HIGH, size >>> 32);
    long sectors = blocks * (blockSize >>> 9);
    Disk.put32(scratch + I_BLOCKS, sectors);
    Disk.put16(scratch + I_BLOCKS_HIGH, (int) (sectors >>> 32));
    Disk.put32(scratch + I_ATIME, now);
    Disk.put32(scratch + I_CTIME, now);
    Disk.put32(scratch + I_MTIME, now);
    if (base.inodeSize > 128) {
      Disk.put16(scratch + I_EXTRA_ISIZE, EXTRA_ISIZE);
      Disk.put32(scratch + I_CRTIME, now);
      int extra = (int) (now - (int) now >>> 32) & 3;
      for (int field : new int[] {I_CTIME_EXTRA, I_MTIME_EXTRA, I_ATIME_EXTRA, I_CRTIME_EXTRA}) {
        Disk.put32(scratch + field, extra);
      }
    }
  }

  private void writeInode(int number) throws IOException {
    int crc = Crc.crc32c(Crc.crc32c(seed, number), Disk.s32(scratch + I_GENERATION));
    crc = Crc.crc32c(crc, scratch, base.inodeSize);
    Disk.put16(scratch + I_CHECKSUM_LO, crc);
    if (base.inodeSize > 128 && Disk.u16(scratch + I_EXTRA_ISIZE) != 0) {
      Disk.put16(scratch + I_CHECKSUM_HI, crc >>> 16);
    }
    long position = layout.inodeTables[0] * blockSize + (long) (number - 1) * base.inodeSize;
    write(position, base.inodeSize);
  }

  private int inodeSeed(int number) {
    return Crc.crc32c(Crc.crc32c(seed, number), 0);
  }

  private void writeBadBlocksInode() throws IOException {
    beginInode(0, 0, 0, 0);
    HostMemory.fill(scratch + 128, Math.max(0, base.inodeSize - 128), (byte) 0);
    writeInode(EXT2_BAD_INO);
  }

  /** Puts a map of extents into the inode being made; at most four fit. */
  private void putExtents(List<long[]> extents) {
    Disk.put32(scratch + I_FLAGS, EXT4_EXTENTS_FL);
    putHeader(scratch + I_BLOCK, extents.size(), 4, 0);
    for (int i = 0; i < extents.size(); i++) {
      putExtent(scratch + I_BLOCK + 12L * (i + 1), extents.get(i));
    }
  }

  private static void putHeader(long at, int entries, int most, int depth) {
    Disk.put16(at, EXTENT_MAGIC);
    Disk.put16(at + 2, entries);
    Disk.put16(at + 4, most);
    Disk.put16(at + 6, depth);
  }

  /** First file block, number of blocks, first device block. */
  private static void putExtent(long at, long[] extent) {
    Disk.put32(at, extent[0]);
    Disk.put16(at + 4, (int) extent[1]);
    Disk.put16(at + 6, (int) (extent[2] >>> 32));
    Disk.put32(at + 8, extent[2]);
  }

  // Directories

  private void putEntry(int offset, int inode, int recLen, String name) {
    long at = scratch + offset;
    Disk.put32(at + DE_INODE, inode);
    Disk.put16(at + DE_REC_LEN, recLen);
    Disk.put8(at + DE_NAME_LEN, name.length());
    Disk.put8(at + DE_FILE_TYPE, inode == 0 ? 0 : EXT2_FT_DIR);
    HostMemory.copy(name.getBytes(StandardCharsets.ISO_8859_1), 0, at + DE_NAME, name.length());
  }

  private void writeDirBlock(int directory, long block) throws IOException {
    long tail = scratch + blockSize - TAIL;
    Disk.put16(tail + DE_REC_LEN, TAIL);
    Disk.put8(tail + DE_FILE_TYPE, 0xDE);
    Disk.put32(tail + 8, Crc.crc32c(inodeSeed(directory), scratch, blockSize - TAIL));
    writeBlock(block);
  }

  private void writeRoot() throws IOException {
    long block = layout.allocate(base.firstDataBlock);
    clear();
    putEntry(0, EXT2_ROOT_INO, 12, ".");
    putEntry(12, EXT2_ROOT_INO, 12, "..");
    putEntry(24, FIRST_INODE, blockSize - TAIL - 24, "lost+found");
    writeDirBlock(EXT2_ROOT_INO, block);
    beginInode(StatConstants.S_IFDIR | 0755, 3, blockSize, 1);
    putExtents(List.of(new long[] {0, 1, block}));
    writeInode(EXT2_ROOT_INO);
  }

  private void writeLostFound() throws IOException {
    int count = Math.min(EXT2_NDIR_BLOCKS, Math.max(2, LOST_FOUND_BYTES / blockSize));
    List<long[]> extents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long block = layout.allocate(base.firstDataBlock);
      long[] last = extents.isEmpty() ? null : extents.get(extents.size() - 1);
      if (last != null && last[2] + last[1] == block) {
        last[1]++;
      } else {
        extents.add(new long[] {i, 1, block});
      }
      clear();
      if (i == 0) {
        putEntry(0, FIRST_INODE, 12, ".");
        putEntry(12, EXT2_ROOT_INO, blockSize - TAIL - 12, "..");
      } else {
        putEntry(0, 0, blockSize - TAIL, "");
      }
      writeDirBlock(FIRST_INODE, block);
    }
    if (extents.size() > 4) {
      throw new IOException("the image is too small for an ext4 file system");
    }
    beginInode(StatConstants.S_IFDIR | 0700, 2, (long) count * blockSize, count);
    putExtents(extents);
    writeInode(FIRST_INODE);
  }

  /**
   * The inode that owns the blocks reserved for growing the descriptor table: each reserved block
   * of the first group is a block of pointers to its copies in the other groups.
   */
  private void writeResizeInode() throws IOException {
    int pointers = blockSize / 4;
    long goal = 3L + base.firstDataBlock + base.descriptorBlocks + base.reservedGdtBlocks;
    long table = layout.allocate(goal + base.inodeTableBlocks);
    long firstReserved = base.firstDataBlock + 1L + base.descriptorBlocks;
    int copies = 0;
    for (int i = 0; i < base.reservedGdtBlocks; i++) {
      clear();
      copies = 0;
      for (int group = 1; group < base.groups; group++) {
        if (Layout.hasSuper(group)) {
          long copy = firstReserved + i + (long) group * base.blocksPerGroup;
          Disk.put32(scratch + 4L * copies++, copy);
        }
      }
      writeBlock(firstReserved + i);
    }
    clear();
    for (int i = 0; i < base.reservedGdtBlocks; i++) {
      int slot = (base.descriptorBlocks + i) % pointers;
      Disk.put32(scratch + 4L * slot, firstReserved + i);
    }
    writeBlock(table);
    long size = ((long) pointers * pointers + pointers + EXT2_NDIR_BLOCKS) * blockSize;
    long blocks = 1 + (long) base.reservedGdtBlocks * (1 + copies);
    beginInode(StatConstants.S_IFREG | 0600, 1, size, blocks);
    Disk.put32(scratch + I_BLOCK + 4L * EXT2_DIND_BLOCK, table);
    writeInode(EXT2_RESIZE_INO);
  }

  // The journal

  private void writeJournal() throws IOException {
    long blocks =
        options.journalBlocks != 0 ? options.journalBlocks : Ext4Layout.journalBlocks(base.blocks);
    if (blocks == 0) {
      return; // too small for one, as for mke2fs
    }
    List<long[]> extents = new ArrayList<>();
    long goal = layout.journalGoal();
    for (long done = 0; done < blocks; ) {
      long[] run = layout.allocateRun(goal, Math.min(MAX_EXTENT, blocks - done));
      extents.add(new long[] {done, run[1], run[0]});
      done += run[1];
      goal = run[0] + run[1];
    }
    long leaf = extents.size() > 4 ? layout.allocate(goal) : 0;
    writeJournalSuper(extents.get(0)[2], blocks);
    if (leaf != 0) {
      writeLeaf(leaf, extents);
    }
    journalSize = blocks * blockSize;
    beginInode(StatConstants.S_IFREG | 0600, 1, journalSize, blocks + (leaf != 0 ? 1 : 0));
    if (leaf == 0) {
      putExtents(extents);
    } else {
      Disk.put32(scratch + I_FLAGS, EXT4_EXTENTS_FL);
      putHeader(scratch + I_BLOCK, 1, 4, 1);
      Disk.put32(scratch + I_BLOCK + 16, leaf);
      Disk.put16(scratch + I_BLOCK + 20, (int) (leaf >>> 32));
    }
    HostMemory.copy(scratch + I_BLOCK, journalMap, 0, journalMap.length);
    writeInode(EXT2_JOURNAL_INO);
  }

  private void writeLeaf(long leaf, List<long[]> extents) throws IOException {
    int most = (blockSize - 12) / 12;
    if (extents.size() > most) {
      throw new IOException("the journal would lie in " + extents.size() + " pieces");
    }
    clear();
    putHeader(scratch, extents.size(), most, 0);
    for (int i = 0; i < extents.size(); i++) {
      putExtent(scratch + 12L * (i + 1), extents.get(i));
    }
    int tail = 12 + 12 * most;
    Disk.put32(scratch + tail, Crc.crc32c(inodeSeed(EXT2_JOURNAL_INO), scratch, tail));
    writeBlock(leaf);
  }

  private void putBe32(int offset, long value) {
    HostMemory.putInt(scratch + offset, Integer.reverseBytes((int) value));
  }

  private void writeJournalSuper(long block, long blocks) throws IOException {
    clear();
    putBe32(0, 0xC03B3998L);
    putBe32(4, 4); // superblock of version 2
    putBe32(12, blockSize);
    putBe32(16, blocks);
    putBe32(20, 1); // first block of the log
    putBe32(24, 1); // first transaction
    putUuid(scratch + 48, options.uuid);
    putBe32(64, 1); // users
    writeBlock(block);
  }

  // Groups

  private int usedInodes(int group) {
    return group == 0 ? FIRST_INODE : 0;
  }

  private boolean hasBlockBitmap(int group) {
    return group == 0 || group == base.groups - 1 || !layout.isUntouched(group);
  }

  private void writeBitmaps() throws IOException {
    for (int group = 0; group < base.groups; group++) {
      if (hasBlockBitmap(group)) {
        fillBlockBitmap(group);
        writeBlock(layout.blockBitmaps[group]);
      }
    }
    clear();
    fillInodeBitmap();
    writeBlock(layout.inodeBitmaps[0]);
  }

  private void fillBlockBitmap(int group) {
    clear();
    long first = base.firstBlock(group);
    int count = base.blocksIn(group);
    for (int bit = 0; bit < count; bit++) {
      if (layout.isUsed(first + bit)) {
        Bitmap.testAndSet(scratch, bit);
      }
    }
    pad(count);
  }

  private void fillInodeBitmap() {
    clear();
    for (int bit = 0; bit < FIRST_INODE; bit++) {
      Bitmap.testAndSet(scratch, bit);
    }
    pad(base.inodesPerGroup);
  }

  /** Bits that stand for nothing are set. */
  private void pad(int from) {
    for (int bit = from; bit < blockSize * 8; bit++) {
      Bitmap.testAndSet(scratch, bit);
    }
  }

  private void writeDescriptors() throws IOException {
    int perBlock = blockSize / Ext4Layout.DESCRIPTOR_SIZE;
    int[] blockSums = new int[base.groups];
    for (int group = 0; group < base.groups; group++) {
      if (hasBlockBitmap(group)) {
        fillBlockBitmap(group);
        blockSums[group] = Crc.crc32c(seed, scratch, base.blocksPerGroup / 8);
      }
    }
    fillInodeBitmap();
    int inodeSum = Crc.crc32c(seed, scratch, base.inodesPerGroup / 8);
    for (int index = 0; index < base.descriptorBlocks; index++) {
      clear();
      int end = Math.min(base.groups, (index + 1) * perBlock);
      for (int group = index * perBlock; group < end; group++) {
        long at = scratch + (long) (group % perBlock) * Ext4Layout.DESCRIPTOR_SIZE;
        putDescriptor(at, group, blockSums[group], group == 0 ? inodeSum : 0);
      }
      for (int group = 0; group < base.groups; group++) {
        if (Layout.hasSuper(group)) {
          writeBlock(base.firstBlock(group) + 1 + index);
        }
      }
    }
  }

  private static void putWide(long at, int low, int high, long value) {
    Disk.put32(at + low, value);
    Disk.put32(at + high, value >>> 32);
  }

  private static void putHalves(long at, int low, int high, int value) {
    Disk.put16(at + low, value);
    Disk.put16(at + high, value >>> 16);
  }

  private void putDescriptor(long at, int group, int blockSum, int inodeSum) {
    putWide(at, BG_BLOCK_BITMAP, BG_BLOCK_BITMAP_HI, layout.blockBitmaps[group]);
    putWide(at, BG_INODE_BITMAP, BG_INODE_BITMAP_HI, layout.inodeBitmaps[group]);
    putWide(at, BG_INODE_TABLE, BG_INODE_TABLE_HI, layout.inodeTables[group]);
    int freeInodes = base.inodesPerGroup - usedInodes(group);
    putHalves(at, BG_FREE_BLOCKS_COUNT, BG_FREE_BLOCKS_COUNT_HI, layout.freeIn(group));
    putHalves(at, BG_FREE_INODES_COUNT, BG_FREE_INODES_COUNT_HI, freeInodes);
    putHalves(at, BG_USED_DIRS_COUNT, BG_USED_DIRS_COUNT_HI, group == 0 ? 2 : 0);
    putHalves(at, BG_ITABLE_UNUSED, BG_ITABLE_UNUSED_HI, freeInodes);
    putHalves(at, BG_BLOCK_BITMAP_CSUM, BG_BLOCK_BITMAP_CSUM_HI, blockSum);
    putHalves(at, BG_INODE_BITMAP_CSUM, BG_INODE_BITMAP_CSUM_HI, inodeSum);
    int flags = group == 0 ? 0 : EXT4_BG_INODE_UNINIT;
    flags |= hasBlockBitmap(group) ? 0 : EXT4_BG_BLOCK_UNINIT;
    Disk.put16(at + BG_FLAGS, flags);
    int crc = Crc.crc32c(seed, group);
    crc = Crc.crc32c(crc, at, BG_CHECKSUM);
    crc = Crc.crc32cZeroes(crc, 2);
    crc = Crc.crc32c(crc, at + BG_CHECKSUM + 2, Ext4Layout.DESCRIPTOR_SIZE - BG_CHECKSUM - 2);
    Disk.put16(at + BG_CHECKSUM, crc);
  }

  // The superblock

  private void writeSuperBlocks() throws IOException {
    clear();
    putCounts();
    putFixed();
    putJournal();
    putUuid(scratch + S_UUID, options.uuid);
    putUuid(scratch + S_HASH_SEED, options.hashSeed);
    byte[] label = options.label.getBytes(StandardCharsets.ISO_8859_1);
    HostMemory.copy(label, 0, scratch + S_VOLUME_NAME, label.length);
    for (int group = 0; group < base.groups; group++) {
      if (Layout.hasSuper(group)) {
        Disk.put16(scratch + S_BLOCK_GROUP_NR, group);
        int crc = Crc.crc32c(Crc.CRC32C_START, scratch, S_CHECKSUM);
        Disk.put32(scratch + S_CHECKSUM, crc);
        long position = group == 0 ? SUPERBLOCK_OFFSET : base.firstBlock(group) * blockSize;
        write(position, SUPERBLOCK_SIZE);
      }
    }
  }

  private void putCounts() {
    long free = 0;
    long overhead = base.firstDataBlock + journalSize / blockSize;
    for (int group = 0; group < base.groups; group++) {
      free += layout.freeIn(group);
      overhead += base.superBlocks(group) + 2 + base.inodeTableBlocks;
    }
    int logBlockSize = Integer.numberOfTrailingZeros(blockSize) - 10;
    Disk.put32(scratch + S_INODES_COUNT, base.inodes());
    putWide(scratch, S_BLOCKS_COUNT, S_BLOCKS_COUNT_HI, base.blocks);
    putWide(scratch, S_R_BLOCKS_COUNT, S_R_BLOCKS_COUNT_HI, base.reservedBlocks);
    putWide(scratch, S_FREE_BLOCKS_COUNT, S_FREE_BLOCKS_COUNT_HI, free);
    Disk.put32(scratch + S_FREE_INODES_COUNT, base.inodes() - FIRST_INODE);
    Disk.put32(scratch + S_FIRST_DATA_BLOCK, base.firstDataBlock);
    Disk.put32(scratch + S_LOG_BLOCK_SIZE, logBlockSize);
    Disk.put32(scratch + S_LOG_FRAG_SIZE, logBlockSize);
    Disk.put32(scratch + S_BLOCKS_PER_GROUP, base.blocksPerGroup);
    Disk.put32(scratch + S_FRAGS_PER_GROUP, base.blocksPerGroup);
    Disk.put32(scratch + S_INODES_PER_GROUP, base.inodesPerGroup);
    Disk.put16(scratch + S_RESERVED_GDT_BLOCKS, base.reservedGdtBlocks);
    Disk.put32(scratch + S_OVERHEAD_CLUSTERS, overhead);
  }

  private void putFixed() {
    Disk.put32(scratch + S_WTIME, now);
    Disk.put32(scratch + S_LASTCHECK, now);
    Disk.put32(scratch + S_MKFS_TIME, now);
    Disk.put16(scratch + S_MAX_MNT_COUNT, 0xffff);
    Disk.put16(scratch + S_MAGIC, 0xEF53);
    Disk.put16(scratch + S_STATE, EXT2_VALID_FS);
    Disk.put16(scratch + S_ERRORS, EXT2_ERRORS_CONTINUE);
    Disk.put32(scratch + S_REV_LEVEL, EXT2_DYNAMIC_REV);
    Disk.put32(scratch + S_FIRST_INO, FIRST_INODE);
    Disk.put16(scratch + S_INODE_SIZE, base.inodeSize);
    int compat = Features.COMPAT_EXT_ATTR | Features.COMPAT_DIR_INDEX;
    compat |= options.has(Feature.RESIZE_INODE) ? Features.COMPAT_RESIZE_INODE : 0;
    compat |= journalSize > 0 ? Features.COMPAT_HAS_JOURNAL : 0;
    Disk.put32(scratch + S_FEATURE_COMPAT, compat);
    int incompat = Features.INCOMPAT_FILETYPE | Features.INCOMPAT_EXTENTS;
    incompat |= Features.INCOMPAT_64BIT | Features.INCOMPAT_FLEX_BG;
    Disk.put32(scratch + S_FEATURE_INCOMPAT, incompat);
    int roCompat = Features.RO_COMPAT_SPARSE_SUPER | Features.RO_COMPAT_LARGE_FILE;
    roCompat |= Features.RO_COMPAT_HUGE_FILE | Features.RO_COMPAT_DIR_NLINK;
    roCompat |= Features.RO_COMPAT_EXTRA_ISIZE | Features.RO_COMPAT_METADATA_CSUM;
    Disk.put32(scratch + S_FEATURE_RO_COMPAT, roCompat);
    Disk.put8(scratch + S_DEF_HASH_VERSION, 1);
    Disk.put16(scratch + S_DESC_SIZE, Ext4Layout.DESCRIPTOR_SIZE);
    Disk.put32(scratch + S_FLAGS, EXT2_FLAGS_SIGNED_HASH);
    Disk.put32(scratch + S_DEFAULT_MOUNT_OPTS, EXT2_DEFM_XATTR_USER | EXT2_DEFM_ACL);
    Disk.put8(scratch + S_LOG_GROUPS_PER_FLEX, Integer.numberOfTrailingZeros(Ext4Layout.FLEX));
    Disk.put8(scratch + S_CHECKSUM_TYPE, 1);
    if (base.inodeSize > 128) {
      Disk.put16(scratch + S_MIN_EXTRA_ISIZE, EXTRA_ISIZE);
      Disk.put16(scratch + S_WANT_EXTRA_ISIZE, EXTRA_ISIZE);
    }
  }

  private void putJournal() {
    if (journalSize > 0) {
      Disk.put32(scratch + S_JOURNAL_INUM, EXT2_JOURNAL_INO);
      HostMemory.copy(journalMap, 0, scratch + S_JNL_BLOCKS, journalMap.length);
      Disk.put32(scratch + S_JNL_BLOCKS + 60, journalSize >>> 32);
      Disk.put32(scratch + S_JNL_BLOCKS + 64, journalSize);
      Disk.put8(scratch + S_JNL_BACKUP_TYPE, 1);
    }
  }

  /** Stored in the order it is written. */
  private static void putUuid(long at, UUID uuid) {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    HostMemory.copy(bytes.array(), 0, at, 16);
  }
}
