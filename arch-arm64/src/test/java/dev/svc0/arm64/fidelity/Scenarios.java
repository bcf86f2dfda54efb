package dev.svc0.arm64.fidelity;

import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.JavaProgram;
import dev.svc0.fs.brd.BrdType;
import dev.svc0.fs.loop.LoopType;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.task.KernelOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The scenarios of the recordings, as system calls of a Java program on a machine with tmpfs as
 * root, a ram disk, loop devices, ext2 and ext4. Each first prepares, then makes the calls that are
 * compared.
 */
final class Scenarios implements AutoCloseable {
  private static final int OPENAT = 56;
  private static final int LSEEK = 62;
  private static final int FALLOCATE = 47;
  private static final int WRITE = 64;
  private static final int FSYNC = 82;
  private static final int FSTAT = 80;
  private static final int ST_MTIME_NSEC = 96;
  private static final int IOCTL = 29;
  private static final int MKDIRAT = 34;
  private static final int MOUNT = 40;
  private static final int PIPE2 = 59;
  private static final int RT_SIGPROCMASK = 135;
  private static final int SETRESUID = 147;
  private static final int SETRLIMIT = 164;
  private static final int SYNC = 81;
  private static final int CLOSE = 57;
  private static final int PWRITE64 = 68;
  private static final int UTIMENSAT = 88;
  private static final long BLKROSET = 0x125d;
  private static final int DISK_BYTES = 8 << 20;
  private static final int PAGE = 4096;
  private static final int MIB = 1 << 20;
  private static final int RLIMIT_FSIZE = 1;
  private static final int SIGXFSZ = 25;
  private static final int USER = 1000;
  private static final long NOT_MAPPED = 16;
  private static final long KERNEL_ADDRESS = 0xffff_0000_0000_0000L;

  /** One scenario: gives the descriptor to work on, then works. */
  private record Scenario(LongUnaryOperator prepare, LongUnaryOperator work, long expected) {}

  /** Ids of operations, from one on, before another. */
  record Operations(long first, long end) {
    boolean has(long operation) {
      return operation >= first && operation < end;
    }
  }

  private final Arm64Machine machine;
  private final JavaProgram program;
  private final long buffer;
  private final Map<String, Scenario> all = new LinkedHashMap<>();
  private @Nullable Operations measured;
  private long fullBefore = -1;

  Scenarios(Path folder, Path ext2Image, Path ext4Image, Path fullImage) throws Exception {
    Path disk = folder.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(DISK_BYTES);
    }
    machine =
        new Arm64Machine(
            KernelOptions.defaults(),
            vfs -> {
              addDisks(vfs.devices(), disk, ext2Image, ext4Image, fullImage);
              return vfs.mountRoot("tmpfs", "tmpfs", null, 0, "");
            });
    program = new JavaProgram(machine);
    long block = program.allocate(MIB + PAGE);
    buffer = (block + PAGE - 1) & -PAGE;
    program.memory().writeBytes(buffer, new byte[MIB]);
    mount("devfs", "/dev", "devfs", "");
    // As in the recording: by the driver of ext4, which delays no allocation of an ext2.
    mount("/dev/loop1", "/ext2", "ext4", "nodelalloc");
    mount("/dev/loop2", "/ext4", "ext4", "");
    mount("/dev/loop3", "/full", "ext4", "");
    define();
  }

  private static void addDisks(BlockDevices devices, Path... images) {
    try {
      new BrdType().create(devices, "size=1M");
      for (Path image : images) {
        BlockDevice disk = new LoopType().create(devices, image.toString());
        if (image != images[0]) { // the disks of file systems had a scheduler, loop0 had none
          disk.queue().setScheduler("mq-deadline");
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void define() {
    int direct = Fcntl.O_RDWR | Fcntl.O_DIRECT;
    add("devnull_write", fd -> open("/dev/null", Fcntl.O_WRONLY), fd -> write(fd, 1), 1);
    add("pipe_write", fd -> pipe(), fd -> write(fd, PAGE), PAGE);
    add("tmpfs_buffered", fd -> 0, fd -> inNewFile("/file", 0, this::writePage), PAGE);
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
    add("ext2_write_fsync", fd -> 0, fd -> inNewFile("/ext2/n", 0, this::writeAndSync), 0);
    defineExt4();
    add("bdev_ro_write_EPERM", fd -> readOnly(), fd -> write(fd, PAGE), -Errno.EPERM);
    add("bdev_ro_loop_open_ok_write_EPERM", fd -> readOnly(), fd -> write(fd, PAGE), -Errno.EPERM);
  }

  private void defineExt4() {
    int direct = Fcntl.O_RDWR | Fcntl.O_DIRECT;
    add("ext4_buffered_alloc", fd -> fresh("/ext4/a"), fd -> write(fd, PAGE), PAGE);
    add("ext4_buffered_overwrite", fd -> written("/ext4/b"), this::rewrite, PAGE);
    add("ext4_buffered_overwrite_1byte", fd -> written("/ext4/c"), fd -> write(fd, 1), 1);
    add("ext4_buffered_1MiB", fd -> fresh("/ext4/d"), fd -> write(fd, MIB), MIB);
    add("ext4_append", fd -> 0, fd -> append(), 100);
    add("ext4_odirect_overwrite", fd -> rewritten("/ext4/f", direct), fd -> write(fd, PAGE), PAGE);
    add("ext4_odirect_alloc", fd -> fresh("/ext4/g", direct), fd -> write(fd, PAGE), PAGE);
    add(
        "ext4_odirect_unaligned_EINVAL",
        fd -> uncached("/ext4/h", direct),
        fd -> write(fd, 100),
        -Errno.EINVAL);
    int synchronous = Fcntl.O_RDWR | Fcntl.O_SYNC;
    add("ext4_osync", fd -> 0, fd -> inNewFile("/ext4/i", synchronous, this::writePage), PAGE);
    add("ext4_write_fsync", fd -> synced(), fd -> inNewFile("/ext4/j", 0, this::writeAndSync), 0);
    add("ext4_overwrite_fsync", fd -> clean("/ext4/k"), this::writeAndSync, 0);
    add(
        "ext4_EFAULT",
        fd -> 0,
        fd -> inNewFile("/ext4/l", 0, file -> program.svc(WRITE, file, NOT_MAPPED, PAGE)),
        -Errno.EFAULT);
    add(
        "ext4_EFAULT_kernaddr",
        fd -> fresh("/ext4/m"),
        fd -> program.svc(WRITE, fd, KERNEL_ADDRESS, PAGE),
        -Errno.EFAULT);
    add("ext4_EFBIG_SIGXFSZ", fd -> limited("/ext4/n"), this::beyondLimit, -Errno.EFBIG);
    add("ext4_ENOSPC", fd -> full(), this::writeAsUser, -Errno.ENOSPC);
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
    for (String place : List.of("/ext2", "/ext4", "/full")) {
      settle(place + "/settled-" + name);
    }
    return all.get(name).prepare.applyAsLong(0);
  }

  /**
   * Nothing that earlier scenarios did is left to be committed, and what every file system has read
   * after its first file is read; the blocks of metadata are not at their places yet.
   */
  private void settle(String path) {
    long fd = fresh(path);
    if (program.svc(PWRITE64, fd, buffer, PAGE, 0) == PAGE) {
      check(program.svc(FSYNC, fd));
    }
    check(program.svc(CLOSE, fd));
  }

  /** Makes the calls of a scenario; the operations that are to be compared. */
  Operations run(String name, long fd) {
    Scenario scenario = all.get(name);
    long first = ThreadState.current().nextOperationId();
    measured = null;
    long result = scenario.work.applyAsLong(fd);
    Operations whole = new Operations(first, ThreadState.current().nextOperationId());
    if (result != scenario.expected) {
      throw new AssertionError(name + ": " + result + " instead of " + scenario.expected);
    }
    return measured == null ? whole : measured;
  }

  /** Of a scenario's work only this is compared. */
  private long measured(LongSupplier calls) {
    long first = ThreadState.current().nextOperationId();
    long result = calls.getAsLong();
    measured = new Operations(first, ThreadState.current().nextOperationId());
    return result;
  }

  /** Thread id of the program. */
  int task() {
    return program.task().tid();
  }

  private void mount(String source, String target, String type, String options) {
    check(program.svc(MKDIRAT, Fcntl.AT_FDCWD, program.string(target), 0755));
    check(
        program.svc(
            MOUNT,
            program.string(source),
            program.string(target),
            program.string(type),
            0,
            program.string(options)));
  }

  private long open(String path, int flags) {
    return check(program.svc(OPENAT, Fcntl.AT_FDCWD, program.string(path), flags, 0644));
  }

  private long fresh(String path) {
    return open(path, Fcntl.O_CREAT | Fcntl.O_EXCL | Fcntl.O_RDWR);
  }

  /** In a file made within the same tick of the clock: it has the time of the write already. */
  private long inNewFile(String path, int flags, LongUnaryOperator work) {
    for (int i = 0; ; i++) {
      long fd = fresh(path + i, Fcntl.O_RDWR | flags);
      long made = modified(fd);
      long result = measured(() -> work.applyAsLong(fd));
      if (modified(fd) == made) {
        return result;
      }
    }
  }

  private long writePage(long fd) {
    return write(fd, PAGE);
  }

  private long fresh(String path, int flags) {
    return open(path, Fcntl.O_CREAT | Fcntl.O_EXCL | flags);
  }

  /** A file of one page that is in the cache and on the disk, opened anew in a transaction. */
  private long rewritten(String path, int flags) {
    long fd = clean(path);
    check(program.svc(UTIMENSAT, fd, 0, 0, 0));
    return open(path, flags);
  }

  /** The same when a direct write has taken the page out of the cache. */
  private long uncached(String path, int flags) {
    long fd = rewritten(path, flags);
    check(write(fd, PAGE));
    return at(fd, 0);
  }

  /** Before a transaction whose blocks of metadata are at their places. */
  private long synced() {
    return program.svc(SYNC);
  }

  /** A file of one page that is in the cache and on the disk. */
  private long clean(String path) {
    long fd = written(path);
    check(program.svc(FSYNC, fd));
    return at(fd, 0);
  }

  /** Appends to a file with room in its last page, within the tick of the write before. */
  private long append() {
    for (int i = 0; ; i++) {
      long first = fresh("/ext4/e" + i);
      check(write(first, 100));
      long before = modified(first);
      long fd = open("/ext4/e" + i, Fcntl.O_WRONLY | Fcntl.O_APPEND);
      long result = measured(() -> write(fd, 100));
      if (modified(fd) == before) {
        return result;
      }
    }
  }

  /** A file longer than its process may write, with the signal for that blocked. */
  private long limited(String path) {
    long fd = written(path);
    long signals = program.allocate(8);
    program.memory().writeLong(signals, 1L << (SIGXFSZ - 1));
    check(program.svc(RT_SIGPROCMASK, 0, signals, 0, 8));
    limitFiles(1);
    return at(fd, PAGE);
  }

  private void limitFiles(long bytes) {
    long limit = program.allocate(16);
    program.memory().writeLong(limit, bytes);
    program.memory().writeLong(limit + 8, -1);
    check(program.svc(SETRLIMIT, RLIMIT_FSIZE, limit));
  }

  private long beyondLimit(long fd) {
    long result = measured(() -> write(fd, PAGE));
    limitFiles(-1);
    return result;
  }

  /** A file on a disk that has left what is for the super-user. */
  private long full() {
    long fd = written("/full/file");
    long other = fresh("/full/other");
    check(program.svc(SETRESUID, -1, USER, -1));
    long size = 0;
    for (long step = 8L * MIB; step >= PAGE; ) {
      if (program.svc(FALLOCATE, other, 0, size, step) == 0) {
        size += step;
      } else {
        step /= 2;
      }
    }
    check(program.svc(SETRESUID, -1, 0, -1));
    return fd;
  }

  /** Goes on writing when no page is left, within the tick of a write before. */
  private long writeAsUser(long fd) {
    check(program.svc(SETRESUID, -1, USER, -1));
    long result;
    long before;
    do {
      at(fd, 0);
      check(write(fd, PAGE));
      before = modified(fd);
      result = measured(() -> write(fd, PAGE));
    } while (modified(fd) != before || !repeated(fd));
    check(program.svc(SETRESUID, -1, 0, -1));
    return result;
  }

  /** The first try finds the superblock outside the transaction, the others find it inside. */
  private boolean repeated(long fd) {
    boolean again = fullBefore == fd;
    fullBefore = fd;
    return again;
  }

  /** A write within a tick of the clock after another: the inode has the time already. */
  private long rewrite(long fd) {
    long before = -1;
    while (true) {
      at(fd, 0);
      long result = measured(() -> write(fd, PAGE));
      long now = modified(fd);
      if (now == before) {
        return result;
      }
      before = now;
    }
  }

  /** Nanoseconds of the time of modification within its second. */
  private long modified(long fd) {
    long stat = program.allocate(128);
    check(program.svc(FSTAT, fd, stat));
    return program.memory().readLong(stat + ST_MTIME_NSEC);
  }

  private long written(String path) {
    long fd = fresh(path);
    check(write(fd, PAGE));
    return at(fd, 0);
  }

  private long loop(long offset) {
    long fd = open("/dev/loop0", Fcntl.O_RDWR);
    check(program.svc(FSYNC, fd)); // what scenarios before this one wrote
    return at(fd, offset);
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
