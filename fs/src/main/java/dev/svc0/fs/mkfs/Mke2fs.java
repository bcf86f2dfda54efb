package dev.svc0.fs.mkfs;

import static dev.svc0.fs.extformat.DirEntryLayout.*;
import static dev.svc0.fs.extformat.GroupDescriptorLayout.*;
import static dev.svc0.fs.extformat.InodeLayout.*;
import static dev.svc0.fs.extformat.SuperBlockLayout.*;

import dev.svc0.fs.extformat.Bitmap;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.Features;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.mm.HostMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Makes an ext2 or ext4 file system; here is what ext2 needs: superblock and descriptors with their
 * copies, bitmaps, inode tables, the root directory, {@code lost+found} and the inode that holds
 * blocks for growing. <i>Source:</i> the layout that mke2fs 1.47.0 makes.
 */
public final class Mke2fs implements AutoCloseable {
  private static final int LOST_FOUND_BYTES = 16 * 1024;
  private static final int FIRST_INODE = 11;
  private static final int EXTRA_ISIZE = 32;

  private final FileChannel image;
  private final Mke2fsOptions options;
  private final Layout layout;
  private final int blockSize;
  private final long now;

  /** One block of host memory to build things in. */
  private final long scratch;

  /** Bitmap of the first group, where all first files are. */
  private final long firstBitmap;

  private long nextBlock;

  private Mke2fs(FileChannel image, long bytes, Mke2fsOptions options) throws IOException {
    this.image = image;
    this.options = options;
    layout = new Layout(bytes, options);
    blockSize = layout.blockSize;
    now = options.now.getEpochSecond();
    scratch = HostMemory.reserve(4096);
    firstBitmap = HostMemory.reserve(4096);
  }

  /**
   * Makes a file system of a size in a file, which is made or overwritten.
   *
   * @throws IOException as {@link #format(FileChannel, long, Mke2fsOptions)}, or when the file
   *     cannot be opened
   */
  public static void format(Path image, long bytes, Mke2fsOptions options) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            image,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      format(file, bytes, options);
    }
  }

  /**
   * Makes a file system of a size on an image, whose old content is lost.
   *
   * @throws IOException when the image cannot be written, or is too small or too large
   */
  public static void format(FileChannel image, long bytes, Mke2fsOptions options)
      throws IOException {
    if (options.isExt4()) {
      try (Ext4Maker maker = new Ext4Maker(image, bytes, options)) {
        clear(image, bytes);
        maker.make();
      }
      return;
    }
    try (Mke2fs maker = new Mke2fs(image, bytes, options)) {
      clear(image, bytes);
      maker.make();
    }
  }

  private static void clear(FileChannel image, long bytes) throws IOException {
    image.truncate(0);
    image.write(ByteBuffer.allocate(1), bytes - 1);
  }

  @Override
  public void close() {
    HostMemory.release(scratch, 4096);
    HostMemory.release(firstBitmap, 4096);
  }

  private void make() throws IOException {
    nextBlock = layout.firstBlock(0) + layout.overhead(0);
    for (int bit = 0; bit < layout.overhead(0); bit++) {
      Bitmap.testAndSet(firstBitmap, bit);
    }
    writeBadBlocksInode();
    writeRoot();
    writeLostFound();
    if (layout.reservedGdtBlocks > 0) {
      writeResizeInode();
    }
    writeBitmaps();
    writeDescriptors();
    writeSuperBlocks();
    image.force(true);
  }

  private long allocate() throws IOException {
    if (nextBlock >= layout.firstBlock(0) + layout.blocksIn(0)) {
      throw new IOException("the image is too small for an ext2 file system");
    }
    Bitmap.testAndSet(firstBitmap, (int) (nextBlock - layout.firstDataBlock));
    return nextBlock++;
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

  private void beginInode(int mode, int links, long size, long blocks) {
    clear();
    Disk.put16(scratch + I_MODE, mode);
    Disk.put16(scratch + I_LINKS_COUNT, links);
    Disk.put32(scratch + I_SIZE, size);
    Disk.put32(scratch + I_BLOCKS, blocks * (blockSize >>> 9));
    putTimes();
    if (layout.inodeSize > 128) {
      Disk.put16(scratch + I_EXTRA_ISIZE, EXTRA_ISIZE);
      Disk.put32(scratch + I_CRTIME, now);
    }
  }

  private void putTimes() {
    Disk.put32(scratch + I_ATIME, now);
    Disk.put32(scratch + I_CTIME, now);
    Disk.put32(scratch + I_MTIME, now);
  }

  private void writeInode(int number) throws IOException {
    write(
        layout.inodeTable(0) * blockSize + (long) (number - 1) * layout.inodeSize,
        layout.inodeSize);
  }

  private void writeBadBlocksInode() throws IOException {
    clear();
    putTimes();
    writeInode(EXT2_BAD_INO);
  }

  private void putEntry(int offset, int inode, int recLen, String name) {
    long at = scratch + offset;
    Disk.put32(at + DE_INODE, inode);
    Disk.put16(at + DE_REC_LEN, recLen);
    Disk.put8(at + DE_NAME_LEN, name.length());
    Disk.put8(at + DE_FILE_TYPE, inode == 0 ? 0 : EXT2_FT_DIR);
    HostMemory.copy(name.getBytes(StandardCharsets.ISO_8859_1), 0, at + DE_NAME, name.length());
  }

  private void writeRoot() throws IOException {
    long block = allocate();
    clear();
    putEntry(0, EXT2_ROOT_INO, 12, ".");
    putEntry(12, EXT2_ROOT_INO, 12, "..");
    putEntry(24, FIRST_INODE, blockSize - 24, "lost+found");
    writeBlock(block);
    beginInode(StatConstants.S_IFDIR | 0755, 3, blockSize, 1);
    Disk.put32(scratch + I_BLOCK, block);
    writeInode(EXT2_ROOT_INO);
  }

  private void writeLostFound() throws IOException {
    int count = Math.min(EXT2_NDIR_BLOCKS, Math.max(2, LOST_FOUND_BYTES / blockSize));
    long[] blocks = new long[count];
    for (int i = 0; i < count; i++) {
      blocks[i] = allocate();
      clear();
      if (i == 0) {
        putEntry(0, FIRST_INODE, 12, ".");
        putEntry(12, EXT2_ROOT_INO, blockSize - 12, "..");
      } else {
        putEntry(0, 0, blockSize, "");
      }
      writeBlock(blocks[i]);
    }
    beginInode(StatConstants.S_IFDIR | 0700, 2, (long) count * blockSize, count);
    for (int i = 0; i < count; i++) {
      Disk.put32(scratch + I_BLOCK + 4L * i, blocks[i]);
    }
    writeInode(FIRST_INODE);
  }

  /**
   * The inode that owns the blocks reserved for growing the descriptor table: each reserved block
   * of the first group is a block of pointers to its copies in the other groups.
   */
  private void writeResizeInode() throws IOException {
    int pointers = blockSize / 4;
    long table = allocate();
    long firstReserved = layout.firstDataBlock + 1L + layout.descriptorBlocks;
    int copies = 0;
    for (int i = 0; i < layout.reservedGdtBlocks; i++) {
      clear();
      copies = 0;
      for (int group = 1; group < layout.groups; group++) {
        if (Layout.hasSuper(group)) {
          long copy = firstReserved + i + (long) group * layout.blocksPerGroup;
          Disk.put32(scratch + 4L * copies++, copy);
        }
      }
      writeBlock(firstReserved + i);
    }
    clear();
    for (int i = 0; i < layout.reservedGdtBlocks; i++) {
      int slot = (layout.descriptorBlocks + i) % pointers;
      Disk.put32(scratch + 4L * slot, firstReserved + i);
    }
    writeBlock(table);
    long size = ((long) pointers * pointers + pointers + EXT2_NDIR_BLOCKS) * blockSize;
    long blocks = 1 + (long) layout.reservedGdtBlocks * (1 + copies);
    beginInode(StatConstants.S_IFREG | 0600, 1, size, blocks);
    Disk.put32(scratch + I_SIZE_HIGH, size >>> 32);
    Disk.put32(scratch + I_BLOCK + 4L * EXT2_DIND_BLOCK, table);
    writeInode(EXT2_RESIZE_INO);
  }

  private int usedBlocks(int group) {
    return group == 0 ? (int) (nextBlock - layout.firstDataBlock) : layout.overhead(group);
  }

  private void writeBitmaps() throws IOException {
    for (int group = 0; group < layout.groups; group++) {
      clear();
      for (int bit = 0; bit < usedBlocks(group); bit++) {
        Bitmap.testAndSet(scratch, bit);
      }
      pad(layout.blocksIn(group));
      writeBlock(layout.blockBitmap(group));
      clear();
      for (int bit = 0; group == 0 && bit < FIRST_INODE; bit++) {
        Bitmap.testAndSet(scratch, bit);
      }
      pad(layout.inodesPerGroup);
      writeBlock(layout.inodeBitmap(group));
    }
  }

  /** Bits that stand for nothing are set. */
  private void pad(int from) {
    for (int bit = from; bit < blockSize * 8; bit++) {
      Bitmap.testAndSet(scratch, bit);
    }
  }

  private void writeDescriptors() throws IOException {
    int perBlock = blockSize / EXT2_MIN_DESC_SIZE;
    for (int index = 0; index < layout.descriptorBlocks; index++) {
      clear();
      int end = Math.min(layout.groups, (index + 1) * perBlock);
      for (int group = index * perBlock; group < end; group++) {
        putDescriptor(scratch + (long) (group % perBlock) * EXT2_MIN_DESC_SIZE, group);
      }
      for (int group = 0; group < layout.groups; group++) {
        if (Layout.hasSuper(group)) {
          writeBlock(layout.firstBlock(group) + 1 + index);
        }
      }
    }
  }

  private void putDescriptor(long at, int group) {
    Disk.put32(at + BG_BLOCK_BITMAP, layout.blockBitmap(group));
    Disk.put32(at + BG_INODE_BITMAP, layout.inodeBitmap(group));
    Disk.put32(at + BG_INODE_TABLE, layout.inodeTable(group));
    Disk.put16(at + BG_FREE_BLOCKS_COUNT, layout.blocksIn(group) - usedBlocks(group));
    Disk.put16(at + BG_FREE_INODES_COUNT, layout.inodesPerGroup - (group == 0 ? FIRST_INODE : 0));
    Disk.put16(at + BG_USED_DIRS_COUNT, group == 0 ? 2 : 0);
  }

  private void writeSuperBlocks() throws IOException {
    clear();
    putCounts();
    putFixed();
    putNames();
    for (int group = 0; group < layout.groups; group++) {
      if (Layout.hasSuper(group)) {
        Disk.put16(scratch + S_BLOCK_GROUP_NR, group);
        long position = group == 0 ? SUPERBLOCK_OFFSET : layout.firstBlock(group) * blockSize;
        write(position, SUPERBLOCK_SIZE);
      }
    }
  }

  private void putCounts() {
    long free = 0;
    for (int group = 0; group < layout.groups; group++) {
      free += layout.blocksIn(group) - usedBlocks(group);
    }
    int logBlockSize = Integer.numberOfTrailingZeros(blockSize) - 10;
    Disk.put32(scratch + S_INODES_COUNT, layout.inodes());
    Disk.put32(scratch + S_BLOCKS_COUNT, layout.blocks);
    Disk.put32(scratch + S_R_BLOCKS_COUNT, layout.reservedBlocks);
    Disk.put32(scratch + S_FREE_BLOCKS_COUNT, free);
    Disk.put32(scratch + S_FREE_INODES_COUNT, layout.inodes() - FIRST_INODE);
    Disk.put32(scratch + S_FIRST_DATA_BLOCK, layout.firstDataBlock);
    Disk.put32(scratch + S_LOG_BLOCK_SIZE, logBlockSize);
    Disk.put32(scratch + S_LOG_FRAG_SIZE, logBlockSize);
    Disk.put32(scratch + S_BLOCKS_PER_GROUP, layout.blocksPerGroup);
    Disk.put32(scratch + S_FRAGS_PER_GROUP, layout.blocksPerGroup);
    Disk.put32(scratch + S_INODES_PER_GROUP, layout.inodesPerGroup);
    Disk.put16(scratch + S_RESERVED_GDT_BLOCKS, layout.reservedGdtBlocks);
    Disk.put32(scratch + S_OVERHEAD_CLUSTERS, layout.overhead());
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
    Disk.put16(scratch + S_INODE_SIZE, layout.inodeSize);
    int compat = Features.COMPAT_EXT_ATTR | Features.COMPAT_DIR_INDEX;
    compat |= Features.COMPAT_RESIZE_INODE;
    Disk.put32(scratch + S_FEATURE_COMPAT, compat);
    Disk.put32(scratch + S_FEATURE_INCOMPAT, Features.INCOMPAT_FILETYPE);
    Disk.put32(
        scratch + S_FEATURE_RO_COMPAT,
        Features.RO_COMPAT_SPARSE_SUPER | Features.RO_COMPAT_LARGE_FILE);
    Disk.put8(scratch + S_DEF_HASH_VERSION, 1);
    Disk.put32(scratch + S_FLAGS, EXT2_FLAGS_SIGNED_HASH);
    Disk.put32(scratch + S_DEFAULT_MOUNT_OPTS, EXT2_DEFM_XATTR_USER | EXT2_DEFM_ACL);
    if (layout.inodeSize > 128) {
      Disk.put16(scratch + S_MIN_EXTRA_ISIZE, EXTRA_ISIZE);
      Disk.put16(scratch + S_WANT_EXTRA_ISIZE, EXTRA_ISIZE);
    }
  }

  private void putNames() {
    putUuid(scratch + S_UUID, options.uuid);
    putUuid(scratch + S_HASH_SEED, options.hashSeed);
    byte[] label = options.label.getBytes(StandardCharsets.ISO_8859_1);
    HostMemory.copy(label, 0, scratch + S_VOLUME_NAME, label.length);
  }

  /** Stored in the order it is written. */
  private static void putUuid(long at, UUID uuid) {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    HostMemory.copy(bytes.array(), 0, at, 16);
  }
}
