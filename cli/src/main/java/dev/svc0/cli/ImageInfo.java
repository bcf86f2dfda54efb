package dev.svc0.cli;

import static dev.svc0.fs.extformat.SuperBlockLayout.*;

import dev.svc0.fs.extformat.Features;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what a superblock says. */
@Command(
    name = "info",
    description = "Print what an image is: file system, sizes, what is free, features, dates.",
    footer = {"", "Examples:", "  svc0 image info disk.img", "  svc0 image info --json disk.img"})
final class ImageInfo implements Callable<Integer> {
  private static final int MAGIC = 0xef53;
  private static final long UNSIGNED = 0xffffffffL;

  @Parameters(paramLabel = "FILE", description = "The image.")
  Path image = Path.of("disk.img");

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Override
  public Integer call() throws IOException {
    Map<String, @Nullable Object> facts = read(image);
    if (json) {
      ImageCommand.print(Json.text(facts));
      return 0;
    }
    StringBuilder text = new StringBuilder();
    facts.forEach((name, value) -> text.append(line(name, value)));
    ImageCommand.print(text.toString());
    return 0;
  }

  private static String line(String name, @Nullable Object value) {
    String shown = value instanceof List<?> list ? String.join(", ", strings(list)) : "" + value;
    return String.format("%-16s %s%n", name, shown);
  }

  private static List<String> strings(List<?> list) {
    return list.stream().map(String::valueOf).toList();
  }

  private static Map<String, @Nullable Object> read(Path image) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(SUPERBLOCK_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    long bytes;
    try (FileChannel file = FileChannel.open(image)) {
      file.read(block, SUPERBLOCK_OFFSET);
      bytes = file.size();
    } catch (java.nio.file.NoSuchFileException e) {
      throw new CommandException(1, "there is no image " + image);
    }
    if (block.position() < SUPERBLOCK_SIZE || (block.getShort(S_MAGIC) & 0xffff) != MAGIC) {
      throw new CommandException(1, image + " holds no ext2, ext3 or ext4 file system");
    }
    return describe(block, bytes, ImageProbe.typeOf(image, List.of()));
  }

  private static Map<String, @Nullable Object> describe(ByteBuffer block, long bytes, String type) {
    int compat = block.getInt(S_FEATURE_COMPAT);
    int incompat = block.getInt(S_FEATURE_INCOMPAT);
    int roCompat = block.getInt(S_FEATURE_RO_COMPAT);
    int blockSize = 1024 << Math.min(16, block.getInt(S_LOG_BLOCK_SIZE));
    boolean wide = (incompat & Features.INCOMPAT_64BIT) != 0;
    int state = block.getShort(S_STATE);
    return Json.object(
        "type", type,
        "label", text(block, S_VOLUME_NAME, 16),
        "uuid", uuid(block).toString(),
        "bytes", bytes,
        "block size", blockSize,
        "blocks", count(block, S_BLOCKS_COUNT, S_BLOCKS_COUNT_HI, wide),
        "free blocks", count(block, S_FREE_BLOCKS_COUNT, S_FREE_BLOCKS_COUNT_HI, wide),
        "reserved blocks", count(block, S_R_BLOCKS_COUNT, S_R_BLOCKS_COUNT_HI, wide),
        "inodes", block.getInt(S_INODES_COUNT) & UNSIGNED,
        "free inodes", block.getInt(S_FREE_INODES_COUNT) & UNSIGNED,
        "inode size", block.getInt(S_REV_LEVEL) == 0 ? 128 : block.getShort(S_INODE_SIZE),
        "state", state(state, incompat),
        "features", features(compat, incompat, roCompat),
        "made", time(block, S_MKFS_TIME),
        "last mounted", time(block, S_MTIME),
        "last written", time(block, S_WTIME),
        "mounted on", text(block, S_LAST_MOUNTED, 64));
  }

  private static String state(int state, int incompat) {
    String text =
        (state & EXT2_ERROR_FS) != 0
            ? "errors were found"
            : (state & EXT2_VALID_FS) != 0 ? "clean" : "not unmounted";
    return (incompat & Features.INCOMPAT_RECOVER) != 0
        ? text + ", the journal needs recovery"
        : text;
  }

  private static List<String> features(int compat, int incompat, int roCompat) {
    String all =
        String.join(
            ", ",
            Features.compatNames(compat),
            Features.incompatNames(incompat),
            Features.roCompatNames(roCompat));
    return java.util.Arrays.stream(all.split(", ")).filter(name -> !name.isEmpty()).toList();
  }

  private static long count(ByteBuffer block, int low, int high, boolean wide) {
    return block.getInt(low) & UNSIGNED | (wide ? (block.getInt(high) & UNSIGNED) << 32 : 0);
  }

  private static @Nullable String time(ByteBuffer block, int field) {
    long seconds = block.getInt(field) & UNSIGNED;
    return seconds == 0 ? null : Instant.ofEpochSecond(seconds).toString();
  }

  private static UUID uuid(ByteBuffer block) {
    ByteBuffer bytes = block.duplicate().order(ByteOrder.BIG_ENDIAN);
    return new UUID(bytes.getLong(S_UUID), bytes.getLong(S_UUID + Long.BYTES));
  }

  private static String text(ByteBuffer block, int field, int most) {
    int end = 0;
    while (end < most && block.get(field + end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end];
    block.get(field, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
