package dev.svc0.fs.powercut;

import dev.svc0.fs.logwrites.LogWrites;
import dev.svc0.fs.testing.TestKernel;
import java.util.Arrays;
import java.util.Random;

/** Random changes of files, marked in the log of writes and kept in a model. */
final class Workload {
  private static final int FILES = 12;
  private static final int MOST_BYTES = 60_000;

  private final TestKernel kernel;
  private final LogWrites log;
  private final CrashModel model;
  private final Random random;

  Workload(TestKernel kernel, LogWrites log, CrashModel model, long seed) {
    this.kernel = kernel;
    this.log = log;
    this.model = model;
    random = new Random(seed);
  }

  void run(int steps) {
    for (int i = 0; i < 4; i++) {
      require(kernel.mkdir("/d" + i), "mkdir");
    }
    for (int i = 0; i < steps; i++) {
      step();
    }
  }

  private static void require(long result, String what) {
    if (result < 0) {
      throw new AssertionError(what + ": " + result);
    }
  }

  private String path() {
    int number = random.nextInt(FILES);
    return "/d" + number % 4 + "/f" + number;
  }

  private void step() {
    String path = path();
    byte[] now = model.now(path);
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3, 4 -> write(path, now, now == null ? 0 : now.length);
      case 5, 6 -> write(path, now, now == null ? 0 : random.nextInt(now.length + 1));
      case 7 -> write(path, now, random.nextInt(MOST_BYTES));
      case 8 -> truncate(path, now);
      case 9 -> remove(path, now);
      case 10 -> rename(path, path());
      case 11 -> {
        require(kernel.sync(), "sync");
        log.mark(model.syncedAll());
      }
      default -> sync(path, now);
    }
  }

  private void write(String path, byte[] now, int at) {
    int most = MOST_BYTES - at;
    if (most <= 0) {
      return;
    }
    int bytes = 1 + random.nextInt(random.nextBoolean() ? Math.min(most, 5000) : most);
    byte[] data = new byte[bytes];
    Arrays.fill(data, (byte) (1 + random.nextInt(200)));
    int length = now == null ? 0 : now.length;
    byte[] next = now == null ? new byte[0] : now;
    next = Arrays.copyOf(next, Math.max(length, at + bytes));
    System.arraycopy(data, 0, next, at, bytes);
    model.beginChange(path, next).forEach(log::mark);
    require(kernel.write(path, at, data) - bytes, "write");
  }

  private void truncate(String path, byte[] now) {
    if (now != null) {
      byte[] next = Arrays.copyOf(now, random.nextInt(MOST_BYTES));
      model.beginChange(path, next).forEach(log::mark);
      require(kernel.truncate(path, next.length), "truncate");
    }
  }

  private void remove(String path, byte[] now) {
    if (now != null) {
      log.mark(model.beginRemoval(path));
      require(kernel.unlink(path), "unlink");
    }
  }

  private void rename(String from, String to) {
    byte[] content = model.now(from);
    if (content != null && !from.equals(to)) {
      String arrives = model.beginRename(from, to);
      log.mark(model.beginRemoval(from));
      log.mark(arrives);
      require(kernel.rename(from, to), "rename");
    }
  }

  private void sync(String path, byte[] now) {
    if (now != null) {
      require(kernel.fsync(path), "fsync");
      log.mark(model.synced(path));
    }
  }
}
