package dev.svc0.fs.jbd2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.vfs.MountException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logs written by debugfs, replayed here and by e2fsck: the same bytes must come out. */
class JournalRecoveryTest {
  private static final int BLOCKS = 60;

  @TempDir Path folder;

  private int blockSize;
  private long firstBlock;

  private Path makeImage(String options) throws Exception {
    Path tree = Files.createDirectories(folder.resolve("tree"));
    byte[] data = new byte[BLOCKS * blockSize];
    new Random(1).nextBytes(data);
    Files.write(tree.resolve("victim"), data);
    Path image = folder.resolve("ext4.img");
    Tools.mke2fs(image, "64M", (options + " -b " + blockSize + " -d " + tree).split(" "));
    String blocks = Tools.debugfs(image, "blocks /victim").lines().toList().getLast();
    String[] numbers = blocks.trim().split(" +");
    firstBlock = -1;
    for (int i = 0; i + 20 < numbers.length; i++) {
      if (Long.parseLong(numbers[i + 20]) == Long.parseLong(numbers[i]) + 20) {
        firstBlock = Long.parseLong(numbers[i]);
        break;
      }
    }
    assertThat(firstBlock).isPositive();
    return image;
  }

  private Path content(long seed, boolean escaped, int blocks) throws Exception {
    byte[] bytes = new byte[blocks * blockSize];
    new Random(seed).nextBytes(bytes);
    if (escaped) {
      System.arraycopy(new byte[] {(byte) 0xC0, 0x3B, 0x39, (byte) 0x98}, 0, bytes, 0, 4);
    }
    return Files.write(folder.resolve("content" + seed), bytes);
  }

  private String blocks(int from, int count) {
    return (firstBlock + from) + "-" + (firstBlock + from + count - 1);
  }

  /** Several transactions: overwriting each other, escaped, revoked, and one without its commit. */
  private void writeLog(Path image, String open) throws Exception {
    String script =
        String.join(
            "\n",
            open,
            "jw -b " + blocks(0, 8) + " " + content(10, false, 8),
            "jw -b " + blocks(4, 3) + " " + content(11, true, 3),
            "jw -b " + blocks(10, 2) + " " + content(12, false, 2),
            // debugfs gives such a transaction a wrong checksum of version 2, as e2fsck finds too
            open.endsWith("-v 2") ? "" : "jw -r " + blocks(10, 2),
            "jw -b " + blocks(14, 1) + " " + content(13, true, 1),
            "jw -b " + blocks(16, 2) + " -c " + content(14, false, 2),
            "jc",
            "");
    Path file = Files.writeString(folder.resolve("script"), script);
    Tools.Answer answer = Tools.run("debugfs", "-w", "-f", file.toString(), image.toString());
    assertThat(answer.output()).doesNotContain("while");
    assertThat(Tools.run("dumpe2fs", "-h", image.toString()).output()).contains("needs_recovery");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          1024, -t ext4, jo -c -v 3
          4096, -t ext4, jo -c -v 3
          1024, -t ext4 -O ^64bit, jo -c -v 3
          1024, -t ext4 -O ^metadata_csum, jo -c -v 2
          1024, -t ext4 -O ^metadata_csum, jo
          1024, -t ext3, jo
          """)
  void sameAsE2fsck(int size, String options, String open) throws Exception {
    blockSize = size;
    Path image = makeImage(options);
    writeLog(image, open);
    Path theirs = folder.resolve("theirs.img");
    Files.copy(image, theirs, StandardCopyOption.REPLACE_EXISTING);
    assertThat(Tools.run("e2fsck", "-fy", theirs.toString()).exit()).isLessThan(4);
    byte[] here;
    try (TestKernel kernel = TestKernel.mountReadOnly(image, "ext4")) {
      here = kernel.read("/victim");
    }
    Path dumped = folder.resolve("dumped");
    Tools.debugfs(theirs, "dump /victim " + dumped);
    assertThat(here).isEqualTo(Files.readAllBytes(dumped));
    assertThat(here).isNotEqualTo(Files.readAllBytes(folder.resolve("tree/victim")));
    Tools.assertClean(image);
    assertThat(Tools.run("dumpe2fs", "-h", image.toString()).output())
        .doesNotContain("needs_recovery");
    try (TestKernel kernel = TestKernel.mountReadOnly(image, "ext4")) {
      assertThat(kernel.read("/victim")).isEqualTo(here);
    }
  }

  @Test
  void aTransactionWithAWrongChecksumIsRefusedAsLinuxDoes() throws Exception {
    blockSize = 1024;
    Path image = makeImage("-t ext4 -O ^metadata_csum");
    String script =
        "jo -c -v 2\njw -b %s %s\njw -r %s\njw -b %s %s\njc\n"
            .formatted(
                blocks(0, 2),
                content(1, false, 2),
                blocks(0, 1),
                blocks(3, 1),
                content(2, false, 1));
    Path file = Files.writeString(folder.resolve("script"), script);
    Tools.run("debugfs", "-w", "-f", file.toString(), image.toString());
    MountException refused =
        catchThrowableOfType(MountException.class, () -> TestKernel.mountReadOnly(image, "ext4"));
    assertThat(refused).hasMessageContaining("transaction 2 in the journal is corrupt");
    assertThat(Tools.run("e2fsck", "-fy", image.toString()).output())
        .contains("Journal transaction 2 was corrupt");
  }

  /** Random bytes in the log: recovered as far as it is right, or refused; never an exception. */
  @Test
  void damagedLogs() throws Exception {
    blockSize = 1024;
    Path pristine = makeImage("-t ext4");
    writeLog(pristine, "jo -c -v 3");
    long log = firstLogBlock(pristine);
    long base = Long.getLong("svc0.seed", 0);
    for (long seed = base; seed < base + 40; seed++) {
      Path image = folder.resolve("damaged.img");
      Files.copy(pristine, image, StandardCopyOption.REPLACE_EXISTING);
      Random random = new Random(seed);
      try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
        file.seek((log + random.nextInt(20)) * blockSize + random.nextInt(blockSize / 4));
        file.write(random.nextInt());
        file.write(random.nextInt());
      }
      MountException refused =
          catchThrowableOfType(
              MountException.class,
              () -> {
                try (TestKernel kernel = TestKernel.mountReadOnly(image, "ext4")) {
                  assertThat(kernel.list("/")).containsKey("victim");
                }
              });
      if (refused != null) {
        assertThat(refused).as("seed %d", seed).hasMessageContaining("e2fsck");
      }
    }
  }

  private static long firstLogBlock(Path image) {
    String text = Tools.debugfs(image, "blocks <8>").lines().toList().getLast();
    return Long.parseLong(text.trim().split(" +")[0]);
  }

  @Test
  void aWriteProtectedImageIsRefused() throws Exception {
    blockSize = 1024;
    Path image = makeImage("-t ext4");
    writeLog(image, "jo -c -v 3");
    assertThat(image.toFile().setWritable(false)).isTrue();
    byte[] before = Files.readAllBytes(image);
    MountException refused =
        catchThrowableOfType(
            MountException.class, () -> TestKernel.mountWriteProtected(image, "ext4"));
    assertThat(refused)
        .hasMessageContaining("needs_recovery")
        .hasMessageContaining("write-protected");
    assertThat(Files.readAllBytes(image)).isEqualTo(before);
  }
}
