package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.NativeMount;
import dev.svc0.fs.testing.Tools;
import dev.svc0.fs.testing.TreeListing;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same image here and in this machine's own kernel, each reading what the other wrote. Skipped
 * where nothing may be mounted.
 */
@Timeout(180)
class Ext4NativeTest {
  private static final int FILES = 600;

  @TempDir Path folder;

  private static FileSystem open(Path image) throws IOException {
    return FileSystems.newFileSystem(URI.create("svc0:" + image), Map.of());
  }

  /** Copies a tree into another file system. */
  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          private Path target(Path one) {
            return to.resolve(from.relativize(one).toString());
          }

          @Override
          public FileVisitResult preVisitDirectory(Path one, BasicFileAttributes attributes)
              throws IOException {
            if (!one.equals(from)) {
              Files.createDirectory(target(one));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path one, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isSymbolicLink()) {
              String text = Files.readSymbolicLink(one).toString();
              Files.createSymbolicLink(target(one), to.getFileSystem().getPath(text));
            } else {
              Files.copy(one, target(one), StandardCopyOption.COPY_ATTRIBUTES);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Renames, links, cuts, deletes and replaces what is there. */
  private static void change(Path top) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(top)) {
      all =
          files
              .filter(one -> Files.isRegularFile(one, LinkOption.NOFOLLOW_LINKS))
              .sorted()
              .toList();
    }
    Path moved = Files.createDirectory(top.resolve("moved"));
    for (int i = 0; i < all.size(); i++) {
      Path one = all.get(i);
      switch (i % 7) {
        case 0 -> Files.move(one, moved.resolve("m" + i));
        case 1 -> Files.createLink(moved.resolve("l" + i), one);
        case 2 -> Files.delete(one);
        case 3 -> Files.writeString(one, "replaced " + i);
        case 4 -> Files.write(one, new byte[i * 50], java.nio.file.StandardOpenOption.APPEND);
        default -> {}
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ext4 -b 4096",
        "ext4 -b 1024 -O metadata_csum_seed",
        "ext4 -b 2048 -O orphan_file,^flex_bg,^resize_inode,meta_bg",
        "ext4 -b 4096 -O ^metadata_csum,uninit_bg,^64bit -I 128",
        "ext4 -b 4096 -O ^has_journal",
        "ext3 -b 1024",
        "ext2 -b 4096"
      })
  void eachReadsWhatTheOtherWrote(String format) throws Exception {
    Path image = folder.resolve("both.img");
    Path tree = folder.resolve("tree");
    Tools.makeTree(tree, FILES, 12);
    String[] options = ("-t " + format + " -N 4096").split(" ");
    Tools.mke2fs(image, "96M", options);
    List<String> written;
    try (FileSystem system = open(image)) {
      copy(tree, system.getPath("/"));
      change(system.getPath("/"));
      written = TreeListing.withTimes(system.getPath("/"));
    }
    Tools.assertClean(image);
    List<String> changed;
    String type = format.substring(0, 4);
    try (NativeMount mount = NativeMount.mount(image, folder.resolve("mnt"), type, "")) {
      assertThat(TreeListing.withTimes(mount.folder())).isEqualTo(written);
      Tools.run("rm", "-rf", mount.folder().resolve("moved").toString());
      change(mount.folder());
      copy(tree, Files.createDirectory(mount.folder().resolve("again")));
      changed = TreeListing.withTimes(mount.folder());
    }
    try (FileSystem system = open(image)) {
      assertThat(TreeListing.withTimes(system.getPath("/"))).isEqualTo(changed);
      Files.delete(system.getPath("/moved").resolve("m0"));
    }
    Tools.assertClean(image);
  }
}
