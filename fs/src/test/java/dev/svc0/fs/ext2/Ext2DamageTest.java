package dev.svc0.fs.ext2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.Damage;
import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images with random bytes in their metadata. */
class Ext2DamageTest {
  private static final int IMAGES = Integer.getInteger("svc0.images", 50);

  @TempDir Path folder;

  private static void fill(Path image) throws Exception {
    try (TestKernel kernel = TestKernel.mount(image)) {
      assertThat(kernel.mkdir("/dir")).isZero();
      assertThat(kernel.mkdir("/dir/sub")).isZero();
      assertThat(kernel.write("/dir/large", 0, new byte[600_000])).isEqualTo(600_000);
      assertThat(kernel.write("/dir/far", 70_000_000, new byte[5000])).isEqualTo(5000);
      assertThat(kernel.symlink("l".repeat(300), "/dir/slow")).isZero();
      assertThat(kernel.symlink("fast", "/dir/fast")).isZero();
      for (int i = 0; i < 60; i++) {
        assertThat(kernel.create("/dir/sub/file" + i + "x".repeat(40))).isZero();
      }
      assertThat(
              kernel.ask(
                  "/dir/sub",
                  inode -> inode.operations().setxattr(inode, "user.a", new byte[20], 0)))
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
      if (line.matches(" +(Block bitmap|Inode bitmap|Inode table) at .*")) {
        long first = Long.parseLong(line.replaceFirst(".* at (\\d+).*", "$1"));
        blocks.add(first);
        blocks.add(first + (line.contains("table") ? 1 : 0));
      }
    }
    for (String path : new String[] {"/", "/dir", "/dir/sub", "/dir/large", "/dir/far"}) {
      String text = Tools.debugfs(image, "stat " + path);
      String list = text.substring(text.indexOf("BLOCKS:"));
      boolean file = path.equals("/dir/large") || path.equals("/dir/far");
      String pattern = file ? "\\([TD]?IND\\):(\\d+)" : "\\(\\d+(?:-\\d+)?\\):(\\d+)";
      var matcher = java.util.regex.Pattern.compile(pattern).matcher(list);
      while (matcher.find()) {
        blocks.add(Long.parseLong(matcher.group(1)));
        blocks.add(Long.parseLong(matcher.group(1)));
      }
    }
    return blocks;
  }

  @ParameterizedTest
  @CsvSource({"1024, 128", "1024, 256", "4096, 256"})
  void anErrnoAndNothingElse(int blockSize, int inodeSize) throws Exception {
    long base = Long.getLong("svc0.seed", 0);
    Path pristine = folder.resolve("pristine.img");
    Tools.mke2fs(
        pristine, "16M", "-t", "ext2", "-b", "" + blockSize, "-I", "" + inodeSize, "-N", "256");
    fill(pristine);
    List<Long> blocks = metadata(pristine, blockSize);
    int refused = 0;
    for (long seed = base; seed < base + IMAGES; seed++) {
      Damage damage = new Damage(pristine, folder.resolve("damaged.img"), seed, blockSize, blocks);
      try {
        refused += damage.use("ext2") == Damage.Outcome.REFUSED ? 1 : 0;
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(refused).as("mounts refused").isBetween(1, IMAGES - 1);
  }
}
