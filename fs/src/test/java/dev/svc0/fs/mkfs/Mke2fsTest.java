package dev.svc0.fs.mkfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What we make is what mke2fs makes, as dumpe2fs and debugfs show it. */
class Mke2fsTest {
  @TempDir Path folder;

  /** The whole dump without identities and times. */
  private static String dump(Path image) {
    StringBuilder text = new StringBuilder();
    for (String line : Tools.run("dumpe2fs", image.toString()).output().split("\n")) {
      boolean varies =
          line.startsWith("Filesystem UUID")
              || line.startsWith("Filesystem created")
              || line.startsWith("Last write time")
              || line.startsWith("Last checked")
              || line.startsWith("Directory Hash Seed");
      if (!varies) {
        text.append(line).append('\n');
      }
    }
    for (String inode : new String[] {"<2>", "<7>", "<11>", "<1>"}) {
      text.append(Tools.debugfs(image, "stat " + inode).replaceAll("(?m)time: .*$", ""));
    }
    text.append(Tools.debugfs(image, "ls /").replaceAll("\\d{4}", ""));
    return text.append(Tools.debugfs(image, "ls /lost+found")).toString();
  }

  private static long bytes(String size) {
    long number = Long.parseLong(size.substring(0, size.length() - 1));
    return number << 10 * ("KMG".indexOf(size.charAt(size.length() - 1)) + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "300K, 0, 256, 0",
    "1440K, 0, 256, 0",
    "1M, 1024, 128, 0",
    "8M, 0, 256, 0",
    "8193K, 1024, 256, 0",
    "20000K, 1024, 256, 0",
    "64M, 0, 256, 0",
    "64M, 2048, 128, 0",
    "100M, 4096, 256, 65536",
    "511M, 0, 256, 0",
    "600M, 0, 256, 0",
    "1G, 0, 256, 0",
    "5G, 0, 256, 0",
    "257M, 1024, 512, 2048",
    "1028M, 4096, 1024, 0"
  })
  void sameAsMke2fs(String size, int blockSize, int inodeSize, int ratio) throws IOException {
    Path theirs = folder.resolve("theirs.img");
    Path ours = folder.resolve("ours.img");
    java.util.List<String> words =
        new java.util.ArrayList<>(java.util.List.of("-t", "ext2", "-I", "" + inodeSize));
    Mke2fsOptions options = new Mke2fsOptions().inodeSize(inodeSize);
    if (blockSize != 0) {
      words.addAll(java.util.List.of("-b", "" + blockSize));
      options.blockSize(blockSize);
    }
    if (ratio != 0) {
      words.addAll(java.util.List.of("-i", "" + ratio));
      options.inodeRatio(ratio);
    }
    Tools.mke2fs(theirs, size, words.toArray(String[]::new));
    Mke2fs.format(ours, bytes(size), options);
    assertThat(dump(ours)).isEqualTo(dump(theirs));
    Tools.assertClean(ours);
  }

  @ParameterizedTest
  @CsvSource({
    "1M, 0, 256",
    "2M, 0, 256",
    "20000K, 1024, 256",
    "64M, 0, 256",
    "64M, 2048, 128",
    "100M, 4096, 256",
    "257M, 1024, 512",
    "511M, 0, 256",
    "1G, 0, 256",
    "9G, 0, 256"
  })
  void sameExt4AsMke2fs(String size, int blockSize, int inodeSize) throws IOException {
    Path theirs = folder.resolve("theirs.img");
    Path ours = folder.resolve("ours.img");
    java.util.List<String> words =
        new java.util.ArrayList<>(java.util.List.of("-t", "ext4", "-I", "" + inodeSize));
    Mke2fsOptions options = new Mke2fsOptions().ext4().inodeSize(inodeSize);
    if (blockSize != 0) {
      words.addAll(java.util.List.of("-b", "" + blockSize));
      options.blockSize(blockSize);
    }
    Tools.mke2fs(theirs, size, words.toArray(String[]::new));
    Mke2fs.format(ours, bytes(size), options);
    assertThat(dumpWithoutSums(ours)).isEqualTo(dumpWithoutSums(theirs));
    Tools.assertClean(ours);
  }

  /** Checksums vary with the identity, and mke2fs counts what it wrote. */
  private static String dumpWithoutSums(Path image) {
    String text = dump(image) + Tools.debugfs(image, "stat <8>").replaceAll("(?m)time: .*$", "");
    return text.replaceAll("csum 0x[0-9a-f]+", "")
        .replaceAll("(?m)^(Lifetime writes|Checksum|Inode checksum): .*\\n", "");
  }

  @Test
  void ext4CanBeMountedAndFilled() throws Exception {
    Path image = folder.resolve("ours.img");
    Mke2fs.format(
        image, 40 << 20, new Mke2fsOptions().ext4().features("^resize_inode").label("svc0"));
    byte[] data = new byte[3_000_000];
    new java.util.Random(5).nextBytes(data);
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      assertThat(kernel.mkdir("/dir")).isZero();
      assertThat(kernel.write("/dir/file", 0, data)).isEqualTo(data.length);
    }
    Tools.assertClean(image);
    Path copy = folder.resolve("copy");
    Tools.debugfs(image, "dump /dir/file " + copy);
    assertThat(java.nio.file.Files.readAllBytes(copy)).isEqualTo(data);
  }

  @Test
  void canBeMountedAndFilled() throws Exception {
    Path image = folder.resolve("ours.img");
    Mke2fs.format(image, 16 << 20, new Mke2fsOptions().label("svc0").reservedPercent(0));
    byte[] data = new byte[3_000_000];
    new java.util.Random(5).nextBytes(data);
    try (TestKernel kernel = TestKernel.mount(image)) {
      assertThat(kernel.mkdir("/dir")).isZero();
      assertThat(kernel.write("/dir/file", 0, data)).isEqualTo(data.length);
    }
    Tools.assertClean(image);
    Path copy = folder.resolve("copy");
    Tools.debugfs(image, "dump /dir/file " + copy);
    assertThat(java.nio.file.Files.readAllBytes(copy)).isEqualTo(data);
    assertThat(Tools.run("dumpe2fs", "-h", image.toString()).output())
        .containsPattern("volume name: +svc0");
  }

  @Test
  void tooSmallIsRefused() {
    assertThatThrownBy(() -> Mke2fs.format(folder.resolve("tiny"), 20_000, new Mke2fsOptions()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too small");
  }
}
