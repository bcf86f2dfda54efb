package dev.svc0.arm64.decode;

import dev.svc0.runtime.mm.HostMemory;
import java.util.Arrays;

/** One page of decoded instructions. */
public final class CodePage {
  /** Instructions in a page. */
  public static final int SIZE = 1024;

  /** Pages that the table {@link CodeCache#fast} has room for. */
  public static final int FAST = 512;

  /** Instructions in the smallest cache line. */
  private static final int LINE = 16;

  /**
   * Decoded instructions; 0 where nothing is decoded yet. One more than fit in a page: the last
   * says that execution runs into the next page.
   */
  public final long[] ops = new long[SIZE + 1];

  /** The guest page: address &gt;&gt;&gt; 12. */
  public final long number;

  /** Guarded by this for changes; once true, never false again. */
  private volatile boolean dead;

  CodePage(long number) {
    this.number = number;
    ops[SIZE] = PreDecoder.pack(Op.NEXT_PAGE, 0, 0, 0, 0, 0);
  }

  /** A page of nobody: its operations are set by the caller. */
  public static CodePage of(long number) {
    return new CodePage(number);
  }

  /** Whether the cache has let go of this page: look it up again. */
  public boolean isDead() {
    return dead;
  }

  /**
   * Decodes one instruction from memory that the caller has found executable.
   *
   * @return false when the page is dead and nothing was decoded
   */
  public synchronized boolean decode(int index, long hostAddress) {
    if (dead) {
      return false;
    }
    long first = PreDecoder.decode(HostMemory.getInt(hostAddress));
    // Only within what IC IVAU invalidates together.
    boolean hasSecond = (index + 1) % LINE != 0;
    ops[index] = hasSecond ? Fusion.fuse(first, HostMemory.getInt(hostAddress + 4)) : first;
    return true;
  }

  /** Has whoever reaches an instruction return to who can run a translation. */
  synchronized void mark(int index) {
    if (!dead) {
      ops[index] = PreDecoder.pack(Op.UNIT, 0, 0, 0, 0, 0);
    }
  }

  /** Forgets instructions [from, to). */
  synchronized void invalidate(int from, int to) {
    Arrays.fill(ops, from, to, 0);
  }

  synchronized void kill() {
    dead = true;
    Arrays.fill(ops, 0, SIZE, 0);
  }
}
