package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.NativeMount;
import dev.svc0.fs.testing.TestProgram;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.calls.FileCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FIEMAP, SEEK_DATA and SEEK_HOLE, beside what debugfs and the kernel's own FIEMAP say. */
class Ext4ExtentMapTest {
  private static final int HEAD = 32;
  private static final int EXTENT = 56;
  private static final int LAST = 1;
  private static final int DELAYED = 4;
  private static final int UNWRITTEN = 0x800;
  private static final int SYNC = 1;

  @TempDir Path folder;

  /** In blocks; neighbours that go on are one. */
  private record Range(long logical, long physical, long length, boolean unwritten) {
    static void add(List<Range> ranges, Range next) {
      Range last = ranges.isEmpty() ? null : ranges.getLast();
      boolean joins =
          last != null
              && last.logical + last.length == next.logical
              && last.physical + last.length == next.physical
              && last.unwritten == next.unwritten;
      if (joins) {
        ranges.removeLast();
        next = new Range(last.logical, last.physical, last.length + next.length, next.unwritten);
      }
      ranges.add(next);
    }
  }

  private static ByteBuffer fiemap(TestProgram program, int fd, long start, int flags, int room) {
    ByteBuffer head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(start).putLong(-1L).putInt(flags).putInt(0).putInt(room);
    program.task.memory().writeBytes(program.buffer, head.array());
    long result = FileCalls.ioctl(program.task, fd, FsConstants.FS_IOC_FIEMAP, program.buffer);
    assertThat(result).isZero();
    byte[] answer = program.task.memory().readBytes(program.buffer, HEAD + room * EXTENT);
    return ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static List<Range> ranges(TestProgram program, int fd, int blockSize) {
    List<Range> ranges = new ArrayList<>();
    long start = 0;
    boolean last = false;
    while (!last) {
      ByteBuffer answer = fiemap(program, fd, start, SYNC, 7);
      int count = answer.getInt(20);
      assertThat(count).isPositive();
      for (int i = 0; i < count; i++) {
        int at = HEAD + i * EXTENT;
        long logical = answer.getLong(at);
        long length = answer.getLong(at + 16);
        int flags = answer.getInt(at + 40);
        Range.add(
            ranges,
            new Range(
                logical / blockSize,
                answer.getLong(at + 8) / blockSize,
                length / blockSize,
                (flags & UNWRITTEN) != 0));
        start = logical + length;
        last = (flags & LAST) != 0;
      }
    }
    return ranges;
  }

  /** What debugfs says: level, entries, logical, physical, length, flags. */
  private static List<Range> byDebugfs(Path image) {
    Pattern leaf =
        Pattern.compile(
            "(\\d+)/ *(\\d+) +\\d+/ *\\d+ +(\\d+) - +(\\d+) +(\\d+) - +(\\d+) +(\\d+)(.*)");
    List<Range> ranges = new ArrayList<>();
    for (String line : Tools.debugfs(image, "ex /f").lines().toList()) {
      Matcher found = leaf.matcher(line.strip());
      if (found.matches() && found.group(1).equals(found.group(2))) {
        Range.add(
            ranges,
            new Range(
                Long.parseLong(found.group(3)),
                Long.parseLong(found.group(5)),
                Long.parseLong(found.group(7)),
                found.group(8).contains("Uninit")));
      }
    }
    return ranges;
  }

  private List<Range> byTheKernel(Path image, int blockSize) throws Exception {
    Pattern line =
        Pattern.compile(" *\\d+: +(\\d+)\\.\\. +(\\d+): +(\\d+)\\.\\. +(\\d+): +(\\d+):(.*)");
    List<Range> ranges = new ArrayList<>();
    try (NativeMount mount = NativeMount.mount(image, folder.resolve("mnt"), "ext4", "ro")) {
      String file = mount.folder().resolve("f").toString();
      for (String text :
          Tools.run("filefrag", "-v", "-b" + blockSize, file).output().lines().toList()) {
        Matcher found = line.matcher(text);
        if (found.matches()) {
          Range.add(
              ranges,
              new Range(
                  Long.parseLong(found.group(1)),
                  Long.parseLong(found.group(3)),
                  Long.parseLong(found.group(5)),
                  found.group(6).contains("unwritten")));
        }
      }
    }
    return ranges;
  }

  private static void build(TestProgram program, int fd, int blockSize, boolean[] data) {
    Random random = new Random(4);
    byte[] block = new byte[blockSize];
    Arrays.fill(block, (byte) 1);
    for (int i = 0; i < 60; i++) {
      int at = random.nextInt(data.length - 12);
      int count = 1 + random.nextInt(10);
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          for (int j = at; j < at + count; j++) {
            program.write(fd, block, (long) j * blockSize);
            data[j] = true;
          }
        }
        case 2 -> {
          long from = (long) at * blockSize;
          assertThat(program.fallocate(fd, 0, from, (long) count * blockSize)).isZero();
        }
        default -> {
          int mode = FsConstants.FALLOC_FL_PUNCH_HOLE | FsConstants.FALLOC_FL_KEEP_SIZE;
          long from = (long) at * blockSize;
          assertThat(program.fallocate(fd, mode, from, (long) count * blockSize)).isZero();
          Arrays.fill(data, at, at + count, false);
        }
      }
    }
    program.write(fd, block, (long) (data.length - 1) * blockSize);
    data[data.length - 1] = true;
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 4096})
  void extentsAreWhatOthersSee(int blockSize) throws Exception {
    Path image = folder.resolve("ext4.img");
    Tools.mke2fs(image, "16M", "-t", "ext4", "-b", "" + blockSize);
    List<Range> ours;
    try (TestProgram program = TestProgram.boot(image, "ext4", "")) {
      int fd = program.create("/f");
      build(program, fd, blockSize, new boolean[300]);
      ours = ranges(program, fd, blockSize);
      int count = fiemap(program, fd, 0, SYNC, 0).getInt(20); // only counted
      assertThat(count).isGreaterThanOrEqualTo(ours.size());
    }
    Tools.assertClean(image);
    assertThat(ours).isEqualTo(byDebugfs(image));
    assertThat(ours).isEqualTo(byTheKernel(image, blockSize));
  }

  @Test
  void delayedBlocksHaveNoPlaceYet() throws Exception {
    Path image = folder.resolve("ext4.img");
    Tools.mke2fs(image, "16M", "-t", "ext4");
    try (TestProgram program = TestProgram.boot(image, "ext4", "")) {
      int fd = program.create("/f");
      program.write(fd, new byte[8192], 0);
      ByteBuffer answer = fiemap(program, fd, 0, 0, 4);
      assertThat(answer.getInt(HEAD + 40) & DELAYED).isNotZero();
      assertThat(answer.getLong(HEAD + 8)).isZero();
      answer = fiemap(program, fd, 0, SYNC, 4);
      assertThat(answer.getInt(HEAD + 40) & DELAYED).isZero();
      assertThat(answer.getLong(HEAD + 8)).isPositive();
      program.task.memory().writeBytes(program.buffer + 16, new byte[] {0, 0, 0, 0x40});
      long unknown = FileCalls.ioctl(program.task, fd, FsConstants.FS_IOC_FIEMAP, program.buffer);
      assertThat(unknown).isEqualTo(-Errno.EBADR);
    }
  }

  /** Also over what is not on the disk yet: dirty pages over unwritten blocks are data. */
  @ParameterizedTest
  @ValueSource(strings = {"-t ext4 -b 1024", "-t ext4 -b 4096", "-t ext3 -b 4096"})
  void dataAndHoles(String format) throws Exception {
    Path image = folder.resolve("ext4.img");
    Tools.mke2fs(image, "16M", format.split(" "));
    int blockSize = Integer.parseInt(format.substring(format.lastIndexOf(' ') + 1));
    try (TestProgram program = TestProgram.boot(image, "ext4", "")) {
      int fd = program.create("/f");
      boolean[] data = new boolean[200];
      for (int at : new int[] {0, 1, 5, 20, 21, 22, 90, 150}) {
        program.write(fd, new byte[blockSize], (long) at * blockSize);
        data[at] = true;
      }
      assertThat(program.ftruncate(fd, (long) data.length * blockSize)).isZero();
      int page = Math.max(1, 4096 / blockSize);
      for (int round = 0; round < 2; round++) {
        for (int from = 0; from < data.length; from++) {
          long start = (long) from * blockSize;
          long next = program.lseek(fd, start, FsConstants.SEEK_DATA);
          int expected = from;
          while (expected < data.length && !data[expected]) {
            expected++;
          }
          if (expected == data.length) {
            assertThat(next).isEqualTo(-Errno.ENXIO);
          } else {
            // Before it is written, a page with any data may count as data as a whole.
            assertThat(next / blockSize).isBetween((long) from, (long) expected);
            assertThat(next / blockSize / page).isIn((long) expected / page, (long) from / page);
          }
          long hole = program.lseek(fd, start, FsConstants.SEEK_HOLE);
          int end = from;
          while (end < data.length && data[end]) {
            end++;
          }
          assertThat(hole / blockSize).isBetween((long) end, (long) (end + page - 1) / page * page);
        }
        assertThat(program.fsync(fd)).isZero();
      }
      long size = (long) data.length * blockSize;
      assertThat(program.lseek(fd, size, FsConstants.SEEK_DATA)).isEqualTo(-Errno.ENXIO);
      assertThat(program.lseek(fd, size, FsConstants.SEEK_HOLE)).isEqualTo(-Errno.ENXIO);
      assertThat(program.lseek(fd, -1, FsConstants.SEEK_HOLE)).isEqualTo(-Errno.ENXIO);
    }
    Tools.assertClean(image);
  }
}
