package dev.svc0.fs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.StatLayout;
import dev.svc0.runtime.calls.FileCalls;
import dev.svc0.runtime.calls.NameCalls;
import dev.svc0.runtime.calls.OpenCalls;
import dev.svc0.runtime.calls.ReadWriteCalls;
import dev.svc0.runtime.calls.StatCalls;
import dev.svc0.runtime.sched.LockOrder;
import dev.svc0.runtime.task.Task;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Many processes on the same files: what Linux promises holds. */
class ConcurrencyTest {
  private static final int CWD = Fcntl.AT_FDCWD;

  /** A process with memory of its own, to make calls from one thread. */
  private static final class Process {
    final Task task;
    final long memory;

    Process(Machine machine) {
      task = machine.newTask();
      memory = Machine.map(task);
    }

    long string(String text) {
      byte[] bytes = (text + "\0").getBytes(StandardCharsets.ISO_8859_1);
      long at = memory + 4096L * (1 + (text.hashCode() & 63));
      task.memory().writeBytes(at, bytes);
      return at;
    }

    long open(String name, int flags) {
      return OpenCalls.openat(task, CWD, string(name), flags, 0644);
    }
  }

  private static void run(List<Callable<Void>> work) throws Exception {
    try (var pool = Executors.newFixedThreadPool(work.size())) {
      List<Future<Void>> results = pool.invokeAll(work);
      for (Future<Void> result : results) {
        result.get();
      }
    }
  }

  @Test
  void appendsNeverOverlap() throws Exception {
    int writers = 4;
    int records = 2000;
    try (Machine machine = new Machine("tmpfs", "")) {
      List<Callable<Void>> work = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        Process process = new Process(machine);
        byte[] record =
            String.valueOf((char) ('a' + w)).repeat(37).getBytes(StandardCharsets.US_ASCII);
        work.add(() -> {
          int fd = (int) process.open("/log", Fcntl.O_WRONLY | Fcntl.O_CREAT | Fcntl.O_APPEND);
          process.task.memory().writeBytes(process.memory, record);
          for (int i = 0; i < records; i++) {
            assertThat(ReadWriteCalls.write(process.task, fd, process.memory, record.length))
                .isEqualTo(record.length);
          }
          return null;
        });
      }
      run(work);
      Process reader = new Process(machine);
      int fd = (int) reader.open("/log", Fcntl.O_RDONLY);
      int[] seen = new int[writers];
      for (int i = 0; i < writers * records; i++) {
        assertThat(ReadWriteCalls.read(reader.task, fd, reader.memory, 37)).isEqualTo(37);
        String text =
            new String(
                reader.task.memory().readBytes(reader.memory, 37), StandardCharsets.US_ASCII);
        assertThat(text).isEqualTo(text.substring(0, 1).repeat(37));
        seen[text.charAt(0) - 'a']++;
      }
      assertThat(seen).containsOnly(records);
      assertThat(ReadWriteCalls.read(reader.task, fd, reader.memory, 37)).isZero();
    }
  }

  @Test
  void smallPipeWritesAreNeverTorn() throws Exception {
    int writers = 3;
    int records = 3000;
    int length = 100;
    try (Machine machine = new Machine("tmpfs", "")) {
      Process reader = new Process(machine);
      FileCalls.pipe2(reader.task, reader.memory, 0);
      int readEnd = reader.task.memory().readInt(reader.memory);
      int writeEnd = reader.task.memory().readInt(reader.memory + 4);
      List<Callable<Void>> work = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        Process process = new Process(machine);
        int fd =
            process.task.files().install(reader.task.files().lookup(writeEnd).get(), 0, false, 100);
        byte[] record =
            String.valueOf((char) ('a' + w)).repeat(length).getBytes(StandardCharsets.US_ASCII);
        work.add(() -> {
          process.task.memory().writeBytes(process.memory, record);
          for (int i = 0; i < records; i++) {
            assertThat(ReadWriteCalls.write(process.task, fd, process.memory, length))
                .isEqualTo(length);
          }
          OpenCalls.close(process.task, fd);
          return null;
        });
      }
      OpenCalls.close(reader.task, writeEnd);
      StringBuilder all = new StringBuilder();
      work.add(() -> {
        for (long got;
            (got = ReadWriteCalls.read(reader.task, readEnd, reader.memory, 70000)) > 0; ) {
          byte[] bytes = reader.task.memory().readBytes(reader.memory, (int) got);
          all.append(new String(bytes, StandardCharsets.US_ASCII));
        }
        return null;
      });
      run(work);
      assertThat(all).hasSize(writers * records * length);
      for (int at = 0; at < all.length(); at += length) {
        String record = all.substring(at, at + length);
        assertThat(record).isEqualTo(record.substring(0, 1).repeat(length));
      }
    }
  }

  @Test
  void namesSurviveRenamesAndRemovals() throws Exception {
    long seed = Long.getLong("svc0.seed", 1);
    try (Machine machine = new Machine("tmpfs", "")) {
      Process first = new Process(machine);
      for (int d = 0; d < 3; d++) {
        NameCalls.mkdirat(first.task, CWD, first.string("/d" + d), 0755);
      }
      List<Callable<Void>> work = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Random random = new Random(seed + t);
        Process process = new Process(machine);
        work.add(() -> {
          for (int i = 0; i < 4000; i++) {
            step(process, random);
          }
          return null;
        });
      }
      run(work);
      checkTree(first, seed);
    }
  }

  private static String name(Random random) {
    String directory = "/d" + random.nextInt(3);
    return switch (random.nextInt(3)) {
      case 0 -> directory + "/f" + random.nextInt(4);
      case 1 -> directory + "/s" + random.nextInt(2);
      default -> directory + "/s" + random.nextInt(2) + "/f" + random.nextInt(2);
    };
  }

  private static void step(Process process, Random random) {
    Task task = process.task;
    long a = process.string(name(random));
    switch (random.nextInt(7)) {
      case 0, 1 -> {
        long fd = OpenCalls.openat(task, CWD, a, Fcntl.O_RDWR | Fcntl.O_CREAT, 0644);
        if (fd >= 0) {
          ReadWriteCalls.write(task, (int) fd, process.memory, 100);
          OpenCalls.close(task, (int) fd);
        }
      }
      case 2 -> NameCalls.unlinkat(task, CWD, a, 0);
      case 3 -> NameCalls.mkdirat(task, CWD, a, 0755);
      case 4 -> NameCalls.unlinkat(task, CWD, a, Fcntl.AT_REMOVEDIR);
      case 5 ->
          NameCalls.renameat2(task, CWD, a, CWD, process.string(name(random)), random.nextInt(3));
      default -> NameCalls.linkat(task, CWD, a, CWD, process.string(name(random)), 0);
    }
  }

  /** Every name that is listed can be opened, and removing all leaves what was there at first. */
  private static void checkTree(Process process, long seed) {
    for (int d = 0; d < 3; d++) {
      removeAll(process, "/d" + d, seed);
      long found =
          StatCalls.newfstatat(process.task, CWD, process.string("/d" + d), process.memory, 0);
      assertThat(found).as("seed %d", seed).isZero();
      assertThat(process.task.memory().readInt(process.memory + StatLayout.st_nlink))
          .as("links of /d%d, seed %d", d, seed)
          .isEqualTo(2);
      assertThat(
              NameCalls.unlinkat(process.task, CWD, process.string("/d" + d), Fcntl.AT_REMOVEDIR))
          .as("seed %d", seed)
          .isZero();
    }
    var statistics = new dev.svc0.runtime.vfs.StatFs();
    process.task.kernel().vfs().root().mount().superBlock().statfs(statistics);
    assertThat(statistics.files - statistics.filesFree).as("inodes, seed %d", seed).isEqualTo(1);
    assertThat(statistics.blocks - statistics.blocksFree).as("pages, seed %d", seed).isZero();
  }

  private static void removeAll(Process process, String directory, long seed) {
    for (String kind : List.of("f0", "f1", "f2", "f3", "s0", "s1")) {
      String name = directory + "/" + kind;
      long result = NameCalls.unlinkat(process.task, CWD, process.string(name), 0);
      if (result == -Errno.EISDIR) {
        removeAll(process, name, seed);
        result = NameCalls.unlinkat(process.task, CWD, process.string(name), Fcntl.AT_REMOVEDIR);
      }
      assertThat(result).as(name + ", seed " + seed).isIn(0L, (long) -Errno.ENOENT);
    }
  }

  @AfterAll
  static void locksWereTakenInOneOrder() {
    assertThat(LockOrder.violations()).isEmpty();
  }
}
