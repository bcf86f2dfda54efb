package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import dev.svc0.fs.testing.TreeModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random operations against a model, over sizes of blocks and inodes, features and mount options;
 * e2fsck after each round. The seed is the last parameter; -Dsvc0.seed=N adds N to it.
 */
class Ext4RandomTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          64M, -t ext4, '', 1
          64M, -t ext4 -b 1024 -I 128, '', 2
          64M, -t ext4 -b 2048 -I 256, nodelalloc, 3
          64M, '-t ext4 -O ^has_journal', '', 4
          64M, -t ext4, data=journal, 14
          64M, '-t ext4 -O ^metadata_csum,uninit_bg -b 1024', '', 5
          32M, '-t ext4 -O ^extent,^64bit -b 2048', '', 6
          64M, '-t ext4 -O ^64bit,^flex_bg,^dir_index', data=writeback, 7
          64M, '-t ext4 -O metadata_csum_seed,orphan_file -I 128', '', 8
          64M, '-t ext4 -O meta_bg,^resize_inode -b 1024', '', 9
          32M, -t ext3 -b 1024, '', 10
          16M, -t ext2 -b 1024 -I 128, '', 11
          1M,  '-t ext4 -b 1024 -m 0 -O ^has_journal', '', 9
          1M,  '-t ext4 -b 1024 -m 0 -O ^has_journal', nodelalloc, 10
          """)
  void sameAsTheModel(String size, String options, String mountOptions, long base)
      throws Exception {
    long seed = base + Long.getLong("svc0.seed", 0);
    System.out.println("seed " + seed);
    Path image = folder.resolve("ext4.img");
    Tools.mke2fs(image, size, options.split(" "));
    TreeModel model = new TreeModel(seed);
    for (int round = 0; round < 3; round++) {
      try (TestKernel kernel = TestKernel.mount(image, "ext4", mountOptions)) {
        model.exercise(kernel, 250);
        model.compare(kernel);
      }
      Tools.assertClean(image);
    }
    try (TestKernel kernel = TestKernel.mount(image, "ext4", mountOptions)) {
      model.compare(kernel);
    }
    Path dumped = Files.createDirectory(folder.resolve("dumped"));
    Tools.debugfs(image, "rdump / " + dumped);
    model.compare(dumped);
    if (size.equals("1M") && seed == base) {
      assertThat(model.noSpace).isPositive();
    }
  }
}
