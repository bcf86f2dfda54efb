package dev.svc0.samples.embedded;

import dev.svc0.fs.mkfs.Mke2fs;
import dev.svc0.fs.mkfs.Mke2fsOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Packs a folder into a new ext4 image and reads it back. Once the image is open, every call is one
 * of {@link Files}.
 */
public final class FolderImage {
  private static final long IMAGE_BYTES = 64L << 20;

  private FolderImage() {}

  /** Makes an empty ext4 file system in a file, which is overwritten. */
  static void create(Path image) throws IOException {
    Mke2fs.format(image, IMAGE_BYTES, new Mke2fsOptions().ext4().label("packed"));
  }

  /** Opens an image; closing it writes everything back. */
  static FileSystem open(Path image, Map<String, ?> options) throws IOException {
    try {
      URI uri = new URI("svc0", image.toAbsolutePath().toString(), null);
      return FileSystems.newFileSystem(uri, options);
    } catch (URISyntaxException e) {
      throw new IOException(image + " cannot be named by a URI", e);
    }
  }

  /** Everything below a folder and the folder itself, parents first. */
  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      return found.sorted().toList();
    }
  }

  /** Copies a tree, from any file system to any other: files, folders, links, permissions. */
  static void copy(Path from, Path to) throws IOException {
    for (Path source : below(from)) {
      Path target = to.resolve(from.relativize(source).toString());
      if (Files.isSymbolicLink(source)) {
        String text = Files.readSymbolicLink(source).toString();
        Files.createSymbolicLink(target, to.getFileSystem().getPath(text));
        continue;
      }
      if (Files.isDirectory(source)) {
        Files.createDirectories(target);
      } else if (Files.isRegularFile(source)) {
        Files.copy(source, target);
      } else {
        continue; // a device, a pipe or a socket
      }
      Files.setPosixFilePermissions(target, Files.getPosixFilePermissions(source));
    }
  }

  /** Prints for each regular file of a tree whether another tree has the same bytes. */
  private static boolean compare(Path original, Path packed) throws IOException {
    boolean same = true;
    for (Path file : below(original)) {
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        Path other = packed.resolve(original.relativize(file).toString());
        boolean equal = Files.mismatch(file, other) == -1;
        System.out.printf(
            "%s %7d %s%n", equal ? "same     " : "DIFFERENT", Files.size(other), other);
        same &= equal;
      }
    }
    return same;
  }

  /** Packs a folder into a new image and reads it back; whether all of it is there. */
  static boolean pack(Path folder, Path image) throws IOException {
    create(image);
    try (FileSystem ext4 = open(image, Map.of())) {
      copy(folder, ext4.getPath("/packed"));
      Path note = ext4.getPath("/packed-from");
      Files.writeString(note, folder + "\n", StandardOpenOption.CREATE_NEW);
      Files.createSymbolicLink(ext4.getPath("/latest"), ext4.getPath("packed"));
    }
    try (FileSystem ext4 = open(image, Map.of("readOnly", true))) {
      return compare(folder, ext4.getPath("/latest"));
    }
  }

  /**
   * Runs it.
   *
   * @param arguments the folder; the image to make
   */
  public static void main(String... arguments) throws IOException {
    if (arguments.length != 2) {
      System.err.println("give a folder, and the image to make of it");
      System.exit(2);
    }
    boolean same = pack(Path.of(arguments[0]), Path.of(arguments[1]));
    System.out.println(same ? "everything is in " + arguments[1] : "SOMETHING IS NOT AS IT WAS");
    System.out.flush();
    System.exit(same ? 0 : 1);
  }
}
