package dev.svc0.fs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.conformance.NoCpu;
import dev.svc0.fs.loop.LoopType;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.buffer.BlkdevPages;
import dev.svc0.runtime.calls.AttributeCalls;
import dev.svc0.runtime.calls.MemoryCalls;
import dev.svc0.runtime.calls.NameCalls;
import dev.svc0.runtime.calls.OpenCalls;
import dev.svc0.runtime.calls.ReadWriteCalls;
import dev.svc0.runtime.calls.SyncCalls;
import dev.svc0.runtime.calls.XattrCalls;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.pagecache.Writeback;
import dev.svc0.runtime.task.Kernel;
import dev.svc0.runtime.task.KernelOptions;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.Vfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** A kernel with an image as its root, and a process that makes calls with memory of its own. */
public final class TestProgram implements AutoCloseable {
  public static final int MEMORY = 1 << 20;
  private static final int STRINGS = 4096;

  public final Task task;
  public final BlockDevice disk;
  private final Kernel kernel;
  private final long strings;
  private final List<Task> tasks = new ArrayList<>();

  /** Address of a page-aligned buffer of {@link #MEMORY} bytes. */
  public final long buffer;

  private TestProgram(Kernel kernel, BlockDevice disk, Cred cred) {
    this.kernel = kernel;
    this.disk = disk;
    task = kernel.newProcess(cred, "test");
    tasks.add(task);
    buffer = anonymous(MEMORY);
    strings = anonymous(STRINGS);
  }

  public static TestProgram boot(Path image, String type, String options)
      throws MountException, IOException {
    return boot(devices -> new LoopType().create(devices, image.toString()), type, options);
  }

  public static TestProgram boot(TestKernel.DiskSource source, String type, String options)
      throws MountException, IOException {
    return boot(source, type, options, 32768);
  }

  /** With so many page frames. */
  public static TestProgram boot(
      TestKernel.DiskSource source, String type, String options, int frameCount)
      throws MountException, IOException {
    FrameAllocator frames = new FrameAllocator(frameCount);
    Writeback writeback = new Writeback();
    BlockDevices devices = new BlockDevices(frames, writeback, BlkdevPages::new);
    Vfs vfs = new Vfs(frames, writeback, devices, InstantSource.system());
    BlockDevice disk = source.open(devices);
    var root = vfs.mountRoot(type, "/dev/" + disk.name(), disk, 0, options);
    Kernel kernel = new Kernel(KernelOptions.defaults(), vfs, new NoCpu(), root);
    return new TestProgram(kernel, disk, Cred.ROOT);
  }

  /** Another process on the same files. */
  public TestProgram another(Cred cred) {
    TestProgram other = new TestProgram(kernel, disk, cred);
    tasks.add(other.task);
    return other;
  }

  private long anonymous(long bytes) {
    int flags = MmapConstants.MAP_PRIVATE | MmapConstants.MAP_ANONYMOUS;
    int rights = MmapConstants.PROT_READ | MmapConstants.PROT_WRITE;
    return MemoryCalls.mmap(task, 0, bytes, rights, flags, -1, 0);
  }

  public long string(String text) {
    task.memory().writeBytes(strings, (text + "\0").getBytes(StandardCharsets.ISO_8859_1));
    return strings;
  }

  public int open(String path, int flags) {
    return (int)
        OpenCalls.openat(task, Fcntl.AT_FDCWD, string(path), flags | Fcntl.O_LARGEFILE, 0644);
  }

  public int create(String path) {
    int fd = open(path, Fcntl.O_CREAT | Fcntl.O_RDWR);
    assertThat(fd).isNotNegative();
    return fd;
  }

  public void closeFd(int fd) {
    assertThat(OpenCalls.close(task, fd)).isZero();
  }

  /** Bytes written, or −errno; from a page-aligned address, or behind one. */
  public long pwrite(int fd, byte[] data, long position, int misalignment) {
    task.memory().writeBytes(buffer + misalignment, data);
    return ReadWriteCalls.pwrite64(task, fd, buffer + misalignment, data.length, position);
  }

  public void write(int fd, byte[] data, long position) {
    assertThat(pwrite(fd, data, position, 0)).isEqualTo(data.length);
  }

  public byte[] read(int fd, int bytes, long position) {
    long got = ReadWriteCalls.pread64(task, fd, buffer, bytes, position);
    assertThat(got).isNotNegative();
    return task.memory().readBytes(buffer, (int) got);
  }

  public long fsync(int fd) {
    return SyncCalls.fsync(task, fd);
  }

  public long ftruncate(int fd, long size) {
    return AttributeCalls.ftruncate(task, fd, size);
  }

  public long fallocate(int fd, int mode, long offset, long bytes) {
    return AttributeCalls.fallocate(task, fd, mode, offset, bytes);
  }

  public long lseek(int fd, long offset, int whence) {
    return ReadWriteCalls.lseek(task, fd, offset, whence);
  }

  /** Address of a shared mapping. */
  public long mapShared(int fd, long bytes, long position) {
    int rights = MmapConstants.PROT_READ | MmapConstants.PROT_WRITE;
    long at = MemoryCalls.mmap(task, 0, bytes, rights, MmapConstants.MAP_SHARED, fd, position);
    assertThat(at).isPositive();
    return at;
  }

  public long msync(long at, long bytes) {
    return MemoryCalls.msync(task, at, bytes, MmapConstants.MS_SYNC);
  }

  public long munmap(long at, long bytes) {
    return MemoryCalls.munmap(task, at, bytes);
  }

  public long setxattr(String path, String name, byte[] value) {
    task.memory().writeBytes(buffer, value);
    task.memory().writeBytes(buffer + 4096, (name + "\0").getBytes(StandardCharsets.US_ASCII));
    return XattrCalls.setxattr(task, string(path), buffer + 4096, buffer, value.length, 0);
  }

  /** The value; empty for an error. */
  public byte[] getxattr(String path, String name) {
    task.memory().writeBytes(buffer + 4096, (name + "\0").getBytes(StandardCharsets.US_ASCII));
    long got = XattrCalls.getxattr(task, string(path), buffer + 4096, buffer, 4096);
    return got < 0 ? new byte[0] : task.memory().readBytes(buffer, (int) got);
  }

  public long mkdir(String path, int mode) {
    return NameCalls.mkdirat(task, Fcntl.AT_FDCWD, string(path), mode);
  }

  public long chmod(String path, int mode) {
    return AttributeCalls.fchmodat(task, Fcntl.AT_FDCWD, string(path), mode);
  }

  /** Unmounts. */
  @Override
  public void close() {
    for (Task one : tasks) {
      kernel.enter(one);
      kernel.leave(one, 0);
    }
    kernel.close();
  }
}
