package dev.svc0.fs.nullblk;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockDriver;
import dev.svc0.runtime.block.Request;

/** One null disk, with a queue or without. */
@Traced(layer = Traced.Layer.DRIVER)
final class NullBlk implements BlockDriver {
  private final boolean bioBased;

  NullBlk(boolean bioBased) {
    this.bioBased = bioBased;
  }

  @Override
  public boolean isBioBased() {
    return bioBased;
  }

  @Override
  @Traced("null_queue_rq")
  public void queueRequest(Request request, boolean last) {
    request.start();
    request.complete(0);
  }

  @Override
  @Traced("null_submit_bio")
  public void submitBio(Bio bio) {
    bio.end(0);
  }

  @Override
  public void close() {}
}
