package dev.svc0.fs.fsck;

import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.InodeLayout;
import java.io.IOException;

/**
 * Inode 7, which holds the blocks into which the group descriptors may grow: its block of doubly
 * indirect pointers names those of the first group, and each of them, taken for a block of
 * pointers, names its copies in the other groups.
 */
final class ResizeInode {
  private static final int SECTOR = 512;

  private final Volume volume;
  private final long inode;

  ResizeInode(Volume volume, long inode) {
    this.volume = volume;
    this.inode = inode;
  }

  void check() throws IOException {
    int reserved = volume.shape.reservedGdtBlocks;
    for (int i = 0; i < InodeLayout.EXT2_N_BLOCKS; i++) {
      boolean doubly = i == InodeLayout.EXT2_DIND_BLOCK;
      if (!doubly && Disk.u32(inode + InodeLayout.I_BLOCK + 4L * i) != 0) {
        volume.problem("inode 7 (for resizing): pointer %d should be 0", i);
      }
    }
    long block = Disk.u32(inode + InodeLayout.I_BLOCK + 4L * InodeLayout.EXT2_DIND_BLOCK);
    if (block == 0 || !volume.claim(block, "inode 7 (for resizing)")) {
      if (reserved != 0) {
        volume.problem("inode 7 (for resizing): it has no blocks");
      }
      return;
    }
    int perBlock = volume.blockSize / 4;
    long buffer = volume.buffer();
    long copies = volume.buffer();
    volume.read(block, buffer);
    int backups = 0;
    long[] expected = new long[perBlock];
    for (int i = 0; i < reserved; i++) {
      int slot = (volume.shape.descriptorBlocks + i) % perBlock;
      expected[slot] = volume.shape.firstDataBlock + 1L + volume.shape.descriptorBlocks + i;
      volume.read(expected[slot], copies);
      backups = copies(expected[slot], copies);
    }
    compare(block, buffer, expected);
    long blocks = (1 + (long) reserved * (1 + backups)) * (volume.blockSize / SECTOR);
    if (Disk.u32(inode + InodeLayout.I_BLOCKS) != blocks) {
      volume.problem("inode 7 (for resizing): its count of blocks should be %d", blocks);
    }
  }

  /** Compares a reserved block with the list of its copies; how many there should be. */
  private int copies(long block, long buffer) {
    long[] expected = new long[volume.blockSize / 4];
    int count = 0;
    for (int group = 1; group < volume.shape.groups && count < expected.length; group++) {
      if (volume.shape.groupHasSuper(group)) {
        expected[count++] = block + (long) group * volume.shape.blocksPerGroup;
      }
    }
    compare(block, buffer, expected);
    return count;
  }

  private void compare(long block, long buffer, long... expected) {
    for (int i = 0; i < expected.length; i++) {
      if (Disk.u32(buffer + 4L * i) != expected[i]) {
        volume.problem(
            "inode 7 (for resizing): pointer %d in block %d should be %d", i, block, expected[i]);
        return;
      }
    }
  }
}
