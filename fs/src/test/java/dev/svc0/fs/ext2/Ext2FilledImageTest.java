package dev.svc0.fs.ext2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.HostTree;
import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images that mke2fs filled from a folder read the same here, and stay so when written to. */
class Ext2FilledImageTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"1024, 128, 1", "1024, 256, 2", "2048, 256, 3", "4096, 256, 4"})
  void readsTheSameTree(int blockSize, int inodeSize, long seed) throws Exception {
    Path tree = folder.resolve("tree");
    Tools.makeTree(tree, 1500, seed);
    Path image = folder.resolve("ext2.img");
    String block = "" + blockSize;
    Tools.mke2fs(
        image, "64M", "-t", "ext2", "-b", block, "-I", "" + inodeSize, "-d", tree.toString());
    try (TestKernel kernel = TestKernel.mount(image)) {
      assertThat(HostTree.compare(kernel, "", tree)).isEqualTo(1500);
      for (int i = 0; i < 200; i++) {
        assertThat(kernel.write("/extra" + i, 0, new byte[i * 10])).isEqualTo(i * 10L);
      }
      for (int i = 0; i < 200; i++) {
        assertThat(kernel.unlink("/extra" + i)).isZero();
      }
    }
    Tools.assertClean(image);
    try (TestKernel kernel = TestKernel.mountReadOnly(image, "ext2")) {
      assertThat(HostTree.compare(kernel, "", tree)).isEqualTo(1500);
    }
  }
}
