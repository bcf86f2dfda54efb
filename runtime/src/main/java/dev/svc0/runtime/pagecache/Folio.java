package dev.svc0.runtime.pagecache;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.sched.LockOrder;
import dev.svc0.runtime.sched.ThreadState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A run of 2^order pages of one file in memory, aligned to its size. <i>Linux:</i> {@code folio}.
 *
 * <p>Counted: whoever keeps a folio holds a reference; the page cache holds one, private data one
 * more. The lock protects {@link #mapping}, the content while it is read in, and {@link
 * #privateData}.
 */
@Traced(layer = Traced.Layer.PAGECACHE)
public final class Folio extends BitLock {
  private static final int LOCKED = 2;
  private static final int UPTODATE = 4;
  private static final int DIRTY = 8;
  private static final int WRITEBACK = 16;
  private static final int ERROR = 32;
  private static final int REFERENCED = 64;
  private static final int READAHEAD = 128;
  private static final int CHECKED = 256;

  private static final VarHandle REFERENCES;

  static {
    try {
      REFERENCES = MethodHandles.lookup().findVarHandle(Folio.class, "references", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The address space it belongs to; null once truncated away. */
  public volatile @Nullable AddressSpace mapping;

  /** First page of the file it holds. */
  public final long index;

  /** log2 of its number of pages. */
  public final int order;

  /** Host address of its first byte. */
  public final long address;

  /** What the file system keeps for it: usually the first buffer head. Protected by the lock. */
  public volatile @Nullable Object privateData;

  /** The operation that made it dirty first since it was last clean. */
  public long firstOperation;

  /** The operation that wrote to it last. */
  public long lastOperation;

  /** How often it was written again while dirty. */
  public int overwrites;

  /** Neighbours on the list of folios that may be reclaimed. Protected by that list. */
  @Nullable Folio lruNext;

  @Nullable Folio lruPrevious;
  boolean onLru;

  private final FrameAllocator frames;
  private volatile int references;
  private volatile boolean abandoned;

  /** A folio with one reference, the caller's. */
  Folio(AddressSpace mapping, long index, int order, long address) {
    this.mapping = mapping;
    this.index = index;
    this.order = order;
    this.address = address;
    this.frames = mapping.frames();
    REFERENCES.setRelease(this, 1);
  }

  /** Size in bytes. */
  public int sizeBytes() {
    return 4096 << order;
  }

  /** Number of pages. */
  public int pages() {
    return 1 << order;
  }

  /** Position in the file of its first byte. */
  public long position() {
    return index << 12;
  }

  /** Offset in it of a position of the file. */
  public int offsetOf(long position) {
    return (int) (position - (index << 12));
  }

  /** Waits for the lock and takes it. */
  public void lock() {
    AddressSpace owner = mapping;
    if (LockOrder.ENABLED && owner != null) { // a new one is nobody's, and free
      LockOrder.beforeWaiting(owner.host().folioClass());
    }
    acquire(LOCKED);
  }

  /** Takes the lock if it is free. */
  public boolean tryLock() {
    return tryAcquire(LOCKED);
  }

  /** Gives the lock back; may be called by a thread other than the one that took it. */
  public void unlock() {
    release(LOCKED);
  }

  /** Waits until nobody has it locked, without taking the lock. */
  public void waitLocked() {
    awaitClear(LOCKED);
  }

  /** Whether it is locked by anybody. */
  public boolean isLocked() {
    return test(LOCKED);
  }

  /** Whether the content is that of the file. */
  public boolean isUptodate() {
    return test(UPTODATE);
  }

  /** The content is that of the file now. */
  public void markUptodate() {
    testAndClear(ERROR);
    testAndSet(UPTODATE);
  }

  /** The content is not that of the file any more: it must be read again. */
  public void clearUptodate() {
    testAndClear(UPTODATE);
  }

  /** Whether it must be written back. */
  public boolean isDirty() {
    return test(DIRTY);
  }

  boolean testAndSetDirty() {
    return testAndSet(DIRTY);
  }

  /** A mark for the file system of the folio, which alone sets and takes it; under the lock. */
  public void setChecked() {
    testAndSet(CHECKED);
  }

  /** Whether {@link #setChecked} was called since the mark was taken off. */
  public boolean isChecked() {
    return test(CHECKED);
  }

  /** Takes that mark off. */
  public void clearChecked() {
    testAndClear(CHECKED);
  }

  boolean testAndClearDirty() {
    return testAndClear(DIRTY);
  }

  /** Whether a write of it is under way. */
  public boolean isWriteback() {
    return test(WRITEBACK);
  }

  boolean testAndSetWriteback() {
    return testAndSet(WRITEBACK);
  }

  /** The write is over; whether somebody waits for that. */
  boolean clearWriteback() {
    return clearHeld(WRITEBACK);
  }

  @Traced("folio_wait_bit")
  void awaitWriteback() {
    awaitClear(WRITEBACK);
  }

  @Traced("folio_wake_bit")
  void wake() {
    wakeWaiters();
  }

  /** A read or write of it failed. */
  public void setError() {
    testAndSet(ERROR);
  }

  /** Whether a read or write of it failed since it was last up to date. */
  public boolean hasError() {
    return test(ERROR);
  }

  /** It was used: reclaim passes it over once. <i>Linux:</i> folio_mark_accessed. */
  public void markAccessed() {
    testAndSet(REFERENCED);
  }

  boolean testAndClearReferenced() {
    return testAndClear(REFERENCED);
  }

  void setReadahead() {
    testAndSet(READAHEAD);
  }

  boolean testAndClearReadahead() {
    return testAndClear(READAHEAD);
  }

  /** Notes the calling thread's operation as a writer of this folio. */
  void noteWriter(boolean wasDirty) {
    long operation = ThreadState.currentOperation();
    if (wasDirty) {
      overwrites++;
    } else {
      firstOperation = operation;
      overwrites = 0;
    }
    lastOperation = operation;
  }

  /** Takes a reference; the caller has one already, or the lock of the mapping's tree. */
  public void get() {
    REFERENCES.getAndAdd(this, 1);
  }

  /** Takes a reference unless the folio is being freed. */
  boolean tryGet() {
    int seen = references;
    while (seen != 0) {
      int found = (int) REFERENCES.compareAndExchange(this, seen, seen + 1);
      if (found == seen) {
        return true;
      }
      seen = found;
    }
    return false;
  }

  /** Gives a reference back; the last one frees the frame. */
  public void put() {
    int before = (int) REFERENCES.getAndAdd(this, -1);
    if (before == 1) {
      if (!abandoned) {
        frames.free(address, order);
      }
    } else if (before <= 0) {
      throw new IllegalStateException("a folio was put once too often");
    }
  }

  /** References now. */
  int references() {
    return references;
  }

  /** Takes all references away if there are exactly so many: nobody can get one any more. */
  boolean freeze(int expected) {
    return REFERENCES.compareAndSet(this, expected, 0);
  }

  /** Undoes {@link #freeze}. */
  void unfreeze(int references) {
    REFERENCES.setVolatile(this, references);
  }

  /** A folio of one page of this frozen one, with one reference and the same state. */
  Folio part(AddressSpace owner, int page) {
    Folio part = new Folio(owner, index + page, 0, address + 4096L * page);
    if (isUptodate()) {
      part.markUptodate();
    }
    if (isDirty()) {
      part.testAndSetDirty();
    }
    part.firstOperation = firstOperation;
    part.lastOperation = lastOperation;
    part.overwrites = overwrites;
    return part;
  }

  /**
   * A frozen folio's frames belong to its parts now: one reference is left, which frees nothing.
   */
  void abandon() {
    abandoned = true;
    unfreeze(1);
  }

  /** Frees the frame of a frozen folio. */
  void freeFrozen() {
    frames.free(address, order);
  }

  FrameAllocator frames() {
    return frames;
  }

  @Override
  public String toString() {
    AddressSpace owner = mapping;
    String of = owner == null ? "truncated" : owner.host().describe();
    return "folio " + index + " of " + of;
  }
}
