package dev.svc0.fs.loop;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.hostfs.HostCalls;
import dev.svc0.fs.hostfs.HostCalls.Call;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.BlockDriver;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.block.Request;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.sched.KernelThread;
import dev.svc0.runtime.sched.ThreadState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One loop disk. The monitor protects the queue of requests for the worker. */
@Traced(layer = Traced.Layer.DRIVER)
final class Loop implements BlockDriver {
  private static final long PUNCH =
      FsConstants.FALLOC_FL_PUNCH_HOLE | FsConstants.FALLOC_FL_KEEP_SIZE;
  private static final long ZERO =
      FsConstants.FALLOC_FL_ZERO_RANGE | FsConstants.FALLOC_FL_KEEP_SIZE;

  /** {@code struct loop_info64} of linux/loop.h: its request, size and flags. */
  private static final int LOOP_GET_STATUS64 = 0x4c05;

  private static final int LOOP_INFO64_BYTES = 232;
  private static final int LO_FLAGS_READ_ONLY = 1;
  private static final int LO_FLAGS_DIRECT_IO = 16;

  /** Descriptor of the file. */
  private final long file;

  /** The same past the host's page cache; −1 for none. */
  private final long direct;

  private final boolean writable;
  private final String fileName;
  private final long inode;
  private final ArrayDeque<Request> work = new ArrayDeque<>();
  private final KernelThread worker;

  /** Whether who asks waits until the worker has done what there is. */
  private final boolean inTurn;

  private boolean idle;
  private boolean closed;

  Loop(
      long file,
      long direct,
      boolean writable,
      String fileName,
      long inode,
      BlockDevices.Work how) {
    inTurn = how == BlockDevices.Work.IN_TURN;
    this.fileName = fileName;
    this.inode = inode;
    this.file = file;
    this.direct = direct;
    this.writable = writable;
    worker = new KernelThread(this::work, "loop");
    worker.start();
  }

  @Override
  public String attributeFolder() {
    return "loop";
  }

  /** What losetup asks for. The file is shown without its place, which is the host's business. */
  @Override
  public Map<String, String> attributes() {
    return Map.of(
        "autoclear", "0",
        "backing_file", "/" + fileName,
        "dio", direct >= 0 ? "1" : "0",
        "offset", "0",
        "partscan", "0",
        "sizelimit", "0");
  }

  @Override
  public long ioctl(BlockDevice disk, int request, long argument, UserMemory memory) {
    if (request != LOOP_GET_STATUS64) {
      return -Errno.EINVAL; // as the driver of Linux says instead of ENOTTY
    }
    int flags = (writable ? 0 : LO_FLAGS_READ_ONLY) | (direct >= 0 ? LO_FLAGS_DIRECT_IO : 0);
    ByteBuffer info = ByteBuffer.allocate(LOOP_INFO64_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    byte[] shown = ("/" + fileName).getBytes(StandardCharsets.UTF_8);
    info.putLong(8, inode).putInt(40, disk.minor()).putInt(52, flags);
    info.put(56, shown, 0, Math.min(shown.length, 63));
    return memory.copyToUser(argument, info.array(), 0, LOOP_INFO64_BYTES) == 0 ? 0 : -Errno.EFAULT;
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
      if (inTurn && last && Thread.currentThread() != worker) {
        awaitIdle();
      }
    }
  }

  /** Called with the monitor, by a thread that is not the worker. */
  private void awaitIdle() {
    boolean interrupted = false;
    while (!idle && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
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
      if (inTurn) {
        notifyAll();
      }
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
    switch (ReqOp.op(request.opf)) {
      case ReqOp.READ, ReqOp.WRITE -> loRwAio(request);
      case ReqOp.FLUSH -> request.complete(loReqFlush());
      case ReqOp.DISCARD -> request.complete(loFallocate(request, PUNCH));
      case ReqOp.WRITE_ZEROES -> request.complete(loFallocate(request, ZERO));
      default -> request.complete(-Errno.EOPNOTSUPP);
    }
    ThreadState.current().operationId = 0;
  }

  @Traced("lo_rw_aio")
  private void loRwAio(Request request) {
    request.complete(moveAll(request));
  }

  /** What was moved before an error stays moved: the bios it belongs to end well. */
  private long moveAll(Request request) {
    boolean write = ReqOp.isWrite(request.opf);
    if (write && !writable) {
      return -Errno.EIO;
    }
    long at = request.sector << 9;
    int done = 0;
    for (Bio bio = request.firstBio(); bio != null; bio = Request.nextBio(bio)) {
      for (int i = 0; i < bio.segments(); i++) {
        long error = transfer(bio.segmentAddress(i), bio.segmentLength(i), at + done, write);
        if (error != 0) {
          if (done > 0) {
            request.progress(done);
          }
          return error;
        }
        done += bio.segmentLength(i);
      }
    }
    return 0;
  }

  /** Moves a whole piece of memory. 0 or −errno. */
  private long transfer(long memory, long bytes, long position, boolean write) {
    Call call = write ? Call.PWRITE64 : Call.PREAD64;
    long done = 0;
    while (done < bytes) {
      long left = bytes - done;
      long moved = -Errno.EINVAL;
      if (direct >= 0) {
        moved = HostCalls.call(call, direct, memory + done, left, position + done);
      }
      if (moved == -Errno.EINVAL) { // not open for direct I/O, or this piece is not aligned for it
        moved = HostCalls.call(call, file, memory + done, left, position + done);
      }
      if (moved <= 0) {
        return moved == -Errno.ENOSPC ? moved : -Errno.EIO; // 0: the file was cut
      }
      done += moved;
    }
    return 0;
  }

  @Traced("lo_req_flush")
  private long loReqFlush() {
    return writable ? HostCalls.call(Call.FDATASYNC, file) : 0;
  }

  @Traced("lo_fallocate")
  private long loFallocate(Request request, long mode) {
    if (!writable) {
      return -Errno.EIO;
    }
    long result =
        HostCalls.call(Call.FALLOCATE, file, mode, request.sector << 9, request.sizeBytes);
    return result == 0 || result == -Errno.EOPNOTSUPP || result == -Errno.ENOSPC
        ? result
        : -Errno.EIO;
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
    HostCalls.close(direct);
    HostCalls.close(file);
  }
}
