package dev.svc0.fs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.brd.BrdType;
import dev.svc0.fs.loop.LoopType;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.calls.AttributeCalls;
import dev.svc0.runtime.calls.NameCalls;
import dev.svc0.runtime.calls.OpenCalls;
import dev.svc0.runtime.calls.ReadWriteCalls;
import dev.svc0.runtime.calls.SyncCalls;
import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.sched.LockOrder;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.Namei;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many threads at one file: overwriting, appending, reading, truncating, syncing and storing
 * through a mapping. What a write leaves is whole, and nobody sees a byte that nobody wrote.
 */
class OneFileTest {
  private static final int PAGE = 4096;
  private static final int BLOCK = 16 * PAGE;
  private static final int BLOCKS = 16;
  private static final int STEPS = 150;
  private static final int WRITERS = 3;
  private static final byte STORED = WRITERS + 1;
  private static final byte APPENDED = WRITERS + 2;

  @TempDir Path folder;

  /** A process that makes its calls from one thread. */
  private static final class Process {
    final Task task;
    final long memory;
    final int fd;

    Process(Machine machine, String path) {
      this(machine, path, 0);
    }

    Process(Machine machine, String path, int moreFlags) {
      task = machine.newTask();
      memory = Machine.map(task);
      task.memory().writeBytes(memory, (path + "\0").getBytes(StandardCharsets.ISO_8859_1));
      int flags = Fcntl.O_RDWR | Fcntl.O_CREAT | moreFlags;
      fd = (int) OpenCalls.openat(task, Fcntl.AT_FDCWD, memory, flags, 0644);
      assertThat(fd).isNotNegative();
    }

    byte[] read(long position, int bytes) {
      long got = ReadWriteCalls.pread64(task, fd, memory, bytes, position);
      assertThat(got).isNotNegative();
      return task.memory().readBytes(memory, (int) got);
    }
  }

  private static Void write(Process process, byte mark, long seed, boolean mayCut) {
    Random random = new Random(seed);
    byte[] data = new byte[BLOCK];
    Arrays.fill(data, mark);
    process.task.memory().writeBytes(process.memory, data);
    for (int step = 0; step < STEPS; step++) {
      long at = (long) random.nextInt(BLOCKS) * BLOCK;
      long wrote = ReadWriteCalls.pwrite64(process.task, process.fd, process.memory, BLOCK, at);
      assertThat(wrote).isEqualTo(BLOCK);
      if (step % 16 == 0) {
        assertThat(SyncCalls.fsync(process.task, process.fd)).isZero();
      } else if (mayCut && step % 16 == 5) {
        long size = (long) random.nextInt(BLOCKS) * BLOCK;
        assertThat(AttributeCalls.ftruncate(process.task, process.fd, size)).isZero();
      }
    }
    return null;
  }

  private static Void read(Process process, long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < STEPS * 2; step++) {
      for (byte each : process.read((long) random.nextInt(BLOCKS * 16) * PAGE, PAGE)) {
        assertThat(each).isBetween((byte) 0, APPENDED);
      }
    }
    return null;
  }

  /** Whole blocks at the end, wherever it is: all sizes that the others make are multiples. */
  private static Void append(Process process) {
    byte[] data = new byte[BLOCK];
    Arrays.fill(data, APPENDED);
    process.task.memory().writeBytes(process.memory, data);
    for (int step = 0; step < STEPS / 3; step++) {
      long wrote = ReadWriteCalls.write(process.task, process.fd, process.memory, BLOCK);
      assertThat(wrote).isEqualTo(BLOCK);
    }
    return null;
  }

  /** Fills pages of its own, behind what the writers use, by stores; makes room if it was cut. */
  private static Void store(Process process) {
    Task task = process.task;
    var file = Objects.requireNonNull(task.files().fdget(process.fd));
    long at =
        task.memory()
            .mmap(
                0,
                BLOCK,
                MmapConstants.PROT_READ | MmapConstants.PROT_WRITE,
                MmapConstants.MAP_SHARED,
                file.operations().mmap(file, true, new long[1]),
                (long) BLOCKS * BLOCK >> 12);
    file.put();
    assertThat(at).isPositive();
    byte[] data = new byte[PAGE];
    Arrays.fill(data, STORED);
    for (int round = 0; round < 10; round++) {
      for (int page = 0; page < 16; page++) {
        storePage(process, at + (long) page * PAGE, data);
      }
      assertThat(SyncCalls.fsync(task, process.fd)).isZero();
    }
    return null;
  }

  private static void storePage(Process process, long at, byte[] data) {
    for (int attempt = 0; attempt < 1000; attempt++) {
      try {
        process.task.memory().writeBytes(at, data);
        return;
      } catch (UserFault beyondTheEnd) {
        long size = (long) (BLOCKS + 1) * BLOCK;
        assertThat(AttributeCalls.ftruncate(process.task, process.fd, size)).isZero();
      }
    }
    throw new AssertionError("the page is never there");
  }

  private static void run(List<Callable<Void>> work) throws Exception {
    try (var pool = Executors.newFixedThreadPool(work.size())) {
      for (Future<Void> result : pool.invokeAll(work)) {
        result.get();
      }
    }
  }

  @ParameterizedTest
  @Timeout(120)
  @ValueSource(strings = {"tmpfs", "disk", "ext2", "ext4", "ext4 data=journal"})
  void nothingIsTornAndNothingIsLost(String kind) throws Exception {
    long seed = Long.getLong("svc0.seed", 1);
    System.out.println("seed of one file on " + kind + ": " + seed);
    Path image = folder.resolve("disk.img");
    boolean disk = kind.equals("disk");
    boolean onDisk = kind.startsWith("ext");
    try (Machine machine = new Machine("tmpfs", "")) {
      String path = disk ? node(machine) : onDisk ? mounted(machine, kind, image) : "/file";
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 1; i <= WRITERS; i++) {
        Process process = new Process(machine, path);
        byte mark = (byte) i;
        long own = seed + i;
        work.add(() -> write(process, mark, own, !disk));
      }
      Process reader = new Process(machine, path);
      work.add(() -> read(reader, seed));
      if (!disk) {
        Process appender = new Process(machine, path, Fcntl.O_APPEND);
        work.add(() -> append(appender));
      }
      Process storer = new Process(machine, path);
      work.add(() -> store(storer));
      run(work);
      checkBlocks(new Process(machine, path), disk);
    }
    if (onDisk) {
      Tools.assertClean(image);
    }
  }

  /** A ram disk as it is. */
  private static String node(Machine machine) throws Exception {
    new BrdType().create(machine.vfs.devices(), "size=2M");
    int mode = StatConstants.S_IFBLK | 0600;
    NameCalls.mknodat(machine.task, Fcntl.AT_FDCWD, machine.string("/node"), mode, 1 << 8);
    return "/node";
  }

  private static String mounted(Machine machine, String kind, Path image) throws Exception {
    String[] words = kind.split(" ");
    Tools.mke2fs(image, "32M", "-t", words[0], "-b", "1024");
    BlockDevice disk = new LoopType().create(machine.vfs.devices(), image.toString());
    NameCalls.mkdirat(machine.task, Fcntl.AT_FDCWD, machine.string("/mnt"), 0755);
    var place = Namei.kernPath(machine.task, "/mnt", Lookup.FOLLOW, new long[1]);
    String options = words.length > 1 ? words[1] : "";
    machine.vfs.mountAt(place, words[0], disk.name(), disk, 0, options);
    return "/mnt/file";
  }

  private static void checkBlocks(Process process, boolean disk) {
    for (int block = 0; block < BLOCKS; block++) {
      byte[] content = process.read((long) block * BLOCK, BLOCK);
      if (disk) {
        checkPages(content); // writes to a disk are not one step, but each page of them is
      } else {
        assertThat(content.length).isIn(0, BLOCK);
        checkUniform(content);
      }
    }
    byte[] stored = process.read((long) BLOCKS * BLOCK, BLOCK);
    if (disk) {
      assertThat(stored).containsOnly(STORED);
    } else {
      for (byte each : stored) {
        assertThat(each).isIn((byte) 0, STORED, APPENDED);
      }
    }
  }

  private static void checkPages(byte[] content) {
    for (int at = 0; at < content.length; at += PAGE) {
      checkUniform(Arrays.copyOfRange(content, at, at + PAGE));
    }
  }

  private static void checkUniform(byte[] content) {
    for (byte each : content) {
      assertThat(each).isEqualTo(content[0]);
    }
  }

  @AfterAll
  static void locksWereTakenInOneOrder() {
    assertThat(LockOrder.violations()).isEmpty();
  }
}
