package dev.svc0.fs.conformance;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.sched.KernelThread;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Kiocb;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A driver as of 3.x: takes a few bytes, queues, answers EIOCBRETRY, and is asked again once its
 * worker said so. Keeps what was written.
 */
@Traced(layer = Traced.Layer.DRIVER)
final class AioDriver implements FileOperations {
  final ByteArrayOutputStream written = new ByteArrayOutputStream();
  final List<Long> left = new ArrayList<>();

  /** How often a write is put off. */
  int retries = 2;

  private int asked;

  @Override
  public int supplies() {
    return AIO_WRITE;
  }

  @Override
  @Traced("queued_aio_write")
  public long aioWrite(Kiocb kiocb, IovIter from) {
    left.add(from.count());
    if (asked++ < retries) {
      new KernelThread(() -> workerIsReady(kiocb), "aio-worker").start();
      return EIOCBRETRY;
    }
    asked = 0;
    long got = IterDriver.drain(from, written);
    kiocb.position += Math.max(got, 0);
    return got;
  }

  @Traced("queued_worker")
  private void workerIsReady(Kiocb kiocb) {
    kiocb.kick();
  }
}
