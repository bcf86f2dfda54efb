package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.Tools;
import dev.svc0.fs.testing.TreeListing;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Recovery of logs with fast commits that a Linux kernel wrote: everything that was synced is
 * there, and e2fsck has nothing to complain about, not even counts of links.
 */
class Ext4FastCommitTest {
  private static final int STEPS = 60;

  @TempDir Path folder;

  private static void judge(Path image, List<String> expected) throws Exception {
    assertThat(Tools.run("dumpe2fs", "-h", "" + image).output()).contains("needs_recovery");
    assertThat(TreeListing.ofImage(image)).isEqualTo(expected);
    Tools.assertClean(image);
  }

  /** Images kept from Linux 6.18; -Dsvc0.record.fastcommits=FOLDER makes them anew, as root. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void recordedImages(int seed) throws Exception {
    String record = System.getProperty("svc0.record.fastcommits");
    Path image = folder.resolve("crashed.img");
    if (record != null) {
      List<String> seen = FastCommitWork.crash(seed, STEPS, image, folder);
      Path to = Path.of(record);
      Files.write(to.resolve("fast-commits-" + seed + ".txt"), seen);
      try (OutputStream out =
          new GZIPOutputStream(
              Files.newOutputStream(to.resolve("fast-commits-" + seed + ".img.gz")))) {
        Files.copy(image, out);
      }
    }
    try (InputStream in = new GZIPInputStream(resource("fast-commits-" + seed + ".img.gz"))) {
      Files.copy(in, image, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    List<String> expected;
    try (InputStream in = resource("fast-commits-" + seed + ".txt")) {
      expected = new String(in.readAllBytes()).lines().toList();
    }
    judge(image, expected);
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(Ext4FastCommitTest.class.getResourceAsStream(name), name);
  }

  /** New ones by the kernel of this machine. */
  @ParameterizedTest
  @ValueSource(ints = {101, 102, 103, 104})
  void imagesOfThisKernel(int seed) throws Exception {
    Path image = folder.resolve("crashed.img");
    List<String> seen = FastCommitWork.crash(seed, STEPS, image, folder);
    judge(image, seen);
  }
}
