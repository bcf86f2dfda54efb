package dev.svc0.fs.nio;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.InodeAttributes;
import dev.svc0.runtime.vfs.Namei;
import dev.svc0.runtime.vfs.Permissions;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Opens ext2 and ext4 images: scheme {@code svc0}, see the package. */
@AutoService(FileSystemProvider.class)
public final class ImageFileSystemProvider extends FileSystemProvider {
  static final String SCHEME = "svc0";

  private static final Set<String> UNIX =
      Set.of("mode", "ino", "nlink", "uid", "gid", "rdev", "ctime");

  private final Map<Path, ImageFileSystem> systems = new ConcurrentHashMap<>();

  @Override
  public String getScheme() {
    return SCHEME;
  }

  private static Path imageOf(URI uri) throws IllegalArgumentException {
    if (!SCHEME.equalsIgnoreCase(uri.getScheme())) {
      throw new IllegalArgumentException(uri + " is no " + SCHEME + ": URI");
    }
    String text = uri.getPath() == null ? uri.getSchemeSpecificPart() : uri.getPath();
    int end = text.indexOf('!');
    return Path.of(end < 0 ? text : text.substring(0, end)).toAbsolutePath().normalize();
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) throws IOException {
    Path image = imageOf(uri);
    if (!isImage(image)) {
      throw new FileSystemException(image.toString(), null, "is no ext2 or ext4 image");
    }
    return newFileSystem(image, environment);
  }

  /** For {@code FileSystems.newFileSystem(path)}: only files that begin like ext2 and ext4. */
  @Override
  public FileSystem newFileSystem(Path path, Map<String, ?> environment) throws IOException {
    Path image = path.toAbsolutePath().normalize();
    if (!isImage(image)) {
      throw new UnsupportedOperationException(path + " is no ext2 or ext4 image");
    }
    synchronized (this) {
      if (systems.containsKey(image)) {
        throw new FileSystemAlreadyExistsException(image.toString());
      }
      ImageFileSystem made = new ImageFileSystem(this, image, environment);
      systems.put(image, made);
      return made;
    }
  }

  private static boolean isImage(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new NoSuchFileException(path.toString());
    }
    try (var in = Files.newInputStream(path)) {
      byte[] head = in.readNBytes(2048);
      return head.length > 1081 && (head[1080] & 0xff) == 0x53 && (head[1081] & 0xff) == 0xEF;
    }
  }

  void forget(ImageFileSystem system) {
    systems.remove(system.image(), system);
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    ImageFileSystem known = systems.get(imageOf(uri));
    if (known == null) {
      throw new FileSystemNotFoundException(uri.toString());
    }
    return known;
  }

  @Override
  public Path getPath(URI uri) {
    String text = uri.getPath() == null ? uri.getSchemeSpecificPart() : uri.getPath();
    int end = text.indexOf('!');
    return getFileSystem(uri).getPath(end < 0 ? "/" : text.substring(end + 1));
  }

  private static ImageFileSystem systemOf(Path path) {
    return ImagePath.from(path).getFileSystem();
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    boolean append = options.contains(StandardOpenOption.APPEND);
    boolean write = append || options.contains(StandardOpenOption.WRITE);
    boolean read = options.contains(StandardOpenOption.READ) || !write;
    if (append && (read || options.contains(StandardOpenOption.TRUNCATE_EXISTING))) {
      throw new IllegalArgumentException("APPEND goes with neither READ nor TRUNCATE_EXISTING");
    }
    int flags = write ? read ? Fcntl.O_RDWR : Fcntl.O_WRONLY : Fcntl.O_RDONLY;
    flags |= append ? Fcntl.O_APPEND : 0;
    if (write) {
      flags |= options.contains(StandardOpenOption.TRUNCATE_EXISTING) ? Fcntl.O_TRUNC : 0;
      flags |= options.contains(StandardOpenOption.CREATE) ? Fcntl.O_CREAT : 0;
      flags |= options.contains(StandardOpenOption.CREATE_NEW) ? Fcntl.O_CREAT | Fcntl.O_EXCL : 0;
    }
    flags |= options.contains(StandardOpenOption.SYNC) ? Fcntl.O_SYNC : 0;
    flags |= options.contains(StandardOpenOption.DSYNC) ? Fcntl.O_DSYNC : 0;
    flags |= options.contains(LinkOption.NOFOLLOW_LINKS) ? Fcntl.O_NOFOLLOW : 0;
    ImagePath place = ImagePath.from(path);
    File file = systemOf(path).open(place, flags, modeOf(attributes, 0644));
    boolean delete = options.contains(StandardOpenOption.DELETE_ON_CLOSE);
    return new ImageChannel(systemOf(path), place, file, read, write, append, delete);
  }

  @SuppressWarnings("unchecked")
  private static int modeOf(FileAttribute<?>[] attributes, int otherwise) {
    int mode = otherwise;
    for (FileAttribute<?> attribute : attributes) {
      if (!attribute.name().equals("posix:permissions")) {
        throw new UnsupportedOperationException(attribute.name());
      }
      mode = ImageAttributes.modeOf((Set<PosixFilePermission>) attribute.value());
    }
    return mode;
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String name : systemOf(directory).list(ImagePath.from(directory))) {
      found.add(directory.resolve(name));
    }
    return new DirectoryStream<>() {
      private boolean used;

      @Override
      public Iterator<Path> iterator() {
        if (used) {
          throw new IllegalStateException("the names were given already");
        }
        used = true;
        return found.stream().filter(this::isAccepted).iterator();
      }

      private boolean isAccepted(Path path) {
        try {
          return filter.accept(path);
        } catch (IOException e) {
          throw new DirectoryIteratorException(e);
        }
      }

      @Override
      public void close() {
        used = true;
      }
    };
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    ImagePath path = ImagePath.from(directory);
    int mode = modeOf(attributes, 0755);
    ImageErrors.check(
        Namei.mkdirat(systemOf(path).caller, Fcntl.AT_FDCWD, path.kernelName(), mode), path);
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    ImagePath path = ImagePath.from(link);
    byte[] bytes = target.toString().getBytes(StandardCharsets.UTF_8);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    ImageErrors.check(
        Namei.symlinkat(systemOf(path).caller, text, Fcntl.AT_FDCWD, path.kernelName()), path);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    ImagePath path = ImagePath.from(link);
    String old = ImagePath.from(existing).kernelName();
    int at = Fcntl.AT_FDCWD;
    ImageErrors.check(Namei.linkat(systemOf(path).caller, at, old, at, path.kernelName(), 0), path);
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    ImagePath path = ImagePath.from(link);
    if (!ImageAttributes.read(path, false).isSymbolicLink()) {
      throw new NotLinkException(link.toString());
    }
    return systemOf(path).getPath(systemOf(path).readLink(path));
  }

  @Override
  public void delete(Path target) throws IOException {
    ImagePath path = ImagePath.from(target);
    boolean directory = ImageAttributes.read(path, false).isDirectory();
    ImageCaller caller = systemOf(path).caller;
    long result =
        directory
            ? Namei.rmdirat(caller, Fcntl.AT_FDCWD, path.kernelName())
            : Namei.unlinkat(caller, Fcntl.AT_FDCWD, path.kernelName());
    ImageErrors.check(result, path);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    List<CopyOption> list = List.of(options);
    boolean follow = !list.contains(LinkOption.NOFOLLOW_LINKS);
    if (exists(target) && isSameFile(source, target)) {
      return;
    }
    ImageAttributes attributes = ImageAttributes.read(ImagePath.from(source), follow);
    makeRoom(target, list.contains(StandardCopyOption.REPLACE_EXISTING));
    if (attributes.isDirectory()) {
      createDirectory(target);
    } else if (attributes.isSymbolicLink()) {
      createSymbolicLink(target, readSymbolicLink(source));
    } else {
      try (var in = Files.newInputStream(source);
          var out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
        in.transferTo(out);
      }
    }
    if (list.contains(StandardCopyOption.COPY_ATTRIBUTES)) {
      ImageAttributes.View view = new ImageAttributes.View(ImagePath.from(target), false);
      view.setOwners(attributes.uid(), attributes.gid());
      if (!attributes.isSymbolicLink()) {
        view.setMode(attributes.mode());
      }
      view.setTimes(attributes.lastModifiedTime(), attributes.lastAccessTime(), null);
    }
  }

  private boolean exists(Path path) throws IOException {
    try {
      ImageAttributes.read(ImagePath.from(path), false);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private void makeRoom(Path target, boolean replace) throws IOException {
    if (exists(target)) {
      if (!replace) {
        throw new FileAlreadyExistsException(target.toString());
      }
      delete(target);
    }
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    List<CopyOption> list = List.of(options);
    boolean atomic = list.contains(StandardCopyOption.ATOMIC_MOVE);
    if (exists(target) && isSameFile(source, target)) {
      return;
    }
    ImageAttributes.read(ImagePath.from(source), false);
    if (!atomic) {
      makeRoom(target, list.contains(StandardCopyOption.REPLACE_EXISTING));
    }
    String from = ImagePath.from(source).kernelName();
    String to = ImagePath.from(target).kernelName();
    ImageErrors.check(
        dev.svc0.runtime.vfs.Rename.renameat2(
            systemOf(source).caller, Fcntl.AT_FDCWD, from, Fcntl.AT_FDCWD, to, 0),
        target);
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    if (one.equals(other)) {
      return true;
    }
    if (!(other instanceof ImagePath path) || path.getFileSystem() != systemOf(one)) {
      return false;
    }
    long number = ImageAttributes.read(ImagePath.from(one), true).number();
    return number == ImageAttributes.read(path, true).number();
  }

  @Override
  public boolean isHidden(Path path) {
    Path name = path.getFileName();
    return name != null && name.toString().startsWith(".");
  }

  @Override
  public FileStore getFileStore(Path path) {
    return new ImageFileStore(systemOf(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    int wanted = 0;
    for (AccessMode mode : modes) {
      wanted |=
          switch (mode) {
            case READ -> InodeAttributes.MAY_READ;
            case WRITE -> InodeAttributes.MAY_WRITE;
            case EXECUTE -> InodeAttributes.MAY_EXEC;
          };
    }
    int mask = wanted;
    ImageCaller caller = systemOf(path).caller;
    systemOf(path)
        .ask(
            ImagePath.from(path),
            true,
            inode -> mask == 0 ? 0 : Permissions.inodePermission(inode, mask, caller));
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    ImagePath place = ImagePath.from(path);
    boolean follow = ImageFileSystem.follows(options);
    if (type == BasicFileAttributeView.class
        || type == PosixFileAttributeView.class
        || type == FileOwnerAttributeView.class) {
      return type.cast(new ImageAttributes.View(place, follow));
    }
    return type == UserDefinedFileAttributeView.class
        ? type.cast(new ImageUserView(place, follow))
        : null;
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    if (type != BasicFileAttributes.class && type != PosixFileAttributes.class) {
      throw new UnsupportedOperationException(type.getName());
    }
    boolean follow = ImageFileSystem.follows(options);
    return type.cast(ImageAttributes.read(ImagePath.from(path), follow));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String text, LinkOption... options)
      throws IOException {
    int colon = text.indexOf(':');
    String view = colon < 0 ? "basic" : text.substring(0, colon);
    boolean follow = ImageFileSystem.follows(options);
    Map<String, Object> all = new HashMap<>();
    if (view.equals("user")) {
      ImageUserView user = new ImageUserView(ImagePath.from(path), follow);
      for (String name : user.list()) {
        all.put(name, user.get(name));
      }
    } else {
      gather(ImageAttributes.read(ImagePath.from(path), follow), view, all);
    }
    List<String> names = List.of(text.substring(colon + 1).split(","));
    if (!names.contains("*")) {
      for (String name : names) {
        if (!all.containsKey(name)) {
          throw new IllegalArgumentException(view + " has no attribute " + name);
        }
      }
      all.keySet().retainAll(names);
    }
    return all;
  }

  private static void gather(ImageAttributes from, String view, Map<String, Object> into) {
    into.put("lastModifiedTime", from.lastModifiedTime());
    into.put("lastAccessTime", from.lastAccessTime());
    into.put("creationTime", from.creationTime());
    into.put("size", from.size());
    into.put("isRegularFile", from.isRegularFile());
    into.put("isDirectory", from.isDirectory());
    into.put("isSymbolicLink", from.isSymbolicLink());
    into.put("isOther", from.isOther());
    into.put("fileKey", from.fileKey());
    if (view.equals("basic")) {
      return;
    }
    into.put("owner", from.owner());
    into.put("group", from.group());
    into.put("permissions", from.permissions());
    if (view.equals("unix")) {
      into.put("mode", from.mode());
      into.put("ino", from.number());
      into.put("nlink", from.links());
      into.put("uid", from.uid());
      into.put("gid", from.gid());
      into.put("rdev", from.rdev());
      into.put("ctime", from.changeTime());
    } else if (!view.equals("posix") && !view.equals("owner")) {
      throw new UnsupportedOperationException("view " + view);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    String name = attribute.substring(attribute.indexOf(':') + 1);
    boolean follow = ImageFileSystem.follows(options);
    if (attribute.startsWith("user:")) {
      new ImageUserView(ImagePath.from(path), follow)
          .write(name, java.nio.ByteBuffer.wrap((byte[]) value));
      return;
    }
    ImageAttributes.View view = new ImageAttributes.View(ImagePath.from(path), follow);
    switch (name) {
      case "lastModifiedTime" -> view.setTimes((FileTime) value, null, null);
      case "lastAccessTime" -> view.setTimes(null, (FileTime) value, null);
      case "permissions" -> view.setPermissions((Set<PosixFilePermission>) value);
      case "owner" -> view.setOwner((UserPrincipal) value);
      case "group" -> view.setGroup((GroupPrincipal) value);
      case "mode" -> view.setMode((Integer) value);
      case "uid" -> view.setOwners((Integer) value, -1);
      case "gid" -> view.setOwners(-1, (Integer) value);
      default ->
          throw new UnsupportedOperationException(
              UNIX.contains(name) ? name + " cannot be set" : attribute);
    }
  }
}
