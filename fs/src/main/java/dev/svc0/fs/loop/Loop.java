package dev.svc0.fs.loop;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockDriver;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.block.Request;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.sched.KernelThread;
import dev.svc0.runtime.sched.ThreadState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One loop disk. The monitor protects the queue of requests for the worker. */
@Traced(layer = Traced.Layer.DRIVER)
final class Loop implements BlockDriver {
  private final FileChannel file;
  private final boolean writable;
  private final ArrayDeque<Request> work = new ArrayDeque<>();
  private final KernelThread worker;
  private boolean idle;
  private boolean closed;

  Loop(FileChannel file, boolean writable, String name) {
    this.file = file;
    this.writable = writable;
    worker = new KernelThread(this::work, name);
    worker.start();
  }

  @Override
  @Traced("loop_queue_rq")
  public void queueRequest(Request request, boolean last) {
    request.start();
    synchronized (this) {
      work.add(request);
      if (idle && last) {
        idle = false;
        notifyAll();
      }
    }
  }

  private void work() {
    while (awaitWork()) {
      loopWorkfn();
    }
  }

  /** Waits for a request; false at the end. */
  private synchronized boolean awaitWork() {
    while (work.isEmpty() && !closed) {
      idle = true;
      try {
        wait();
      } catch (InterruptedException e) {
        // Look again.
      }
    }
    idle = false;
    return !work.isEmpty();
  }

  /** Does what there is to do. */
  @Traced("loop_rootcg_workfn")
  private void loopWorkfn() {
    Request request = nextRequest();
    while (request != null) {
      loopProcessWork(request);
      request = nextRequest();
    }
  }

  private synchronized @Nullable Request nextRequest() {
    return work.poll();
  }

  @Traced("loop_process_work")
  private void loopProcessWork(Request request) {
    ThreadState.current().operationId = request.operationId();
    long status;
    try {
      status =
          switch (ReqOp.op(request.opf)) {
            case ReqOp.READ, ReqOp.WRITE -> loRwAio(request);
            case ReqOp.FLUSH -> loReqFlush();
            default -> -Errno.EOPNOTSUPP;
          };
    } catch (IOException e) {
      status = errnoOf(e);
    }
    request.complete(status);
    ThreadState.current().operationId = 0;
  }

  private static long errnoOf(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("No space left") ? -Errno.ENOSPC : -Errno.EIO;
  }

  @Traced("lo_rw_aio")
  private long loRwAio(Request request) throws IOException {
    boolean write = ReqOp.isWrite(request.opf);
    if (write && !writable) {
      return -Errno.EIO;
    }
    long at = request.sector << 9;
    for (Bio bio = request.firstBio(); bio != null; bio = Request.nextBio(bio)) {
      for (int i = 0; i < bio.segments(); i++) {
        int bytes = bio.segmentLength(i);
        ByteBuffer memory = HostMemory.segment(bio.segmentAddress(i), bytes).asByteBuffer();
        if (!transfer(memory, at, write)) {
          return -Errno.EIO;
        }
        at += bytes;
      }
    }
    return 0;
  }

  /** Moves a whole buffer; false when the file ends before. */
  private boolean transfer(ByteBuffer memory, long position, boolean write) throws IOException {
    long at = position;
    while (memory.hasRemaining()) {
      int moved = write ? file.write(memory, at) : file.read(memory, at);
      if (moved < 0) {
        return false;
      }
      at += moved;
    }
    return true;
  }

  private long loReqFlush() throws IOException {
    if (writable) {
      file.force(false);
    }
    return 0;
  }

  @Override
  @Traced("lo_complete_rq")
  public void completeRequest(Request request, long status) {
    request.end(status);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    while (worker.isAlive()) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        // The file must not be closed under the worker.
      }
    }
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
