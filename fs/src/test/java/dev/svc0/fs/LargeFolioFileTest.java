package dev.svc0.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.loop.LoopType;
import dev.svc0.fs.testing.CachedFile;
import dev.svc0.fs.testing.TestProgram;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files on disks whose pages are cached in folios of many pages: every call that cuts, moves or
 * stores to a part of one, against an array, with e2fsck at the end. {@code -Dsvc0.seed=N} adds N
 * to the seed.
 */
@Timeout(240)
class LargeFolioFileTest {
  private static final int PAGE = 4096;
  private static final int SPACE = 4 << 20;
  private static final int MOST = 1 << 19;
  private static final int PUNCH =
      FsConstants.FALLOC_FL_PUNCH_HOLE | FsConstants.FALLOC_FL_KEEP_SIZE;

  @TempDir Path folder;

  private final byte[] model = new byte[SPACE];
  private int size;
  private int largest;

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          ext2, -t ext2 -b 4096, '', 32768, 1
          ext2, -t ext2 -b 1024, '', 32768, 2
          ext2, -t ext2 -b 1024, '', 600, 3
          ext4, -t ext4 -b 4096, '', 32768, 4
          ext4, -t ext4 -b 1024, '', 32768, 5
          ext4, -t ext4 -b 1024, '', 600, 6
          ext4, -t ext4 -b 4096, nodelalloc, 32768, 7
          ext4, -t ext4 -b 1024, nodelalloc, 32768, 8
          ext4, -t ext4 -b 1024, data=journal, 32768, 9
          ext4, -t ext4 -b 2048, data=writeback, 600, 10
          ext4, -t ext4 -O ^has_journal, '', 32768, 11
          ext4, -t ext3 -b 1024, '', 32768, 12
          """)
  void sameAsTheModel(String type, String mkfs, String options, int frames, long base)
      throws Exception {
    Random random = new Random(base + Long.getLong("svc0.seed", 0));
    Path image = folder.resolve("disk.img");
    Tools.mke2fs(image, "32M", mkfs.split(" "));
    boolean ranges = mkfs.startsWith("-t ext4");
    int block = mkfs.contains("-b 1024") ? 1024 : mkfs.contains("-b 2048") ? 2048 : 4096;
    try (TestProgram program =
        TestProgram.boot(
            devices -> new LoopType().create(devices, image.toString()), type, options, frames)) {
      int fd = program.create("/file");
      AddressSpace mapping = CachedFile.mappingOf(program.task, fd);
      long at = program.mapShared(fd, SPACE, 0);
      for (int step = 0; step < 300; step++) {
        step(program, fd, at, random, ranges ? block : 0);
        largest = Math.max(largest, CachedFile.orderAt(mapping, random.nextInt(SPACE / PAGE)));
      }
      compare(program, fd);
      Filemap.filemapWriteAndWaitRange(mapping, 0, Long.MAX_VALUE);
      Filemap.invalidateInodePages2Range(mapping, 0, Long.MAX_VALUE >>> 12);
      compare(program, fd);
    }
    Tools.assertClean(image);
    try (TestProgram program = TestProgram.boot(image, type, options)) {
      compare(program, program.create("/file"));
    }
    boolean large = !options.contains("journal") && !options.equals("nodelalloc");
    if (large && !mkfs.contains("ext3")) {
      assertThat(largest).as("order of the largest folio").isGreaterThan(2);
    }
  }

  private void step(TestProgram program, int fd, long at, Random random, int rangeBlock) {
    int position = random.nextInt(SPACE - MOST);
    int bytes = 1 + random.nextInt(random.nextBoolean() ? MOST : 3 * PAGE);
    if (random.nextBoolean()) {
      position &= -PAGE << random.nextInt(7);
    }
    switch (random.nextInt(rangeBlock > 0 ? 12 : 7)) {
      case 0, 1, 2 -> write(program, fd, random, position, bytes);
      case 3 -> compareRange(program, fd, position, bytes);
      case 4 -> store(program, at, random, position, Math.min(bytes, 5 * PAGE));
      case 5 -> {
        int newSize = random.nextInt(3) == 0 ? position + bytes : position;
        assertThat(program.ftruncate(fd, newSize)).isZero();
        resize(newSize);
      }
      case 6 -> assertThat(sync(program, fd, at, random.nextInt(4), position, bytes)).isZero();
      case 7, 8 -> {
        assertThat(program.fallocate(fd, PUNCH, position, bytes)).isZero();
        zero(position, position + bytes);
      }
      case 9 -> {
        int zeroRange = FsConstants.FALLOC_FL_ZERO_RANGE;
        assertThat(program.fallocate(fd, zeroRange, position, bytes)).isZero();
        size = Math.max(size, position + bytes);
        zero(position, position + bytes);
      }
      case 10 -> collapse(program, fd, position & -rangeBlock, (bytes & -rangeBlock) + rangeBlock);
      default -> {
        assertThat(program.fallocate(fd, 0, position, bytes)).isZero();
        size = Math.max(size, position + bytes);
      }
    }
  }

  private static long sync(TestProgram program, int fd, long at, int how, int position, int bytes) {
    return switch (how) {
      case 0 -> program.fsync(fd);
      case 1 -> program.msync(at + (position & -PAGE), bytes);
      case 2 -> {
        AddressSpace mapping = CachedFile.mappingOf(program.task, fd);
        yield Filemap.filemapWriteAndWaitRange(mapping, position, position + bytes);
      }
      default -> {
        AddressSpace mapping = CachedFile.mappingOf(program.task, fd);
        Filemap.filemapWriteAndWaitRange(mapping, 0, Long.MAX_VALUE);
        Filemap.invalidateInodePages2Range(mapping, position >>> 12, position + bytes >>> 12);
        yield 0;
      }
    };
  }

  private void write(TestProgram program, int fd, Random random, int position, int bytes) {
    byte[] data = new byte[bytes];
    random.nextBytes(data);
    assertThat(program.pwrite(fd, data, position, random.nextInt(64))).isEqualTo(bytes);
    System.arraycopy(data, 0, model, position, bytes);
    size = Math.max(size, position + bytes);
  }

  /** Stores through the mapping, as far as the file goes. */
  private void store(TestProgram program, long at, Random random, int position, int bytes) {
    byte[] data = new byte[Math.clamp(size - position, 0, bytes)];
    random.nextBytes(data);
    program.task.memory().writeBytes(at + position, data);
    System.arraycopy(data, 0, model, position, data.length);
  }

  private void resize(int newSize) {
    size = newSize;
    Arrays.fill(model, size, SPACE, (byte) 0);
  }

  private void zero(int from, int to) {
    Arrays.fill(model, from, to, (byte) 0);
  }

  private void collapse(TestProgram program, int fd, int position, int bytes) {
    int mode = FsConstants.FALLOC_FL_COLLAPSE_RANGE;
    if (position + bytes >= size) {
      return; // refused, which other tests ask for
    }
    assertThat(program.fallocate(fd, mode, position, bytes)).isZero();
    System.arraycopy(model, position + bytes, model, position, SPACE - position - bytes);
    resize(size - bytes);
  }

  private void compareRange(TestProgram program, int fd, int position, int bytes) {
    byte[] got = program.read(fd, bytes, position);
    int expected = Math.clamp(size - position, 0, bytes);
    assertThat(got.length).isEqualTo(expected);
    byte[] wanted = Arrays.copyOfRange(model, position, position + expected);
    int wrong = Arrays.mismatch(got, wanted);
    assertThat(wrong).as("first wrong byte of %s at %s", bytes, position).isEqualTo(-1);
  }

  private void compare(TestProgram program, int fd) {
    for (int at = 0; at < SPACE; at += MOST) {
      compareRange(program, fd, at, MOST);
    }
    assertThat(program.lseek(fd, 0, FsConstants.SEEK_END)).isEqualTo(size);
  }

  /** A large write to a disk that is nearly full leaves no block unused before it says so. */
  @ParameterizedTest
  @CsvSource({"ext2, -t ext2 -b 1024", "ext4, -t ext4 -b 4096"})
  void aLargeWriteUsesTheLastPages(String type, String mkfs) throws Exception {
    Path image = folder.resolve("disk.img");
    Tools.mke2fs(image, "8M", (mkfs + " -m 0").split(" "));
    try (TestProgram program = TestProgram.boot(image, type, "")) {
      int fd = program.create("/file");
      long written = 0;
      long last = 1;
      while (last > 0) {
        last = program.pwrite(fd, new byte[MOST], written, 0);
        written += Math.max(last, 0);
      }
      assertThat(written % MOST).as("the last write is cut short").isPositive();
      int other = program.create("/other");
      assertThat(program.pwrite(other, new byte[3 * PAGE], 0, 0)).isLessThanOrEqualTo(2 * PAGE);
      assertThat(program.read(fd, PAGE, written - PAGE)).hasSize(PAGE);
    }
    Tools.assertClean(image);
  }

  /** Memory in which no run of pages is left serves large writes page by page. */
  @Test
  void largeWritesGoOnInScatteredMemory() throws Exception {
    Path image = folder.resolve("disk.img");
    Tools.mke2fs(image, "32M", "-t", "ext4", "-b", "4096");
    try (TestProgram program =
        TestProgram.boot(
            devices -> new LoopType().create(devices, image.toString()), "ext4", "", 1200)) {
      int small = program.create("/small");
      int large = program.create("/large");
      for (int i = 0; i < 400; i++) {
        program.write(small, new byte[PAGE], 2L * PAGE * i);
        program.write(large, new byte[3 * PAGE], 5L * PAGE * i);
      }
      byte[] data = new byte[MOST];
      for (int i = 0; i < 16; i++) {
        new Random(i).nextBytes(data);
        program.write(large, data, (long) i * MOST);
      }
      for (int i = 0; i < 16; i++) {
        new Random(i).nextBytes(data);
        assertThat(program.read(large, MOST, (long) i * MOST)).isEqualTo(data);
      }
    }
    Tools.assertClean(image);
  }
}
