package dev.svc0.runtime.iomap;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BouncePool;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.IovIter;

/**
 * One stretch of direct I/O: frames filled from the caller's buffers, a bio over them, and the way
 * back for reads. Memory of the kernel itself is used as it is.
 */
@Traced(layer = Traced.Layer.BLOCK)
final class DirectBios {
  /** Largest bio: 256 pages, as BIO_MAX_VECS. */
  static final int MAX_BYTES = 1 << 20;

  private DirectBios() {}

  /**
   * Moves bytes between a device and the buffers and waits.
   *
   * @param position byte on the device
   * @param bytes a multiple of the logical block, at most {@link #MAX_BYTES}
   * @return bytes moved, which the buffers have advanced by, or −errno
   */
  static long transfer(BlockDevice device, int opf, long position, IovIter buffers, int bytes) {
    if (!buffers.isUser()) {
      int step = (int) Math.min(bytes, buffers.currentLength());
      long error = run(device, opf, position, buffers.currentAddress(), step);
      if (error == 0) {
        buffers.advance(step);
      }
      return error == 0 ? step : error;
    }
    BouncePool pool = device.devices().bounce();
    int order = orderFor(bytes);
    long memory = pool.take(order);
    while (memory < 0 && order > 0) {
      memory = pool.take(--order);
    }
    if (memory < 0) {
      return memory;
    }
    try {
      int step = Math.min(bytes, FrameAllocator.PAGE_SIZE << order);
      return throughFrames(device, opf, position, buffers, step, memory);
    } finally {
      pool.put(memory, order);
    }
  }

  static int orderFor(int bytes) {
    int pages = bytes + FrameAllocator.PAGE_SIZE - 1 >>> FrameAllocator.PAGE_SHIFT;
    return pages <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(pages - 1);
  }

  private static long throughFrames(
      BlockDevice device, int opf, long position, IovIter buffers, int bytes, long memory) {
    int size = bytes;
    if (ReqOp.isWrite(opf)) {
      Bio bio = bio(device, opf, position);
      size = bioIovIterGetPages(bio, buffers, bytes, memory);
      if (size == 0) {
        return -Errno.EFAULT;
      }
      long error = BlockCore.submitBioWait(bio);
      return error != 0 ? error : size;
    }
    long error = run(device, opf, position, memory, size);
    if (error != 0) {
      return error;
    }
    long copied = buffers.copyToIter(memory, size);
    return copied == 0 ? -Errno.EFAULT : copied;
  }

  /** Takes the caller's data, whole blocks of it, into a bio. */
  @Traced("bio_iov_iter_get_pages")
  private static int bioIovIterGetPages(Bio bio, IovIter buffers, int bytes, long memory) {
    int copied = (int) buffers.copyFromIter(memory, bytes);
    int whole = copied & -bio.device.queue().limits().logicalBlockBytes();
    buffers.revert(copied - whole);
    if (whole > 0) {
      bio.addSegment(memory, whole);
    }
    return whole;
  }

  private static Bio bio(BlockDevice device, int opf, long position) {
    Bio bio = new Bio(device, 1, opf);
    bio.sector = position >>> 9;
    return bio;
  }

  private static long run(BlockDevice device, int opf, long position, long memory, int bytes) {
    Bio bio = bio(device, opf, position);
    bio.addSegment(memory, bytes);
    return BlockCore.submitBioWait(bio);
  }
}
