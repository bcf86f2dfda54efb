package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.logwrites.LogWrites;
import dev.svc0.fs.logwrites.PowerCut;
import dev.svc0.fs.logwrites.WriteLog;
import dev.svc0.fs.loop.LoopType;
import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import dev.svc0.fs.testing.TreeListing;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
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
    if (record != null) {
      Path image = folder.resolve("crashed.img");
      List<String> seen = FastCommitWork.crash(seed, STEPS, image, folder);
      Path to = Path.of(record);
      Files.write(to.resolve("fast-commits-" + seed + ".txt"), seen);
      try (OutputStream out =
          new GZIPOutputStream(
              Files.newOutputStream(to.resolve("fast-commits-" + seed + ".img.gz")))) {
        Files.copy(image, out);
      }
    }
    judge(unpack(seed), expected(seed));
  }

  private Path unpack(int seed) throws Exception {
    Path image = folder.resolve("unpacked.img");
    try (InputStream in = new GZIPInputStream(resource("fast-commits-" + seed + ".img.gz"))) {
      Files.copy(in, image, StandardCopyOption.REPLACE_EXISTING);
    }
    return image;
  }

  private static List<String> expected(int seed) throws Exception {
    try (InputStream in = resource("fast-commits-" + seed + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** A recovery that is cut short and begins again comes to the same end. */
  @Test
  void recoveryCanBeginAgain() throws Exception {
    Path image = unpack(2);
    List<String> expected = expected(2);
    Path disk = Files.copy(image, folder.resolve("disk.img"));
    WriteLog.InMemory log = new WriteLog.InMemory();
    TestKernel.DiskSource source =
        devices -> LogWrites.over(devices, new LoopType().create(devices, disk.toString()), log);
    TestKernel.mount(source, "ext4", "").close();
    int[] seen = new int[1];
    Path state = folder.resolve("state.img");
    try (PowerCut power = new PowerCut(image, log.entries(), 1024)) {
      power.visit(
          power.cuts(7, 1, 12),
          cut -> {
            cut.writeTo(state);
            assertThat(TreeListing.ofImage(state)).as("cut %s", cut).isEqualTo(expected);
            Tools.assertClean(state);
            Files.delete(state);
            seen[0]++;
          });
    }
    assertThat(seen[0]).isGreaterThan(10);
  }

  /** What was damaged does not count, nor what comes behind it; what came before does. */
  @Test
  void damagedFastCommits() throws Exception {
    Path pristine = unpack(3);
    var first = Pattern.compile("\\(0-\\d+\\):(\\d+)").matcher(Tools.debugfs(pristine, "stat <8>"));
    assertThat(first.find()).isTrue();
    long journal = Long.parseLong(first.group(1)) * 1024;
    Random random = new Random(5);
    Path image = folder.resolve("damaged.img");
    int fewer = 0;
    for (int i = 0; i < 25; i++) {
      Files.copy(pristine, image, StandardCopyOption.REPLACE_EXISTING);
      try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
        file.seek(journal + (4112 - 15) * 1024 + random.nextInt(8 * 1024)); // behind the log
        file.write(random.nextInt(256));
      }
      fewer += TreeListing.ofImage(image).equals(expected(3)) ? 0 : 1;
      Tools.assertClean(image);
    }
    assertThat(fewer).isPositive();
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
