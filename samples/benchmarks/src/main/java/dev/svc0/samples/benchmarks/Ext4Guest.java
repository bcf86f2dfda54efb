package dev.svc0.samples.benchmarks;

import static dev.svc0.arm64.Arm64TableNumbers.*;

import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.JavaProgram;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDriverType;
import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.task.KernelOptions;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.Namei;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** A program of {@link Ext4Comparison} in a kernel of its own, and what its work costs. */
final class Ext4Guest implements AutoCloseable {
  private static final com.sun.management.OperatingSystemMXBean SYSTEM =
      (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final int SMALL = 4096;
  private static final int TINY = 100;
  private static final int CHUNK = 1 << 20;
  private static final int PER_FOLDER = 1000;

  private final Arm64Machine machine;
  private final JavaProgram program;
  private final SyscallDispatch dispatch;
  private final Task task;
  private final long data;
  private final long path;

  private Ext4Guest() throws MountException {
    machine =
        new Arm64Machine(
            KernelOptions.defaults(), vfs -> vfs.mountRoot("tmpfs", "none", null, 0, ""));
    program = new JavaProgram(machine);
    dispatch = machine.dispatch();
    task = program.task();
    data = program.allocate(CHUNK);
    program.memory().writeBytes(data, new byte[CHUNK]);
    path = program.allocate(SMALL);
  }

  /** The best of a work's rounds, on a ram disk with a copy of an image. */
  static Ext4Comparison.Cost cost(Path image, Ext4Comparison.Work work)
      throws IOException, MountException {
    try (Ext4Guest guest = new Ext4Guest()) {
      guest.mountRamDisk(image);
      Ext4Comparison.Cost best = Ext4Comparison.Cost.NONE;
      for (int round = 0; round < work.rounds(); round++) {
        best = best.best(guest.round(work));
      }
      return best;
    }
  }

  /** Milliseconds of the first mount of an image in a file, and the least of some more. */
  static double[] mountMillis(Path image) throws IOException, MountException {
    double[] millis = {0, Double.MAX_VALUE};
    for (int round = 0; round < 10; round++) {
      try (Ext4Guest guest = new Ext4Guest()) {
        BlockDevice disk = guest.device("loop", image.toString());
        long start = System.nanoTime();
        guest.mount("/ext4", "ext4", disk);
        double each = (System.nanoTime() - start) / 1e6;
        millis[0] = round == 0 ? each : millis[0];
        millis[1] = Math.min(millis[1], each);
      }
    }
    return millis;
  }

  private BlockDevice device(String driver, String options) throws IOException {
    for (BlockDriverType type : ServiceLoader.load(BlockDriverType.class)) {
      if (type.name().equals(driver)) {
        return type.create(machine.kernel().vfs().devices(), options);
      }
    }
    throw new IllegalStateException("no driver " + driver);
  }

  private void mount(String where, String type, BlockDevice disk) throws MountException {
    checked(Namei.mkdirat(task, Fcntl.AT_FDCWD, where, 0755));
    var place = Namei.kernPath(task, where, Lookup.FOLLOW, new long[1]);
    machine.kernel().vfs().mountAt(place, type, type, disk, 0, "");
  }

  private void mountRamDisk(Path image) throws IOException, MountException {
    try (FileChannel from = FileChannel.open(image)) {
      BlockDevice disk = device("brd", "size=" + from.size());
      checked(Namei.mkdirat(task, Fcntl.AT_FDCWD, "/dev", 0755));
      var place = Namei.kernPath(task, "/dev", Lookup.FOLLOW, new long[1]);
      machine.kernel().vfs().mountAt(place, "devfs", "devfs", null, 0, "");
      long fd = open("/dev/" + disk.name(), Fcntl.O_WRONLY);
      byte[] zeroes = new byte[CHUNK];
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
      for (long at = 0; from.read(chunk.clear(), at) > 0; at += CHUNK) {
        if (!java.util.Arrays.equals(chunk.array(), zeroes)) {
          program.memory().copyToUser(data, chunk.array(), 0, CHUNK);
          checked(call(__NR_pwrite64, fd, data, CHUNK, at));
        }
      }
      checked(call(__NR_close, fd, 0, 0, 0));
      mount("/ext4", "ext4", disk);
    }
    program.memory().writeBytes(data, new byte[CHUNK]);
  }

  private Ext4Comparison.Cost round(Ext4Comparison.Work work) {
    int count = work.count();
    long fd = open("/ext4/file", Fcntl.O_CREAT | Fcntl.O_TRUNC | Fcntl.O_RDWR);
    switch (work.name()) {
      case "overwrite" -> {
        writes(fd, count);
        checked(call(__NR_lseek, fd, 0, 0, 0));
      }
      case "delete" -> create(count);
      default -> {}
    }
    checked(call(__NR_syncfs, fd, 0, 0, 0));
    long all = SYSTEM.getProcessCpuTime();
    long own = ownNanos();
    switch (work.name()) {
      case "append" -> appends(fd, count);
      case "create" -> create(count);
      case "delete" -> delete(count);
      default -> writes(fd, count);
    }
    own = ownNanos() - own;
    checked(call(__NR_syncfs, fd, 0, 0, 0));
    all = SYSTEM.getProcessCpuTime() - all;
    checked(call(__NR_close, fd, 0, 0, 0));
    checked(call(__NR_unlinkat, Fcntl.AT_FDCWD, string("/ext4/file"), 0, 0));
    if (work.name().equals("create")) {
      delete(count);
    }
    return new Ext4Comparison.Cost((double) own / count, (double) all / count);
  }

  private static long ownNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void writes(long fd, int count) {
    for (int i = 0; i < count; i++) {
      checked(call(__NR_write, fd, data, SMALL, 0));
    }
  }

  private void appends(long fd, int count) {
    for (int i = 0; i < count; i++) {
      checked(call(__NR_write, fd, data, SMALL, 0));
      checked(call(__NR_fsync, fd, 0, 0, 0));
    }
  }

  private void create(int count) {
    for (int i = 0; i < count; i++) {
      if (i % PER_FOLDER == 0) {
        long name = string("/ext4/d" + i / PER_FOLDER);
        checked(call(__NR_mkdirat, Fcntl.AT_FDCWD, name, 0755, 0));
      }
      long fd = open(name(i), Fcntl.O_CREAT | Fcntl.O_EXCL | Fcntl.O_WRONLY);
      checked(call(__NR_write, fd, data, TINY, 0));
      checked(call(__NR_close, fd, 0, 0, 0));
    }
  }

  private void delete(int count) {
    for (int i = 0; i < count; i++) {
      checked(call(__NR_unlinkat, Fcntl.AT_FDCWD, string(name(i)), 0, 0));
    }
    for (int i = 0; i < count; i += PER_FOLDER) {
      long name = string("/ext4/d" + i / PER_FOLDER);
      checked(call(__NR_unlinkat, Fcntl.AT_FDCWD, name, Fcntl.AT_REMOVEDIR, 0));
    }
  }

  private static String name(int i) {
    return "/ext4/d" + i / PER_FOLDER + "/f" + i;
  }

  private long string(String text) {
    program.memory().writeBytes(path, (text + "\0").getBytes(StandardCharsets.ISO_8859_1));
    return path;
  }

  private long open(String name, int flags) {
    long fd = call(__NR_openat, Fcntl.AT_FDCWD, string(name), flags, 0644);
    checked(fd);
    return fd;
  }

  private long call(int number, long a, long b, long c, long d) {
    return dispatch.dispatch(task, number, a, b, c, d, 0, 0);
  }

  private static void checked(long result) {
    if (result < 0) {
      throw new IllegalStateException("errno " + -result);
    }
  }

  @Override
  public void close() {
    program.close();
    machine.close();
  }
}
