package dev.svc0.fs.conformance;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Kiocb;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** A driver as of 2.4: it gets an address in the program and a length. Keeps what was written. */
@Traced(layer = Traced.Layer.DRIVER)
final class OldDriver implements FileOperations {
  final ByteArrayOutputStream written = new ByteArrayOutputStream();
  final List<Long> lengths = new ArrayList<>();

  /** The most it takes at once; what is above is left to the next call. */
  long most = Long.MAX_VALUE;

  @Override
  public int supplies() {
    return READ | WRITE;
  }

  @Override
  @Traced("old_write")
  public long write(Kiocb kiocb, long userBuffer, long bytes) {
    long taken = Math.min(bytes, most);
    lengths.add(bytes);
    written.writeBytes(kiocb.caller.memory().readBytes(userBuffer, (int) taken));
    kiocb.position += taken;
    return taken;
  }

  @Override
  @Traced("old_read")
  public long read(Kiocb kiocb, long userBuffer, long bytes) {
    byte[] all = written.toByteArray();
    int from = (int) Math.min(kiocb.position, all.length);
    int step = (int) Math.min(bytes, all.length - from);
    kiocb
        .caller
        .memory()
        .writeBytes(userBuffer, java.util.Arrays.copyOfRange(all, from, from + step));
    kiocb.position += step;
    return step;
  }
}
