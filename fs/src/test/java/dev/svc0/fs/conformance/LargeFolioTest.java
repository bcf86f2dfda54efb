package dev.svc0.fs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.brd.BrdType;
import dev.svc0.fs.testing.CachedFile;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.abi.StatLayout;
import dev.svc0.runtime.calls.AttributeCalls;
import dev.svc0.runtime.calls.NameCalls;
import dev.svc0.runtime.calls.OpenCalls;
import dev.svc0.runtime.calls.ReadWriteCalls;
import dev.svc0.runtime.calls.StatCalls;
import dev.svc0.runtime.calls.SyncCalls;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folios of many pages: made by large writes, cut by truncation and holes, never mixed up. */
class LargeFolioTest {
  private static final int CWD = Fcntl.AT_FDCWD;
  private static final int SPACE = 8 << 20;
  private static final int CHUNK = 1 << 19;
  private static final int PAGE = 4096;

  private Machine machine;
  private final byte[] model = new byte[SPACE];
  private int size;

  @BeforeEach
  void start() throws Exception {
    machine = new Machine("tmpfs", "");
  }

  @AfterEach
  void stop() {
    machine.close();
  }

  private int open(String path) {
    int fd =
        (int)
            OpenCalls.openat(
                machine.task, CWD, machine.string(path), Fcntl.O_RDWR | Fcntl.O_CREAT, 0644);
    assertThat(fd).isNotNegative();
    return fd;
  }

  private AddressSpace mappingOf(int fd) {
    return CachedFile.mappingOf(machine.task, fd);
  }

  private void write(int fd, Random random, int position, int bytes) {
    byte[] data = new byte[bytes];
    random.nextBytes(data);
    machine.task.memory().writeBytes(machine.buffer(), data);
    assertThat(ReadWriteCalls.pwrite64(machine.task, fd, machine.buffer(), bytes, position))
        .isEqualTo(bytes);
    System.arraycopy(data, 0, model, position, bytes);
    size = Math.max(size, position + bytes);
  }

  private void compare(int fd, int position, int bytes) {
    long got = ReadWriteCalls.pread64(machine.task, fd, machine.buffer(), bytes, position);
    int expected = Math.max(Math.min(bytes, size - position), 0);
    assertThat(got).isEqualTo(expected);
    assertThat(machine.task.memory().readBytes(machine.buffer(), expected))
        .isEqualTo(Arrays.copyOfRange(model, position, position + expected));
  }

  private long blocks(int fd) {
    assertThat(StatCalls.fstat(machine.task, fd, machine.buffer())).isZero();
    return machine.task.memory().readLong(machine.buffer() + StatLayout.st_blocks);
  }

  @Test
  void aWriteMakesAFolioAsLargeAsItAndItsPlaceAllow() {
    int fd = open("/file");
    write(fd, new Random(1), 0, CHUNK);
    write(fd, new Random(2), CHUNK + PAGE, 8 * PAGE);
    assertThat(CachedFile.orderAt(mappingOf(fd), 0)).isEqualTo(7);
    assertThat(CachedFile.orderAt(mappingOf(fd), 128)).as("a hole").isEqualTo(-1);
    assertThat(CachedFile.orderAt(mappingOf(fd), 129)).as("no place for more").isZero();
    assertThat(CachedFile.orderAt(mappingOf(fd), 130)).isEqualTo(1);
    assertThat(CachedFile.orderAt(mappingOf(fd), 132)).isEqualTo(2);
    assertThat(blocks(fd)).isEqualTo((128 + 8) * 8);
  }

  @Test
  void truncationGivesThePagesBackThatItCuts() {
    int fd = open("/file");
    write(fd, new Random(1), 0, CHUNK);
    long used = machine.vfs.frames().usedPages();
    assertThat(AttributeCalls.ftruncate(machine.task, fd, 5 * PAGE + 1)).isZero();
    assertThat(blocks(fd)).isEqualTo(6 * 8);
    assertThat(machine.vfs.frames().usedPages()).isEqualTo(used - 128 + 6);
    Arrays.fill(model, 5 * PAGE + 1, SPACE, (byte) 0);
    size = 5 * PAGE + 1;
    compare(fd, 0, CHUNK);
  }

  @Test
  void aHoleGivesThePagesBackThatItCovers() {
    int fd = open("/file");
    write(fd, new Random(1), 0, CHUNK);
    long result =
        AttributeCalls.fallocate(
            machine.task,
            fd,
            FsConstants.FALLOC_FL_PUNCH_HOLE | FsConstants.FALLOC_FL_KEEP_SIZE,
            10 * PAGE - 1,
            2 * PAGE + 2);
    assertThat(result).isZero();
    assertThat(blocks(fd)).isEqualTo((128 - 2) * 8);
    Arrays.fill(model, 10 * PAGE - 1, 12 * PAGE + 1, (byte) 0);
    compare(fd, 0, CHUNK);
    assertThat(ReadWriteCalls.lseek(machine.task, fd, 0, FsConstants.SEEK_HOLE))
        .isEqualTo(10 * PAGE);
  }

  @Test
  @Timeout(240)
  void readingOnThroughALargeFolioThatIsMarkedForReadaheadEnds() throws Exception {
    new BrdType().create(machine.vfs.devices(), "size=8M");
    NameCalls.mknodat(
        machine.task, CWD, machine.string("/node"), StatConstants.S_IFBLK | 0600, 1 << 8);
    size = SPACE;
    int fd = open("/node");
    write(fd, new Random(3), CHUNK, CHUNK);
    assertThat(CachedFile.orderAt(mappingOf(fd), CHUNK / PAGE)).isEqualTo(7);
    for (int position = 0; position < 2 * CHUNK; position += PAGE) {
      compare(fd, position, PAGE);
    }
  }

  /** Reading ahead ends at a folio that is larger than what is read ahead. */
  @Test
  @Timeout(240)
  void readAheadMeetsALargeFolio() throws Exception {
    new BrdType().create(machine.vfs.devices(), "size=8M");
    NameCalls.mknodat(
        machine.task, CWD, machine.string("/node"), StatConstants.S_IFBLK | 0600, 1 << 8);
    size = SPACE;
    int fd = open("/node");
    for (int first = 0; first < 40; first++) {
      mappingOf(fd).setLargeFolios(0);
      Filemap.filemapWriteAndWaitRange(mappingOf(fd), 0, Long.MAX_VALUE);
      Filemap.invalidateInodePages2Range(mappingOf(fd), 0, Long.MAX_VALUE >>> 12);
      mappingOf(fd).setLargeFolios(9);
      write(fd, new Random(first), 64 * PAGE, 64 * PAGE);
      for (int page = first; page < 130; page++) {
        compare(fd, page * PAGE, PAGE);
      }
    }
  }

  /** A sync of a range that begins inside a folio writes the folio. */
  @Test
  void aSyncOfAPartWritesTheFolioItBeginsIn() throws Exception {
    new BrdType().create(machine.vfs.devices(), "size=8M");
    NameCalls.mknodat(
        machine.task, CWD, machine.string("/node"), StatConstants.S_IFBLK | 0600, 1 << 8);
    size = SPACE;
    int fd = open("/node");
    write(fd, new Random(1), 0, CHUNK);
    assertThat(Filemap.filemapWriteAndWaitRange(mappingOf(fd), 3 * PAGE, 4 * PAGE - 1)).isZero();
    assertThat(mappingOf(fd).hasDirty()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tmpfs", "disk"})
  void randomCallsLeaveWhatTheModelHas(String kind) throws Exception {
    long seed = Long.getLong("svc0.seed", 1);
    System.out.println("seed of large folios on " + kind + ": " + seed);
    Random random = new Random(seed);
    boolean disk = kind.equals("disk");
    String path = "/file";
    if (disk) {
      new BrdType().create(machine.vfs.devices(), "size=8M");
      path = "/node";
      NameCalls.mknodat(
          machine.task, CWD, machine.string(path), StatConstants.S_IFBLK | 0600, 1 << 8);
      size = SPACE;
    }
    long before = machine.vfs.frames().usedPages();
    int fd = open(path);
    for (int step = 0; step < 400; step++) {
      int position = random.nextInt(SPACE - CHUNK);
      if (random.nextBoolean()) {
        position &= -PAGE << random.nextInt(8);
      }
      int bytes = 1 + random.nextInt(random.nextBoolean() ? CHUNK : 3 * PAGE);
      switch (random.nextInt(disk ? 4 : 6)) {
        case 0, 1 -> write(fd, random, position, bytes);
        case 2 -> compare(fd, position, bytes);
        case 3 -> {
          int mode = FsConstants.FALLOC_FL_PUNCH_HOLE | FsConstants.FALLOC_FL_KEEP_SIZE;
          int from = disk ? position & -512 : position;
          int length = disk ? (bytes + 511) & -512 : bytes;
          assertThat(AttributeCalls.fallocate(machine.task, fd, mode, from, length)).isZero();
          Arrays.fill(model, from, Math.min(from + length, SPACE), (byte) 0);
        }
        case 4 -> {
          assertThat(AttributeCalls.ftruncate(machine.task, fd, position)).isZero();
          size = position;
          Arrays.fill(model, size, SPACE, (byte) 0);
        }
        default -> assertThat(SyncCalls.fsync(machine.task, fd)).isZero();
      }
    }
    for (int at = 0; at < SPACE; at += CHUNK) {
      compare(fd, at, CHUNK);
    }
    if (!disk) {
      assertThat(blocks(fd)).isEqualTo(mappingOf(fd).pages() * 8);
      OpenCalls.close(machine.task, fd);
      NameCalls.unlinkat(machine.task, CWD, machine.string(path), 0);
      assertThat(machine.vfs.frames().usedPages()).isEqualTo(before);
    }
  }
}
