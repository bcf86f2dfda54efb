package dev.svc0.fs.ext2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.StatFs;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mounting, refusing, limits, and what is on the disk when. */
class Ext2MountTest {
  @TempDir Path folder;

  private Path image(String size, String options) {
    Path image = folder.resolve("ext2.img");
    Tools.mke2fs(image, size, options.split(" "));
    return image;
  }

  private static void poke(Path image, long at, int bytes, long value) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.seek(at);
      for (int i = 0; i < bytes; i++) {
        file.write((int) (value >>> 8 * i));
      }
    }
  }

  /** Offsets are in the superblock, or in the first group descriptor from 1024 on. */
  @ParameterizedTest
  @CsvSource({
    "56, 2, 0x1234, s_magic",
    "24, 4, 7, s_log_block_size",
    "28, 4, 3, s_log_frag_size",
    "88, 2, 100, s_inode_size",
    "88, 2, 8192, s_inode_size",
    "84, 4, 5, s_first_ino",
    "40, 4, 0, s_inodes_per_group",
    "40, 4, 0xffffffff, s_inodes_per_group",
    "32, 4, 0, s_blocks_per_group",
    "32, 4, 9000, s_blocks_per_group",
    "36, 4, 16, s_frags_per_group",
    "20, 4, 0, s_first_data_block",
    "4, 4, 0xfffffff0, s_blocks_count",
    "4, 4, 0, s_blocks_count",
    "0, 4, 3, s_inodes_count",
    "8, 4, 0x7fffffff, s_r_blocks_count",
    "206, 2, 65000, s_reserved_gdt_blocks",
    "76, 4, 2, s_rev_level",
    "96, 4, 0x10002, encrypt",
    "96, 4, 0x40000002, FEATURE_I30",
    "100, 4, 0x8003, verity",
    "1024, 4, 0, bg_block_bitmap",
    "1028, 4, 0x7fffffff, bg_inode_bitmap",
    "1032, 4, 8100, bg_inode_table",
    "1036, 2, 9000, bg_free_blocks_count",
    "1038, 2, 60000, bg_free_inodes_count",
    "1040, 2, 60000, bg_used_dirs_count",
  })
  void damageIsNamed(int offset, int bytes, long value, String field) throws Exception {
    Path image = image("4M", "-t ext2 -b 1024");
    poke(image, 1024 + offset, bytes, value);
    MountException refused =
        catchThrowableOfType(MountException.class, () -> TestKernel.mount(image));
    assertThat(refused).hasMessageContaining(field);
    assertThat(refused.errno()).isEqualTo(Errno.EINVAL);
  }

  @Test
  void ext4IsRefusedByName() {
    Path image = image("16M", "-t ext4");
    MountException refused =
        catchThrowableOfType(MountException.class, () -> TestKernel.mount(image));
    assertThat(refused).hasMessageContaining("extents").hasMessageContaining("64bit");
  }

  @Test
  void unknownRoCompatMountsReadOnly() throws Exception {
    Path image = image("4M", "-t ext2 -b 1024");
    poke(image, 1024 + 100, 4, 0x8003);
    byte[] before = Files.readAllBytes(image);
    try (TestKernel kernel = TestKernel.mountReadOnly(image, "ext2")) {
      assertThat(kernel.list("/")).containsKey("lost+found");
      assertThat(kernel.create("/x")).isEqualTo(-Errno.EROFS);
      assertThat(kernel.mkdir("/lost+found/x")).isEqualTo(-Errno.EROFS);
    }
    assertThat(Files.readAllBytes(image)).isEqualTo(before);
  }

  @Test
  void stateTellsWhetherItIsMounted() throws Exception {
    Path image = image("4M", "-t ext2 -b 1024");
    try (TestKernel kernel = TestKernel.mount(image)) {
      assertThat(kernel.vfs.devices().all()).hasSize(1);
      assertThat(Tools.run("dumpe2fs", "-h", image.toString()).output())
          .containsPattern("state: +not clean")
          .containsPattern("Mount count: +1\n");
    }
    assertThat(Tools.run("dumpe2fs", "-h", image.toString()).output())
        .containsPattern("state: +clean");
  }

  @Test
  void statfsAgreesWithTheTools() throws Exception {
    Path image = image("24M", "-t ext2 -b 1024 -m 10");
    String dump = Tools.run("dumpe2fs", "-h", image.toString()).output();
    try (TestKernel kernel = TestKernel.mount(image)) {
      StatFs stat = kernel.statfs();
      assertThat(dump).containsPattern("Free blocks: +" + stat.blocksFree + "\n");
      assertThat(dump).containsPattern("Free inodes: +" + stat.filesFree + "\n");
      assertThat(dump).containsPattern("Inode count: +" + stat.files + "\n");
      assertThat(stat.blocksFree - stat.blocksAvailable).isEqualTo(24576 / 10);
    }
  }

  @Test
  void reservedBlocksAreForTheSuperUser() throws Exception {
    Path image = image("2M", "-t ext2 -b 1024 -m 20");
    byte[] data = new byte[3 << 20];
    try (TestKernel kernel = TestKernel.mount(image)) {
      assertThat(kernel.chmod("/", 0777)).isZero();
      kernel.as(Cred.of(1000, 1000));
      long written = kernel.write("/user", 0, data);
      assertThat(written).isBetween(1_000_000L, (long) data.length);
      // A block that needs pointer blocks too may not fit any more.
      assertThat(kernel.statfs().blocksAvailable).isLessThan(4);
      assertThat(kernel.write("/user", written, data)).isEqualTo(-Errno.ENOSPC);
      kernel.as(Cred.ROOT);
      assertThat(kernel.write("/root", 0, new byte[200_000])).isEqualTo(200_000);
      assertThat(kernel.write("/root", 200_000, data)).isPositive().isLessThan(data.length);
      assertThat(kernel.statfs().blocksFree).isLessThan(10);
      assertThat(kernel.mkdir("/dir")).isEqualTo(-Errno.ENOSPC);
    }
    Tools.assertClean(image);
  }

  @Test
  void limits() throws Exception {
    Path image = image("4M", "-t ext2 -b 1024 -N 64");
    long max = 17247252480L;
    try (TestKernel kernel = TestKernel.mount(image)) {
      assertThat(kernel.write("/far", max - 3, new byte[10])).isEqualTo(3);
      assertThat(kernel.write("/far", max, new byte[1])).isEqualTo(-Errno.EFBIG);
      assertThat(kernel.truncate("/far", max + 1)).isEqualTo(-Errno.EFBIG);
      assertThat(kernel.create("/" + "n".repeat(255))).isZero();
      assertThat(kernel.create("/" + "n".repeat(256))).isEqualTo(-Errno.ENAMETOOLONG);
      assertThat(kernel.symlink("t".repeat(1024), "/s")).isEqualTo(-Errno.ENAMETOOLONG);
      assertThat(kernel.symlink("t".repeat(1023), "/s")).isZero();
      kernel.limitFileSize(1000);
      assertThat(kernel.write("/limited", 900, new byte[200])).isEqualTo(100);
      assertThat(kernel.write("/limited", 1000, new byte[1])).isEqualTo(-Errno.EFBIG);
      assertThat(kernel.lastSignal).isEqualTo(Signals.SIGXFSZ);
      int made = 0;
      while (kernel.mkdir("/d" + made) == 0) {
        made++;
      }
      assertThat(made).isBetween(45, 64);
      assertThat(kernel.create("/one-more")).isEqualTo(-Errno.ENOSPC);
    }
    Tools.assertClean(image);
    assertThat(Tools.run("dumpe2fs", "-h", image.toString()).output()).contains("large_file");
  }

  /** After fsync, and after an O_SYNC write, a crash must not lose anything of the file. */
  @ParameterizedTest
  @CsvSource({"false", "true"})
  void syncedDataSurvivesACrash(boolean openSync) throws Exception {
    Path image = image("16M", "-t ext2 -b 1024");
    byte[] data = new byte[400_000];
    new Random(7).nextBytes(data);
    TestKernel kernel = TestKernel.mount(image);
    assertThat(kernel.write("/file", 0, new byte[10])).isEqualTo(10);
    assertThat(kernel.vfs.sync()).isZero();
    long[] error = new long[1];
    File file = kernel.open("/file", Fcntl.O_WRONLY | (openSync ? Fcntl.O_SYNC : 0), error);
    assertThat(kernel.write(file, 0, data, 0, data.length)).isEqualTo(data.length);
    if (!openSync) {
      assertThat(kernel.fsync("/file")).isZero();
    }
    Path crashed = folder.resolve("crashed.img");
    Files.copy(image, crashed);
    Path dumped = folder.resolve("dumped");
    Tools.debugfs(crashed, "dump /file " + dumped);
    assertThat(Files.readAllBytes(dumped)).isEqualTo(data);
    file.put();
    kernel.close();
    Tools.assertClean(image);
  }

  @Test
  void directIoGoesAroundTheCache() throws Exception {
    Path image = image("16M", "-t ext2 -b 1024");
    byte[] data = new byte[64 << 10];
    new Random(8).nextBytes(data);
    try (TestKernel kernel = TestKernel.mount(image)) {
      long[] error = new long[1];
      File file = kernel.open("/file", Fcntl.O_CREAT | Fcntl.O_RDWR | Fcntl.O_DIRECT, error);
      long before = kernel.disk.stats().writeSectors.sum();
      assertThat(kernel.write(file, 0, data, 0, data.length)).isEqualTo(data.length);
      assertThat(kernel.disk.stats().writeSectors.sum() - before).isGreaterThanOrEqualTo(128);
      assertThat(file.mapping().pages()).isZero();
      assertThat(kernel.read(file, 0, data.length, error)).isEqualTo(data);
      assertThat(file.mapping().pages()).isZero();
      assertThat(kernel.write(file, 1000, data, 0, 512)).isEqualTo(-Errno.EINVAL);
      assertThat(kernel.write(file, 200 << 10, data, 0, 512)).isEqualTo(512);
      assertThat(kernel.write(file, 100 << 10, data, 0, 1024)).isEqualTo(1024);
      file.put();
      assertThat(kernel.read("/file")).hasSize((200 << 10) + 512).startsWith(data);
    }
    Tools.assertClean(image);
  }

  @Test
  void timesAreKept() throws Exception {
    Path image = image("4M", "-t ext2 -b 1024 -I 256");
    long future = 0x1_8000_0000L;
    try (TestKernel kernel = TestKernel.mount(image)) {
      assertThat(kernel.create("/file")).isZero();
      assertThat(kernel.utimes("/file", -5, 1, future, 123_456_789)).isZero();
    }
    try (TestKernel kernel = TestKernel.mount(image)) {
      assertThat(kernel.ask("/file", inode -> inode.atimeSeconds)).isEqualTo(-5);
      assertThat(kernel.ask("/file", inode -> inode.mtimeSeconds)).isEqualTo(future);
      assertThat(kernel.ask("/file", inode -> inode.mtimeNanos)).isEqualTo(123_456_789);
      assertThat(kernel.ask("/file", inode -> inode.btimeNanos)).isNotNegative();
    }
    assertThat(Tools.debugfs(image, "stat /file"))
        .contains("mtime: 0x80000000:1d6f3456")
        .contains("Size of extra inode fields: 32");
    Tools.assertClean(image);
  }

  @Test
  void remountChangesWhatIsAllowed() throws Exception {
    Path image = image("4M", "-t ext2 -b 1024");
    try (TestKernel kernel = TestKernel.mount(image)) {
      assertThat(kernel.write("/before", 0, new byte[5000])).isEqualTo(5000);
      assertThat(kernel.remount(MountFlags.MS_RDONLY)).isZero();
      Tools.assertClean(image);
      assertThat(Tools.run("dumpe2fs", "-h", image.toString()).output())
          .containsPattern("state: +clean");
      assertThat(kernel.create("/x")).isEqualTo(-Errno.EROFS);
      assertThat(kernel.write("/before", 0, new byte[1])).isEqualTo(-Errno.EROFS);
      assertThat(kernel.remount(0)).isZero();
      assertThat(kernel.write("/after", 0, new byte[5000])).isEqualTo(5000);
      assertThat(Tools.run("dumpe2fs", "-h", image.toString()).output())
          .containsPattern("state: +not clean");
    }
    Tools.assertClean(image);
  }

  /**
   * A contradiction on the disk is noted in the superblock, and errors=remount-ro stops writing.
   */
  @Test
  void errorsRemountReadOnly() throws Exception {
    Path image = image("4M", "-t ext2 -b 1024");
    try (TestKernel kernel = TestKernel.mount(image)) {
      assertThat(kernel.write("/file", 0, new byte[30_000])).isEqualTo(30_000);
    }
    String text = Tools.debugfs(image, "stat /file");
    var matcher = java.util.regex.Pattern.compile("\\(IND\\):(\\d+)").matcher(text);
    assertThat(matcher.find()).isTrue();
    poke(image, Long.parseLong(matcher.group(1)) * 1024, 4, 2);
    try (TestKernel kernel = TestKernel.mount(image, "ext2", "errors=remount-ro")) {
      long[] error = new long[1];
      File file = kernel.open("/file", Fcntl.O_RDONLY, error);
      kernel.read(file, 12 << 10, 1024, error);
      assertThat(error[0]).isNegative();
      file.put();
      assertThat(kernel.create("/x")).isEqualTo(-Errno.EROFS);
    }
    assertThat(Tools.run("dumpe2fs", "-h", image.toString()).output())
        .containsPattern("state: +not clean with errors|state: +clean with errors");
  }
}
