package dev.svc0.fs.nullblk;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockDriver;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.block.Request;
import dev.svc0.runtime.mm.HostMemory;

/** One null disk, with a queue or without. */
@Traced(layer = Traced.Layer.DRIVER)
final class NullBlk implements BlockDriver {
  private final boolean bioBased;

  private final int submitQueues;

  NullBlk(boolean bioBased, int submitQueues) {
    this.bioBased = bioBased;
    this.submitQueues = submitQueues;
  }

  @Override
  public int hardwareQueues() {
    return submitQueues;
  }

  @Override
  public boolean isBioBased() {
    return bioBased;
  }

  @Override
  @Traced("null_queue_rq")
  public void queueRequest(Request request, boolean last) {
    request.start();
    for (Bio bio = request.firstBio(); bio != null; bio = Request.nextBio(bio)) {
      nullHandleData(bio);
    }
    request.complete(0);
  }

  /** Zeroes what is read, where Linux leaves the caller's memory as it is. */
  private static void nullHandleData(Bio bio) {
    if (ReqOp.op(bio.opf) == ReqOp.READ) {
      for (int i = 0; i < bio.segments(); i++) {
        HostMemory.fill(bio.segmentAddress(i), bio.segmentLength(i), (byte) 0);
      }
    }
  }

  @Override
  @Traced("null_submit_bio")
  public void submitBio(Bio bio) {
    nullHandleData(bio);
    bio.end(0);
  }

  @Override
  public void close() {}
}
