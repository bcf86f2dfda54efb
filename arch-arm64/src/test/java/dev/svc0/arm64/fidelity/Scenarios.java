package dev.svc0.arm64.fidelity;

import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.JavaProgram;
import dev.svc0.fs.brd.BrdType;
import dev.svc0.fs.loop.LoopType;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.task.KernelOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * The scenarios of the recordings, as system calls of a Java program on a machine with tmpfs as
 * root, a ram disk, two loop devices and ext2. Each first prepares, then makes the calls that are
 * compared.
 */
final class Scenarios implements AutoCloseable {
  private static final int OPENAT = 56;
  private static final int LSEEK = 62;
  private static final int WRITE = 64;
  private static final int FSYNC = 82;
  private static final int IOCTL = 29;
  private static final int MKDIRAT = 34;
  private static final int MOUNT = 40;
  private static final int PIPE2 = 59;
  private static final int SYNC = 81;
  private static final long BLKROSET = 0x125d;
  private static final int DISK_BYTES = 8 << 20;
  private static final int PAGE = 4096;

  /** One scenario: gives the descriptor to work on, then works. */
  private record Scenario(LongUnaryOperator prepare, LongUnaryOperator work, long expected) {}

  private final Arm64Machine machine;
  private final JavaProgram program;
  private final long buffer;
  private final Map<String, Scenario> all = new LinkedHashMap<>();

  Scenarios(Path folder, Path ext2Image) throws Exception {
    Path disk = folder.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(DISK_BYTES);
    }
    machine =
        new Arm64Machine(
            KernelOptions.defaults(),
            vfs -> {
              addDisks(vfs.devices(), disk, ext2Image);
              return vfs.mountRoot("tmpfs", "tmpfs", null, 0, "");
            });
    program = new JavaProgram(machine);
    long block = program.allocate(2 * PAGE);
    buffer = (block + PAGE - 1) & -PAGE;
    program.memory().writeBytes(buffer, new byte[PAGE]);
    mount("devfs", "/dev", "devfs");
    mount("/dev/loop1", "/ext2", "ext2");
    define();
  }

  private static void addDisks(BlockDevices devices, Path disk, Path ext2Image) {
    try {
      new BrdType().create(devices, "size=1M");
      new LoopType().create(devices, disk.toString());
      new LoopType().create(devices, ext2Image.toString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void define() {
    int direct = Fcntl.O_RDWR | Fcntl.O_DIRECT;
    add("devnull_write", fd -> open("/dev/null", Fcntl.O_WRONLY), fd -> write(fd, 1), 1);
    add("pipe_write", fd -> pipe(), fd -> write(fd, PAGE), PAGE);
    add("tmpfs_buffered", fd -> fresh("/file"), fd -> write(fd, PAGE), PAGE);
    add("EBADF", fd -> 99, fd -> write(fd, PAGE), -Errno.EBADF);
    add(
        "EBADF_rdonly",
        fd -> open("/dev/null", Fcntl.O_RDONLY),
        fd -> write(fd, PAGE),
        -Errno.EBADF);
    add("bdev_brd_odirect", fd -> open("/dev/ram0", direct), fd -> write(fd, PAGE), PAGE);
    add("bdev_loop_odirect", fd -> open("/dev/loop0", direct), fd -> write(fd, PAGE), PAGE);
    add("bdev_loop_buffered", fd -> loop(1 << 20), fd -> write(fd, PAGE), PAGE);
    add("bdev_loop_write_fsync", fd -> loop(2 << 20), this::writeAndSync, 0);
    add("bdev_loop_end_ENOSPC", fd -> loop(DISK_BYTES), fd -> write(fd, PAGE), -Errno.ENOSPC);
    add("ext2_buffered_alloc", fd -> fresh("/ext2/file"), fd -> write(fd, PAGE), PAGE);
    add("ext2_buffered_overwrite", fd -> written("/ext2/file2"), fd -> write(fd, PAGE), PAGE);
    add("ext2_write_fsync", fd -> fresh("/ext2/file3"), this::writeAndSync, 0);
    add("bdev_ro_write_EPERM", fd -> readOnly(), fd -> write(fd, PAGE), -Errno.EPERM);
    add("bdev_ro_loop_open_ok_write_EPERM", fd -> readOnly(), fd -> write(fd, PAGE), -Errno.EPERM);
  }

  private void add(String name, LongUnaryOperator prepare, LongUnaryOperator work, long expected) {
    all.put(name, new Scenario(prepare, work, expected));
  }

  /** Names of all. */
  Iterable<String> names() {
    return all.keySet();
  }

  /** Gets a scenario ready; what {@link #run} is to be given. */
  long prepare(String name) {
    long fd = all.get(name).prepare.applyAsLong(0);
    program.svc(SYNC);
    return fd;
  }

  /** Makes the calls of a scenario. */
  void run(String name, long fd) {
    Scenario scenario = all.get(name);
    long result = scenario.work.applyAsLong(fd);
    if (result != scenario.expected) {
      throw new AssertionError(name + ": " + result + " instead of " + scenario.expected);
    }
  }

  /** Thread id of the program. */
  int task() {
    return program.task().tid();
  }

  private void mount(String source, String target, String type) {
    check(program.svc(MKDIRAT, Fcntl.AT_FDCWD, program.string(target), 0755));
    check(
        program.svc(
            MOUNT, program.string(source), program.string(target), program.string(type), 0, 0));
  }

  private long open(String path, int flags) {
    return check(program.svc(OPENAT, Fcntl.AT_FDCWD, program.string(path), flags, 0644));
  }

  private long fresh(String path) {
    return open(path, Fcntl.O_CREAT | Fcntl.O_EXCL | Fcntl.O_RDWR);
  }

  private long written(String path) {
    long fd = fresh(path);
    check(write(fd, PAGE));
    return at(fd, 0);
  }

  private long loop(long offset) {
    return at(open("/dev/loop0", Fcntl.O_RDWR), offset);
  }

  private long at(long fd, long offset) {
    check(program.svc(LSEEK, fd, offset, 0));
    return fd;
  }

  private long readOnly() {
    long fd = loop(0);
    check(program.svc(IOCTL, fd, BLKROSET, program.bytes((byte) 1, (byte) 0, (byte) 0, (byte) 0)));
    return fd;
  }

  private long pipe() {
    long ends = program.allocate(8);
    check(program.svc(PIPE2, ends, 0));
    return program.memory().readLong(ends) >>> 32;
  }

  private long write(long fd, long bytes) {
    return program.svc(WRITE, fd, buffer, bytes);
  }

  private long writeAndSync(long fd) {
    check(write(fd, PAGE));
    return program.svc(FSYNC, fd);
  }

  private static long check(long result) {
    if (result < 0) {
      throw new AssertionError("preparing failed: " + result);
    }
    return result;
  }

  @Override
  public void close() {
    program.close();
    machine.close();
  }
}
