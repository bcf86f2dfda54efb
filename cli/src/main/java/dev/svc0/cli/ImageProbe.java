package dev.svc0.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/** Tells which file system a disk image holds, as blkid does: from its super block. */
final class ImageProbe {
  private static final int SUPER_BLOCK = 1024;
  private static final int MAGIC_AT = 56;
  private static final int COMPAT_AT = 92;
  private static final int INCOMPAT_AT = 96;
  private static final int EXT_MAGIC = 0xef53;
  private static final int COMPAT_HAS_JOURNAL = 0x4;

  /** filetype and meta_bg: what ext2 itself may have. */
  private static final int EXT2_INCOMPAT = 0x2 | 0x10;

  private ImageProbe() {}

  /** {@code ext2} or {@code ext4}; the mount itself then checks the rest. */
  static String typeOf(Path image, List<String> known) {
    ByteBuffer block = ByteBuffer.allocate(SUPER_BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel file = FileChannel.open(image)) {
      file.read(block, SUPER_BLOCK);
    } catch (IOException e) {
      throw new CommandException(
          CommandException.FAILED, "cannot read " + image + ": " + e.getMessage());
    }
    if (block.position() < SUPER_BLOCK || (block.getShort(MAGIC_AT) & 0xffff) != EXT_MAGIC) {
      throw new CommandException(
          CommandException.FAILED,
          image
              + " holds no file system that svc0 knows ("
              + String.join(", ", known)
              + "); a partitioned disk must be given partition by partition");
    }
    boolean plain =
        (block.getInt(COMPAT_AT) & COMPAT_HAS_JOURNAL) == 0
            && (block.getInt(INCOMPAT_AT) & ~EXT2_INCOMPAT) == 0;
    return plain ? "ext2" : "ext4";
  }
}
