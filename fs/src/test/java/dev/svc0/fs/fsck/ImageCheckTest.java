package dev.svc0.fs.fsck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our verdict is that of e2fsck: on what mke2fs makes, and on what debugfs breaks. */
class ImageCheckTest {
  @TempDir Path folder;

  private Path image = Path.of("");

  @BeforeEach
  void needTools() {
    boolean there = Files.isExecutable(Path.of("/usr/sbin/debugfs"));
    if (!there) {
      assertThat(System.getenv("CI")).as("e2fsprogs must be installed in CI").isNull();
      Assumptions.abort("e2fsprogs is not installed");
    }
    image = folder.resolve("disk.img");
  }

  private String run(String... command) throws IOException, InterruptedException {
    return new String(output(command).bytes, StandardCharsets.ISO_8859_1);
  }

  private record Output(int status, byte[] bytes) {}

  private Output output(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    byte[] bytes = process.getInputStream().readAllBytes();
    assertThat(process.waitFor(240, TimeUnit.SECONDS)).isTrue();
    return new Output(process.exitValue(), bytes);
  }

  private boolean isCleanForE2fsck(Path file) throws IOException, InterruptedException {
    return output("/usr/sbin/e2fsck", "-fn", file.toString()).status == 0;
  }

  private void make(String options) throws IOException, InterruptedException {
    Path tree = folder.resolve("tree");
    Files.createDirectories(tree.resolve("deep/er"));
    Files.write(tree.resolve("file"), new byte[3_000_000]);
    Files.writeString(tree.resolve("deep/words"), "words\n");
    Files.createLink(tree.resolve("deep/second"), tree.resolve("file"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("x".repeat(80)));
    for (int i = 0; i < 400; i++) {
      Files.writeString(tree.resolve("deep/er/a-name-that-is-not-so-short-" + i), "y");
    }
    List<String> command = new ArrayList<>(List.of("/usr/sbin/mke2fs", "-q", "-d", "tree"));
    command.addAll(List.of(options.split(" ")));
    command.addAll(List.of("disk.img", "24M"));
    assertThat(run(command.toArray(String[]::new))).doesNotContain("rror");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-t ext2 -b 1024",
        "-t ext2 -b 4096 -I 128",
        "-t ext3",
        "-t ext4",
        "-t ext4 -b 4096",
        "-t ext4 -O metadata_csum_seed",
        "-t ext4 -O ^metadata_csum,uninit_bg",
        "-t ext4 -O ^64bit",
        "-t ext4 -O meta_bg,^resize_inode",
        "-t ext4 -O ^flex_bg -I 128",
        "-t ext4 -O bigalloc"
      })
  void whatMke2fsMakesIsClean(String options) throws Exception {
    make(options);
    assertThat(isCleanForE2fsck(image)).isTrue();
    if (options.contains("bigalloc")) {
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> ImageCheck.check(image))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("bigalloc");
      return;
    }
    CheckReport report = ImageCheck.check(image);
    assertThat(report.problems()).isEmpty();
    String counts = run("/usr/sbin/e2fsck", "-fn", "disk.img");
    assertThat(counts)
        .contains(
            "%d/%d files".formatted(report.inodesUsed(), report.inodes()),
            "%d/%d blocks".formatted(report.blocksUsed(), report.blocks()));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "-t ext2 -b 1024 | sif /deep/words links_count 5         | should be 1",
        "-t ext4         | sif /deep/words links_count 5         | should be 1",
        "-t ext4         | sif /deep links_count 9               | link count",
        "-t ext4         | clri /deep/words                      | not in use",
        "-t ext4         | sif /deep/words dtime 12345           | time of deletion",
        "-t ext4         | unlink /deep/words                    | no name leads to it",
        "-t ext4         | unlink /deep                          | no name leads to it",
        "-t ext2 -b 1024 | sif /file block[0] 5                  | something else too",
        "-t ext2 -b 1024 | sif /file block[1] 99999999           | outside",
        "-t ext2 -b 1024 | sif /file blocks 2                    | count of blocks",
        "-t ext4         | sif /deep size 20480                  | its size is 20480",
        "-t ext2 -b 1024 | freeb 2                               | marked as free",
        "-t ext4         | setb 20000                            | nobody uses it",
        "-t ext4         | seti <900>                            | nobody uses it",
        "-t ext4         | freei /deep/words                     | marked as free",
        "-t ext4         | set_bg 0 free_inodes_count 3          | 3 free inodes",
        "-t ext4         | set_bg 0 used_dirs_count 30           | 30 directories",
        "-t ext4         | sif /deep/words mode 0                | type 1",
      })
  void whatDebugfsBreaksIsFound(String options, String command, String sentence) throws Exception {
    make(options);
    run("/usr/sbin/debugfs", "-w", "-R", command, "disk.img");
    assertThat(isCleanForE2fsck(image)).as("e2fsck finds nothing").isFalse();
    CheckReport report = ImageCheck.check(image);
    assertThat(String.join("\n", report.problems())).contains(sentence);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-t ext2 -b 1024", "-t ext4"})
  void noDamageMakesItFailOrHang(String options) throws Exception {
    make(options);
    Path broken = folder.resolve("broken.img");
    long seed = Long.getLong("svc0.seed", 20260101);
    Random random = new Random(seed);
    int missed = 0;
    for (int i = 0; i < 60; i++) {
      Files.copy(image, broken, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel file = FileChannel.open(broken, StandardOpenOption.WRITE)) {
        byte[] noise = new byte[1 + random.nextInt(16)];
        random.nextBytes(noise);
        file.write(ByteBuffer.wrap(noise), 1024 + random.nextInt(1 << 20));
      }
      CheckReport report = ImageCheck.check(broken);
      boolean clean = isCleanForE2fsck(broken);
      if (clean) {
        assertThat(report.problems()).as("seed " + seed + ", round " + i).isEmpty();
      } else if (report.isClean()) {
        missed++;
      }
    }
    assertThat(missed).as("e2fsck complains and we do not; seed " + seed).isLessThanOrEqualTo(3);
  }
}
