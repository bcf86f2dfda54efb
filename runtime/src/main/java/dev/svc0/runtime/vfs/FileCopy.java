package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.FrameAllocator;

/**
 * Copies between open files inside the kernel. <i>Linux:</i> do_sendfile, copy_file_range, through
 * a buffer in place of a pipe.
 */
@Traced(layer = Traced.Layer.VFS)
public final class FileCopy {
  private static final int ORDER = 4;
  private static final int CHUNK = 4096 << ORDER;

  private FileCopy() {}

  /**
   * Copies until the count, the end of the input, a short write or a signal.
   *
   * @param from position in the input in [0], moved
   * @param to position in the output in [0], moved
   * @return bytes, or −errno when none were copied
   */
  @Traced("do_splice_direct")
  public static long copy(File in, long[] from, File out, long[] to, long count, Caller caller) {
    FrameAllocator frames = in.inode().superBlock().vfs().frames();
    long buffer = frames.allocate(ORDER);
    if (buffer < 0 && buffer >= -4095) {
      return -Errno.ENOMEM;
    }
    try {
      long done = 0;
      while (done < count) {
        long step = Math.min(CHUNK, count - done);
        long copied = copyChunk(in, from, out, to, buffer, step, caller);
        if (copied <= 0) {
          return done == 0 ? copied : done;
        }
        done += copied;
        if (copied < step || caller.signalPending()) {
          break;
        }
      }
      return done;
    } finally {
      frames.free(buffer, ORDER);
    }
  }

  private static long copyChunk(
      File in, long[] from, File out, long[] to, long buffer, long bytes, Caller caller) {
    long start = from[0];
    long got = ReadWrite.kernelRead(in, caller, buffer, bytes, from);
    if (got <= 0) {
      return got;
    }
    long put = ReadWrite.kernelWrite(out, caller, buffer, got, to);
    if (put < got) {
      from[0] = start + Math.max(put, 0);
    }
    return put;
  }
}
