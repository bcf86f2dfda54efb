package dev.svc0.fs.nio;

import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.extformat.SuperBlockLayout;
import dev.svc0.fs.loop.LoopType;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.buffer.BlkdevPages;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.pagecache.Writeback;
import dev.svc0.runtime.vfs.DirContext;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FsStruct;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.Namei;
import dev.svc0.runtime.vfs.Open;
import dev.svc0.runtime.vfs.StatFs;
import dev.svc0.runtime.vfs.Vfs;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A mounted image: page frames, a flusher, a loop disk and the VFS, but no task. */
final class ImageFileSystem extends FileSystem {
  private static final long DEFAULT_MEMORY = 64L << 20;
  private static final int PAGE = 4096;

  final ImageCaller caller;
  private final ImageFileSystemProvider provider;
  private final Path image;
  private final boolean readOnly;
  private final FrameAllocator frames;
  private final Writeback writeback;
  private final BlockDevices devices;
  private final Vfs vfs;
  private volatile boolean open = true;

  ImageFileSystem(ImageFileSystemProvider provider, Path image, Map<String, ?> environment)
      throws IOException {
    this.provider = provider;
    this.image = image;
    readOnly = Boolean.parseBoolean(String.valueOf(environment.get("readOnly")));
    Object type = environment.get("type");
    Object options = environment.get("options");
    Object memory = environment.get("memory");
    long bytes = memory instanceof Number number ? number.longValue() : DEFAULT_MEMORY;
    frames = new FrameAllocator((int) Math.clamp(bytes / PAGE, 512, Integer.MAX_VALUE));
    writeback = new Writeback();
    devices = new BlockDevices(frames, writeback, BlkdevPages::new);
    vfs = new Vfs(frames, writeback, devices, InstantSource.system());
    boolean mounted = false;
    try {
      BlockDevice disk = new LoopType().create(devices, image + (readOnly ? ",ro" : ""));
      caller =
          new ImageCaller(
              new FsStruct(
                  vfs.mountRoot(
                      type == null ? typeOf(image) : type.toString(),
                      image.toString(),
                      disk,
                      readOnly ? MountFlags.MS_RDONLY : 0,
                      options == null ? "" : options.toString())));
      mounted = true;
    } catch (MountException e) {
      throw new FileSystemException(image.toString(), null, e.getMessage());
    } finally {
      if (!mounted) {
        devices.shutdown();
        writeback.close();
        frames.close();
      }
    }
  }

  /** ext2 unless the superblock has a feature that only ext4 knows. */
  private static String typeOf(Path image) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel file = FileChannel.open(image, StandardOpenOption.READ)) {
      file.read(head, SuperBlockLayout.SUPERBLOCK_OFFSET);
    }
    int compat = head.getInt(SuperBlockLayout.S_FEATURE_COMPAT);
    int incompat = head.getInt(SuperBlockLayout.S_FEATURE_INCOMPAT);
    int roCompat = head.getInt(SuperBlockLayout.S_FEATURE_RO_COMPAT);
    int ext2Incompat = Features.INCOMPAT_FILETYPE | Features.INCOMPAT_META_BG;
    int ext2RoCompat =
        Features.RO_COMPAT_SPARSE_SUPER
            | Features.RO_COMPAT_LARGE_FILE
            | Features.RO_COMPAT_BTREE_DIR;
    boolean ext4 =
        (compat & Features.COMPAT_HAS_JOURNAL) != 0
            || (incompat & ~ext2Incompat) != 0
            || (roCompat & ~ext2RoCompat) != 0;
    return ext4 ? "ext4" : "ext2";
  }

  /** The image file. */
  Path image() {
    return image;
  }

  URI uriOf(String path) {
    return URI.create(
        ImageFileSystemProvider.SCHEME + ":" + image.toUri().getRawPath() + "!" + encoded(path));
  }

  private static String encoded(String path) {
    try {
      return new URI(null, null, path, null).getRawPath();
    } catch (java.net.URISyntaxException e) {
      throw new IllegalArgumentException(path, e);
    }
  }

  static boolean follows(LinkOption... options) {
    return !Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS);
  }

  private void checkOpen() {
    if (!open) {
      throw new ClosedFileSystemException();
    }
  }

  /** Asks an inode something. The answer, or an exception for −errno. */
  long ask(ImagePath path, boolean follow, ToLongFunction<Inode> question) throws IOException {
    return at(path, follow, (place, inode) -> question.applyAsLong(inode));
  }

  /** What is done at a place. */
  @FunctionalInterface
  interface AtPlace {
    long apply(dev.svc0.runtime.vfs.Path place, Inode inode);
  }

  long at(ImagePath path, boolean follow, AtPlace action) throws IOException {
    checkOpen();
    int flags = follow ? Lookup.FOLLOW : 0;
    return ImageErrors.check(
        Namei.withPath(caller, Fcntl.AT_FDCWD, path.kernelName(), flags, action::apply), path);
  }

  File open(ImagePath path, int flags, int mode) throws IOException {
    checkOpen();
    long[] error = new long[1];
    File file =
        Open.doFilpOpen(
            caller, Fcntl.AT_FDCWD, path.kernelName(), flags | Fcntl.O_LARGEFILE, mode, 0, error);
    if (file == null) {
      throw ImageErrors.of((int) -error[0], path.toString());
    }
    return file;
  }

  private static String fromKernel(String name) {
    return new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** Names in a directory without itself and its parent. */
  List<String> list(ImagePath directory) throws IOException {
    File file = open(directory, Fcntl.O_RDONLY | Fcntl.O_DIRECTORY, 0);
    List<String> names = new ArrayList<>();
    try {
      DirContext context =
          new DirContext() {
            @Override
            public boolean emit(String name, long next, long inode, int type) {
              if (!name.equals(".") && !name.equals("..")) {
                names.add(fromKernel(name));
              }
              return true;
            }
          };
      Inode inode = file.inode();
      inode.lock.readLock().lock();
      try {
        ImageErrors.check(file.operations().iterate(file, context), directory);
      } finally {
        inode.lock.readLock().unlock();
      }
    } finally {
      file.put();
    }
    return names;
  }

  /** The target of a symbolic link. */
  String readLink(ImagePath link) throws IOException {
    @Nullable String[] target = new String[1];
    long[] error = new long[1];
    ask(
        link,
        false,
        inode -> {
          target[0] = inode.operations().getLink(inode, caller, error);
          return target[0] == null ? error[0] : 0;
        });
    String text = target[0];
    return text == null ? "" : fromKernel(text);
  }

  /** The path without links, which must exist. */
  Path realPath(ImagePath path, boolean follow) throws IOException {
    Path normal = path.toAbsolutePath();
    ask(ImagePath.from(normal), follow, inode -> 0);
    if (!follow) {
      return normal.normalize();
    }
    Path real = getPath("/");
    int links = 0;
    List<Path> left = new ArrayList<>();
    normal.forEach(left::add);
    while (!left.isEmpty()) {
      String name = left.remove(0).toString();
      if (name.equals("..")) {
        Path parent = real.getParent();
        real = parent == null ? real : parent;
      } else if (!name.equals(".")) {
        Path next = real.resolve(name);
        if (ask(ImagePath.from(next), false, inode -> inode.isSymlink() ? 1 : 0) == 1
            && links++ < 40) {
          Path target = getPath(readLink(ImagePath.from(next)));
          real = target.isAbsolute() ? getPath("/") : real;
          List<Path> parts = new ArrayList<>();
          target.forEach(parts::add);
          left.addAll(0, parts);
        } else {
          real = next;
        }
      }
    }
    return real;
  }

  StatFs statfs() throws IOException {
    checkOpen();
    StatFs result = new StatFs();
    ImageErrors.check(vfs.root().mount().superBlock().statfs(result), image);
    return result;
  }

  String typeName() {
    return vfs.root().mount().superBlock().type().name();
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  /** Unmounts: everything is on the image afterwards. */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (!open) {
        return;
      }
      open = false;
    }
    provider.forget(this);
    long result = vfs.shutdown();
    devices.shutdown();
    writeback.close();
    frames.close();
    ImageErrors.check(result, image);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isReadOnly() {
    return readOnly || vfs.root().mount().superBlock().isReadOnly();
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(getPath("/"));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of(new ImageFileStore(this));
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic", "posix", "owner", "unix", "user");
  }

  @Override
  public Path getPath(String first, String... more) {
    StringBuilder text = new StringBuilder(first);
    for (String part : more) {
      if (!part.isEmpty()) {
        text.append(text.isEmpty() ? "" : "/").append(part);
      }
    }
    return ImagePath.of(this, text.toString());
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    if (syntaxAndPattern.startsWith("regex:")) {
      Pattern pattern = Pattern.compile(syntaxAndPattern.substring(6));
      return path -> pattern.matcher(path.toString()).matches();
    }
    if (!syntaxAndPattern.startsWith("glob:")) {
      throw new UnsupportedOperationException(syntaxAndPattern + ": neither glob: nor regex:");
    }
    // Globs mean the same to the host's file system, whose paths have the same separator.
    PathMatcher host = java.nio.file.FileSystems.getDefault().getPathMatcher(syntaxAndPattern);
    return path -> host.matches(Path.of(path.toString()));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return new ImagePrincipal.ByNumber();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException("images are not watched");
  }
}
