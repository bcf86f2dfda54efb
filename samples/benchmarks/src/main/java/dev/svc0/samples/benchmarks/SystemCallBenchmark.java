package dev.svc0.samples.benchmarks;

import dev.svc0.arm64.Arm64TableNumbers;
import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.JavaProgram;
import dev.svc0.fs.mkfs.Mke2fs;
import dev.svc0.fs.mkfs.Mke2fsOptions;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDriverType;
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
 * System calls from registers to result: through the generated dispatch alone, without a program
 * around them, and through an {@code svc #0} at the vector.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"})
public class SystemCallBenchmark {
  private static final int BLOCK = 4096;
  private static final long IMAGE_BYTES = 16L << 20;

  private Arm64Machine machine;
  private JavaProgram program;
  private SyscallDispatch dispatch;
  private Task task;
  private long buffer;
  private long devNull;
  private long file;

  /** Boots a machine with an ext2 file system on a ram disk, and opens what is written to. */
  @Setup
  public void boot() throws IOException, MountException {
    machine =
        new Arm64Machine(
            KernelOptions.defaults(), vfs -> vfs.mountRoot("tmpfs", "none", null, 0, ""));
    program = new JavaProgram(machine);
    dispatch = machine.dispatch();
    task = program.task();
    BlockDevice disk = addRamDisk(machine.kernel().vfs());
    mount("/dev", "devfs", null);
    buffer = program.allocate(BLOCK);
    fillRamDisk("/dev/" + disk.name());
    mount("/mnt", "ext2", disk);
    devNull = open("/dev/null", Fcntl.O_WRONLY);
    file = open("/mnt/file", Fcntl.O_RDWR | Fcntl.O_CREAT);
    expect(BLOCK, overwriteExt2());
  }

  private static BlockDevice addRamDisk(Vfs vfs) throws IOException {
    for (BlockDriverType type : ServiceLoader.load(BlockDriverType.class)) {
      if (type.name().equals("brd")) {
        return type.create(vfs.devices(), "size=" + IMAGE_BYTES);
      }
    }
    throw new IllegalStateException("no ram disk driver");
  }

  /** Makes an ext2 file system in a file and copies it to the disk. */
  private void fillRamDisk(String device) throws IOException {
    Path image = Files.createTempFile("svc0-benchmark", ".img");
    try (FileChannel channel =
        FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Mke2fs.format(channel, IMAGE_BYTES, new Mke2fsOptions().blockSize(BLOCK));
      byte[] content = Files.readAllBytes(image);
      long fd = open(device, Fcntl.O_WRONLY);
      for (int at = 0; at < content.length; at += BLOCK) {
        program.memory().copyToUser(buffer, content, at, BLOCK);
        expect(BLOCK, program.svc(Arm64TableNumbers.__NR_write, fd, buffer, BLOCK));
      }
      expect(0, program.svc(Arm64TableNumbers.__NR_fsync, fd));
      expect(0, program.svc(Arm64TableNumbers.__NR_close, fd));
    } finally {
      Files.delete(image);
    }
  }

  private void mount(String where, String type, BlockDevice disk) throws MountException {
    expect(0, Namei.mkdirat(task, Fcntl.AT_FDCWD, where, 0755));
    var place = Namei.kernPath(task, where, Lookup.FOLLOW, new long[1]);
    machine.kernel().vfs().mountAt(place, type, type, disk, 0, "");
  }

  private long open(String path, int flags) {
    long fd =
        program.svc(
            Arm64TableNumbers.__NR_openat, Fcntl.AT_FDCWD, program.string(path), flags, 0644);
    if (fd < 0) {
      throw new IllegalStateException(path + ": errno " + -fd);
    }
    return fd;
  }

  private static void expect(long wanted, long result) {
    if (result != wanted) {
      throw new IllegalStateException("result " + result + " instead of " + wanted);
    }
  }

  /** Unmounts and gives everything back. */
  @TearDown
  public void shutDown() {
    program.close();
    machine.close();
  }

  /** The smallest call: dispatch alone. */
  @Benchmark
  public long dispatchGetppid() {
    return dispatch.dispatch(task, Arm64TableNumbers.__NR_getppid, 0, 0, 0, 0, 0, 0);
  }

  /** The same through svc #0, vector and return to user, on the interpreter. */
  @Benchmark
  public long svcGetppid() {
    return program.svc(Arm64TableNumbers.__NR_getppid);
  }

  /** One byte to /dev/null. */
  @Benchmark
  public long writeDevNull() {
    return dispatch.dispatch(task, Arm64TableNumbers.__NR_write, devNull, buffer, 1, 0, 0, 0);
  }

  /** 4 KiB over a cached page of a file on ext2 on a ram disk. */
  @Benchmark
  public long overwriteExt2() {
    return dispatch.dispatch(task, Arm64TableNumbers.__NR_pwrite64, file, buffer, BLOCK, 0, 0, 0);
  }
}
