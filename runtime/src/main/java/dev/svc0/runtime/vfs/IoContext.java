package dev.svc0.runtime.vfs;

import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.sched.ThreadState;
import org.jspecify.annotations.Nullable;

/**
 * What a thread reuses from one read or write to the next, so that they allocate nothing. A call
 * made from inside another one (an overlay reading from below, a splice) gets a context of its own.
 */
public final class IoContext {
  /** Set up by one of its init methods before use. */
  public final IovIter iter = new IovIter();

  /** Addresses of a vector being imported. */
  long[] bases = new long[8];

  /** Lengths of a vector being imported. */
  long[] lengths = new long[8];

  private @Nullable Kiocb slot;
  private boolean busy;
  private @Nullable IoContext nested;

  private IoContext() {}

  /** The context of the calling thread, taken until {@link #release}. */
  public static IoContext acquire() {
    ThreadState state = ThreadState.current();
    IoContext context = (IoContext) state.ioContext;
    if (context == null) {
      context = new IoContext();
      state.ioContext = context;
    }
    while (context.busy) {
      IoContext inner = context.nested;
      if (inner == null) {
        inner = new IoContext();
        context.nested = inner;
      }
      context = inner;
    }
    context.busy = true;
    return context;
  }

  /** Gives it back. */
  public void release() {
    busy = false;
  }

  /** The kiocb, set up for an operation. */
  public Kiocb kiocb(File file, Caller caller, long position, int extraFlags) {
    Kiocb kiocb = slot;
    if (kiocb == null) {
      kiocb = new Kiocb(file, caller, position, 0);
      slot = kiocb;
    }
    return kiocb.init(file, caller, position, extraFlags);
  }

  /** Makes room for a vector of n buffers. */
  void reserve(int n) {
    if (bases.length < n) {
      bases = new long[n];
      lengths = new long[n];
    }
  }
}
