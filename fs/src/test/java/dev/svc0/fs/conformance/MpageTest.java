package dev.svc0.fs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.mkfs.Mke2fs;
import dev.svc0.fs.mkfs.Mke2fsOptions;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockDriver;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.calls.AttributeCalls;
import dev.svc0.runtime.calls.NameCalls;
import dev.svc0.runtime.calls.OpenCalls;
import dev.svc0.runtime.calls.ReadWriteCalls;
import dev.svc0.runtime.calls.SyncCalls;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.vfs.Namei;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files on ext2 and ext4 are written back and read ahead with few, large bios, and stay what they
 * are.
 */
@Timeout(60)
class MpageTest {
  private static final int CWD = Fcntl.AT_FDCWD;
  private static final int IMAGE = 8 << 20;
  private static final int CHUNK = 256 << 10;
  private static final int PAGE = 4096;

  @TempDir Path folder;
  private Machine machine;

  /** A disk in an array, without a queue, that counts. */
  private static final class Counting implements BlockDriver {
    private final byte[] content;
    private final List<Integer> reads = new ArrayList<>();
    private final List<Integer> writes = new ArrayList<>();

    Counting(byte[] content) {
      this.content = content;
    }

    @Override
    public boolean isBioBased() {
      return true;
    }

    @Override
    public synchronized void submitBio(Bio bio) {
      boolean write = ReqOp.isWrite(bio.opf);
      (write ? writes : reads).add(bio.sizeBytes);
      int at = (int) bio.sector << 9;
      for (int i = 0; i < bio.segments(); i++) {
        int bytes = bio.segmentLength(i);
        if (write) {
          HostMemory.copy(bio.segmentAddress(i), content, at, bytes);
        } else {
          HostMemory.copy(content, at, bio.segmentAddress(i), bytes);
        }
        at += bytes;
      }
      bio.end(0);
    }

    synchronized List<Integer> takeReads() {
      List<Integer> taken = List.copyOf(reads);
      reads.clear();
      return taken;
    }

    synchronized List<Integer> takeWrites() {
      List<Integer> taken = List.copyOf(writes);
      writes.clear();
      return taken;
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void start() throws Exception {
    machine = new Machine("tmpfs", "");
  }

  @AfterEach
  void stop() {
    machine.close();
  }

  private Counting mount(String type, int blockBytes) throws Exception {
    Path image = folder.resolve("image");
    Mke2fsOptions options = new Mke2fsOptions();
    Mke2fs.format(
        image, IMAGE, (type.equals("ext4") ? options.ext4() : options).blockSize(blockBytes));
    byte[] content = new byte[IMAGE];
    byte[] formatted = Files.readAllBytes(image);
    System.arraycopy(formatted, 0, content, 0, formatted.length);
    Counting disk = new Counting(content);
    DiskLimits limits = new DiskLimits(512, 512, 1 << 20, 256, 8, false, false, false, false);
    var device = machine.vfs.devices().add("cnt", 250, IMAGE >> 9, limits, disk);
    NameCalls.mkdirat(machine.task, CWD, machine.string("/w"), 0755);
    long[] error = new long[1];
    var place = Namei.kernPath(machine.task, "/w", 0, error);
    assertThat(place).isNotNull();
    machine.vfs.mountAt(place, type, type, device, 0, "");
    return disk;
  }

  private int open() {
    int flags = Fcntl.O_RDWR | Fcntl.O_CREAT;
    return (int) OpenCalls.openat(machine.task, CWD, machine.string("/w/f"), flags, 0600);
  }

  private void write(int fd, byte[] model, int position, int bytes) {
    machine
        .task
        .memory()
        .writeBytes(
            machine.buffer(), java.util.Arrays.copyOfRange(model, position, position + bytes));
    assertThat(ReadWriteCalls.pwrite64(machine.task, fd, machine.buffer(), bytes, position))
        .isEqualTo(bytes);
  }

  private void compare(int fd, byte[] model, int position, int bytes) {
    assertThat(ReadWriteCalls.pread64(machine.task, fd, machine.buffer(), bytes, position))
        .isEqualTo(bytes);
    assertThat(machine.task.memory().readBytes(machine.buffer(), bytes))
        .isEqualTo(java.util.Arrays.copyOfRange(model, position, position + bytes));
  }

  private void forget(int fd) {
    assertThat(SyncCalls.fsync(machine.task, fd)).isZero();
    assertThat(SyncCalls.fadvise64(machine.task, fd, 0, 0, Fcntl.POSIX_FADV_DONTNEED)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"ext2, 1024", "ext2, 4096", "ext4, 1024", "ext4, 4096"})
  void aRunOfBlocksIsOneBio(String type, int blockBytes) throws Exception {
    Counting disk = mount(type, blockBytes);
    byte[] model = new byte[CHUNK];
    new Random(7).nextBytes(model);
    int fd = open();
    write(fd, model, 0, CHUNK);
    disk.takeWrites();
    assertThat(SyncCalls.fsync(machine.task, fd)).isZero();
    List<Integer> writes = disk.takeWrites();
    // Blocks of addresses lie between: a few runs, and metadata. One by one it were 64 and more.
    assertThat(writes).hasSizeLessThan(24);
    assertThat(writes).anyMatch(bytes -> bytes >= CHUNK / 4);
    forget(fd);
    disk.takeReads();
    for (int at = 0; at < CHUNK; at += PAGE) {
      compare(fd, model, at, PAGE);
    }
    assertThat(disk.takeReads()).hasSizeLessThan(20);
  }

  @ParameterizedTest
  @CsvSource({"ext2, 1024", "ext2, 2048", "ext2, 4096", "ext4, 1024", "ext4, 2048"})
  void randomWritesHolesAndTruncationsAreReadBack(String type, int blockBytes) throws Exception {
    mount(type, blockBytes);
    long seed = Long.getLong("svc0.seed", 1);
    System.out.println("seed of mpage with blocks of " + blockBytes + ": " + seed);
    Random random = new Random(seed);
    byte[] model = new byte[2 * CHUNK];
    int size = 0;
    int fd = open();
    for (int step = 0; step < 400; step++) {
      int position = random.nextInt(2 * CHUNK - 1);
      int bytes = 1 + random.nextInt(Math.min(3 * PAGE, 2 * CHUNK - position));
      switch (random.nextInt(6)) {
        case 0 -> forget(fd);
        case 1 -> {
          assertThat(AttributeCalls.ftruncate(machine.task, fd, position)).isZero();
          if (position < size) {
            java.util.Arrays.fill(model, position, size, (byte) 0);
          }
          size = position;
        }
        case 2 -> compare(fd, model, 0, size);
        default -> {
          for (int i = 0; i < bytes; i++) {
            model[position + i] = (byte) random.nextInt();
          }
          write(fd, model, position, bytes);
          size = Math.max(size, position + bytes);
        }
      }
    }
    forget(fd);
    compare(fd, model, 0, size);
    assertThat(ReadWriteCalls.lseek(machine.task, fd, 0, FsConstants.SEEK_END)).isEqualTo(size);
  }
}
