package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.TestKernel;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.vfs.Attributes;
import dev.svc0.runtime.vfs.File;
import java.util.Arrays;
import java.util.Random;

/** The bytes of one file, and random operations that change them and a mounted file alike. */
final class FileModel {
  private static final int MOST = 2_000_000;

  private final Random random;
  private final int blockSize;
  byte[] content = new byte[0];

  FileModel(long seed, int blockSize) {
    random = new Random(seed);
    this.blockSize = blockSize;
  }

  void exercise(TestKernel kernel, String path, int operations) {
    long[] error = new long[1];
    File file = kernel.open(path, Fcntl.O_CREAT | Fcntl.O_RDWR, error);
    assertThat(file).isNotNull();
    compare(kernel, file);
    for (int i = 0; i < operations; i++) {
      int offset = random.nextInt(600_000);
      int length = 1 + random.nextInt(random.nextBoolean() ? 5000 : 100_000);
      switch (random.nextInt(9)) {
        case 0, 1, 2 -> write(kernel, file, offset, length);
        case 3 -> {
          int punch = FsConstants.FALLOC_FL_PUNCH_HOLE | FsConstants.FALLOC_FL_KEEP_SIZE;
          done(Attributes.vfsFallocate(file, punch, offset, length, kernel), "punch");
          zero(offset, length);
        }
        case 4 -> zeroRange(kernel, file, offset, length);
        case 5 -> collapse(kernel, file, offset & -blockSize, Math.max(1, length / blockSize));
        case 6 -> insert(kernel, file, offset & -blockSize, Math.max(1, length / blockSize));
        case 7 -> {
          done(Attributes.vfsFallocate(file, 0, offset, length, kernel), "allocate");
          content = Arrays.copyOf(content, Math.max(content.length, offset + length));
        }
        default -> {
          done(kernel.truncate(path, offset), "truncate");
          content = Arrays.copyOf(content, offset);
          done(random.nextInt(3) == 0 ? kernel.fsync(path) : 0, "fsync");
        }
      }
    }
    compare(kernel, file);
    file.put();
  }

  private void compare(TestKernel kernel, File file) {
    long[] error = new long[1];
    byte[] now = kernel.read(file, 0, (int) file.inode().size(), error);
    assertThat(error[0]).isZero();
    assertThat(Arrays.mismatch(now, content)).as("first difference").isEqualTo(-1);
  }

  private static void done(long result, String what) {
    assertThat(result).as(what).isZero();
  }

  private void write(TestKernel kernel, File file, int offset, int length) {
    byte[] data = new byte[length];
    random.nextBytes(data);
    assertThat(kernel.write(file, offset, data, 0, length)).isEqualTo(length);
    content = Arrays.copyOf(content, Math.max(content.length, offset + length));
    System.arraycopy(data, 0, content, offset, length);
  }

  private void zero(int offset, int length) {
    int end = Math.min(content.length, offset + length);
    if (offset < end) {
      Arrays.fill(content, offset, end, (byte) 0);
    }
  }

  private void zeroRange(TestKernel kernel, File file, int offset, int length) {
    boolean keep = random.nextBoolean();
    int mode = FsConstants.FALLOC_FL_ZERO_RANGE;
    mode |= keep ? FsConstants.FALLOC_FL_KEEP_SIZE : 0;
    done(Attributes.vfsFallocate(file, mode, offset, length, kernel), "zero");
    int end = keep ? content.length : Math.max(content.length, offset + length);
    content = Arrays.copyOf(content, end);
    zero(offset, length);
  }

  private void collapse(TestKernel kernel, File file, int offset, int blocks) {
    int length = blocks * blockSize;
    int mode = FsConstants.FALLOC_FL_COLLAPSE_RANGE;
    long result = Attributes.vfsFallocate(file, mode, offset, length, kernel);
    if (offset + length >= content.length) {
      assertThat(result).isEqualTo(-Errno.EINVAL);
      return;
    }
    done(result, "collapse");
    byte[] rest = new byte[content.length - length];
    System.arraycopy(content, 0, rest, 0, offset);
    System.arraycopy(content, offset + length, rest, offset, rest.length - offset);
    content = rest;
  }

  private void insert(TestKernel kernel, File file, int offset, int blocks) {
    int length = blocks * blockSize;
    if (offset >= content.length || content.length + length > MOST) {
      return;
    }
    int mode = FsConstants.FALLOC_FL_INSERT_RANGE;
    done(Attributes.vfsFallocate(file, mode, offset, length, kernel), "insert");
    byte[] longer = new byte[content.length + length];
    System.arraycopy(content, 0, longer, 0, offset);
    System.arraycopy(content, offset, longer, offset + length, content.length - offset);
    content = longer;
  }
}
