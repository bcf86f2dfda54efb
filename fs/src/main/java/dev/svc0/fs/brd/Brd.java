package dev.svc0.fs.brd;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockDriver;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.mm.HostMemory;
import java.io.IOException;

/** One ram disk. */
@Traced(layer = Traced.Layer.DRIVER)
final class Brd implements BlockDriver {
  private static final int PAGE = 4096;

  private final long base;
  private final long sizeBytes;

  Brd(long sizeBytes) {
    this.sizeBytes = sizeBytes;
    base = HostMemory.reserve(sizeBytes);
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** Begins with the content of a file, before anybody sees the disk. */
  void fillFrom(BrdImage image) throws IOException {
    image.copyTo(base);
  }

  @Override
  public boolean isBioBased() {
    return true;
  }

  @Override
  @Traced("brd_submit_bio")
  public void submitBio(Bio bio) {
    long at = base + (bio.sector << 9);
    switch (ReqOp.op(bio.opf)) {
      case ReqOp.READ -> read(bio, at);
      case ReqOp.WRITE -> write(bio, at);
      case ReqOp.DISCARD -> brdDoDiscard(bio);
      default -> {
        bio.end(-Errno.EOPNOTSUPP);
        return;
      }
    }
    bio.end(0);
  }

  private static void read(Bio bio, long from) {
    long at = from;
    for (int i = 0; i < bio.segments(); i++) {
      HostMemory.copy(at, bio.segmentAddress(i), bio.segmentLength(i));
      at += bio.segmentLength(i);
    }
  }

  private static void write(Bio bio, long to) {
    long at = to;
    for (int i = 0; i < bio.segments(); i++) {
      HostMemory.copy(bio.segmentAddress(i), at, bio.segmentLength(i));
      at += bio.segmentLength(i);
    }
  }

  /** Gives whole pages back to the host; what of the range cuts a page stays as it is. */
  @Traced("brd_do_discard")
  private void brdDoDiscard(Bio bio) {
    long first = (bio.sector << 9) + PAGE - 1 & -PAGE;
    long end = (bio.sector << 9) + bio.sizeBytes & -PAGE;
    if (end > first) {
      HostMemory.discard(base + first, end - first);
    }
  }

  @Override
  public void close() {
    HostMemory.release(base, sizeBytes);
  }
}
