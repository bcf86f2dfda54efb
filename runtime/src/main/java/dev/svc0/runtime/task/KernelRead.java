package dev.svc0.runtime.task;

import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.ReadWrite;
import java.lang.foreign.Arena;

/** Reading files for the kernel's own use. <i>Linux:</i> {@code kernel_read}. */
public final class KernelRead {
  private KernelRead() {}

  /**
   * Reads at a position until the bytes are there or the file ends.
   *
   * @return bytes read, or −errno
   */
  public static long read(Task task, File file, long position, byte[] to, int bytes) {
    try (Arena arena = Arena.ofConfined()) {
      long buffer = arena.allocate(Math.max(1, bytes), 16).address();
      long[] at = {position};
      int done = 0;
      while (done < bytes) {
        long got = ReadWrite.kernelRead(file, task, buffer + done, bytes - done, at);
        if (got < 0) {
          return done > 0 ? done : got;
        }
        if (got == 0) {
          break;
        }
        done += (int) got;
      }
      HostMemory.copy(buffer, to, 0, done);
      return done;
    }
  }
}
