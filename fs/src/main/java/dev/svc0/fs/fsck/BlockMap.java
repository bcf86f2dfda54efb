package dev.svc0.fs.fsck;

import dev.svc0.fs.extformat.Crc;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.InodeLayout;
import java.io.IOException;

/** Goes through all blocks of an inode, extents or pointers, and claims them. */
final class BlockMap {
  private static final int EXTENT_MAGIC = 0xF30A;
  private static final int ENTRY = 12;
  private static final int ROOT_ROOM = 4;
  private static final int MOST_DEPTH = 5;
  private static final int INITIALIZED = 32768;

  /** Is told of each block of data. */
  interface Visitor {
    void block(long fileBlock, long block) throws IOException;
  }

  private final Volume volume;
  private final long inode;
  private final String owner;
  private final int checksumSeed;
  private final Visitor visitor;

  /** Blocks claimed, those of the map itself too. */
  long blocks;

  /** The last block of the file that has data; −1 for none. Extents without data do not count. */
  long lastWritten = -1;

  private long nextExpected;

  BlockMap(Volume volume, long number, long inode, Visitor visitor) {
    this.volume = volume;
    this.inode = inode;
    this.owner = "inode " + number;
    this.checksumSeed = volume.inodeSeed(number, inode);
    this.visitor = visitor;
  }

  void walk() throws IOException {
    long root = inode + InodeLayout.I_BLOCK;
    if ((Disk.s32(inode + InodeLayout.I_FLAGS) & InodeLayout.EXT4_EXTENTS_FL) != 0) {
      extents(root, ROOT_ROOM, -1);
      return;
    }
    int perBlock = volume.blockSize / 4;
    long fileBlock = 0;
    for (int i = 0; i < InodeLayout.EXT2_NDIR_BLOCKS; i++) {
      data(fileBlock++, Disk.u32(root + 4L * i));
    }
    long span = 1;
    for (int level = 1; level <= 3; level++) {
      span *= perBlock;
      long pointer = Disk.u32(root + 4L * (InodeLayout.EXT2_NDIR_BLOCKS + level - 1));
      if (pointer != 0) {
        pointers(pointer, level, fileBlock, span / perBlock);
      }
      fileBlock += span;
    }
  }

  private void data(long fileBlock, long block) throws IOException {
    if (block != 0 && volume.claim(block, owner)) {
      blocks++;
      lastWritten = Math.max(lastWritten, fileBlock);
      visitor.block(fileBlock, block);
    }
  }

  private void pointers(long block, int level, long first, long span) throws IOException {
    if (!volume.claim(block, owner)) {
      return;
    }
    blocks++;
    long buffer = volume.buffer();
    volume.read(block, buffer);
    for (int i = 0; i < volume.blockSize / 4; i++) {
      long pointer = Disk.u32(buffer + 4L * i);
      if (pointer != 0 && level == 1) {
        data(first + i, pointer);
      } else if (pointer != 0) {
        pointers(pointer, level - 1, first + i * span, span / (volume.blockSize / 4));
      }
    }
  }

  private void extents(long header, int room, int expectedDepth) throws IOException {
    int entries = Disk.u16(header + 2);
    int most = Disk.u16(header + 4);
    int depth = Disk.u16(header + 6);
    if (Disk.u16(header) != EXTENT_MAGIC
        || most > room
        || entries > most
        || depth > MOST_DEPTH
        || expectedDepth >= 0 && depth != expectedDepth) {
      volume.problem("%s: a header of its extents is damaged", owner);
      return;
    }
    for (int i = 0; i < entries; i++) {
      long entry = header + ENTRY * (i + 1L);
      long first = Disk.u32(entry);
      if (first < nextExpected) {
        volume.problem("%s: extents overlap or are out of order at file block %d", owner, first);
        return;
      }
      if (depth == 0) {
        extent(entry, first);
      } else {
        child(Disk.join(Disk.u32(entry + 4), Disk.u16(entry + 8)), depth - 1);
      }
    }
  }

  private void child(long block, int depth) throws IOException {
    if (!volume.claim(block, owner)) {
      return;
    }
    blocks++;
    long buffer = volume.buffer();
    volume.read(block, buffer);
    int tail = ENTRY + ENTRY * Disk.u16(buffer + 4);
    if (volume.metadataSums
        && tail + 4 <= volume.blockSize
        && Crc.crc32c(checksumSeed, buffer, tail) != Disk.s32(buffer + tail)) {
      volume.problem("%s: the checksum of its extents in block %d is wrong", owner, block);
    }
    extents(buffer, (volume.blockSize - ENTRY) / ENTRY, depth);
  }

  private void extent(long entry, long first) throws IOException {
    int length = Disk.u16(entry + 4);
    long start = Disk.join(Disk.u32(entry + 8), Disk.u16(entry + 6));
    boolean unwritten = length > INITIALIZED;
    length -= unwritten ? INITIALIZED : 0;
    if (length == 0
        || start <= volume.shape.firstDataBlock
        || start + length > volume.shape.blocksCount) {
      volume.problem("%s: an extent of %d blocks at block %d is impossible", owner, length, start);
      return;
    }
    nextExpected = first + length;
    for (int i = 0; i < length; i++) {
      if (volume.claim(start + i, owner)) {
        blocks++;
        visitor.block(first + i, start + i);
      }
    }
    if (!unwritten) {
      lastWritten = Math.max(lastWritten, first + length - 1);
    }
  }
}
