package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.Inode;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.TestAbortedException;

/** Large numbers: times, links, sizes, blocks. */
@Timeout(120)
class Ext4LimitsTest {
  @TempDir Path folder;

  private Path image(String size, String... options) {
    Path image = folder.resolve("ext4.img");
    Tools.mke2fs(image, size, options);
    return image;
  }

  /** Seconds as they come back; the first and the last that 34 bits can say, and beyond them. */
  @ParameterizedTest
  @CsvSource({
    "-2147483648, -2147483648",
    "-2147483647, -2147483647",
    "-1, -1",
    "2147483647, 2147483647",
    "2147483648, 2147483648",
    "4294967296, 4294967296",
    "15032385535, 15032385535",
    "15032385536, 15032385535",
    "-2147483649, -2147483648",
  })
  void timesUpTo2446(long seconds, long kept) throws Exception {
    Path image = image("8M", "-t", "ext4");
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      assertThat(kernel.create("/f")).isZero();
      assertThat(kernel.utimes("/f", seconds, 123_456_789, seconds, 999_999_999)).isZero();
      assertThat(kernel.ask("/f", inode -> inode.mtimeSeconds)).isEqualTo(kept);
    }
    Tools.assertClean(image);
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      assertThat(kernel.ask("/f", inode -> inode.mtimeSeconds)).isEqualTo(kept);
      assertThat(kernel.ask("/f", inode -> inode.atimeSeconds)).isEqualTo(kept);
      boolean inside = kept > Integer.MIN_VALUE && kept < 15032385535L;
      assertThat(kernel.ask("/f", inode -> inode.mtimeNanos)).isEqualTo(inside ? 999_999_999 : 0);
      assertThat(kernel.ask("/f", inode -> inode.atimeNanos)).isEqualTo(inside ? 123_456_789 : 0);
    }
    if (kept >= 0) {
      long low = kept & 0xffff_ffffL;
      assertThat(Tools.debugfs(image, "stat /f")).contains("mtime: 0x%08x:".formatted(low));
    }
  }

  @Test
  void projectsAreKeptAndHandedDown() throws Exception {
    Path image = image("8M", "-t", "ext4", "-I", "256", "-O", "project");
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      assertThat(kernel.mkdir("/d")).isZero();
      assertThat(kernel.create("/f")).isZero();
    }
    Tools.run("debugfs", "-w", "-R", "sif /f projid 77", image.toString());
    Tools.run("debugfs", "-w", "-R", "sif /d projid 78", image.toString());
    Tools.run("debugfs", "-w", "-R", "sif /d flags 0x20080000", image.toString());
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      assertThat(kernel.chmod("/f", 0600)).isZero();
      assertThat(kernel.write("/f", 0, new byte[9000])).isEqualTo(9000);
      assertThat(kernel.create("/d/g")).isZero();
      assertThat(kernel.mkdir("/d/e")).isZero();
      assertThat(kernel.create("/d/e/h")).isZero();
      assertThat(kernel.link("/f", "/d/f")).isEqualTo(-Errno.EXDEV); // of another project
    }
    Tools.assertClean(image);
    assertThat(Tools.debugfs(image, "stat /f")).containsPattern("Project: +77");
    for (String path : new String[] {"/d/g", "/d/e", "/d/e/h"}) {
      assertThat(Tools.debugfs(image, "stat " + path)).containsPattern("Project: +78");
    }
  }

  /** More folders in one than a count of links can say: it says 1 then. */
  @Test
  void moreThan65000Folders() throws Exception {
    Path image = image("120M", "-t", "ext4", "-b", "1024", "-N", "66000", "-J", "size=8");
    int count = 65_050;
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      assertThat(kernel.mkdir("/many")).isZero();
      for (int i = 0; i < count; i++) {
        assertThat(kernel.mkdir("/many/" + i)).isZero();
      }
      assertThat(kernel.ask("/many", inode -> inode.nlink)).isOne();
      assertThat(kernel.list("/many")).hasSize(count + 2);
      for (int i = 0; i < count; i += 60) {
        assertThat(kernel.rmdir("/many/" + i)).isZero();
      }
      assertThat(kernel.ask("/many", inode -> inode.nlink)).isOne();
      assertThat(kernel.ask("/many/" + (count - 1), Inode::number)).isPositive();
    }
    Tools.assertClean(image);
    assertThat(Tools.debugfs(image, "stat /many")).containsPattern("Links: 1 ");
  }

  @Test
  void theLastByteOfAFile() throws Exception {
    Path image = image("16M", "-t", "ext4", "-b", "4096");
    long end = 0xffff_ffffL << 12; // Linux's s_maxbytes with blocks of 4 KiB
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      assertThat(kernel.write("/f", end - 1, new byte[] {9})).isOne();
      assertThat(kernel.write("/f", end, new byte[] {9})).isEqualTo(-Errno.EFBIG);
      assertThat(kernel.truncate("/f", end + 1)).isEqualTo(-Errno.EFBIG);
      assertThat(kernel.write("/f", 5L << 40, new byte[] {8})).isOne();
    }
    Tools.assertClean(image);
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      long[] error = new long[1];
      File file = kernel.open("/f", Fcntl.O_RDONLY, error);
      assertThat(kernel.read(file, end - 1, 2, error)).containsExactly(9);
      assertThat(kernel.read(file, 5L << 40, 2, error)).containsExactly(8, 0);
      file.put();
      assertThat(kernel.truncate("/f", 5L << 40)).isZero();
      assertThat(kernel.ask("/f", inode -> inode.blocks512)).isZero();
    }
    Tools.assertClean(image);
  }

  /** A disk of 20 TiB, of which the host keeps only what is written: block numbers of 33 bits. */
  @Test
  void blocksBehind2To32() throws Exception {
    Path memory = Path.of("/dev/shm");
    if (!Files.isWritable(memory)) {
      throw new TestAbortedException("needs /dev/shm, where files of 20 TiB can be");
    }
    Path image = Files.createTempFile(memory, "svc0", ".img");
    try {
      try (RandomAccessFile disk = new RandomAccessFile(image.toFile(), "rw")) {
        disk.setLength(20L << 40);
      }
      Tools.Answer made =
          Tools.run(
              "mke2fs -q -F -t ext4 -b 4096 -i 67108864 -m 0 -J size=4 -O ^resize_inode,meta_bg -E"
                  .concat(" nodiscard,lazy_itable_init=1 " + image)
                  .split(" "));
      assertThat(made.exit()).as(made.output()).isZero();
      byte[] data = new byte[3 << 20];
      java.util.Arrays.fill(data, (byte) 5);
      try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
        String high = "";
        for (int i = 0; high.isEmpty(); i++) {
          assertThat(i).isLessThan(200);
          String name = "/d" + i; // folders of the root are spread over all groups
          assertThat(kernel.mkdir(name)).isZero();
          long group = kernel.ask(name, inode -> ((Ext4Inode) inode).group);
          high = group > 1 << 17 ? name : "";
        }
        assertThat(kernel.write(high + "/f", 0, data)).isEqualTo(data.length);
        assertThat(kernel.link(high + "/f", "/f")).isZero();
      }
      Matcher extent =
          Pattern.compile("\\(0-\\d+\\):(\\d+)").matcher(Tools.debugfs(image, "stat /f"));
      assertThat(extent.find()).isTrue();
      assertThat(Long.parseLong(extent.group(1))).isGreaterThan(1L << 32);
      try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
        assertThat(kernel.read("/f")).isEqualTo(data);
      }
      Path copy = folder.resolve("copy");
      Tools.debugfs(image, "dump /f " + copy);
      assertThat(Files.readAllBytes(copy)).isEqualTo(data);
    } finally {
      Files.delete(image);
    }
  }
}
