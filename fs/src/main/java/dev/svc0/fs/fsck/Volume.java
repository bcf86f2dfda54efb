package dev.svc0.fs.fsck;

import static dev.svc0.fs.extformat.SuperBlockLayout.*;

import dev.svc0.fs.extformat.Crc;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.extformat.GroupDescriptorLayout;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.fs.extformat.RawSuperBlock;
import dev.svc0.runtime.vfs.MountException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** An image under check: its shape, its blocks, and what was found so far. */
final class Volume implements AutoCloseable {
  private static final int MOST_PROBLEMS = 200;
  private static final int UNSUPPORTED =
      Features.INCOMPAT_COMPRESSION | Features.INCOMPAT_MMP | Features.INCOMPAT_ENCRYPT;

  final Arena arena = Arena.ofConfined();
  final FileChannel file;
  final RawSuperBlock raw;
  final ExtGeometry shape;
  final int blockSize;
  final boolean metadataSums;
  final boolean groupSums;
  final int seed;
  final List<String> problems = new ArrayList<>();
  final List<String> notes = new ArrayList<>();

  /** Blocks somebody refers to. */
  final BitSet used = new BitSet();

  /** All group descriptors, one after the other. */
  final long descriptors;

  private int left = MOST_PROBLEMS;

  Volume(FileChannel file) throws IOException, MountException {
    this.file = file;
    MemorySegment block = arena.allocate(SUPERBLOCK_SIZE, 8);
    ByteBuffer bytes = block.asByteBuffer();
    while (bytes.hasRemaining()
        && file.read(bytes, SUPERBLOCK_OFFSET + (long) bytes.position()) > 0) {
      continue;
    }
    raw = new RawSuperBlock(block.address());
    if (raw.hasIncompat(Features.INCOMPAT_JOURNAL_DEV) || raw.u16(S_MAGIC) != 0xEF53) {
      throw new MountException(22, "there is no ext2, ext3 or ext4 file system");
    }
    int unsupported = raw.incompat() & UNSUPPORTED;
    if (unsupported != 0 || raw.hasRoCompat(Features.RO_COMPAT_BIGALLOC)) {
      throw new IOException(
          "a file system with "
              + (unsupported != 0 ? Features.incompatNames(unsupported) : "bigalloc")
              + " is not checked here: use e2fsck -fn");
    }
    shape = ExtGeometry.of(raw, file.size(), "ext");
    blockSize = shape.blockSize;
    metadataSums = raw.hasRoCompat(Features.RO_COMPAT_METADATA_CSUM);
    groupSums = metadataSums || raw.hasRoCompat(Features.RO_COMPAT_GDT_CSUM);
    seed =
        raw.hasIncompat(Features.INCOMPAT_CSUM_SEED)
            ? (int) raw.u32(S_CHECKSUM_SEED)
            : Crc.crc32c(Crc.CRC32C_START, raw.address() + S_UUID, 16);
    descriptors = arena.allocate((long) shape.descriptorBlocks * blockSize, 8).address();
    for (int i = 0; i < shape.descriptorBlocks; i++) {
      read(shape.descriptorBlock(i), descriptors + (long) i * blockSize);
    }
  }

  /** Fresh memory for a block. */
  long buffer() {
    return arena.allocate(blockSize, 8).address();
  }

  /** Reads a block; what lies behind the end of the file is zero. */
  void read(long block, long to) throws IOException {
    ByteBuffer bytes = MemorySegment.ofAddress(to).reinterpret(blockSize).asByteBuffer();
    while (bytes.hasRemaining()) {
      int got = file.read(bytes, block * blockSize + bytes.position());
      if (got < 0) {
        while (bytes.hasRemaining()) {
          bytes.put((byte) 0);
        }
      }
    }
  }

  /** Notes an error. */
  void problem(String text, Object... values) {
    if (left > 0) {
      left--;
      problems.add(text.formatted(values));
    } else if (left == 0) {
      left--;
      problems.add("there are more errors than are shown here");
    }
  }

  /** Address of a group's descriptor. */
  long descriptor(int group) {
    return descriptors + (long) group * shape.descriptorSize;
  }

  private boolean wide() {
    return shape.descriptorSize >= 64;
  }

  /** A block number or a count of a group, in two halves. */
  long groupWide(int group, int low, int high) {
    long at = descriptor(group);
    return Disk.join(Disk.u32(at + low), wide() ? Disk.u32(at + high) : 0);
  }

  /** A count of a group, in two halves of 16 bits. */
  int groupCount(int group, int low, int high) {
    long at = descriptor(group);
    return Disk.u16(at + low) | (wide() ? Disk.u16(at + high) << 16 : 0);
  }

  /** Whether a flag of a group is set and means something. */
  boolean groupFlag(int group, int flag) {
    return groupSums && (Disk.u16(descriptor(group) + GroupDescriptorLayout.BG_FLAGS) & flag) != 0;
  }

  /** What the checksums of an inode and of what belongs to it begin with. */
  int inodeSeed(long number, long inode) {
    return Crc.crc32c(Crc.crc32c(seed, (int) number), Disk.s32(inode + InodeLayout.I_GENERATION));
  }

  /** Notes that a block belongs to something; a problem when it does twice, or cannot. */
  boolean claim(long block, String owner) {
    if (block < shape.firstDataBlock || block >= shape.blocksCount) {
      problem("%s: block %d is outside the file system", owner, block);
      return false;
    }
    if (used.get((int) block)) {
      problem("%s: block %d belongs to something else too", owner, block);
      return false;
    }
    used.set((int) block);
    return true;
  }

  @Override
  public void close() {
    arena.close();
  }
}
