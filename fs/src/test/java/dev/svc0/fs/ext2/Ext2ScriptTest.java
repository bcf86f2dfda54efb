package dev.svc0.fs.ext2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.File;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A fixed sequence over all operations on images of all kinds, judged by e2fsck and debugfs. */
class Ext2ScriptTest {
  @TempDir Path folder;

  private static byte[] bytes(int count, long seed) {
    byte[] data = new byte[count];
    new Random(seed).nextBytes(data);
    return data;
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          8M,  -b 1024 -I 128
          8M,  -b 1024 -I 256
          24M, -b 1024 -I 256 -g 1024
          16M, -b 2048 -I 128
          32M, -b 4096 -I 256
          8M,  -b 1024 -r 0
          8M,  -b 1024 -I 128 -O ^filetype
          8M,  -b 1024 -I 128 -O ^resize_inode
          24M, '-b 1024 -I 128 -O ^sparse_super,^resize_inode'
          24M, '-b 1024 -I 128 -O meta_bg,^resize_inode'
          8M,  -b 4096 -I 256 -O ^dir_index
          16M, -b 1024 -I 256 -O has_journal
          """)
  void everyOperationLeavesACleanImage(String size, String options) throws Exception {
    Path image = folder.resolve("ext2.img");
    Tools.mke2fs(image, size, ("-t ext2 " + options).split(" "));
    byte[] large = bytes(700_000, 1);
    byte[] small = bytes(5000, 2);
    String longTarget = "x".repeat(200);
    try (TestKernel kernel = TestKernel.mount(image)) {
      assertThat(kernel.mkdir("/a")).isZero();
      assertThat(kernel.mkdir("/a/b")).isZero();
      assertThat(kernel.mkdir("/a")).isEqualTo(-Errno.EEXIST);
      assertThat(kernel.write("/a/large", 0, large)).isEqualTo(large.length);
      assertThat(kernel.write("/a/small", 0, small)).isEqualTo(small.length);
      assertThat(kernel.write("/a/holes", 3_000_000, small)).isEqualTo(small.length);
      assertThat(kernel.write("/a/small", 1000, bytes(10, 3))).isEqualTo(10);
      assertThat(kernel.symlink("small", "/a/fast")).isZero();
      assertThat(kernel.symlink(longTarget, "/a/slow")).isZero();
      assertThat(kernel.link("/a/large", "/a/b/second")).isZero();
      assertThat(kernel.rename("/a/small", "/a/b/moved")).isZero();
      assertThat(kernel.mkdir("/c")).isZero();
      assertThat(kernel.rename("/a/b", "/c/b")).isZero();
      assertThat(kernel.rmdir("/c")).isEqualTo(-Errno.ENOTEMPTY);
      assertThat(kernel.mkdir("/d")).isZero();
      assertThat(kernel.mkdir("/d/e")).isZero();
      assertThat(kernel.mkdir("/empty")).isZero();
      assertThat(kernel.rename("/d/e", "/empty")).isZero();
      assertThat(kernel.mknod("/null", StatConstants.S_IFCHR | 0666, 1 << 20 | 3)).isZero();
      assertThat(kernel.mknod("/wide", StatConstants.S_IFBLK | 0600, 259 << 20 | 70000)).isZero();
      assertThat(kernel.mknod("/fifo", StatConstants.S_IFIFO | 0644, 0)).isZero();
      assertThat(kernel.chmod("/a/large", 06755)).isZero();
      assertThat(kernel.chown("/a/large", 100_000, 70_000)).isZero();
      assertThat(kernel.truncate("/a/holes", 2_000_000)).isZero();
      assertThat(kernel.truncate("/a/holes", 2_500_000)).isZero();
      assertThat(kernel.unlink("/a/none")).isEqualTo(-Errno.ENOENT);
      assertThat(kernel.fsync("/a/large")).isZero();
    }
    Tools.assertClean(image);
    assertThat(Tools.debugfs(image, "stat /a/large"))
        .containsPattern("Mode: +0755|Mode: +06755")
        .contains("Size: 700000")
        .containsPattern("User: 100000 +Group: 70000")
        .contains("Links: 2");
    assertThat(Tools.debugfs(image, "stat /wide")).contains("259:70000");
    assertThat(Tools.debugfs(image, "stat /null")).contains("01:03");
    assertThat(Tools.debugfs(image, "stat /a/fast")).contains("Fast link dest: \"small\"");
    assertThat(Tools.debugfs(image, "stat /c")).contains("Links: 3");
    Path dumped = folder.resolve("dumped");
    Tools.debugfs(image, "dump /c/b/second " + dumped);
    assertThat(java.nio.file.Files.readAllBytes(dumped)).isEqualTo(large);
    Tools.debugfs(image, "dump /a/slow " + dumped);
    assertThat(java.nio.file.Files.readString(dumped)).isEqualTo(longTarget);
    readBackAndDelete(image, large, small, longTarget);
    Tools.assertClean(image);
  }

  private void readBackAndDelete(Path image, byte[] large, byte[] small, String longTarget)
      throws Exception {
    try (TestKernel kernel = TestKernel.mount(image)) {
      System.arraycopy(bytes(10, 3), 0, small, 1000, 10);
      assertThat(kernel.read("/a/large")).isEqualTo(large);
      assertThat(kernel.read("/c/b/moved")).isEqualTo(small);
      assertThat(kernel.read("/a/holes")).isEqualTo(new byte[2_500_000]);
      assertThat(kernel.readlink("/a/slow")).isEqualTo(longTarget);
      assertThat(kernel.readlink("/a/fast")).isEqualTo("small");
      assertThat(kernel.list("/c/b")).containsOnlyKeys(".", "..", "second", "moved");
      assertThat(kernel.ask("/wide", inode -> inode.rdev)).isEqualTo(259 << 20 | 70000);
      assertThat(kernel.ask("/", inode -> inode.nlink)).isEqualTo(7);
      for (String name : new String[] {"/a/large", "/c/b/second", "/c/b/moved", "/a/holes"}) {
        assertThat(kernel.unlink(name)).isZero();
      }
      for (String name : new String[] {"/a/slow", "/a/fast", "/null", "/wide", "/fifo"}) {
        assertThat(kernel.unlink(name)).isZero();
      }
      for (String name : new String[] {"/c/b", "/c", "/a", "/d", "/empty"}) {
        assertThat(kernel.rmdir(name)).isZero();
      }
      long[] error = new long[1];
      File open = kernel.open("/ghost", Fcntl.O_CREAT | Fcntl.O_RDWR, error);
      assertThat(kernel.write(open, 0, large, 0, large.length)).isEqualTo(large.length);
      assertThat(kernel.unlink("/ghost")).isZero();
      assertThat(kernel.read(open, 0, large.length, error)).isEqualTo(large);
      open.put();
      assertThat(kernel.list("/")).containsOnlyKeys(".", "..", "lost+found");
    }
  }
}
