package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SHIFT;
import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SIZE;

import java.util.Arrays;

/**
 * The host memory of a range of guest pages, in one reservation: the number of the frame shown (4
 * bytes a page), then a byte of state a page, then a byte of permissions a page, then the window
 * itself, so that machine code finds permissions at a constant distance from the window. Behind the
 * permissions is one more byte that stays 0, and behind the window lie unused pages, so that an
 * access across the end is refused like any other. Pages are named by their number in the address
 * space; see {@link Windows} for which window holds which.
 *
 * <p>Pages are grouped in chunks of 512 (2 MiB); a chunk none of whose bytes was ever set is
 * skipped by every walk, which makes huge empty mappings cheap. Not thread-safe: the page table's
 * lock protects it.
 */
final class Window {
  /** Pages of the window that begins at address 0. */
  static final long PAGES = MemoryManager.WINDOW_SIZE >>> PAGE_SHIFT;

  static final int CHUNK_SHIFT = 9;
  static final int CHUNK_PAGES = 1 << CHUNK_SHIFT;

  private static final long GUARD = 1 << 16;

  /** More chunks than this are given back to the host rather than cleaned. */
  private static final int MOST_TO_CLEAN = 4096;

  /** The first page held. */
  final long firstPage;

  /** The page after the last one held. */
  final long endPage;

  /** Host address of guest address 0: inside only if the window begins there. */
  final long base;

  /** Host address of the permission byte of page 0, in the same sense. */
  final long permissions;

  /** Outer windows: the frame that lies in the first page while no other is shown there. */
  long edge;

  /** Whether the page behind the end is one of the next window. */
  boolean tailShown;

  private final long states;
  private final long frameNumbers;
  private final long reserved;
  private final long windowBytes;
  private final long totalBytes;
  private final long[] chunks;

  /** The window that begins at address 0. */
  Window() {
    this(0, PAGES);
  }

  /**
   * A window for a range of pages, both numbers multiples of 64 chunks.
   *
   * @throws OutOfMemoryError when the host has no address space left
   */
  Window(long firstPage, long pages) {
    long arrayBytes = arrayBytes(pages);
    this.firstPage = firstPage;
    this.endPage = firstPage + pages;
    windowBytes = (pages << PAGE_SHIFT) + GUARD;
    totalBytes = 4 * arrayBytes + 2 * arrayBytes + windowBytes;
    reserved = NativeMemory.reserve(totalBytes);
    frameNumbers = reserved - 4 * firstPage;
    states = reserved + 4 * arrayBytes - firstPage;
    permissions = states + arrayBytes;
    base = reserved + 6 * arrayBytes - (firstPage << PAGE_SHIFT);
    chunks = new long[(int) (pages >>> CHUNK_SHIFT >>> 6)];
  }

  /** What an array of one byte a page takes. */
  static long arrayBytes(long pages) {
    return pages + PAGE_SIZE;
  }

  int permission(long page) {
    return HostMemory.getByte(permissions + page);
  }

  int state(long page) {
    return HostMemory.getByte(states + page);
  }

  void setPermission(long page, int permission) {
    HostMemory.putByte(permissions + page, (byte) permission);
  }

  void setState(long page, int state) {
    HostMemory.putByte(states + page, (byte) state);
    int chunk = chunkOf(page);
    chunks[chunk >>> 6] |= 1L << chunk;
  }

  private int chunkOf(long page) {
    return (int) ((page - firstPage) >>> CHUNK_SHIFT);
  }

  /** The number of the frame shown at a page, plus one; 0 for none. */
  int frameNumber(long page) {
    return HostMemory.getInt(frameNumbers + 4 * page);
  }

  void setFrameNumber(long page, int number) {
    HostMemory.putInt(frameNumbers + 4 * page, number);
  }

  /** The first page at or after one, and below a bound, whose state is not 0; or the bound. */
  long nextUsed(long page, long bound) {
    long at = page;
    while (at < bound) {
      if ((at & (CHUNK_PAGES - 1)) == 0 || at == page) {
        at = Math.max(at, firstPage + ((long) nextChunk(chunkOf(at)) << CHUNK_SHIFT));
        if (at >= bound) {
          return bound;
        }
      }
      if ((at & 7) == 0 && HostMemory.getLong(states + at) == 0) {
        at += 8;
      } else if (state(at) != 0) {
        return at;
      } else {
        at++;
      }
    }
    return bound;
  }

  private int nextChunk(int chunk) {
    int word = chunk >>> 6;
    long bits = chunks[word] & (-1L << chunk);
    while (bits == 0) {
      if (++word == chunks.length) {
        return chunks.length << 6;
      }
      bits = chunks[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(bits);
  }

  /** Forgets that the chunks that lie wholly in a range of unused pages were ever used. */
  void forgetChunks(long from, long to) {
    int first = chunkOf(from + CHUNK_PAGES - 1);
    int end = chunkOf(to);
    for (int chunk = first; chunk < end; ) {
      if ((chunk & 63) == 0 && chunk + 64 <= end) {
        chunks[chunk >>> 6] = 0;
        chunk += 64;
      } else {
        chunks[chunk >>> 6] &= ~(1L << chunk);
        chunk++;
      }
    }
  }

  /** Drops the content of pages: they read as zero. */
  void discard(long page, long pages) {
    NativeMemory.discard(base + (page << PAGE_SHIFT), pages << PAGE_SHIFT);
  }

  /** Takes shown frames out of the window; zero pages are there instead. */
  void conceal(long page, long pages) {
    long bytes = pages << PAGE_SHIFT;
    if (!NativeMemory.reserveAt(base + (page << PAGE_SHIFT), bytes)) {
      throw new OutOfMemoryError("the host refused to unmap " + bytes + " bytes");
    }
  }

  /**
   * Makes everything zero for the next process; no frame is shown any more.
   *
   * @return false when releasing is the better choice
   */
  boolean clear() {
    int used = 0;
    for (long bits : chunks) {
      used += Long.bitCount(bits);
    }
    if (used > MOST_TO_CLEAN) {
      return false;
    }
    for (int chunk = nextChunk(0); chunk < chunks.length << 6; chunk = nextChunk(chunk + 1)) {
      long page = firstPage + ((long) chunk << CHUNK_SHIFT);
      HostMemory.fill(permissions + page, CHUNK_PAGES, (byte) 0);
      HostMemory.fill(states + page, CHUNK_PAGES, (byte) 0);
      if (chunk + 1 == chunks.length << 6) {
        break;
      }
    }
    Arrays.fill(chunks, 0);
    NativeMemory.discard(base + (firstPage << PAGE_SHIFT), windowBytes);
    return true;
  }

  void release() {
    NativeMemory.release(reserved, totalBytes);
  }
}
