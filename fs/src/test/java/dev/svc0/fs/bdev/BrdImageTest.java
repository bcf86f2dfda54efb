package dev.svc0.fs.bdev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.mm.HostMemory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ram disks that begin as a copy of a file. */
@Timeout(240)
class BrdImageTest {
  @TempDir Path folder;
  private final DiskKernel kernel = new DiskKernel(1024);

  @AfterEach
  void close() {
    kernel.close();
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("disk.img"), content);
  }

  private static byte[] random(int bytes) {
    byte[] data = new byte[bytes];
    new Random(bytes).nextBytes(data);
    return data;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 511, 512, 513, 4096, 5000, 1 << 20, (1 << 20) + 1})
  void allOfTheFileIsThereInWholeSectors(int bytes) throws IOException {
    byte[] content = random(bytes);
    BlockDevice disk = kernel.disk("brd:image=" + file(content));
    int sectors = (bytes + 511) / 512;
    assertThat(disk.sectors()).isEqualTo(sectors);
    assertThat(DiskKernel.read(disk, 0, sectors * 512))
        .isEqualTo(Arrays.copyOf(content, sectors * 512));
  }

  @Test
  void aLargerDiskGoesOnWithZeros() throws IOException {
    byte[] content = random(6000);
    BlockDevice disk = kernel.disk("brd:image=" + file(content) + ",size=64K");
    assertThat(disk.sectors()).isEqualTo(128);
    assertThat(DiskKernel.read(disk, 0, 65536)).isEqualTo(Arrays.copyOf(content, 65536));
  }

  @Test
  void holesOfTheFileAreZerosWhereverTheyAre() throws IOException {
    byte[] piece = random(10_000);
    byte[] content = new byte[4 << 20];
    Path sparse = folder.resolve("disk.img");
    try (RandomAccessFile out = new RandomAccessFile(sparse.toFile(), "rw")) {
      out.setLength(content.length);
      for (int at : new int[] {65_536, 1 << 20, 3_000_000}) {
        out.seek(at);
        out.write(piece);
        System.arraycopy(piece, 0, content, at, piece.length);
      }
    }
    BlockDevice disk = kernel.disk("brd:image=" + sparse);
    assertThat(DiskKernel.read(disk, 0, 2 << 20)).isEqualTo(Arrays.copyOf(content, 2 << 20));
    assertThat(DiskKernel.read(disk, 2 << 20, 2 << 20))
        .isEqualTo(Arrays.copyOfRange(content, 2 << 20, 4 << 20));
    Files.write(sparse, new byte[0]);
    try (RandomAccessFile out = new RandomAccessFile(sparse.toFile(), "rw")) {
      out.setLength(8192);
    }
    BlockDevice empty = kernel.disk("brd:image=" + sparse);
    assertThat(DiskKernel.read(empty, 0, 8192)).isEqualTo(new byte[8192]);
  }

  @Test
  void whatIsWrittenStaysInMemory() throws IOException {
    byte[] content = random(8192);
    Path image = file(content);
    image.toFile().setReadOnly();
    BlockDevice disk = kernel.disk("brd:image=" + image);
    assertThat(disk.isReadOnly()).isFalse();
    long memory = HostMemory.reserve(4096);
    Bio bio = new Bio(disk, 1, ReqOp.WRITE);
    bio.addSegment(memory, 4096);
    assertThat(BlockCore.submitBioWait(bio)).isZero();
    HostMemory.release(memory, 4096);
    byte[] changed = content.clone();
    Arrays.fill(changed, 0, 4096, (byte) 0);
    assertThat(DiskKernel.read(disk, 0, 8192)).isEqualTo(changed);
    assertThat(Files.readAllBytes(image)).isEqualTo(content);
    BlockDevice second = kernel.disk("brd:image=" + image);
    assertThat(DiskKernel.read(second, 0, 8192)).isEqualTo(content);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image=                  | image= needs a file: write for example image=disk.img",
        "image=FOLDER/gone       | FOLDER/gone does not exist",
        "image=FOLDER            | FOLDER is not a regular file",
        "image=FOLDER/empty      | FOLDER/empty is empty: a disk has at least one sector",
        "image=FOLDER/full,size=8K | the image has 10240 bytes, more than size=8K;",
        "image=FOLDER/full,size=x  | \"x\" is not a size; write for example size=64M",
        "FOLDER/full             | Write size=FOLDER/full or image=FOLDER/full",
        "64M                     | what is \"64M\"? Write size=64M or image=64M",
        "size=64                 | the size must be at least 4K",
      })
  void saysWhatIsWrong(String options, String sentence) throws IOException {
    Files.write(folder.resolve("empty"), new byte[0]);
    Files.write(folder.resolve("full"), random(10_000));
    assertThatThrownBy(() -> kernel.disk("brd:" + options.replace("FOLDER", folder.toString())))
        .hasMessageContaining("brd: ")
        .hasMessageContaining(sentence.replace("FOLDER", folder.toString()));
    assertThat(kernel.devices.byName("ram0")).isNull();
  }
}
