package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.flakey.Flakey;
import dev.svc0.fs.loop.LoopType;
import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.vfs.File;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens when the disk contradicts itself, and when it does not write any more. */
@Timeout(60)
class Ext4ErrorsTest {
  @TempDir Path folder;

  private Path image(String... options) {
    Path image = folder.resolve("ext4.img");
    Tools.mke2fs(image, "16M", options);
    return image;
  }

  /** An image whose directory /broken has a wrong checksum. */
  private Path withBrokenDirectory() throws Exception {
    Path image = image("-t", "ext4", "-b", "1024");
    try (TestKernel kernel = TestKernel.mount(image, "ext4", "")) {
      assertThat(kernel.mkdir("/broken")).isZero();
      assertThat(kernel.create("/broken/f")).isZero();
      assertThat(kernel.write("/good", 0, new byte[5000])).isEqualTo(5000);
    }
    var block = Pattern.compile("\\(0\\):(\\d+)").matcher(Tools.debugfs(image, "stat /broken"));
    assertThat(block.find()).isTrue();
    try (RandomAccessFile disk = new RandomAccessFile(image.toFile(), "rw")) {
      disk.seek(Long.parseLong(block.group(1)) * 1024 + 500);
      disk.write(0x55);
    }
    return image;
  }

  @ParameterizedTest
  @CsvSource({"continue, true", "remount-ro, false", "panic, false"})
  void errors(String what, boolean goesOn) throws Exception {
    Path image = withBrokenDirectory();
    TestKernel kernel = TestKernel.mount(image, "ext4", "errors=" + what);
    assertThat(kernel.ask("/broken/f", inode -> 0))
        .isIn(-(long) Errno.EBADMSG, -(long) Errno.EUCLEAN);
    assertThat(kernel.create("/more")).isEqualTo(goesOn ? 0 : -Errno.EROFS);
    assertThat(kernel.write("/good", 0, new byte[] {1})).isEqualTo(goesOn ? 1 : -Errno.EROFS);
    assertThat(kernel.read("/good")).hasSize(5000);
    long unused = kernel.closeIgnoringErrors();
    String header = Tools.run("dumpe2fs", "-h", image.toString()).output();
    assertThat(header).contains("with errors").containsPattern("FS Error count: +[1-9]");
    Tools.Answer mended = Tools.run("e2fsck", "-fy", image.toString());
    assertThat(mended.exit()).as(mended.output()).isLessThan(4);
    Tools.assertClean(image);
  }

  /** The superblock's own choice counts when nothing else is said. */
  @Test
  void theSuperblockSaysWhatToDo() throws Exception {
    Path image = withBrokenDirectory();
    Tools.run("tune2fs", "-e", "remount-ro", image.toString());
    TestKernel kernel = TestKernel.mount(image, "ext4", "");
    assertThat(kernel.ask("/broken/f", inode -> 0)).isNegative();
    assertThat(kernel.create("/more")).isEqualTo(-Errno.EROFS);
    long unused = kernel.closeIgnoringErrors();
  }

  /** Writes to the log fail: read-only from then on; what was there can be read. */
  @Test
  void anAbortedJournal() throws Exception {
    Path image = image("-t", "ext4", "-b", "1024");
    TestKernel.DiskSource source =
        devices ->
            Flakey.over(devices, new LoopType().create(devices, image.toString()), Flakey.NONE);
    TestKernel kernel = TestKernel.mount(source, "ext4", "");
    byte[] data = new byte[30_000];
    Arrays.fill(data, (byte) 4);
    assertThat(kernel.write("/before", 0, data)).isEqualTo(data.length);
    assertThat(kernel.sync()).isZero();
    Flakey flakey = (Flakey) kernel.disk.queue().driver();
    flakey.setRule(Ext4ErrorsTest::failWrites);
    assertThat(kernel.mkdir("/lost")).isZero(); // in memory
    assertThat(kernel.sync()).isIn(-(long) Errno.EIO, -(long) Errno.EROFS);
    assertThat(kernel.create("/later")).isEqualTo(-Errno.EROFS);
    assertThat(kernel.unlink("/before")).isEqualTo(-Errno.EROFS);
    assertThat(kernel.truncate("/before", 5)).isEqualTo(-Errno.EROFS);
    assertThat(kernel.remount(0)).isNegative();
    assertThat(kernel.read("/before")).isEqualTo(data);
    flakey.setRule(Flakey.NONE);
    assertThat(kernel.create("/later")).isEqualTo(-Errno.EROFS);
    long unused = kernel.closeIgnoringErrors();
    Tools.Answer mended = Tools.run("e2fsck", "-fp", image.toString());
    assertThat(mended.exit()).as(mended.output()).isLessThan(4);
    Tools.assertClean(image);
    try (TestKernel after = TestKernel.mount(image, "ext4", "")) {
      assertThat(after.read("/before")).isEqualTo(data);
      assertThat(after.create("/later")).isZero();
    }
  }

  private static Flakey.Fate failWrites(Bio bio, long number) {
    return ReqOp.isWrite(bio.opf) ? new Flakey.Fail(-Errno.EIO) : new Flakey.Pass();
  }

  /** Only the data fails: fsync says so once; the file system goes on. */
  @Test
  void dataThatCannotBeWritten() throws Exception {
    Path image = image("-t", "ext4", "-b", "4096");
    TestKernel.DiskSource source =
        devices ->
            Flakey.over(devices, new LoopType().create(devices, image.toString()), Flakey.NONE);
    TestKernel kernel = TestKernel.mount(source, "ext4", "data=writeback");
    assertThat(kernel.write("/f", 0, new byte[8192])).isEqualTo(8192);
    assertThat(kernel.fsync("/f")).isZero();
    long[] error = new long[1];
    File file = kernel.open("/f", Fcntl.O_RDWR, error);
    long place = file.inode().mapping().operations().bmap(file.inode().mapping(), 0) * 8;
    Flakey flakey = (Flakey) kernel.disk.queue().driver();
    flakey.setRule((bio, number) ->
        ReqOp.isWrite(bio.opf) && bio.sector >= place && bio.sector < place + 16
            ? new Flakey.Fail(-Errno.EIO)
            : new Flakey.Pass());
    assertThat(kernel.write(file, 0, new byte[8192], 0, 8192)).isEqualTo(8192);
    file.put();
    assertThat(kernel.fsync("/f")).isEqualTo(-Errno.EIO);
    flakey.setRule(Flakey.NONE);
    assertThat(kernel.create("/g")).isZero();
    assertThat(kernel.fsync("/g")).isZero();
    kernel.closeIgnoringErrors();
    Tools.assertClean(image);
  }
}
