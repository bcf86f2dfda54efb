package dev.svc0.fs.jbd2;

import dev.svc0.runtime.mm.HostMemory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Blocks of host memory for frozen copies and the log's own blocks, used again and again. At most
 * as many as a transaction has blocks. Protected by its own monitor.
 */
final class JournalMemory {
  private static final int CHUNK_BYTES = 1 << 18;

  private final int blockSize;
  private final List<Long> chunks = new ArrayList<>();
  private final Deque<Long> free = new ArrayDeque<>();

  JournalMemory(int blockSize) {
    this.blockSize = blockSize;
  }

  /** The host address of a block with any content. */
  synchronized long allocate() {
    Long block = free.pollLast();
    if (block != null) {
      return block;
    }
    long chunk = HostMemory.reserve(CHUNK_BYTES);
    chunks.add(chunk);
    for (int at = CHUNK_BYTES - blockSize; at > 0; at -= blockSize) {
      free.addLast(chunk + at);
    }
    return chunk;
  }

  /** A block of zeroes. */
  long allocateZeroed() {
    long block = allocate();
    HostMemory.fill(block, blockSize, (byte) 0);
    return block;
  }

  synchronized void free(long block) {
    free.addLast(block);
  }

  /** Gives everything back to the host. */
  synchronized void close() {
    free.clear();
    for (long chunk : chunks) {
      HostMemory.release(chunk, CHUNK_BYTES);
    }
    chunks.clear();
  }
}
