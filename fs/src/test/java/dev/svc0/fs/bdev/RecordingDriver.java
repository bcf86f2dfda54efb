package dev.svc0.fs.bdev;

import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockDriver;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.block.Request;
import dev.svc0.runtime.mm.HostMemory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A disk in an array that writes down what it is asked for, and fails or waits when told to. */
final class RecordingDriver implements BlockDriver {
  /** One request as it arrived. */
  record Seen(int op, boolean fua, long sector, int bytes, int bios, List<Long> operations) {
    @Override
    public String toString() {
      String name =
          switch (op) {
            case ReqOp.READ -> "READ";
            case ReqOp.WRITE -> fua ? "WRITE+FUA" : "WRITE";
            case ReqOp.FLUSH -> "FLUSH";
            case ReqOp.DISCARD -> "DISCARD";
            default -> "op" + op;
          };
      return bytes == 0 ? name : name + " " + sector + "+" + (bytes >> 9);
    }
  }

  final List<Seen> seen = new CopyOnWriteArrayList<>();
  final List<Long> lastOperations = new ArrayList<>();
  private final byte[] content;
  private final ArrayDeque<Request> held = new ArrayDeque<>();
  private boolean holding;
  private long failNextWrite;
  private int underWay;
  int mostUnderWay;

  RecordingDriver(int bytes) {
    content = new byte[bytes];
  }

  synchronized void failNextWrite(long negativeErrno) {
    failNextWrite = negativeErrno;
  }

  synchronized void hold() {
    holding = true;
  }

  /** Completes what was held back, and holds nothing any more. */
  void letGo() {
    while (true) {
      Request request;
      synchronized (this) {
        holding = false;
        request = held.poll();
      }
      if (request == null) {
        return;
      }
      finish(request);
    }
  }

  synchronized List<String> trace() {
    return seen.stream().map(Seen::toString).toList();
  }

  synchronized void forget() {
    seen.clear();
    lastOperations.clear();
  }

  @Override
  public void queueRequest(Request request, boolean last) {
    request.start();
    synchronized (this) {
      note(request);
      underWay++;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      if (holding) {
        held.add(request);
        return;
      }
    }
    finish(request);
  }

  private void note(Request request) {
    List<Long> operations = new ArrayList<>();
    for (Bio bio = request.firstBio(); bio != null; bio = Request.nextBio(bio)) {
      operations.add(bio.operationId);
      lastOperations.add(bio.lastOperationId);
    }
    seen.add(
        new Seen(
            ReqOp.op(request.opf),
            (request.opf & ReqOp.FUA) != 0,
            request.sector,
            request.sizeBytes,
            operations.size(),
            operations));
  }

  private void finish(Request request) {
    long status = 0;
    synchronized (this) {
      underWay--;
      int op = ReqOp.op(request.opf);
      if (op == ReqOp.WRITE && failNextWrite != 0) {
        status = failNextWrite;
        failNextWrite = 0;
      } else if (op == ReqOp.READ || op == ReqOp.WRITE) {
        move(request, op == ReqOp.WRITE);
      }
    }
    request.complete(status);
  }

  private void move(Request request, boolean write) {
    int at = (int) (request.sector << 9);
    for (Bio bio = request.firstBio(); bio != null; bio = Request.nextBio(bio)) {
      for (int i = 0; i < bio.segments(); i++) {
        int bytes = bio.segmentLength(i);
        if (write) {
          HostMemory.copy(bio.segmentAddress(i), content, at, bytes);
        } else {
          HostMemory.copy(content, at, bio.segmentAddress(i), bytes);
        }
        at += bytes;
      }
    }
  }

  @Override
  public void close() {}
}
