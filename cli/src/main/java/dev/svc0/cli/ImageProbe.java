package dev.svc0.cli;

import dev.svc0.fs.extformat.SuperBlockLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  private static ByteBuffer superBlock(Path image) {
    ByteBuffer block = ByteBuffer.allocate(SUPER_BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel file = FileChannel.open(image)) {
      file.read(block, SUPER_BLOCK);
    } catch (IOException e) {
      throw new CommandException(
          CommandException.FAILED, "cannot read " + image + ": " + e.getMessage());
    }
    return block;
  }

  /**
   * Why an image that holds a file system may contradict itself, as a sentence; null when there is
   * no reason to think so. A journal makes up for an end without unmounting, so that with one only
   * errors count.
   */
  static @Nullable String doubt(Path image) {
    ByteBuffer block = superBlock(image);
    int state = block.getShort(SuperBlockLayout.S_STATE);
    boolean journal = (block.getInt(COMPAT_AT) & COMPAT_HAS_JOURNAL) != 0;
    String reason = null;
    if ((state & SuperBlockLayout.EXT2_ERROR_FS) != 0) {
      reason = "errors were found in it";
    } else if ((state & SuperBlockLayout.EXT2_VALID_FS) == 0 && !journal) {
      reason = "it is in use elsewhere or was not unmounted, and has no journal";
    }
    return reason == null
        ? null
        : image
            + ": "
            + reason
            + ": what is in it may contradict itself; 'svc0 image check' tells, e2fsck repairs";
  }

  /** {@code ext2} or {@code ext4}; the mount itself then checks the rest. */
  static String typeOf(Path image, List<String> known) {
    ByteBuffer block = superBlock(image);
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
