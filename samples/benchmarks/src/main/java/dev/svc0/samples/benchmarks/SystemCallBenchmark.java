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
import dev.svc0.runtime.vfs.Path;
import dev.svc0.runtime.vfs.Vfs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
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
  private java.nio.file.Path image;
  private long buffer;
  private long devNull;
  private long file;

  /** Boots a machine with an ext2 file system, and opens what is written to. */
  @Setup
  public void boot() throws IOException, MountException {
    image = Files.createTempFile("svc0-benchmark", ".img");
    try (FileChannel channel =
        FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Mke2fs.format(channel, IMAGE_BYTES, new Mke2fsOptions().blockSize(BLOCK));
    }
    machine = new Arm64Machine(KernelOptions.defaults(), this::mountRoot);
    program = new JavaProgram(machine);
    dispatch = machine.dispatch();
    task = program.task();
    mountDev();
    buffer = program.allocate(BLOCK);
    devNull = open("/dev/null", Fcntl.O_WRONLY);
    file = open("/file", Fcntl.O_RDWR | Fcntl.O_CREAT);
    expect(BLOCK, overwriteExt2());
  }

  private Path mountRoot(Vfs vfs) throws MountException {
    for (BlockDriverType type : ServiceLoader.load(BlockDriverType.class)) {
      if (type.name().equals("loop")) {
        try {
          BlockDevice disk = type.create(vfs.devices(), image.toString());
          return vfs.mountRoot("ext2", "/dev/" + disk.name(), disk, 0, "");
        } catch (IOException e) {
          throw new MountException(dev.svc0.runtime.abi.Errno.EIO, e.getMessage());
        }
      }
    }
    throw new MountException(dev.svc0.runtime.abi.Errno.ENODEV, "no loop driver");
  }

  private void mountDev() throws MountException {
    Namei.mkdirat(task, Fcntl.AT_FDCWD, "/dev", 0755);
    Path dev = Namei.kernPath(task, "/dev", Lookup.FOLLOW, new long[1]);
    machine.kernel().vfs().mountAt(dev, "devfs", "dev", null, 0, "");
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

  /** Writes everything back and deletes the image. */
  @TearDown
  public void shutDown() throws IOException {
    program.close();
    machine.close();
    Files.delete(image);
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

  /** 4 KiB over a cached page of a file on ext2. */
  @Benchmark
  public long overwriteExt2() {
    return dispatch.dispatch(task, Arm64TableNumbers.__NR_pwrite64, file, buffer, BLOCK, 0, 0, 0);
  }
}
