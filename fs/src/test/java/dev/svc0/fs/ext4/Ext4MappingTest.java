package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.logwrites.LogWrites;
import dev.svc0.fs.logwrites.PowerCut;
import dev.svc0.fs.logwrites.WriteLog;
import dev.svc0.fs.loop.LoopType;
import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.TestProgram;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files on ext4 mapped into memory: stores, msync, crashes. */
@Timeout(120)
class Ext4MappingTest {
  private static final int PAGE = 4096;

  @TempDir Path folder;

  private Path image(String... options) {
    Path image = folder.resolve("ext4.img");
    Tools.mke2fs(image, "32M", options);
    return image;
  }

  private static byte[] filled(int bytes, int mark) {
    byte[] data = new byte[bytes];
    Arrays.fill(data, (byte) mark);
    return data;
  }

  /** What msync was told to write is there after a crash, holes that were stored to included. */
  @ParameterizedTest
  @ValueSource(strings = {"", "nodelalloc", "data=writeback", "data=journal"})
  void whatWasSyncedSurvives(String options) throws Exception {
    Path image = image("-t", "ext4", "-b", "1024");
    TestProgram program = TestProgram.boot(image, "ext4", options);
    int fd = program.create("/f");
    assertThat(program.ftruncate(fd, 64L * PAGE)).isZero();
    long at = program.mapShared(fd, 64L * PAGE, 0);
    for (int page = 0; page < 64; page += 2) {
      program.task.memory().writeBytes(at + (long) page * PAGE + 7, filled(PAGE - 7, page + 1));
    }
    assertThat(program.msync(at, 64L * PAGE)).isZero();
    program.task.memory().writeBytes(at + 11L * PAGE, filled(PAGE, 99));
    assertThat(program.msync(at + 11L * PAGE, PAGE)).isZero();
    Path crashed = Files.copy(image, folder.resolve("crashed.img"));
    program.close();
    Tools.assertClean(image);
    try (TestKernel after = TestKernel.mount(crashed, "ext4", "")) {
      byte[] data = after.read("/f");
      assertThat(data).hasSize(64 * PAGE);
      for (int page = 0; page < 64; page++) {
        byte[] seen = Arrays.copyOfRange(data, page * PAGE + 7, (page + 1) * PAGE);
        assertThat(seen).containsOnly(page == 11 ? 99 : page % 2 == 0 ? page + 1 : 0);
      }
    }
    Tools.assertClean(crashed);
  }

  /** The page at the end: what lies behind the size is seen, but never written. */
  @Test
  void storesBehindTheEndAreNotKept() throws Exception {
    Path image = image("-t", "ext4", "-b", "1024");
    try (TestProgram program = TestProgram.boot(image, "ext4", "")) {
      int fd = program.create("/f");
      program.write(fd, filled(100, 1), 0);
      long at = program.mapShared(fd, PAGE, 0);
      program.task.memory().writeBytes(at + 50, filled(PAGE - 50, 2));
      assertThat(program.fsync(fd)).isZero();
      assertThat(program.ftruncate(fd, PAGE)).isZero();
      byte[] data = program.read(fd, PAGE, 0);
      assertThat(Arrays.copyOfRange(data, 50, 100)).containsOnly(2);
      assertThat(Arrays.copyOfRange(data, 100, PAGE)).containsOnly(0);
    }
    Tools.assertClean(image);
  }

  /** Pages that a truncate or a punched hole took away come back empty, also in the mapping. */
  @Test
  void holesReachTheMapping() throws Exception {
    Path image = image("-t", "ext4");
    try (TestProgram program = TestProgram.boot(image, "ext4", "")) {
      int fd = program.create("/f");
      program.write(fd, filled(8 * PAGE, 1), 0);
      long at = program.mapShared(fd, 8L * PAGE, 0);
      assertThat(program.task.memory().readBytes(at + 2L * PAGE, PAGE)).containsOnly(1);
      int punch = FsConstants.FALLOC_FL_PUNCH_HOLE | FsConstants.FALLOC_FL_KEEP_SIZE;
      assertThat(program.fallocate(fd, punch, 2L * PAGE, 2L * PAGE)).isZero();
      assertThat(program.task.memory().readBytes(at + 2L * PAGE, 2 * PAGE)).containsOnly(0);
      program.task.memory().writeBytes(at + 3L * PAGE, filled(10, 5));
      assertThat(program.read(fd, 10, 3L * PAGE)).containsOnly(5);
      assertThat(program.fallocate(fd, FsConstants.FALLOC_FL_COLLAPSE_RANGE, 0, PAGE)).isZero();
      assertThat(program.task.memory().readBytes(at + 2L * PAGE, 10)).containsOnly(5);
    }
    Tools.assertClean(image);
  }

  /** A full disk is noticed when a page is stored to, not when it is too late. */
  @Test
  void aFullDiskFaults() throws Exception {
    Path image = image("-t", "ext4", "-m", "0");
    try (TestProgram program = TestProgram.boot(image, "ext4", "")) {
      int fd = program.create("/holes");
      assertThat(program.ftruncate(fd, 64L << 20)).isZero();
      long at = program.mapShared(fd, 64L << 20, 0);
      int stored = 0;
      try {
        for (; stored < 64 << 8; stored++) {
          program.task.memory().writeBytes(at + (long) stored * PAGE, filled(1, 1));
        }
      } catch (RuntimeException fault) {
        assertThat(fault).isInstanceOf(dev.svc0.runtime.mm.UserFault.class);
      }
      assertThat(stored).isBetween(1000, 32 << 8);
      assertThat(program.msync(at, (long) stored * PAGE)).isZero();
      assertThat(program.pwrite(program.create("/more"), filled(1 << 20, 1), 0, 0))
          .isIn(-(long) Errno.ENOSPC, 0L, (long) PAGE, 2L * PAGE);
    }
    Tools.assertClean(image);
  }

  /**
   * data=journal while a program stores and stores: what a commit puts into the log does not change
   * until it is there, so that every state after a loss of power can be replayed.
   */
  @Test
  void commitsOfMappedPagesAreWhole() throws Exception {
    Path image = folder.resolve("start.img");
    Tools.mke2fs(image, "16M", "-t", "ext4", "-b", "4096", "-J", "size=4");
    Path disk = Files.copy(image, folder.resolve("disk.img"));
    WriteLog.InMemory log = new WriteLog.InMemory();
    TestKernel.DiskSource source =
        devices -> LogWrites.over(devices, new LoopType().create(devices, disk.toString()), log);
    int pages = 32;
    try (TestProgram program = TestProgram.boot(source, "ext4", "data=journal")) {
      int fd = program.create("/f");
      program.write(fd, new byte[pages * PAGE], 0);
      assertThat(program.fsync(fd)).isZero();
      long at = program.mapShared(fd, (long) pages * PAGE, 0);
      AtomicBoolean stop = new AtomicBoolean();
      Thread storer =
          new Thread(() -> {
            byte[] one = new byte[1];
            for (int i = 0; !stop.get(); i++) {
              one[0] = (byte) (i + i / PAGE); // never what was there
              for (int page = 0; page < pages; page++) {
                program.task.memory().writeBytes(at + (long) page * PAGE + i % PAGE, one);
              }
            }
          });
      storer.start();
      for (int i = 0; i < 40; i++) {
        assertThat(program.fsync(fd)).isZero();
      }
      stop.set(true);
      storer.join();
    }
    Tools.assertClean(disk);
    int[] seen = new int[1];
    try (PowerCut power = new PowerCut(image, log.entries(), 1024)) {
      power.visit(
          power.cuts(3, 1, 60),
          state -> {
            // A block of the log with a wrong checksum would stop the mount.
            TestKernel.mount(state::attach, "ext4", "data=journal").close();
            seen[0]++;
          });
    }
    assertThat(seen[0]).isGreaterThan(20);
  }
}
