package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.svc0.fs.testing.HostTree;
import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.vfs.Attributes;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.MountException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ext4 writes, as e2fsck and debugfs see it. */
class Ext4WriteTest {
  @TempDir Path folder;

  private Path image(String size, String... options) {
    Path image = folder.resolve("ext4.img");
    Tools.mke2fs(image, size, options);
    return image;
  }

  private static String hashOf(int i) {
    return "/d/entry-" + i + (i % 7 == 0 ? "\u00e4\u00ff".repeat(20) : "");
  }

  /** Every hash, bytes signed and not; debugfs finds by hash what we put there. */
  @ParameterizedTest
  @CsvSource({
    "half_md4, 1, 1024", "half_md4, 2, 4096", "tea, 1, 4096",
    "tea, 2, 1024", "legacy, 1, 1024", "legacy, 2, 2048"
  })
  void directoriesByHash(String hash, int signedness, int blockSize) throws Exception {
    Path image = image("64M", "-t", "ext4", "-N", "8000", "-b", "" + blockSize);
    Tools.run("debugfs", "-w", "-R", "ssv def_hash_version " + hash, image.toString());
    Tools.run("debugfs", "-w", "-R", "ssv flags " + signedness, image.toString());
    int count = 4000;
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      assertThat(kernel.mkdir("/d")).isZero();
      for (int i = 0; i < count; i++) {
        assertThat(kernel.create(hashOf(i))).isZero();
      }
      for (int i = 0; i < count; i += 3) {
        assertThat(kernel.unlink(hashOf(i))).isZero();
      }
      assertThat(kernel.list("/d")).hasSize(2 + count - (count + 2) / 3);
    }
    Tools.assertClean(image);
    assertThat(Tools.debugfs(image, "stat /d")).contains("Flags: 0x81000");
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      for (int i = 0; i < count; i++) {
        assertThat(kernel.ask(hashOf(i), inode -> 0)).isEqualTo(i % 3 == 0 ? -Errno.ENOENT : 0);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"-t ext4, ''", "-t ext4 -b 1024, ''", "'-t ext4 -O ^has_journal', nodelalloc"})
  void oneFileLiesInFewExtents(String options, String mountOptions) throws Exception {
    Path image = image("128M", options.split(" "));
    byte[] data = new byte[24 << 20];
    new Random(3).nextBytes(data);
    try (TestKernel kernel = TestKernel.mount(image, "ext4", mountOptions)) {
      long[] error = new long[1];
      File file = kernel.open("/big", Fcntl.O_CREAT | Fcntl.O_WRONLY, error);
      for (int at = 0; at < data.length; at += 65_536) {
        assertThat(kernel.write(file, at, Arrays.copyOfRange(data, at, at + 65_536), 0, 65_536))
            .isEqualTo(65_536);
      }
      file.put();
    }
    Tools.assertClean(image);
    long extents = Tools.debugfs(image, "ex /big").lines().filter(l -> l.contains(" - ")).count();
    assertThat(extents).isLessThanOrEqualTo(12);
    Path copy = folder.resolve("copy");
    Tools.debugfs(image, "dump /big " + copy);
    assertThat(Arrays.equals(Files.readAllBytes(copy), data)).isTrue();
  }

  /** Random writes, truncations and all kinds of fallocate on one file, against its bytes. */
  @ParameterizedTest
  @CsvSource({
    "'-t ext4', '', 4096, 1",
    "'-t ext4 -b 1024', '', 1024, 2",
    "'-t ext4 -b 2048 -O ^has_journal', nodelalloc, 2048, 3",
    "'-t ext4', data=journal, 4096, 4"
  })
  void rangesOfAFile(String options, String mountOptions, int blockSize, long base)
      throws Exception {
    long seed = base + Long.getLong("svc0.seed", 0);
    System.out.println("seed " + seed);
    Path image = image("64M", options.split(" "));
    FileModel model = new FileModel(seed, blockSize);
    for (int round = 0; round < 2; round++) {
      try (TestKernel kernel = TestKernel.mount(image, "ext4", mountOptions)) {
        model.exercise(kernel, "/f", 200);
      }
      Tools.assertClean(image);
    }
    Path copy = folder.resolve("copy");
    Tools.debugfs(image, "dump /f " + copy);
    assertThat(Arrays.equals(Files.readAllBytes(copy), model.content)).isTrue();
  }

  /** Without a journal fsync brings the name of a new file to the disk, and those above it. */
  @ParameterizedTest
  @CsvSource({"-t ext2", "'-t ext4 -O ^has_journal'"})
  void aCrashLeavesTheNameOfWhatWasSynced(String options) throws Exception {
    Path image = image("64M", options.split(" "));
    byte[] data = new byte[30_000];
    new Random(6).nextBytes(data);
    TestKernel crashed = TestKernel.mount(image, "ext4", "");
    assertThat(crashed.mkdir("/d")).isZero();
    assertThat(crashed.mkdir("/d/e")).isZero();
    assertThat(crashed.write("/d/e/synced", 0, data)).isEqualTo(data.length);
    assertThat(crashed.fsync("/d/e/synced")).isZero();
    Path copy = Files.copy(image, folder.resolve("after.img"));
    crashed.crash();
    Tools.run("e2fsck", "-fy", copy.toString());
    try (TestKernel kernel = TestKernel.mount(copy, "ext4", "")) {
      assertThat(Arrays.equals(kernel.read("/d/e/synced"), data)).isTrue();
    }
  }

  /** A crash leaves a log that says what is missing; the next mount puts it right. */
  @ParameterizedTest
  @CsvSource({"-t ext4", "'-t ext4 -O orphan_file'", "-t ext3"})
  void aCrashLeavesWhatWasSynced(String options) throws Exception {
    Path image = image("64M", options.split(" "));
    byte[] data = new byte[300_000];
    new Random(5).nextBytes(data);
    TestKernel crashed = TestKernel.mount(image, "ext4", "");
    assertThat(crashed.write("/synced", 0, data)).isEqualTo(data.length);
    assertThat(crashed.write("/open", 0, data)).isEqualTo(data.length);
    long[] error = new long[1];
    crashed.open("/open", Fcntl.O_RDWR, error);
    assertThat(crashed.unlink("/open")).isZero();
    assertThat(crashed.fsync("/synced")).isZero();
    assertThat(crashed.mkdir("/later")).isZero();
    Path copy = Files.copy(image, folder.resolve("after.img"));
    crashed.crash();
    try (TestKernel kernel = TestKernel.mount(copy, "ext4", "")) {
      assertThat(Arrays.equals(kernel.read("/synced"), data)).isTrue();
      assertThat(kernel.ask("/open", inode -> 0)).isEqualTo(-Errno.ENOENT);
    }
    Tools.assertClean(copy);
    String free = Tools.run("dumpe2fs", "-h", copy.toString()).output();
    assertThat(free).doesNotContain("needs_recovery").doesNotContain("orphan_present");
  }

  @Test
  void attributesAreSharedAndSplit() throws Exception {
    Path image = image("16M", "-t", "ext4", "-I", "128");
    byte[] value = new byte[500];
    new Random(6).nextBytes(value);
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      for (int i = 0; i < 20; i++) {
        assertThat(kernel.create("/f" + i)).isZero();
        assertThat(set(kernel, "/f" + i, value)).isZero();
      }
      assertThat(kernel.unlink("/f3")).isZero();
      assertThat(set(kernel, "/f4", new byte[10])).isZero();
    }
    Tools.assertClean(image);
    String acl = aclOf(image, "/f1");
    assertThat(acl).isEqualTo(aclOf(image, "/f19")).isNotEqualTo("0");
    assertThat(aclOf(image, "/f4")).isNotEqualTo(acl);
  }

  private static long set(TestKernel kernel, String path, byte[] value) {
    return kernel.ask(path, inode -> inode.operations().setxattr(inode, "user.x", value, 0));
  }

  private static String aclOf(Path image, String path) {
    var found =
        java.util.regex.Pattern.compile("File ACL: (\\d+)")
            .matcher(Tools.debugfs(image, "stat " + path));
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  @Test
  void farBehindTheEnd() throws Exception {
    Path image = image("16M", "-t", "ext4");
    long far = (3L << 40) + 5;
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      assertThat(kernel.write("/far", far, new byte[] {7})).isEqualTo(1);
      long[] error = new long[1];
      File file = kernel.open("/far", Fcntl.O_RDWR, error);
      assertThat(file.operations().llseek(file, 0, FsConstants.SEEK_DATA)).isEqualTo(far & -1024);
      int keep = FsConstants.FALLOC_FL_KEEP_SIZE;
      assertThat(Attributes.vfsFallocate(file, keep, 1 << 20, 1 << 20, kernel)).isZero();
      file.put();
    }
    Tools.assertClean(image);
    assertThat(Tools.debugfs(image, "stat /far")).contains("Size: " + (far + 1));
  }

  @Test
  void writtenTreeIsReadByDebugfs() throws Exception {
    Path tree = folder.resolve("tree");
    Tools.makeTree(tree, 1500, 7);
    Path image = image("96M", "-t", "ext4", "-d", tree.toString());
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      assertThat(HostTree.compare(kernel, "", tree)).isEqualTo(1500);
      assertThat(kernel.mkdir("/more")).isZero();
    }
    Tools.assertClean(image);
  }

  @ParameterizedTest
  @CsvSource({"verity, verity", "quota, quota", "ea_inode, ea_inode", "mmp, mmp"})
  void whatItDoesNotWriteIsNamed(String option, String feature) {
    Path image = image("64M", "-t", "ext4", "-O", option);
    MountException refused =
        catchThrowableOfType(
            MountException.class, () -> TestKernel.mount(image, "ext4", "").close());
    assertThat(refused).hasMessageContaining(feature).hasMessageContaining("read-only");
  }
}
