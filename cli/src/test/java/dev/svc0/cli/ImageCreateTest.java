package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New images have the features that mke2fs 1.47.0 gives them, and e2fsck finds no fault. */
class ImageCreateTest {
  private static final String EXT2 =
      "ext_attr resize_inode dir_index filetype sparse_super large_file";
  private static final String EXT4 =
      "has_journal ext_attr resize_inode dir_index filetype extent 64bit flex_bg sparse_super"
          + " large_file huge_file dir_nlink extra_isize metadata_csum";

  @TempDir Path folder;

  private String features(Path image) throws Exception {
    Launcher.Result result =
        Launcher.run(folder, List.of("/usr/sbin/dumpe2fs", "-h", image.toString()));
    assertThat(result.status()).as(result.err()).isZero();
    return result
        .out()
        .lines()
        .filter(line -> line.startsWith("Filesystem features:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  private void isClean(Path image) throws Exception {
    Launcher.Result check =
        Launcher.run(folder, List.of("/usr/sbin/e2fsck", "-fn", image.toString()));
    assertThat(check.status()).as(check.out()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"'',8M", "ext4,4M", "ext4,300M", "ext2,256K", "ext2,8M", "ext2,300M"})
  void hasTheFeaturesOfItsType(String type, String size) throws Exception {
    assumeTrue(Launcher.installed("dumpe2fs"), "dumpe2fs is not installed");
    Path image = folder.resolve("disk.img");
    int status =
        type.isEmpty()
            ? Svc0.run("image", "create", image.toString(), "--size", size)
            : Svc0.run("image", "create", image.toString(), "--size", size, "--type", type);
    assertThat(status).isZero();
    isClean(image);
    assertThat(features(image)).isEqualTo(type.equals("ext2") ? EXT2 : EXT4);
  }

  /** Clears the word that says that the file system was unmounted. */
  private static void cutOff(Path image, int state) throws Exception {
    try (FileChannel file = FileChannel.open(image, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {(byte) state, 0}), 1024 + 58);
    }
  }

  @ParameterizedTest
  @CsvSource({"ext2,0,was not unmounted", "ext2,3,errors were found"})
  void whatMayContradictItselfIsSaidAtEachUse(String type, int state, String reason)
      throws Exception {
    Path image = folder.resolve("disk.img");
    Svc0.run("image", "create", image.toString(), "--size", "4M", "--type", type);
    assertThat(ImageProbe.doubt(image)).isNull();
    cutOff(image, state);
    for (int use = 0; use < 2; use++) {
      assertThat(ImageProbe.doubt(image)).contains(image.toString(), reason, "svc0 image check");
      assertThat(Svc0.run("image", "mkdir", image.toString(), "/d" + use)).isZero();
    }
  }

  @Test
  void aJournalMakesUpForAnEndWithoutUnmounting() throws Exception {
    Path image = folder.resolve("disk.img");
    Svc0.run("image", "create", image.toString(), "--size", "4M");
    cutOff(image, 0);
    assertThat(ImageProbe.doubt(image)).isNull();
    cutOff(image, 3);
    assertThat(ImageProbe.doubt(image)).contains("errors were found");
  }

  @ParameterizedTest
  @CsvSource({"ext2", "ext4"})
  void isWrittenTo(String type) throws Exception {
    assumeTrue(Launcher.installed("debugfs"), "debugfs is not installed");
    Path image = folder.resolve("disk.img");
    Path note = Files.writeString(folder.resolve("note"), "some words\n");
    assertThat(Svc0.run("image", "create", image + "", "--size", "8M", "--type", type)).isZero();
    assertThat(Svc0.run("image", "put", image + "", note + "", "/note")).isZero();
    isClean(image);
    Launcher.Result read =
        Launcher.run(folder, List.of("/usr/sbin/debugfs", "-R", "cat /note", image.toString()));
    assertThat(read.out()).isEqualTo("some words\n");
  }

  @Test
  void refusesAnotherType() {
    Path image = folder.resolve("disk.img");
    int status = Svc0.run("image", "create", image + "", "--size", "8M", "--type", "xfs");
    assertThat(status).isEqualTo(2);
    assertThat(image).doesNotExist();
  }
}
