package dev.svc0.fs.powercut;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.logwrites.CrashState;
import dev.svc0.fs.logwrites.LogWrites;
import dev.svc0.fs.logwrites.PowerCut;
import dev.svc0.fs.logwrites.WriteLog;
import dev.svc0.fs.loop.LoopType;
import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.vfs.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Losses of power under a random workload on ext4: each state recovers, holds what was synced byte
 * for byte, shows nothing that lay on the disk before; and a sample of them is clean for e2fsck,
 * both after our recovery and after its own.
 */
class Ext4PowerCutTest {
  private static final int STATES_PER_SAMPLE = Integer.getInteger("svc0.sample", 60);

  /** A superblock that is torn fails its checksum, here as on Linux: disks write it whole. */
  private static final int SUPERBLOCK_BYTES = 1024;

  private static final byte STALE = (byte) 0xEE;

  @TempDir Path folder;

  private CrashModel model;

  private Path start(int blockSize, String features) throws Exception {
    Path image = folder.resolve("start.img");
    byte[] stale = new byte[16 << 20];
    Arrays.fill(stale, STALE);
    Files.write(image, stale);
    Tools.mke2fs(
        image,
        "16M",
        ("-t ext4 -b " + blockSize + " -E nodiscard,lazy_itable_init=0 -J size=4 -O " + features)
            .split(" "));
    return image;
  }

  private List<WriteLog.Entry> workload(Path disk, String options, long seed, int steps)
      throws Exception {
    WriteLog.InMemory log = new WriteLog.InMemory();
    model = new CrashModel();
    TestKernel.DiskSource source =
        devices -> LogWrites.over(devices, new LoopType().create(devices, disk.toString()), log);
    try (TestKernel kernel = TestKernel.mount(source, "ext4", options)) {
      LogWrites layer = (LogWrites) kernel.disk.queue().driver();
      new Workload(kernel, layer, model, seed).run(steps);
    }
    Tools.assertClean(disk);
    return log.entries();
  }

  private static byte[] read(TestKernel kernel, String path) {
    long[] error = new long[1];
    File file = kernel.open(path, Fcntl.O_RDONLY, error);
    if (file == null) {
      assertThat(error[0]).as(path).isEqualTo(-Errno.ENOENT);
      return null;
    }
    byte[] data = kernel.read(file, 0, (int) file.inode().size(), error);
    file.put();
    assertThat(error[0]).as(path).isZero();
    return data;
  }

  /** Mounts a state, which recovers it, and looks at every file. */
  private void check(CrashState state, String options) throws Exception {
    Map<String, int[]> possible = model.possible(state.marks());
    try (TestKernel kernel = TestKernel.mount(state::attach, "ext4", options)) {
      for (String path : model.paths()) {
        String wrong = model.judge(path, possible.get(path), read(kernel, path));
        if (wrong != null && !isStaleInWriteback(wrong, options)) {
          throw new AssertionError(wrong);
        }
      }
    }
  }

  /** data=writeback promises nothing about data that was not synced. */
  private static boolean isStaleInWriteback(String wrong, String options) {
    return options.contains("writeback") && wrong.endsWith("never written there");
  }

  private void sample(CrashState state, String options) throws Exception {
    Path raw = folder.resolve("raw.img");
    state.writeTo(raw);
    check(state, options);
    Path ours = folder.resolve("ours.img");
    state.writeTo(ours);
    Tools.assertClean(ours);
    Tools.Answer answer = Tools.run("e2fsck", "-fp", raw.toString());
    assertThat(answer.exit()).as(answer.output()).isLessThan(2);
    Tools.assertClean(raw);
  }

  @ParameterizedTest
  @CsvSource({
    "4096, metadata_csum, data=ordered",
    "1024, metadata_csum, data=ordered",
    "4096, ^metadata_csum, data=ordered",
    "1024, '^extents,^64bit', data=ordered",
    "1024, metadata_csum, data=writeback",
    "1024, metadata_csum, data=journal",
    "2048, orphan_file, nodelalloc",
  })
  void everyStateRecovers(int blockSize, String features, String options) throws Exception {
    long seed = Long.getLong("svc0.seed", 1);
    int steps = Integer.getInteger("svc0.steps", 150);
    Path image = start(blockSize, features);
    Path disk = Files.copy(image, folder.resolve("disk.img"));
    List<WriteLog.Entry> log = workload(disk, options, seed, steps);
    int[] seen = new int[1];
    try (PowerCut power = new PowerCut(image, log, SUPERBLOCK_BYTES)) {
      power.visit(
          power.cuts(seed, 1, 150),
          state -> {
            if (seen[0]++ % STATES_PER_SAMPLE == 0) {
              sample(state, options);
            } else {
              check(state, options);
            }
          });
    }
    assertThat(seen[0]).isGreaterThan(150);
  }
}
