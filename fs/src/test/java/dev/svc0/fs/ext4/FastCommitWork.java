package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.NativeMount;
import dev.svc0.fs.testing.Tools;
import dev.svc0.fs.testing.TreeListing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes images with fast commits, by the kernel of this machine: random work on a mounted image,
 * with a sync of a file now and then, and a copy of the image before it is unmounted. In the end
 * every file is synced: what can be seen then has to be there after recovery.
 */
final class FastCommitWork {
  private static final String SIZE = "24M";

  private final Random random;
  private final Path top;
  private final List<Path> folders = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();
  private int names;

  private FastCommitWork(long seed, Path top) {
    random = new Random(seed);
    this.top = top;
  }

  /**
   * One image as a crash leaves it.
   *
   * @param crashed where it goes
   * @return what the kernel saw at the crash
   */
  static List<String> crash(long seed, int steps, Path crashed, Path scratch) throws Exception {
    Path image = scratch.resolve("fast.img");
    Files.deleteIfExists(image);
    String[] options = {
      "-t", "ext4", "-O", "fast_commit", "-J", "size=4", "-N", "512", "-E", "nodiscard"
    };
    Tools.mke2fs(image, SIZE, options);
    try (NativeMount mount = NativeMount.mount(image, scratch.resolve("mnt"), "ext4", "")) {
      FastCommitWork work = new FastCommitWork(seed, mount.folder());
      work.prepare();
      Tools.run("sync", "-f", mount.folder().toString());
      work.run(steps);
      Path statistics = Path.of("/proc/fs/ext4", mount.device(), "fc_info");
      assertThat(Files.readString(statistics)).containsPattern("\n[1-9][0-9]* commits");
      List<String> seen = TreeListing.of(mount.folder());
      Files.copy(image, crashed, StandardCopyOption.REPLACE_EXISTING);
      return seen;
    }
  }

  private Path fresh() {
    return folders.get(random.nextInt(folders.size())).resolve("n" + names++);
  }

  private Path any(List<Path> of) {
    return of.get(random.nextInt(of.size()));
  }

  private void prepare() throws IOException {
    folders.add(top);
    for (int i = 0; i < 20; i++) {
      create();
      if (i % 5 == 0) {
        folders.add(Files.createDirectory(fresh()));
      }
    }
  }

  /** Content that a packer likes. */
  private ByteBuffer content(int most) {
    byte[] data = new byte[1 + random.nextInt(most)];
    Arrays.fill(data, (byte) random.nextInt(256));
    return ByteBuffer.wrap(data);
  }

  private void create() throws IOException {
    Path file = fresh();
    write(file, 0, 30_000);
    files.add(file);
  }

  private void write(Path file, long position, int most) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(content(most), position);
    }
  }

  private void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private void run(int steps) throws IOException {
    for (int i = 0; i < steps; i++) {
      step(random.nextInt(15));
      if (files.isEmpty()) {
        create();
      }
      if (random.nextInt(3) == 0) {
        sync(any(files));
      }
    }
    for (Path file : files) {
      sync(file);
    }
  }

  private void step(int kind) throws IOException {
    Path file = any(files);
    switch (kind) {
      case 0, 1, 2 -> create();
      case 3, 4 -> write(file, random.nextInt(200_000), 20_000);
      case 5 -> {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(random.nextInt(100_000));
        }
      }
      case 6 -> files.add(Files.createLink(fresh(), file));
      case 7, 8 -> {
        Files.delete(file);
        files.remove(file);
      }
      case 9 -> rename(file);
      case 10 -> folders.add(Files.createDirectory(fresh()));
      case 11 -> removeFolder();
      case 12 -> Files.createSymbolicLink(fresh(), Path.of("t".repeat(1 + random.nextInt(59))));
      case 13 ->
          Files.setPosixFilePermissions(
              file,
              PosixFilePermissions.fromString(random.nextBoolean() ? "rw-r-----" : "rwx--x--x"));
      default -> changeRange(file);
    }
  }

  private void rename(Path file) throws IOException {
    Path target = random.nextBoolean() ? fresh() : any(files);
    if (Files.exists(target) && Files.isSameFile(file, target)) {
      return;
    }
    Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
    files.remove(file);
    if (!files.contains(target)) {
      files.add(target);
    }
  }

  private void removeFolder() throws IOException {
    Path folder = any(folders);
    boolean empty;
    try (var names = Files.newDirectoryStream(folder)) {
      empty = !names.iterator().hasNext();
    }
    if (empty && !folder.equals(top)) {
      Files.delete(folder);
      folders.remove(folder);
    }
  }

  private void changeRange(Path file) {
    String how = List.of("-x", "-p", "-n", "-zn").get(random.nextInt(4));
    String from = "" + random.nextInt(30) * 4096;
    String length = "" + (1 + random.nextInt(10)) * 4096;
    Tools.run("fallocate", how, "-o", from, "-l", length, file.toString());
  }
}
