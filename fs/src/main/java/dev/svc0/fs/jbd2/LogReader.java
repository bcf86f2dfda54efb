package dev.svc0.fs.jbd2;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.vfs.MountException;
import java.util.function.LongUnaryOperator;

/**
 * Reads the blocks of a log with read-ahead, past the page cache: commits write past it too, so
 * that what it holds of the log may be old.
 */
@Traced(layer = Traced.Layer.JOURNAL)
final class LogReader implements AutoCloseable {
  private static final int WINDOW_BYTES = 1 << 17;

  private final BlockDevice device;
  private final int blockSize;
  private final LongUnaryOperator bmap;
  private final long endBlock;
  private final long memory = HostMemory.reserve(WINDOW_BYTES);
  private long windowStart;
  private int windowBlocks;

  /** Reads blocks of the log below a number. */
  LogReader(BlockDevice device, int blockSize, LongUnaryOperator bmap, long endBlock) {
    this.device = device;
    this.blockSize = blockSize;
    this.bmap = bmap;
    this.endBlock = endBlock;
  }

  /** Host address of a block of the log, until the next call. */
  long read(long logBlock) throws MountException {
    jread(logBlock);
    return memory + (logBlock - windowStart) * blockSize;
  }

  @Traced("jread")
  private void jread(long logBlock) throws MountException {
    if (logBlock < windowStart || logBlock >= windowStart + windowBlocks) {
      fill(logBlock);
    }
  }

  @Traced("do_readahead")
  private void fill(long logBlock) throws MountException {
    long block = place(logBlock);
    int most = (int) Math.min(WINDOW_BYTES / blockSize, endBlock - logBlock);
    int blocks = 1;
    while (blocks < most && bmap.applyAsLong(logBlock + blocks) == block + blocks) {
      blocks++;
    }
    windowBlocks = 0;
    if (!read(block, blocks) && (blocks == 1 || !read(block, blocks = 1))) {
      throw new MountException(Errno.EIO, "jbd2: cannot read block " + block + " of the journal");
    }
    windowStart = logBlock;
    windowBlocks = blocks;
  }

  private long place(long logBlock) throws MountException {
    long block = bmap.applyAsLong(logBlock);
    if (block <= 0) {
      throw LogSuperBlock.broken("block " + logBlock + " of the journal has no place");
    }
    return block;
  }

  private boolean read(long block, int blocks) {
    Bio bio = new Bio(device, 1, ReqOp.READ | ReqOp.META);
    bio.sector = block * (blockSize >>> 9);
    bio.addSegment(memory, blocks * blockSize);
    return BlockCore.submitBioWait(bio) == 0;
  }

  @Override
  public void close() {
    HostMemory.release(memory, WINDOW_BYTES);
  }
}
