package dev.svc0.samples.customsyscall;

import dev.svc0.annotation.Size;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.task.Task;
import java.util.zip.CRC32;

/** A system call of our own, in the range no kernel uses: this method is all of it. */
public final class Crc32Call {
  private static final int CHUNK = 4096;

  private Crc32Call() {}

  /**
   * The CRC-32 (IEEE 802.3) of a user buffer, 0 … 2³²−1.
   *
   * <p><i>Errors:</i> EFAULT when any byte of the buffer is not readable; EINVAL above 1 GiB.
   */
  @SyscallDefine(nr = 1024, name = "svc0_crc32")
  public static long crc32(
      Task task,
      @UserPtr(access = UserPtr.Access.IN, length = "count") long buffer,
      @Size long count) {
    if (Long.compareUnsigned(count, 1L << 30) > 0) {
      return -Errno.EINVAL;
    }
    CRC32 crc = new CRC32();
    byte[] chunk = new byte[CHUNK];
    for (long done = 0; done < count; ) {
      int step = (int) Math.min(CHUNK, count - done);
      if (task.memory().copyFromUser(chunk, 0, buffer + done, step) != 0) {
        return -Errno.EFAULT;
      }
      crc.update(chunk, 0, step);
      done += step;
    }
    return crc.getValue();
  }
}
