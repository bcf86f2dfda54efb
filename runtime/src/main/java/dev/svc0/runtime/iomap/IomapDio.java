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
import dev.svc0.runtime.sched.ThreadState;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One direct I/O of a file: bios that are under way together, and what becomes of them. Used by its
 * thread; the monitor protects what completions touch. <i>Linux:</i> {@code iomap_dio}.
 *
 * <p>User memory goes through frames of the kernel. Those of a write are given back when their bio
 * ends; what was read is copied out by the thread, in order.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class IomapDio {
  /** Bios under way together, at most: what is bounced at a time stays small. */
  private static final int MOST_BIOS = 8;

  /** What a bio carries, for its end. */
  private final class Piece {
    final long memory;
    final int bytes;

    /** Where the memory came from, and how much of it; null for that of the kernel itself. */
    final @Nullable BouncePool pool;

    final int order;

    Piece(long memory, int bytes, @Nullable BouncePool pool, int order) {
      this.memory = memory;
      this.bytes = bytes;
      this.pool = pool;
      this.order = order;
    }

    void giveBack() {
      BouncePool from = pool;
      if (from != null) {
        from.put(memory, order);
      }
    }

    @Traced(value = "iomap_dio_bio_end_io", layer = Traced.Layer.FILESYSTEM)
    void end(Bio bio) {
      if (write) {
        giveBack();
      }
      iomapDioDone(bio.status);
    }
  }

  private final boolean write;
  private final int opf;
  private final IovIter buffers;

  /** Of a read, in order: what was not copied out yet. */
  private final ArrayDeque<Piece> pieces = new ArrayDeque<>(2);

  private int underWay;
  private long error;
  private boolean unwritten;

  IomapDio(IovIter buffers, int opf) {
    write = ReqOp.isWrite(opf);
    this.opf = opf;
    this.buffers = buffers;
  }

  /** Whether some of it went to blocks without content. */
  boolean wroteUnwritten() {
    return unwritten;
  }

  /** Starts moving as much of the current extent as one bio takes. Bytes, or −errno. */
  @Traced("iomap_dio_bio_iter")
  long iomapDioBioIter(IomapIter iter, BlockDevice device) {
    int bytes = (int) Math.min(iter.length(), DirectBios.MAX_BYTES);
    if (write && !IomapDirectIo.isAligned(device, iter.position, iter.left, buffers)) {
      return -Errno.EINVAL;
    }
    unwritten |= iter.iomap.type == Iomap.UNWRITTEN;
    Bio bio = iomapDioAllocBio(device);
    bio.sector = iter.iomap.addressOf(iter.position) >>> 9;
    long moved = bioIovIterGetPages(bio, device, bytes);
    if (moved > 0) {
      iomapDioSubmitBio(bio);
    }
    return moved;
  }

  @Traced("iomap_dio_alloc_bio")
  private Bio iomapDioAllocBio(BlockDevice device) {
    return new Bio(device, 1, opf | (write ? ReqOp.SYNC : 0));
  }

  /** Gives a bio its memory. Bytes of the file that it moves, or −errno. */
  @Traced("bio_iov_iter_get_pages")
  private long bioIovIterGetPages(Bio bio, BlockDevice device, int bytes) {
    int block = device.queue().limits().logicalBlockBytes() - 1;
    if (!buffers.isUser()) {
      int step = (int) Math.min(bytes, buffers.currentLength());
      if ((step & block) == 0) {
        return useAsItIs(bio, step);
      }
    }
    BouncePool pool = device.devices().bounce();
    int wholeBytes = bytes + block & ~block;
    int order = DirectBios.orderFor(wholeBytes);
    long memory = take(pool, order);
    while (memory < 0 && order > 0) {
      memory = take(pool, --order);
    }
    if (memory < 0) {
      return memory;
    }
    int step = Math.min(wholeBytes, FrameAllocator.PAGE_SIZE << order);
    return write
        ? fill(bio, new Piece(memory, step, pool, order), block)
        : offer(bio, new Piece(memory, Math.min(bytes, step), pool, order), step);
  }

  /** Memory of the kernel itself: nobody changes it meanwhile. */
  private long useAsItIs(Bio bio, int bytes) {
    if (!pieces.isEmpty()) {
      long unused = drain(); // the buffers advance in order
    }
    attach(bio, new Piece(buffers.currentAddress(), bytes, null, 0), bytes);
    buffers.advance(bytes);
    return bytes;
  }

  /** Frames, without waiting for others while some are held here. */
  private long take(BouncePool pool, int order) {
    long memory = isFull() ? -Errno.EAGAIN : pool.tryTake(order);
    if (memory == -Errno.EAGAIN) {
      long unused = drain();
      memory = pool.take(order);
    }
    return memory;
  }

  private synchronized boolean isFull() {
    return underWay >= MOST_BIOS || pieces.size() >= MOST_BIOS;
  }

  /** Takes the caller's data; whole blocks of it. */
  private long fill(Bio bio, Piece piece, int block) {
    int filled = (int) buffers.copyFromIter(piece.memory, piece.bytes);
    int whole = filled & ~block;
    buffers.revert(filled - whole);
    if (whole == 0) {
      piece.giveBack();
      return -Errno.EFAULT;
    }
    attach(bio, piece, whole);
    return whole;
  }

  /** Room for what is read: whole blocks, of which the caller gets the first bytes. */
  private long offer(Bio bio, Piece piece, int wholeBytes) {
    attach(bio, piece, wholeBytes);
    pieces.add(piece);
    return piece.bytes;
  }

  private void attach(Bio bio, Piece piece, int bytes) {
    bio.addSegment(piece.memory, bytes);
    bio.privateData = piece;
    bio.endIo = IomapDio::endIo;
  }

  private static void endIo(Bio bio) {
    if (bio.privateData instanceof Piece piece) {
      piece.end(bio);
    }
  }

  /** A hole is read: the buffers get zeroes. Bytes, fewer at a bad address. */
  long zero(long bytes) {
    if (!pieces.isEmpty()) {
      long failed = drain(); // the buffers advance in order
      if (failed != 0) {
        return failed;
      }
    }
    return buffers.zero((int) Math.min(bytes, DirectBios.MAX_BYTES));
  }

  @Traced("iomap_dio_submit_bio")
  private void iomapDioSubmitBio(Bio bio) {
    synchronized (this) {
      underWay++;
    }
    BlockCore.submitBio(bio);
  }

  @Traced("iomap_dio_done")
  private synchronized void iomapDioDone(long status) {
    error = error == 0 ? status : error;
    if (--underWay == 0) {
      notifyAll();
    }
  }

  /** Waits for all that was started, and copies out what was read. The first error, or 0. */
  long drain() {
    ThreadState.flushPlugBeforeSleep();
    long failed = await();
    for (@Nullable Piece piece = pieces.poll(); piece != null; piece = pieces.poll()) {
      if (failed == 0) {
        failed = buffers.copyToIter(piece.memory, piece.bytes) < piece.bytes ? -Errno.EFAULT : 0;
      }
      piece.giveBack();
    }
    synchronized (this) {
      error = error == 0 ? failed : error;
      return error;
    }
  }

  private synchronized long await() {
    while (underWay > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        // A host interrupt is a wake-up like any other.
      }
    }
    return error;
  }
}
