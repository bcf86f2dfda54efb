package dev.svc0.fs.nio;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A path in an image: names separated by slashes, from the top or from where one stands: the top.
 */
final class ImagePath implements Path {
  private final ImageFileSystem system;
  private final boolean absolute;
  private final List<String> names;

  private ImagePath(ImageFileSystem system, boolean absolute, List<String> names) {
    this.system = system;
    this.absolute = absolute;
    this.names = names;
  }

  static ImagePath of(ImageFileSystem system, String text) {
    List<String> names = new ArrayList<>();
    for (String name : text.split("/")) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    boolean absolute = text.startsWith("/");
    if (names.isEmpty() && !absolute) {
      names.add("");
    }
    return new ImagePath(system, absolute, List.copyOf(names));
  }

  static ImagePath from(Path path) {
    if (path instanceof ImagePath image) {
      return image;
    }
    throw new ProviderMismatchException(path + " is no path in an image");
  }

  /** What the kernel gets: absolute, one character a byte. */
  String kernelName() {
    String text = toAbsolutePath().toString();
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private ImagePath with(boolean isAbsolute, List<String> parts) {
    return new ImagePath(system, isAbsolute, List.copyOf(parts));
  }

  private boolean isEmpty() {
    return !absolute && names.size() == 1 && names.get(0).isEmpty();
  }

  @Override
  public ImageFileSystem getFileSystem() {
    return system;
  }

  @Override
  public boolean isAbsolute() {
    return absolute;
  }

  @Override
  public @Nullable Path getRoot() {
    return absolute ? with(true, List.of()) : null;
  }

  @Override
  public @Nullable Path getFileName() {
    return names.isEmpty() ? null : with(false, List.of(names.get(names.size() - 1)));
  }

  @Override
  public @Nullable Path getParent() {
    int count = names.size() - 1;
    if (count < 0 || count == 0 && !absolute) {
      return null;
    }
    return with(absolute, names.subList(0, count));
  }

  @Override
  public int getNameCount() {
    return names.size();
  }

  @Override
  public Path getName(int index) {
    return subpath(index, index + 1);
  }

  @Override
  public Path subpath(int beginIndex, int endIndex) {
    if (beginIndex < 0 || endIndex > names.size() || beginIndex >= endIndex) {
      throw new IllegalArgumentException("no names " + beginIndex + " to " + endIndex);
    }
    return with(false, names.subList(beginIndex, endIndex));
  }

  @Override
  public boolean startsWith(Path other) {
    return other instanceof ImagePath path
        && path.system == system
        && path.absolute == absolute
        && path.names.size() <= names.size()
        && names.subList(0, path.names.size()).equals(path.names);
  }

  @Override
  public boolean endsWith(Path other) {
    if (!(other instanceof ImagePath path) || path.system != system) {
      return false;
    }
    int from = names.size() - path.names.size();
    return path.absolute
        ? equals(path)
        : from >= 0 && names.subList(from, names.size()).equals(path.names);
  }

  @Override
  public Path normalize() {
    List<String> kept = new ArrayList<>();
    for (String name : names) {
      int last = kept.size() - 1;
      if (name.equals("..") && last >= 0 && !kept.get(last).equals("..")) {
        kept.remove(last);
      } else if (!name.equals(".") && !(name.equals("..") && absolute)) {
        kept.add(name);
      }
    }
    return kept.isEmpty() && !absolute ? of(system, "") : with(absolute, kept);
  }

  @Override
  public Path resolve(Path other) {
    ImagePath path = from(other);
    if (path.absolute || isEmpty()) {
      return path;
    }
    if (path.isEmpty()) {
      return this;
    }
    List<String> all = new ArrayList<>(names);
    all.addAll(path.names);
    return with(absolute, all);
  }

  @Override
  public Path relativize(Path other) {
    ImagePath path = from(other);
    if (path.absolute != absolute) {
      throw new IllegalArgumentException("one path is absolute, the other is not");
    }
    if (isEmpty()) {
      return path;
    }
    int same = 0;
    while (same < names.size()
        && same < path.names.size()
        && names.get(same).equals(path.names.get(same))) {
      same++;
    }
    List<String> way = new ArrayList<>();
    for (int i = same; i < names.size(); i++) {
      way.add("..");
    }
    way.addAll(path.names.subList(same, path.names.size()));
    return way.isEmpty() ? of(system, "") : with(false, way);
  }

  @Override
  public URI toUri() {
    return system.uriOf(toAbsolutePath().toString());
  }

  @Override
  public ImagePath toAbsolutePath() {
    if (absolute) {
      return this;
    }
    return isEmpty() ? with(true, List.of()) : with(true, names);
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return system.realPath(this, ImageFileSystem.follows(options));
  }

  @Override
  public File toFile() {
    throw new UnsupportedOperationException("a path in an image is no file of the host");
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException("images are not watched");
  }

  @Override
  public int compareTo(Path other) {
    return toString().compareTo(from(other).toString());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ImagePath path
        && path.system == system
        && path.absolute == absolute
        && path.names.equals(names);
  }

  @Override
  public int hashCode() {
    return Objects.hash(absolute, names);
  }

  @Override
  public String toString() {
    return (absolute ? "/" : "") + String.join("/", names);
  }
}
