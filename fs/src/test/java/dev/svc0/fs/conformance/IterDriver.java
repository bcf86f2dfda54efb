package dev.svc0.fs.conformance;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Kiocb;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** A driver as of 4.x: it gets all buffers at once. Keeps what was written. */
@Traced(layer = Traced.Layer.DRIVER)
final class IterDriver implements FileOperations {
  final ByteArrayOutputStream written = new ByteArrayOutputStream();
  final List<Long> lengths = new ArrayList<>();

  @Override
  public int supplies() {
    return WRITE_ITER;
  }

  @Override
  @Traced("new_write_iter")
  public long writeIter(Kiocb kiocb, IovIter from) {
    lengths.add(from.count());
    long got = drain(from, written);
    kiocb.position += Math.max(got, 0);
    return got;
  }

  /** Takes all there is; bytes or −EFAULT. */
  static long drain(IovIter from, ByteArrayOutputStream to) {
    int bytes = (int) from.count();
    long memory = HostMemory.reserve(Math.max(bytes, 1));
    try {
      int got = (int) from.copyFromIter(memory, bytes);
      byte[] copy = new byte[got];
      HostMemory.copy(memory, copy, 0, got);
      to.writeBytes(copy);
      return got == 0 && bytes > 0 ? -Errno.EFAULT : got;
    } finally {
      HostMemory.release(memory, Math.max(bytes, 1));
    }
  }
}
