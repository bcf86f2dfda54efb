package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.extformat.Crc;
import dev.svc0.fs.logwrites.LogWrites;
import dev.svc0.fs.logwrites.PowerCut;
import dev.svc0.fs.logwrites.WriteLog;
import dev.svc0.fs.loop.LoopType;
import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import dev.svc0.fs.testing.TreeListing;
import dev.svc0.runtime.mm.HostMemory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  /**
   * Of the recorded images: bytes of a block, blocks of the journal, the last 15 of fast commits.
   */
  private static final int BLOCK = 1024;

  private static final int LOG_BLOCKS = 4112;
  private static final int TAG_TAIL = 8;

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
    long journal = firstJournalBlock(pristine) * BLOCK;
    Random random = new Random(5);
    Path image = folder.resolve("damaged.img");
    int fewer = 0;
    for (int i = 0; i < 25; i++) {
      Files.copy(pristine, image, StandardCopyOption.REPLACE_EXISTING);
      try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
        file.seek(
            journal + (LOG_BLOCKS - 15) * BLOCK + random.nextInt(8 * BLOCK)); // behind the log
        file.write(random.nextInt(256));
      }
      fewer += TreeListing.ofImage(image).equals(expected(3)) ? 0 : 1;
      Tools.assertClean(image);
    }
    assertThat(fewer).isPositive();
  }

  /** Nonsense with the right checksums: the mount is refused, or there is something to see. */
  @Test
  void forgedFastCommits() throws Exception {
    Path pristine = unpack(3);
    long journal = firstJournalBlock(pristine) * BLOCK;
    Path image = folder.resolve("forged.img");
    int refused = 0;
    int images = 30;
    for (int seed = 0; seed < images; seed++) {
      Files.copy(pristine, image, StandardCopyOption.REPLACE_EXISTING);
      try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
        for (int i = 0; i < 3; i++) {
          forge(file, journal, new Random(seed * 3L + i));
        }
      }
      try {
        assertThat(TreeListing.ofImage(image)).isNotNull();
      } catch (IOException e) {
        refused++;
        assertThat(e.getMessage()).isNotEmpty();
      }
      assertThat(Files.size(image)).isEqualTo(Files.size(pristine));
    }
    assertThat(refused).isBetween(1, images - 1);
  }

  /** Changes a byte of a record and makes the checksum of its fast commit right. */
  private static void forge(RandomAccessFile file, long journal, Random random) throws IOException {
    long place = journal + (LOG_BLOCKS - 15L + random.nextInt(12)) * BLOCK;
    byte[] bytes = new byte[BLOCK];
    file.seek(place);
    file.readFully(bytes);
    ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (at < BLOCK - 4 && block.getShort(at) != TAG_TAIL && block.getShort(at) != 0) {
      at += 4 + block.getShort(at + 2);
    }
    if (at < 8 || at > BLOCK - 12 || block.getShort(at) != TAG_TAIL) {
      return;
    }
    int spot = 4 + random.nextInt(at - 4);
    bytes[spot] = (byte) (random.nextBoolean() ? random.nextInt(256) : bytes[spot] ^ 1);
    long memory = HostMemory.reserve(4096);
    HostMemory.copy(bytes, 0, memory, BLOCK);
    block.putInt(at + 8, Crc.crc32c(0, memory, at + 8));
    HostMemory.release(memory, 4096);
    file.seek(place);
    file.write(bytes);
  }

  private static long firstJournalBlock(Path image) {
    var first = Pattern.compile("\\(0-\\d+\\):(\\d+)").matcher(Tools.debugfs(image, "stat <8>"));
    assertThat(first.find()).isTrue();
    return Long.parseLong(first.group(1));
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
