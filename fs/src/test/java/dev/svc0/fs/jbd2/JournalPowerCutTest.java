package dev.svc0.fs.jbd2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.logwrites.CrashState;
import dev.svc0.fs.logwrites.LogWrites;
import dev.svc0.fs.logwrites.PowerCut;
import dev.svc0.fs.logwrites.WriteLog;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.Filemap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Losses of power under a workload of the journal alone: after each, the blocks hold what some
 * handle left, none older than the last commit that was waited for; and blocks that were freed and
 * used for data hold the data.
 */
class JournalPowerCutTest {
  private static final int METADATA = 60;
  private static final int VICTIM = 80;

  @TempDir Path folder;

  private JournalImage image;
  private Random random;

  /** After each handle, the value that fills each block of metadata. */
  private final List<byte[]> history = new ArrayList<>();

  private byte[] values = new byte[VICTIM];

  private void put(Handle handle, BlockDevice disk, int at) {
    BufferHead buffer = Buffers.bread(disk, image.victim[at], image.blockSize);
    assertThat(buffer).isNotNull();
    assertThat(handle.getWriteAccess(buffer)).isZero();
    values[at] = (byte) (1 + random.nextInt(100));
    HostMemory.fill(buffer.address, image.blockSize, values[at]);
    if (random.nextInt(4) == 0) { // must be escaped, and does not show in the value
      BigEndian.put32(buffer.address, JournalLayout.JBD2_MAGIC_NUMBER);
    }
    assertThat(handle.dirtyMetadata(buffer)).isZero();
    Buffers.brelse(buffer);
  }

  private void handle(Journal journal, BlockDevice disk) {
    Handle handle = journal.start(25);
    assertThat(handle.error()).isZero();
    for (int i = random.nextInt(24); i >= 0; i--) {
      put(handle, disk, random.nextInt(METADATA));
    }
    assertThat(handle.stop()).isZero();
    history.add(values.clone());
  }

  /** A block is metadata, is freed, and holds data when that has committed. */
  private void reuse(Journal journal, BlockDevice disk, LogWrites layer) {
    int at = METADATA + random.nextInt(VICTIM - METADATA);
    layer.mark("metadata " + at);
    Handle first = journal.start(1);
    put(first, disk, at);
    assertThat(first.stop()).isZero();
    history.add(values.clone());
    if (random.nextBoolean()) {
      assertThat(journal.forceCommit()).isZero();
    }
    Handle second = journal.start(2, 0, 1);
    BufferHead buffer = Buffers.bread(disk, image.victim[at], image.blockSize);
    assertThat(second.revoke(image.victim[at], buffer)).isZero();
    assertThat(second.stop()).isZero();
    history.add(values.clone());
    assertThat(journal.forceCommit()).isZero();
    int value = 101 + random.nextInt(20);
    long memory = HostMemory.reserve(image.blockSize);
    HostMemory.fill(memory, image.blockSize, (byte) value);
    Bio bio = new Bio(disk, 1, ReqOp.WRITE);
    bio.sector = image.victim[at] * (image.blockSize / 512);
    bio.addSegment(memory, image.blockSize);
    assertThat(BlockCore.submitBioWait(bio)).isZero();
    HostMemory.release(memory, image.blockSize);
    assertThat(BlockCore.blkdevIssueFlush(disk)).isZero();
    layer.mark("data " + at + " " + value);
    layer.mark("committed " + history.size());
  }

  private List<WriteLog.Entry> workload(Path disk, int kind) throws Exception {
    WriteLog.InMemory log = new WriteLog.InMemory();
    try (SmallKernel kernel = new SmallKernel()) {
      BlockDevice device = LogWrites.over(kernel.devices, kernel.loop(disk), log);
      LogWrites layer = (LogWrites) device.queue().driver();
      assertThat(device.setBlockSize(image.blockSize)).isZero();
      Journal journal = image.journal(device);
      journal.setCommitInterval(3_600_000_000_000L);
      journal.load();
      assertThat(journal.setFeatures(kind & 1, kind & ~1)).isTrue();
      history.add(values.clone());
      for (int i = 0; i < 250; i++) {
        handle(journal, device);
        switch (random.nextInt(12)) {
          case 0, 1 -> {
            assertThat(journal.forceCommit()).isZero();
            layer.mark("committed " + history.size());
          }
          case 2 -> reuse(journal, device, layer);
          case 3 ->
              assertThat(Filemap.filemapFdatawriteRange(device.mapping(), 0, Long.MAX_VALUE))
                  .isZero();
          case 4 -> journal.logStartCommit(journal.currentTid());
          default -> {}
        }
      }
      assertThat(journal.destroy()).isZero();
    }
    return log.entries();
  }

  /** The value of each block after recovery by us. */
  private byte[] recover(CrashState state) throws Exception {
    byte[] found = new byte[VICTIM];
    try (SmallKernel kernel = new SmallKernel()) {
      BlockDevice disk = state.attach(kernel.devices);
      assertThat(disk.setBlockSize(image.blockSize)).isZero();
      Journal journal = image.journal(disk);
      journal.load();
      assertThat(journal.destroy()).isZero();
      for (int at = 0; at < VICTIM; at++) {
        BufferHead buffer = Buffers.bread(disk, image.victim[at], image.blockSize);
        assertThat(buffer).isNotNull();
        byte[] content = new byte[image.blockSize];
        HostMemory.copy(buffer.address, content, 0, content.length);
        Buffers.brelse(buffer);
        found[at] = content[10];
        byte[] same = content.clone();
        Arrays.fill(same, 4, same.length, found[at]);
        boolean whole = Arrays.equals(content, same);
        assertThat(whole || at >= METADATA).as("block %d is of one handle", at).isTrue();
      }
    }
    return found;
  }

  private void check(CrashState state, byte[] found) {
    int committed = 1;
    int[] data = new int[VICTIM];
    boolean[] unsure = new boolean[VICTIM];
    for (String mark : state.marks()) {
      String[] words = mark.split(" ");
      int number = Integer.parseInt(words[1]);
      switch (words[0]) {
        case "committed" -> committed = number;
        case "metadata" -> unsure[number] = true;
        default -> {
          data[number] = Integer.parseInt(words[2]);
          unsure[number] = false;
        }
      }
    }
    byte[] blocks = Arrays.copyOf(found, METADATA);
    boolean some = false;
    for (int i = committed - 1; i < history.size() && !some; i++) {
      some = Arrays.equals(Arrays.copyOf(history.get(i), METADATA), blocks);
    }
    assertThat(some).as("a handle at or behind %d left these blocks", committed).isTrue();
    for (int at = METADATA; at < VICTIM; at++) {
      if (data[at] != 0 && !unsure[at]) {
        assertThat(found[at]).as("data of block %d", at).isEqualTo((byte) data[at]);
      }
    }
  }

  private byte[] recoveredByE2fsck(Path saved) throws Exception {
    Tools.Answer answer = Tools.run("e2fsck", "-fy", saved.toString());
    assertThat(answer.exit()).as(answer.output()).isLessThan(2);
    Path dumped = folder.resolve("dumped");
    Tools.debugfs(saved, "dump /victim " + dumped);
    byte[] content = Files.readAllBytes(dumped);
    byte[] found = new byte[VICTIM];
    for (int at = 0; at < VICTIM; at++) {
      found[at] = content[at * image.blockSize + 10];
    }
    return found;
  }

  @ParameterizedTest
  @CsvSource({"1024, 0", "1024, 18", "4096, 16", "4096, 1", "2048, 10"})
  void everyStateRecovers(int blockSize, int kind) throws Exception {
    long seed = Long.getLong("svc0.seed", 7L);
    random = new Random(seed);
    image = JournalImage.make(folder, blockSize, VICTIM);
    Arrays.fill(values, (byte) 'v');
    Path disk = Files.copy(image.path, folder.resolve("disk.img"));
    List<WriteLog.Entry> log = workload(disk, kind);
    Path saved = folder.resolve("state.img");
    int[] seen = new int[2];
    try (PowerCut power = new PowerCut(image.path, log)) {
      power.visit(
          power.cuts(seed, 2, 100),
          state -> {
            boolean sampled = ++seen[0] % 97 == 0;
            if (sampled) {
              state.writeTo(saved);
            }
            byte[] found = recover(state);
            check(state, found);
            if (sampled) {
              assertThat(recoveredByE2fsck(saved)).isEqualTo(found);
              seen[1]++;
            }
          });
    }
    assertThat(seen[0]).isGreaterThan(200);
    assertThat(seen[1]).isPositive();
  }
}
