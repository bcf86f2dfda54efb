package dev.svc0.samples.benchmarks;

import dev.svc0.arm64.Arm64TableNumbers;
import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.JavaProgram;
import dev.svc0.fs.mkfs.Mke2fs;
import dev.svc0.fs.mkfs.Mke2fsOptions;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDriverType;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.task.KernelOptions;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.Namei;
import dev.svc0.runtime.vfs.Vfs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Writes from the dispatch down to the page cache and the driver: each thread is a process with a
 * file of its own on every kind of file system, in one kernel. With {@code -t 2} it shows what two
 * writers keep from each other.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"})
public class WriteBenchmark {
  static final int SMALL = 4096;
  static final int LARGE = 1 << 20;
  private static final int MOST_WRITERS = 16;
  private static final long DISK_BYTES = 64L << 20;

  /** One kernel: tmpfs as root, ext2 and ext4 on ram disks, another ram disk as it is. */
  @State(Scope.Benchmark)
  public static class Booted {
    Arm64Machine machine;
    final AtomicInteger writers = new AtomicInteger();

    /** Boots. */
    @Setup
    public void boot() throws IOException, MountException {
      machine =
          new Arm64Machine(
              KernelOptions.defaults(), vfs -> vfs.mountRoot("tmpfs", "none", null, 0, ""));
      try (JavaProgram program = new JavaProgram(machine)) {
        BlockDevice formatted = addRamDisk();
        addRamDisk();
        BlockDevice journalled = addRamDisk();
        mount(program.task(), "/dev", "devfs", null);
        Mke2fsOptions options = new Mke2fsOptions().blockSize(SMALL);
        fillRamDisk(program, "/dev/" + formatted.name(), options);
        mount(program.task(), "/mnt", "ext2", formatted);
        options = new Mke2fsOptions().ext4().blockSize(SMALL);
        fillRamDisk(program, "/dev/" + journalled.name(), options);
        mount(program.task(), "/ext4", "ext4", journalled);
      }
    }

    private BlockDevice addRamDisk() throws IOException {
      Vfs vfs = machine.kernel().vfs();
      for (BlockDriverType type : ServiceLoader.load(BlockDriverType.class)) {
        if (type.name().equals("brd")) {
          return type.create(vfs.devices(), "size=" + DISK_BYTES);
        }
      }
      throw new IllegalStateException("no ram disk driver");
    }

    private void mount(Task task, String where, String type, BlockDevice disk)
        throws MountException {
      expect(0, Namei.mkdirat(task, Fcntl.AT_FDCWD, where, 0755));
      var place = Namei.kernPath(task, where, Lookup.FOLLOW, new long[1]);
      machine.kernel().vfs().mountAt(place, type, type, disk, 0, "");
    }

    /** Makes a file system in a file and copies it to the disk. */
    private static void fillRamDisk(JavaProgram program, String device, Mke2fsOptions options)
        throws IOException {
      Path image = Files.createTempFile("svc0-benchmark", ".img");
      try (FileChannel channel =
          FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        Mke2fs.format(channel, DISK_BYTES, options);
        byte[] content = Files.readAllBytes(image);
        long buffer = program.allocate(LARGE);
        long fd = Writer.open(program, device, Fcntl.O_WRONLY);
        for (int at = 0; at < content.length; at += LARGE) {
          program.memory().copyToUser(buffer, content, at, LARGE);
          expect(LARGE, program.svc(Arm64TableNumbers.__NR_write, fd, buffer, LARGE));
        }
        expect(0, program.svc(Arm64TableNumbers.__NR_close, fd));
      } finally {
        Files.delete(image);
      }
    }

    /** Unmounts and gives everything back. */
    @TearDown
    public void shutDown() {
      machine.close();
    }
  }

  /** A process with its files. */
  @State(Scope.Thread)
  public static class Writer {
    private JavaProgram program;
    private SyscallDispatch dispatch;
    private Task task;
    private long buffer;
    private long devNull;
    private long tmpfs;
    private long ext2;
    private long ext4;
    private long disk;
    private long direct;
    private long from;
    private long to;
    private long base;

    /** Opens the files and writes each once, so that their pages are cached. */
    @Setup
    public void start(Booted booted) {
      int number = booted.writers.getAndIncrement() % MOST_WRITERS;
      program = new JavaProgram(booted.machine);
      dispatch = booted.machine.dispatch();
      task = program.task();
      buffer = program.allocate(LARGE);
      program.memory().writeBytes(buffer, new byte[LARGE]);
      base = (long) number * LARGE;
      devNull = open(program, "/dev/null", Fcntl.O_WRONLY);
      tmpfs = open(program, "/file" + number, Fcntl.O_RDWR | Fcntl.O_CREAT);
      ext2 = open(program, "/mnt/file" + number, Fcntl.O_RDWR | Fcntl.O_CREAT);
      ext4 = open(program, "/ext4/file" + number, Fcntl.O_RDWR | Fcntl.O_CREAT);
      disk = open(program, "/dev/ram1", Fcntl.O_RDWR);
      direct = open(program, "/dev/ram1", Fcntl.O_RDWR | Fcntl.O_DIRECT);
      for (long fd : new long[] {tmpfs, ext2, ext4, disk}) {
        expect(LARGE, write(fd, LARGE, fd == disk ? base : 0));
      }
      from = HostMemory.reserve(LARGE);
      to = HostMemory.reserve(LARGE);
      HostMemory.fill(from, LARGE, (byte) 1); // else all of it is the host's one page of zeroes
      HostMemory.fill(to, LARGE, (byte) 1);
    }

    static long open(JavaProgram program, String path, int flags) {
      long fd =
          program.svc(
              Arm64TableNumbers.__NR_openat, Fcntl.AT_FDCWD, program.string(path), flags, 0644);
      if (fd < 0) {
        throw new IllegalStateException(path + ": errno " + -fd);
      }
      return fd;
    }

    long write(long fd, int bytes, long position) {
      return dispatch.dispatch(
          task, Arm64TableNumbers.__NR_pwrite64, fd, buffer, bytes, position, 0, 0);
    }

    long overwriteExt2() {
      return write(ext2, SMALL, 0);
    }

    /** Ends the process. */
    @TearDown
    public void stop() {
      HostMemory.release(from, LARGE);
      HostMemory.release(to, LARGE);
      program.close();
    }
  }

  private static void expect(long wanted, long result) {
    if (result != wanted) {
      throw new IllegalStateException("result " + result + " instead of " + wanted);
    }
  }

  /** The measure of the large writes: a copy of as much, from host memory to host memory. */
  @Benchmark
  public long plainCopy1M(Writer writer) {
    HostMemory.copy(writer.from, writer.to, LARGE);
    return LARGE;
  }

  /** One byte to /dev/null. */
  @Benchmark
  public long devNull(Writer writer) {
    return writer.dispatch.dispatch(
        writer.task, Arm64TableNumbers.__NR_write, writer.devNull, writer.buffer, 1, 0, 0, 0);
  }

  /** 4 KiB over a cached page of a tmpfs. */
  @Benchmark
  public long tmpfs4K(Writer writer) {
    return writer.write(writer.tmpfs, SMALL, 0);
  }

  /** 1 MiB over the cached pages of a tmpfs. */
  @Benchmark
  public long tmpfs1M(Writer writer) {
    return writer.write(writer.tmpfs, LARGE, 0);
  }

  /** 4 KiB over a cached page of a file on ext2. */
  @Benchmark
  public long ext2At4K(Writer writer) {
    return writer.overwriteExt2();
  }

  /** 4 KiB over a cached page of a file on ext4. */
  @Benchmark
  public long ext4At4K(Writer writer) {
    return writer.write(writer.ext4, SMALL, 0);
  }

  /** 1 MiB over the cached pages of a file on ext2. */
  @Benchmark
  public long ext2At1M(Writer writer) {
    return writer.write(writer.ext2, LARGE, 0);
  }

  /** 1 MiB over the cached pages of a file on ext4. */
  @Benchmark
  public long ext4At1M(Writer writer) {
    return writer.write(writer.ext4, LARGE, 0);
  }

  /** 4 KiB over a cached page of a disk. */
  @Benchmark
  public long disk4K(Writer writer) {
    return writer.write(writer.disk, SMALL, writer.base);
  }

  /** 1 MiB over the cached pages of a disk. */
  @Benchmark
  public long disk1M(Writer writer) {
    return writer.write(writer.disk, LARGE, writer.base);
  }

  /** 4 KiB to a ram disk, past the page cache. */
  @Benchmark
  public long direct4K(Writer writer) {
    return writer.write(writer.direct, SMALL, writer.base);
  }
}
