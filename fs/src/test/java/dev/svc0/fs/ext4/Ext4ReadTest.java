package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.svc0.fs.fsck.ImageCheck;
import dev.svc0.fs.testing.Damage;
import dev.svc0.fs.testing.HostTree;
import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.MountException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ext4 images made by e2fsprogs, read here. */
class Ext4ReadTest {
  @TempDir Path folder;

  /** Every second block of the file is a hole: as many extents as blocks. */
  private static void holey(Path file, int blockSize, int blocks) throws Exception {
    Random random = new Random(9);
    byte[] data = new byte[blockSize];
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      for (int i = 0; i < blocks; i++) {
        random.nextBytes(data);
        out.seek(2L * i * blockSize);
        out.write(data);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          64M,  -t ext4, 1
          64M,  -t ext4 -b 1024 -I 128, 2
          64M,  -t ext4 -b 2048, 3
          64M,  -t ext4 -b 4096, 4
          64M,  '-t ext4 -O ^metadata_csum,uninit_bg -b 1024', 5
          64M,  '-t ext4 -O ^64bit,^flex_bg', 6
          64M,  '-t ext4 -O ^extent,^64bit', 7
          64M,  '-t ext4 -O ^has_journal', 8
          64M,  '-t ext4 -O metadata_csum_seed,orphan_file', 9
          64M,  '-t ext4 -O meta_bg,^resize_inode -b 1024', 10
          64M,  -t ext3 -b 1024, 11
          64M,  -t ext2 -b 1024, 12
          """)
  void readsTheSameTree(String size, String options, long seed) throws Exception {
    Path tree = folder.resolve("tree");
    Tools.makeTree(tree, 700, seed);
    holey(tree.resolve("holey1"), 1024, 2000);
    holey(tree.resolve("holey4"), 4096, 900);
    Path many = Files.createDirectory(tree.resolve("many"));
    for (int i = 0; i < 1200; i++) {
      Files.writeString(many.resolve("entry-number-" + i), "content " + i);
    }
    Path image = folder.resolve("ext4.img");
    List<String> words = new ArrayList<>(List.of(options.split(" ")));
    words.addAll(List.of("-N", "8192", "-d", tree.toString()));
    Tools.mke2fs(image, size, words.toArray(String[]::new));
    Tools.run("e2fsck", "-fyD", image.toString());
    assertThat(Tools.debugfs(image, "htree_dump /many")).contains("Root node dump");
    Tools.run("debugfs", "-w", "-R", "ea_set /many user.one first", image.toString());
    Tools.run("debugfs", "-w", "-R", "ea_set /holey1 user.two " + "v".repeat(400), "" + image);
    byte[] before = Files.readAllBytes(image);
    try (TestKernel kernel = TestKernel.mountReadOnly(image, "ext4")) {
      assertThat(HostTree.compare(kernel, "", tree)).isEqualTo(700 + 3 + 1200);
      assertThat(attribute(kernel, "/many", "user.one")).isEqualTo("first");
      assertThat(attribute(kernel, "/holey1", "user.two")).isEqualTo("v".repeat(400));
      assertThat(kernel.create("/x")).isEqualTo(-Errno.EROFS);
      assertThat(kernel.chmod("/many", 0)).isEqualTo(-Errno.EROFS);
      assertThat(kernel.write("/holey1", 0, new byte[1])).isEqualTo(-Errno.EROFS);
      String dump = Tools.run("dumpe2fs", "-h", image.toString()).output();
      assertThat(dump).containsPattern("Free blocks: +" + kernel.statfs().blocksFree + "\n");
    }
    assertThat(Files.readAllBytes(image)).isEqualTo(before);
  }

  /** A directory that Linux turned into a tree: its root still ends like a block of names. */
  @Test
  void readsATreeOfHashesThatLinuxMade() throws Exception {
    Path image = folder.resolve("linux.img");
    try (var in = getClass().getResourceAsStream("linux-hash-tree.img.gz")) {
      Files.copy(new java.util.zip.GZIPInputStream(in), image);
    }
    assertThat(Tools.debugfs(image, "htree_dump /d")).contains("Root node dump");
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      assertThat(kernel.list("/d")).hasSize(202).containsKey("name-77");
      assertThat(kernel.ask("/d/name-200", inode -> 0)).isZero();
      assertThat(kernel.unlink("/d/name-1")).isZero();
      assertThat(kernel.create("/d/name-201")).isZero();
    }
    Tools.assertClean(image);
    assertThat(ImageCheck.check(image).isClean()).isTrue();
  }

  private static String attribute(TestKernel kernel, String path, String name) {
    String[] value = new String[1];
    kernel.ask(
        path,
        inode -> {
          byte[] found = inode.operations().getxattr(inode, name, new long[1]);
          value[0] = found == null ? "none" : new String(found);
          return 0;
        });
    return value[0];
  }

  @Test
  void unwrittenExtentsReadAsZero() throws Exception {
    Path image = folder.resolve("ext4.img");
    Path data = Files.write(folder.resolve("data"), new byte[] {1, 2, 3});
    Tools.mke2fs(image, "16M", "-t", "ext4", "-b", "1024");
    Path script = folder.resolve("script");
    Files.writeString(
        script, "write " + data + " file\nfallocate file 0 99\nsif file size 100000\n");
    Tools.run("debugfs", "-w", "-f", script.toString(), image.toString());
    byte[] expected = new byte[100_000];
    System.arraycopy(new byte[] {1, 2, 3}, 0, expected, 0, 3);
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      assertThat(kernel.read("/file")).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'-O inline_data', inline_data",
    "'-O casefold', casefold",
    "'-O encrypt', encrypt",
    "'-O bigalloc', bigalloc"
  })
  void whatItCannotReadIsNamed(String options, String feature) {
    Path image = folder.resolve("ext4.img");
    Tools.mke2fs(image, "64M", ("-t ext4 " + options).split(" "));
    MountException refused =
        catchThrowableOfType(MountException.class, () -> TestKernel.mountReadOnly(image, "ext4"));
    assertThat(refused).hasMessageContaining(feature);
  }

  /** One flipped byte in anything that has a checksum is noticed. */
  @Test
  void wrongChecksumsAreNoticed() throws Exception {
    Path tree = folder.resolve("tree");
    Files.createDirectories(tree.resolve("dir"));
    for (int i = 0; i < 300; i++) {
      Files.writeString(tree.resolve("dir/file-number-" + i), "x");
    }
    holey(tree.resolve("holey"), 1024, 100);
    Path pristine = folder.resolve("pristine.img");
    Tools.mke2fs(pristine, "16M", "-t", "ext4", "-b", "1024", "-d", tree.toString());
    long directory = blockOf(pristine, "/dir", "\\(0(?:-\\d+)?\\):(\\d+)");
    long extents = blockOf(pristine, "/holey", "\\(ETB0\\):(\\d+)");
    assertThat(listAfterFlip(pristine, directory * 1024 + 500)).isEqualTo(-Errno.EBADMSG);
    assertThat(readAfterFlip(pristine, extents * 1024 + 30)).isNegative();
    for (long at : new long[] {1024 + 500, 2048 + 14}) {
      Path image = flipped(pristine, at);
      MountException refused =
          catchThrowableOfType(MountException.class, () -> TestKernel.mountReadOnly(image, "ext4"));
      assertThat(refused).hasMessageContaining("checksum");
    }
  }

  private static long blockOf(Path image, String path, String pattern) {
    String text = Tools.debugfs(image, "stat " + path);
    var matcher = java.util.regex.Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  private Path flipped(Path pristine, long at) throws Exception {
    Path image = Files.createTempFile(folder, "flipped", ".img");
    byte[] bytes = Files.readAllBytes(pristine);
    bytes[(int) at] ^= 0x10;
    return Files.write(image, bytes);
  }

  private long listAfterFlip(Path pristine, long at) throws Exception {
    try (TestKernel kernel = TestKernel.mount(flipped(pristine, at), "ext4", "")) {
      return kernel.ask("/dir/nothing", inode -> 0);
    }
  }

  private long readAfterFlip(Path pristine, long at) throws Exception {
    try (TestKernel kernel = TestKernel.mount(flipped(pristine, at), "ext4", "")) {
      long[] error = new long[1];
      kernel.read(kernel.open("/holey", 0, error), 0, 5000, error);
      return error[0];
    }
  }

  /** Damage without checksums, so that wrong values get further. */
  @ParameterizedTest
  @CsvSource({"^metadata_csum", "metadata_csum"})
  void anErrnoAndNothingElse(String feature) throws Exception {
    Path tree = folder.resolve("tree");
    Tools.makeTree(tree, 100, 1);
    holey(tree.resolve("holey"), 1024, 1000);
    Path pristine = folder.resolve("pristine.img");
    Tools.mke2fs(
        pristine,
        "16M",
        "-t",
        "ext4",
        "-b",
        "1024",
        "-N",
        "256",
        "-O",
        feature,
        "-d",
        tree.toString());
    List<Long> blocks = new ArrayList<>(List.of(1L, 2L, 2L));
    long table = blockFromDump(pristine);
    for (int i = 0; i < 30; i++) {
      blocks.add(table + i);
    }
    blocks.add(blockOf(pristine, "/", "\\(0(?:-\\d+)?\\):(\\d+)"));
    var matcher =
        java.util.regex.Pattern.compile("\\(ETB\\d\\):(\\d+)")
            .matcher(Tools.debugfs(pristine, "stat /holey"));
    while (matcher.find()) {
      blocks.add(Long.parseLong(matcher.group(1)));
    }
    long base = Long.getLong("svc0.seed", 0);
    for (long seed = base; seed < base + Integer.getInteger("svc0.images", 50); seed++) {
      try {
        new Damage(pristine, folder.resolve("damaged.img"), seed, 1024, blocks).use("ext4");
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private static long blockFromDump(Path image) {
    String dump = Tools.run("dumpe2fs", image.toString()).output();
    var matcher = java.util.regex.Pattern.compile("Inode table at (\\d+)").matcher(dump);
    assertThat(matcher.find()).isTrue();
    return Long.parseLong(matcher.group(1));
  }
}
