package dev.svc0.fs.jbd2;

import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.block.BlockDevice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An ext4 image by mke2fs, whose file {@code victim} lends its blocks to tests of the journal
 * alone: what the tests journal is that file's content, so that debugfs can read it back.
 */
final class JournalImage {
  final Path path;
  final int blockSize;
  final long blocks;

  /** Device blocks of the journal's file, in order. */
  final long[] log;

  /** Device blocks of the victim, in order. */
  final long[] victim;

  private JournalImage(Path path, int blockSize, long[] log, long[] victim) throws Exception {
    this.path = path;
    this.blockSize = blockSize;
    this.log = log;
    this.victim = victim;
    blocks = Files.size(path) / blockSize;
  }

  /** Makes one; the journal has 1024 blocks. */
  static JournalImage make(Path folder, int blockSize, int victimBlocks, String... options)
      throws Exception {
    Path tree = Files.createDirectories(folder.resolve("tree" + blockSize));
    Files.writeString(tree.resolve("victim"), "v".repeat(victimBlocks * blockSize));
    Path image = folder.resolve("journal" + blockSize + ".img");
    List<String> all = new ArrayList<>(List.of("-t", "ext4", "-b", "" + blockSize));
    all.addAll(List.of("-J", "size=" + blockSize / 1024, "-d", tree.toString()));
    all.addAll(List.of(options));
    Tools.mke2fs(image, blockSize / 1024 * 8 + "M", all.toArray(String[]::new));
    Tools.run("debugfs", "-w", "-R", "feature needs_recovery", image.toString());
    return new JournalImage(image, blockSize, extents(image, "<8>"), extents(image, "/victim"));
  }

  private static final Pattern LEAF =
      Pattern.compile(" *(\\d+)/ *(\\d+) +\\d+/ *\\d+ +\\d+ - +\\d+ +(\\d+) - +(\\d+).*");

  /** The blocks of a file by the extents that debugfs shows. */
  private static long[] extents(Path image, String file) {
    List<Long> blocks = new ArrayList<>();
    for (String line : Tools.debugfs(image, "ex -l " + file).split("\n")) {
      Matcher leaf = LEAF.matcher(line);
      if (leaf.matches() && leaf.group(1).equals(leaf.group(2))) {
        for (long at = Long.parseLong(leaf.group(3)); at <= Long.parseLong(leaf.group(4)); at++) {
          blocks.add(at);
        }
      }
    }
    return blocks.stream().mapToLong(Long::longValue).toArray();
  }

  /** The journal on a disk that holds the image. */
  Journal journal(BlockDevice disk) {
    return Journal.initInode(
        disk, blockSize, blocks, log.length, at -> at < log.length ? log[(int) at] : 0);
  }
}
