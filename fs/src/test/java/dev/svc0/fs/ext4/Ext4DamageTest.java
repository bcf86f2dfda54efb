package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.Damage;
import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images with random bytes in their metadata. */
class Ext4DamageTest {
  private static final int IMAGES = Integer.getInteger("svc0.images", 50);
  private static final Pattern TABLES =
      Pattern.compile(" +(?:Block bitmap|Inode bitmap|Inode table) at (\\d+).*");
  private static final Pattern TREE_BLOCKS = Pattern.compile("\\((?:ETB\\d+|[TD]?IND)\\):(\\d+)");
  private static final Pattern DATA = Pattern.compile("\\(\\d+(?:-\\d+)?\\):(\\d+)");

  @TempDir Path folder;

  private static void fill(Path image) throws Exception {
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      assertThat(kernel.mkdir("/dir")).isZero();
      assertThat(kernel.mkdir("/dir/sub")).isZero();
      assertThat(kernel.write("/dir/large", 0, new byte[600_000])).isEqualTo(600_000);
      for (int i = 0; i < 40; i++) { // many extents, so that their tree has blocks
        assertThat(kernel.write("/dir/holes", i * 20_000L, new byte[10])).isEqualTo(10);
      }
      assertThat(kernel.symlink("l".repeat(300), "/dir/slow")).isZero();
      assertThat(kernel.symlink("fast", "/dir/fast")).isZero();
      for (int i = 0; i < 200; i++) {
        assertThat(kernel.create("/dir/sub/file" + i + "x".repeat(40))).isZero();
      }
      assertThat(
              kernel.ask(
                  "/dir/sub",
                  inode -> inode.operations().setxattr(inode, "user.a", new byte[200], 0)))
          .isZero();
    }
    Tools.assertClean(image);
  }

  /** Blocks of metadata, those of interest several times. */
  private static List<Long> metadata(Path image, int blockSize) {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      blocks.add(1024L / blockSize);
      blocks.add(1024L / blockSize + 1);
    }
    for (String line : Tools.run("dumpe2fs", image.toString()).output().split("\n")) {
      Matcher table = TABLES.matcher(line);
      if (table.matches()) {
        blocks.add(Long.parseLong(table.group(1)));
        blocks.add(Long.parseLong(table.group(1)) + (line.contains("table") ? 1 : 0));
      }
    }
    for (String path : List.of("/", "/dir", "/dir/sub", "/dir/large", "/dir/holes", "<8>")) {
      String text = Tools.debugfs(image, "stat " + path);
      boolean folder = !path.contains("large") && !path.contains("holes") && !path.equals("<8>");
      Matcher matcher = (folder ? DATA : TREE_BLOCKS).matcher(text);
      while (matcher.find()) {
        blocks.add(Long.parseLong(matcher.group(1)));
        blocks.add(Long.parseLong(matcher.group(1)));
      }
    }
    return blocks;
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          1024, 256, '^metadata_csum'
          4096, 256, '^metadata_csum'
          1024, 128, '^metadata_csum,^extents,^64bit'
          4096, 256, 'metadata_csum'
          """)
  void anErrnoAndNothingElse(int blockSize, int inodeSize, String features) throws Exception {
    long base = Long.getLong("svc0.seed", 0);
    Path pristine = folder.resolve("pristine.img");
    Tools.mke2fs(
        pristine,
        "16M",
        ("-t ext4 -b " + blockSize + " -I " + inodeSize + " -N 512 -J size=4 -O " + features)
            .split(" "));
    fill(pristine);
    List<Long> blocks = metadata(pristine, blockSize);
    int refused = 0;
    for (long seed = base; seed < base + IMAGES; seed++) {
      Damage damage = new Damage(pristine, folder.resolve("damaged.img"), seed, blockSize, blocks);
      try {
        refused += damage.use("ext4") == Damage.Outcome.REFUSED ? 1 : 0;
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(refused).as("mounts refused").isBetween(1, IMAGES - 1);
  }
}
