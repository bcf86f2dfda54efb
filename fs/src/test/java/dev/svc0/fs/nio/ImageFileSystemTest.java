package dev.svc0.fs.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.svc0.fs.testing.Tools;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images through java.nio.file alone; e2fsck and debugfs look at what it left. */
class ImageFileSystemTest {
  @TempDir Path folder;

  private Path image(String type) {
    Path image = folder.resolve("disk.img");
    Tools.mke2fs(image, "32M", "-t", type);
    return image;
  }

  private static FileSystem open(Path image) throws IOException {
    return FileSystems.newFileSystem(URI.create("svc0:" + image), Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext2", "ext3", "ext4"})
  void writesAndReadsBack(String type) throws Exception {
    Path image = image(type);
    byte[] data = new byte[1_500_000];
    new Random(1).nextBytes(data);
    Instant time = Instant.ofEpochSecond(5_000_000_000L, 123_456_789);
    try (FileSystem system = open(image)) {
      Path top = system.getPath("/");
      Path directory = Files.createDirectories(top.resolve("a/b/c"));
      Path file = Files.write(directory.resolve("größe"), data);
      Files.writeString(file, "end", StandardOpenOption.APPEND);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
      Files.setAttribute(file, "unix:uid", 1000);
      Files.createSymbolicLink(top.resolve("link"), system.getPath("a/b/c/größe"));
      Files.createLink(top.resolve("hard"), file);
      UserDefinedFileAttributeView user =
          Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
      user.write("color", ByteBuffer.wrap("blue".getBytes()));
      Files.setLastModifiedTime(file, FileTime.from(time));
    }
    Tools.assertClean(image);
    assertThat(Tools.debugfs(image, "stat /hard")).contains("Mode:  0751").contains("User:  1000");
    assertThat(Tools.debugfs(image, "ea_get /hard user.color")).contains("blue");
    Path copy = folder.resolve("copy");
    Tools.debugfs(image, "dump /hard " + copy);
    byte[] expected = Arrays.copyOf(data, data.length + 3);
    System.arraycopy("end".getBytes(), 0, expected, data.length, 3);
    assertThat(Files.readAllBytes(copy)).isEqualTo(expected);
    try (FileSystem system = FileSystems.newFileSystem(image)) {
      Path link = system.getPath("/link");
      assertThat(Files.readAllBytes(link)).isEqualTo(expected);
      assertThat(Files.isSymbolicLink(link)).isTrue();
      assertThat(link.toRealPath().toString()).isEqualTo("/a/b/c/größe");
      assertThat(Files.getLastModifiedTime(link).toInstant()).isEqualTo(time);
      assertThat(Files.getAttribute(link, "unix:nlink")).isEqualTo(2);
      assertThat(Files.getAttribute(link, "user:color")).isEqualTo("blue".getBytes());
      assertThat(Files.isSameFile(link, system.getPath("/hard"))).isTrue();
    }
  }

  @Test
  void copiesMovesAndWalks() throws Exception {
    Path image = image("ext4");
    Path tree = folder.resolve("tree");
    Tools.makeTree(tree, 300, 4);
    try (FileSystem system = open(image)) {
      copyTree(tree, system.getPath("/tree"));
      Files.move(system.getPath("/tree"), system.getPath("/moved"));
      Path one = Files.writeString(system.getPath("/one"), "1");
      Path two = Files.writeString(system.getPath("/two"), "2");
      assertThatThrownBy(() -> Files.move(one, two)).isInstanceOf(FileAlreadyExistsException.class);
      Files.move(one, two, StandardCopyOption.REPLACE_EXISTING);
      assertThat(Files.readString(two)).isEqualTo("1");
      Files.copy(two, system.getPath("/three"), StandardCopyOption.COPY_ATTRIBUTES);
      assertThatThrownBy(() -> Files.delete(system.getPath("/moved")))
          .isInstanceOf(DirectoryNotEmptyException.class);
      assertThatThrownBy(() -> Files.readString(one)).isInstanceOf(NoSuchFileException.class);
      try (var listed = Files.newDirectoryStream(system.getPath("/"), "t*")) {
        assertThat(listed).extracting(Path::toString).containsExactlyInAnyOrder("/two", "/three");
      }
      assertThat(Files.getFileStore(two).type()).isEqualTo("ext4");
      assertThat(Files.getFileStore(two).getUsableSpace()).isPositive();
    }
    Tools.assertClean(image);
    Path dumped = Files.createDirectory(folder.resolve("dumped"));
    Tools.debugfs(image, "rdump /moved " + dumped);
    assertThat(Tools.run("diff", "-r", "--no-dereference", "" + tree, dumped + "/moved").output())
        .isEmpty();
  }

  private static void copyTree(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectory(to.resolve(from.relativize(directory).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path target = to.resolve(from.relativize(file).toString());
            if (attributes.isSymbolicLink()) {
              String text = Files.readSymbolicLink(file).toString();
              Files.createSymbolicLink(target, to.getFileSystem().getPath(text));
            } else {
              Files.copy(file, target);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Test
  void walksDeletesAndTruncates() throws Exception {
    Path image = image("ext4");
    try (FileSystem system = open(image)) {
      Path top = Files.createDirectory(system.getPath("/d"));
      for (int i = 0; i < 500; i++) {
        Files.writeString(top.resolve("file" + i), "content " + i);
      }
      try (var walked = Files.walk(top)) {
        List<Path> all = walked.sorted(java.util.Comparator.reverseOrder()).toList();
        assertThat(all).hasSize(501);
        for (Path path : all) {
          Files.delete(path);
        }
      }
      Path file = Files.writeString(system.getPath("/f"), "0123456789");
      try (var channel =
          Files.newByteChannel(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        channel.position(20).write(ByteBuffer.wrap(new byte[] {1}));
        assertThat(channel.size()).isEqualTo(21);
        channel.truncate(5);
        assertThat(channel.position()).isEqualTo(5);
      }
      assertThat(Files.readString(file)).isEqualTo("01234");
      assertThat(Files.exists(top)).isFalse();
    }
    Tools.assertClean(image);
  }

  @Test
  void readOnlyIsReadOnly() throws Exception {
    Path image = image("ext4");
    byte[] before = Files.readAllBytes(image);
    URI uri = URI.create("svc0:" + image);
    try (FileSystem system = FileSystems.newFileSystem(uri, Map.of("readOnly", true))) {
      assertThat(system.isReadOnly()).isTrue();
      assertThatThrownBy(() -> Files.createDirectory(system.getPath("/x")))
          .isInstanceOf(ReadOnlyFileSystemException.class);
      assertThat(Files.isDirectory(Path.of(URI.create(uri + "!/lost+found")))).isTrue();
    }
    assertThat(Files.readAllBytes(image)).isEqualTo(before);
  }

  @Test
  void whatIsNoImageIsRefused() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "no image");
    assertThatThrownBy(() -> open(text)).hasMessageContaining("no ext2 or ext4 image");
  }
}
