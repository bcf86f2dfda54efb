package dev.svc0.fs.testing;

import dev.svc0.fs.loop.LoopType;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.buffer.BlkdevPages;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.pagecache.Writeback;
import dev.svc0.runtime.syscall.SyscallResult;
import dev.svc0.runtime.vfs.Attributes;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.DirContext;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.FilesStruct;
import dev.svc0.runtime.vfs.FsStruct;
import dev.svc0.runtime.vfs.GenericFile;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.Mounting;
import dev.svc0.runtime.vfs.Namei;
import dev.svc0.runtime.vfs.ReadWrite;
import dev.svc0.runtime.vfs.Rename;
import dev.svc0.runtime.vfs.StatFs;
import dev.svc0.runtime.vfs.SuperBlock;
import dev.svc0.runtime.vfs.Vfs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * A kernel with one disk, mounted at the root, and a caller: drives a file system through the VFS.
 */
public final class TestKernel implements Caller, AutoCloseable {
  private static final int BUFFER = 1 << 20;

  public final Vfs vfs;
  public final BlockDevice disk;
  private final FrameAllocator frames;
  private final Writeback writeback;
  private final BlockDevices devices;
  private final FilesStruct files = new FilesStruct();
  private final FsStruct fs;
  private final long buffer = HostMemory.reserve(BUFFER);
  private Cred cred = Cred.ROOT;
  private long fileLimit = -1;
  public int lastSignal;

  /** Where the disk comes from. */
  @FunctionalInterface
  public interface DiskSource {
    BlockDevice open(BlockDevices devices) throws IOException;
  }

  private TestKernel(Object image, String type, long flags, String options, int frameCount)
      throws MountException, IOException {
    this(
        devices -> new LoopType().create(devices, image.toString()),
        type,
        flags,
        options,
        frameCount);
  }

  /** On a disk that the caller makes. */
  public static TestKernel mount(DiskSource source, String type, String options)
      throws MountException, IOException {
    return new TestKernel(source, type, 0, options, 16384);
  }

  private TestKernel(DiskSource source, String type, long flags, String options, int frameCount)
      throws MountException, IOException {
    frames = new FrameAllocator(frameCount);
    writeback = new Writeback();
    devices = new BlockDevices(frames, writeback, BlkdevPages::new);
    vfs = new Vfs(frames, writeback, devices, InstantSource.system());
    disk = source.open(devices);
    try {
      fs = new FsStruct(vfs.mountRoot(type, "/dev/" + disk.name(), disk, flags, options));
    } catch (MountException | RuntimeException e) {
      devices.shutdown();
      writeback.close();
      frames.close();
      throw e;
    }
  }

  /** Read-only, on a disk that refuses writes. */
  public static TestKernel mountWriteProtected(Path image, String type)
      throws MountException, IOException {
    return new TestKernel(image + ",ro", type, MountFlags.MS_RDONLY, "", 16384);
  }

  private TestKernel(TestKernel other) {
    frames = other.frames;
    writeback = other.writeback;
    devices = other.devices;
    vfs = other.vfs;
    disk = other.disk;
    fs = other.fs.copy();
  }

  public static TestKernel mount(Path image) throws MountException, IOException {
    return new TestKernel(image, "ext2", 0, "", 16384);
  }

  public static TestKernel mount(Path image, String type, String options)
      throws MountException, IOException {
    return new TestKernel(image, type, 0, options, 16384);
  }

  public static TestKernel mountSmall(Path image, int frameCount)
      throws MountException, IOException {
    return new TestKernel(image, "ext2", 0, "", frameCount);
  }

  public static TestKernel mountReadOnly(Path image, String type)
      throws MountException, IOException {
    return new TestKernel(image, type, MountFlags.MS_RDONLY, "", 16384);
  }

  /** Unmounts. */
  @Override
  public void close() {
    long result = closeIgnoringErrors();
    if (result != 0) {
      throw new AssertionError("unmount: " + result);
    }
  }

  /** Unmounts; the first error. */
  public long closeIgnoringErrors() {
    long result = vfs.shutdown();
    devices.shutdown();
    writeback.close();
    frames.close();
    HostMemory.release(buffer, BUFFER);
    return result;
  }

  /** Stops without writing anything: what a crash leaves. */
  public void crash() {
    writeback.close();
  }

  public TestKernel as(Cred other) {
    cred = other;
    return this;
  }

  public void limitFileSize(long bytes) {
    fileLimit = bytes;
  }

  public File open(String path, int flags, long[] error) {
    return dev.svc0.runtime.vfs.Open.doFilpOpen(
        this, Fcntl.AT_FDCWD, path, flags | Fcntl.O_LARGEFILE, 0644, 0, error);
  }

  private long with(String path, int flags, ToLongFunction<File> action) {
    long[] error = new long[1];
    File file = open(path, flags, error);
    if (file == null) {
      return error[0];
    }
    try {
      return action.applyAsLong(file);
    } finally {
      file.put();
    }
  }

  public long create(String path) {
    return with(path, Fcntl.O_CREAT | Fcntl.O_EXCL | Fcntl.O_WRONLY, file -> 0);
  }

  /** Writes at a position; bytes written or −errno. */
  public long write(File file, long position, byte[] data, int from, int bytes) {
    long[] at = {position};
    long done = 0;
    while (done < bytes) {
      int step = (int) Math.min(BUFFER, bytes - done);
      HostMemory.copy(data, from + (int) done, buffer, step);
      long result = ReadWrite.kernelWrite(file, this, buffer, step, at);
      if (SyscallResult.isError(result)) {
        return done > 0 ? done : result;
      }
      done += result;
      if (result < step) {
        break;
      }
    }
    return done;
  }

  public long write(String path, long position, byte[] data) {
    return with(
        path, Fcntl.O_CREAT | Fcntl.O_WRONLY, file -> write(file, position, data, 0, data.length));
  }

  public byte[] read(File file, long position, int bytes, long[] error) {
    byte[] data = new byte[bytes];
    long[] at = {position};
    int done = 0;
    while (done < bytes) {
      int step = Math.min(BUFFER, bytes - done);
      long result = ReadWrite.kernelRead(file, this, buffer, step, at);
      if (SyscallResult.isError(result)) {
        error[0] = result;
        return new byte[0];
      }
      if (result == 0) {
        break;
      }
      HostMemory.copy(buffer, data, done, (int) result);
      done += (int) result;
    }
    return done == bytes ? data : java.util.Arrays.copyOf(data, done);
  }

  public byte[] read(String path) {
    long[] error = new long[1];
    File file = open(path, Fcntl.O_RDONLY, error);
    if (file == null) {
      throw new AssertionError(path + ": " + error[0]);
    }
    try {
      byte[] data = read(file, 0, (int) file.inode().size(), error);
      if (error[0] != 0) {
        throw new AssertionError(path + ": " + error[0]);
      }
      return data;
    } finally {
      file.put();
    }
  }

  public long fsync(String path) {
    return with(
        path,
        Fcntl.O_WRONLY,
        file -> GenericFile.vfsFsyncRange(file, 0, Long.MAX_VALUE, FileOperations.SyncKind.ALL));
  }

  /** Writes everything that is dirty. */
  public long sync() {
    return Mounting.syncFilesystem(vfs.root().mount().superBlock());
  }

  public long truncate(String path, long size) {
    return Namei.withPath(
        this,
        Fcntl.AT_FDCWD,
        path,
        Lookup.FOLLOW,
        (place, inode) -> Attributes.vfsTruncate(place, inode, size, this));
  }

  public long mkdir(String path) {
    return Namei.mkdirat(this, Fcntl.AT_FDCWD, path, 0755);
  }

  public long rmdir(String path) {
    return Namei.rmdirat(this, Fcntl.AT_FDCWD, path);
  }

  public long unlink(String path) {
    return Namei.unlinkat(this, Fcntl.AT_FDCWD, path);
  }

  public long link(String from, String to) {
    return Namei.linkat(this, Fcntl.AT_FDCWD, from, Fcntl.AT_FDCWD, to, 0);
  }

  public long symlink(String target, String path) {
    return Namei.symlinkat(this, target, Fcntl.AT_FDCWD, path);
  }

  public long mknod(String path, int mode, int rdev) {
    return Namei.mknodat(this, Fcntl.AT_FDCWD, path, mode, rdev);
  }

  public long rename(String from, String to) {
    return Rename.renameat2(this, Fcntl.AT_FDCWD, from, Fcntl.AT_FDCWD, to, 0);
  }

  public long chmod(String path, int mode) {
    return Namei.withPath(
        this,
        Fcntl.AT_FDCWD,
        path,
        Lookup.FOLLOW,
        (place, inode) -> Attributes.chmodCommon(place, mode, this));
  }

  public long utimes(String path, long atime, long atimeNanos, long mtime, long mtimeNanos) {
    return Namei.withPath(
        this,
        Fcntl.AT_FDCWD,
        path,
        0,
        (place, inode) -> Attributes.vfsUtimes(place, atime, atimeNanos, mtime, mtimeNanos, this));
  }

  public long chown(String path, int uid, int gid) {
    return Namei.withPath(
        this,
        Fcntl.AT_FDCWD,
        path,
        0,
        (place, inode) -> Attributes.chownCommon(place, uid, gid, this));
  }

  /** Asks an inode something; −errno when the path leads nowhere. Follows no symlink at the end. */
  public long ask(String path, ToLongFunction<Inode> question) {
    return Namei.withPath(
        this, Fcntl.AT_FDCWD, path, 0, (place, inode) -> question.applyAsLong(inode));
  }

  public String readlink(String path) {
    String[] text = new String[1];
    long[] error = new long[1];
    long result =
        ask(
            path,
            inode -> {
              text[0] = inode.operations().getLink(inode, this, error);
              return error[0];
            });
    if (result != 0) {
      throw new AssertionError(path + ": " + result);
    }
    return text[0];
  }

  /** Names and inode numbers of a directory, in order of names. */
  public Map<String, Long> list(String path) {
    Map<String, Long> names = new TreeMap<>();
    long result =
        with(
            path,
            Fcntl.O_RDONLY | Fcntl.O_DIRECTORY,
            file -> {
              DirContext context =
                  new DirContext() {
                    @Override
                    public boolean emit(String name, long next, long inode, int type) {
                      if (names.put(name, inode) != null) {
                        throw new AssertionError("twice in " + path + ": " + name);
                      }
                      return true;
                    }
                  };
              return file.operations().iterate(file, context);
            });
    if (result != 0) {
      throw new AssertionError(path + ": " + result);
    }
    return names;
  }

  /** Changes MS_ flags of the mounted file system. */
  public long remount(long flags) {
    SuperBlock superBlock = vfs.root().mount().superBlock();
    long synced = Mounting.syncFilesystem(superBlock);
    return synced != 0 ? synced : superBlock.remount(flags, "");
  }

  public StatFs statfs() {
    StatFs result = new StatFs();
    vfs.root().mount().superBlock().statfs(result);
    return result;
  }

  /** A second caller with a buffer of its own, for another thread. */
  public Worker another() {
    return new Worker(this);
  }

  /** Calls on the same kernel from another thread. */
  public static final class Worker {
    private final TestKernel caller;

    private Worker(TestKernel kernel) {
      caller = new TestKernel(kernel);
    }

    public long write(String path, long position, byte[] data) {
      return caller.write(path, position, data);
    }

    public byte[] read(String path) {
      return caller.read(path);
    }

    public long mkdir(String path) {
      return caller.mkdir(path);
    }

    public long rmdir(String path) {
      return caller.rmdir(path);
    }

    public long fsync(String path) {
      return caller.fsync(path);
    }

    public long unlink(String path) {
      return caller.unlink(path);
    }

    public long rename(String from, String to) {
      return caller.rename(from, to);
    }
  }

  @Override
  public Cred cred() {
    return cred;
  }

  @Override
  public FsStruct fs() {
    return fs;
  }

  @Override
  public FilesStruct files() {
    return files;
  }

  @Override
  public UserMemory memory() {
    throw new AssertionError("no user memory in this test");
  }

  @Override
  public long rlimit(int resource) {
    return resource == dev.svc0.runtime.abi.Rlimits.RLIMIT_FSIZE ? fileLimit : -1;
  }

  @Override
  public void sendSignal(int signal) {
    lastSignal = signal;
  }

  @Override
  public int pid() {
    return 1;
  }

  @Override
  public boolean signalPending() {
    return false;
  }
}
