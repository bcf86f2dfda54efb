package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.pagecache.Writeback;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The file system side of one kernel: page frames, flusher, disks, clock, known file systems,
 * mounts, the cache of names.
 */
public final class Vfs {
  private static final int DEFAULT_DENTRIES = 100_000;

  /** Length of a clock tick: times in inodes move in these steps, as with CONFIG_HZ=250. */
  private static final long TICK_MILLIS = 4;

  private final FrameAllocator frames;
  private final Writeback writeback;
  private final BlockDevices devices;
  private final InstantSource clock;
  private final AtomicInteger anonymousDevices = new AtomicInteger();
  private final Map<String, FileSystemType> types = new LinkedHashMap<>();
  private final SpecialFiles specialFiles = new SpecialFiles();
  private final MountTable mounts = new MountTable();
  private final DentryCache dentries = new DentryCache(DEFAULT_DENTRIES);
  private final Map<Object, Object> lockWaits = new ConcurrentHashMap<>();
  private final Map<Class<?>, Object> components = new ConcurrentHashMap<>();
  private @Nullable AnonymousFs anonymous;
  private volatile @Nullable ProcessTable processes;
  private volatile @Nullable Console console;
  private @Nullable Path root;

  /** With the parts it works on. Finds file systems and modules on the class path. */
  public Vfs(
      FrameAllocator frames, Writeback writeback, BlockDevices devices, InstantSource clock) {
    this.frames = frames;
    this.writeback = writeback;
    this.devices = devices;
    this.clock = clock;
    for (FileSystemType type : ServiceLoader.load(FileSystemType.class)) {
      register(type);
    }
    for (VfsModule module : ServiceLoader.load(VfsModule.class)) {
      module.init(this);
    }
  }

  /** Frames of the page cache. */
  public FrameAllocator frames() {
    return frames;
  }

  /** The flusher. */
  public Writeback writeback() {
    return writeback;
  }

  /** The disks. */
  public BlockDevices devices() {
    return devices;
  }

  /** What files get as time: the wall clock, unless the kernel was built with another. */
  public InstantSource clock() {
    return clock;
  }

  /** Milliseconds since the epoch at the last clock tick: what inodes get as time. */
  public long coarseMillis() {
    long now = clock.millis();
    return now - Math.floorMod(now, TICK_MILLIS);
  }

  /** A device number for a file system without a device: major 0. */
  public int nextAnonymousDevice() {
    return anonymousDevices.incrementAndGet();
  }

  /** Forgets the cached names of a directory that no longer hold; the directory is locked. */
  public void dropStale(Dentry directory, java.util.function.Predicate<Dentry> stale) {
    dentries.dropStale(directory, stale);
  }

  /** What opens device nodes, FIFOs and pipes. */
  public SpecialFiles specialFiles() {
    return specialFiles;
  }

  /** What is mounted where. */
  public MountTable mounts() {
    return mounts;
  }

  /** Who waits for a record lock of whom, to find circles. */
  Map<Object, Object> lockWaits() {
    return lockWaits;
  }

  DentryCache dentries() {
    return dentries;
  }

  /** The file system of objects without a name. */
  public synchronized AnonymousFs anonymous() {
    AnonymousFs result = anonymous;
    if (result == null) {
      result = new AnonymousFs(this);
      anonymous = result;
    }
    return result;
  }

  /** The processes, for /proc; null when there are none. */
  public @Nullable ProcessTable processes() {
    return processes;
  }

  /** Says who knows the processes. */
  public void setProcesses(ProcessTable table) {
    processes = table;
  }

  /** The console, for /dev/console and /dev/tty; null when there is none. */
  public @Nullable Console console() {
    return console;
  }

  /** Says what the console is. */
  public void setConsole(Console newConsole) {
    console = newConsole;
  }

  /** A part of the kernel that lives as long as this VFS; made when it is first asked for. */
  public <T> T component(Class<T> type, Function<Vfs, T> maker) {
    return type.cast(components.computeIfAbsent(type, key -> maker.apply(this)));
  }

  /** Makes a file system known; a later one of the same name replaces it. */
  public synchronized void register(FileSystemType type) {
    types.put(type.name(), type);
  }

  /** The file system of that name, or null. */
  public synchronized @Nullable FileSystemType type(String name) {
    return types.get(name);
  }

  /** All known file systems. */
  public synchronized List<FileSystemType> types() {
    return List.copyOf(types.values());
  }

  /** The top of the tree. */
  public Path root() {
    Path top = root;
    if (top == null) {
      throw new IllegalStateException("no root file system is mounted");
    }
    return top;
  }

  /**
   * Mounts the root file system.
   *
   * @param device the block device, for types that require one
   * @param flags MS_ bits
   */
  public Path mountRoot(
      String type, String source, @Nullable BlockDevice device, long flags, String options)
      throws MountException {
    SuperBlock superBlock = createSuperBlock(type, source, device, flags, options);
    Mount mount = mounts.attachRoot(superBlock, (int) flags & mountOnlyFlags());
    Path top = new Path(mount, mount.root());
    root = top;
    return top;
  }

  /** Mounts a file system at a place; done by the kernel itself, without permission checks. */
  public Mount mountAt(
      Path where,
      String type,
      String source,
      @Nullable BlockDevice device,
      long flags,
      String options)
      throws MountException {
    SuperBlock superBlock = createSuperBlock(type, source, device, flags, options);
    return mounts.attach(superBlock, superBlock.root(), where, (int) flags & mountOnlyFlags());
  }

  private SuperBlock createSuperBlock(
      String type, String source, @Nullable BlockDevice device, long flags, String options)
      throws MountException {
    FileSystemType found = type(type);
    if (found == null) {
      throw new MountException(Errno.ENODEV, "unknown file system type '" + type + "'");
    }
    if (found.requiresDevice() && device == null) {
      throw new MountException(Errno.ENOTBLK, type + " needs a block device");
    }
    return found.mount(new MountRequest(this, source, device, flags, options));
  }

  static int mountOnlyFlags() {
    return MountFlags.MS_RDONLY
        | MountFlags.MS_NOSUID
        | MountFlags.MS_NODEV
        | MountFlags.MS_NOEXEC
        | MountFlags.MS_NOATIME
        | MountFlags.MS_NODIRATIME
        | MountFlags.MS_RELATIME
        | MountFlags.MS_NOSYMFOLLOW;
  }

  /** Writes everything dirty of all file systems and disks. The first error, or 0. */
  public long sync() {
    long result = writeback.sync(owner -> true);
    for (Mount mount : mounts.all()) {
      long one = mount.superBlock().isReadOnly() ? 0 : mount.superBlock().syncFs(true);
      result = result == 0 ? one : result;
    }
    for (BlockDevice device : devices.all()) {
      long one = device.sync();
      result = result == 0 ? one : result;
    }
    return result;
  }

  /** Unmounts everything, last mounted first. The first error, or 0. */
  public long shutdown() {
    long result = sync();
    List<Mount> all = mounts.all();
    for (int i = all.size() - 1; i >= 0; i--) {
      SuperBlock superBlock = all.get(i).superBlock();
      mounts.detachLazily(all.get(i));
      if (!mounts.isMounted(superBlock)) {
        long one = Mounting.shutDown(superBlock);
        result = result == 0 ? one : result;
      }
    }
    root = null;
    return result;
  }
}
