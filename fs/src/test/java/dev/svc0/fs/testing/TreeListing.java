package dev.svc0.fs.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** All that can be seen of a tree, a line a file: of a folder of the host, or of an image here. */
public final class TreeListing {
  private final List<String> lines = new ArrayList<>();
  private final boolean times;

  private TreeListing(boolean times) {
    this.times = times;
  }

  /** Kinds, modes, links, owners, sizes, contents. */
  public static List<String> of(Path top) throws IOException {
    return list(top, new TreeListing(false));
  }

  /** Times of change, too, to the nanosecond. */
  public static List<String> withTimes(Path top) throws IOException {
    return list(top, new TreeListing(true));
  }

  private static List<String> list(Path top, TreeListing listing) throws IOException {
    listing.add(top, "");
    listing.lines.sort(null);
    return listing.lines;
  }

  /** Opens an image, mounts it for writing, and lists it. */
  public static List<String> ofImage(Path image) throws IOException {
    try (FileSystem system =
        FileSystems.newFileSystem(URI.create("svc0:" + image.toAbsolutePath()), Map.of())) {
      return of(system.getPath("/"));
    }
  }

  private void add(Path folder, String name) throws IOException {
    try (var names = Files.newDirectoryStream(folder)) {
      for (Path one : names) {
        String path = name + "/" + one.getFileName();
        if (!path.equals("/lost+found")) {
          lines.add(path + " " + describe(one));
          if (Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)) {
            add(one, path);
          }
        }
      }
    }
  }

  private String describe(Path path) throws IOException {
    Map<String, Object> seen =
        Files.readAttributes(path, "unix:mode,nlink,uid,gid", LinkOption.NOFOLLOW_LINKS);
    String text =
        "%o %s links %s:%s"
            .formatted(seen.get("mode"), seen.get("nlink"), seen.get("uid"), seen.get("gid"));
    if (times) {
      FileTime time = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS);
      text += " " + time.toInstant();
    }
    if (Files.isSymbolicLink(path)) {
      return text + " -> " + Files.readSymbolicLink(path);
    }
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return text;
    }
    CRC32 sum = new CRC32();
    byte[] content = Files.readAllBytes(path);
    sum.update(content);
    return text + " " + content.length + " bytes " + Long.toHexString(sum.getValue());
  }
}
