package dev.svc0.runtime.buffer;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.BitLock;
import dev.svc0.runtime.pagecache.Folio;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One block inside a folio. <i>Linux:</i> {@code buffer_head}. State bits are set and tested
 * atomically; the folio's lock protects the list.
 *
 * <p>Counted: while somebody holds a reference the buffer stays attached to its folio.
 */
@Traced(layer = Traced.Layer.PAGECACHE)
public final class BufferHead extends BitLock {
  /** Told when the I/O of a buffer is over. Must not block. */
  @FunctionalInterface
  public interface EndIo {
    /** Status is 0 or −errno. */
    void endIo(BufferHead buffer, long status);
  }

  private static final int LOCK = 2;
  private static final int UPTODATE = 4;
  private static final int DIRTY = 8;
  private static final int MAPPED = 16;
  private static final int NEW = 32;
  private static final int ASYNC_READ = 64;
  private static final int ASYNC_WRITE = 128;
  private static final int WRITE_IO_ERROR = 256;
  private static final int DELAY = 512;
  private static final int UNWRITTEN = 1024;
  private static final int REQUESTED = 2048;

  /** First of the state bits that a file system or journal may use: {@link #testPrivate}. */
  private static final int PRIVATE_SHIFT = 16;

  private static final BufferHead[] NONE = {};
  private static final int FREED = -1;
  private static final VarHandle REFERENCES;

  static {
    try {
      REFERENCES = MethodHandles.lookup().findVarHandle(BufferHead.class, "references", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The folio that holds it. */
  public final Folio folio;

  /** Host address of its first byte. */
  public final long address;

  /** Size in bytes. */
  public final int sizeBytes;

  /** Next buffer of the same folio; the last one points to the first. */
  public BufferHead next;

  /** All buffers of the folio, for finding one by its number; only in the first of them. */
  BufferHead[] siblings = NONE;

  /** Where it lives on the device; valid when mapped. */
  public volatile long blockNumber = -1;

  /** The device; valid when mapped. */
  public volatile @Nullable BlockDevice device;

  /** For the journal. */
  public @Nullable Object journalData;

  /** Whom to tell when its I/O is over. Set with the buffer locked. */
  public @Nullable EndIo endIo;

  /** The file whose fsync writes this metadata, or null. Protected by that file's list. */
  @Nullable AddressSpace associatedFile;

  private volatile int references;

  BufferHead(Folio folio, long address, int sizeBytes) {
    this.folio = folio;
    this.address = address;
    this.sizeBytes = sizeBytes;
    this.next = this;
  }

  /** The buffer of its folio with a number, counted from this, the first one. */
  BufferHead sibling(int number) {
    return siblings.length == 0 ? this : siblings[number];
  }

  /** Whether the content is that of the device. */
  public boolean isUptodate() {
    return test(UPTODATE);
  }

  /** The content is right now. */
  public void setUptodate() {
    testAndSet(UPTODATE);
  }

  /** The content is not that of the device. */
  public void clearUptodate() {
    testAndClear(UPTODATE);
  }

  /** Whether it must be written. */
  public boolean isDirty() {
    return test(DIRTY);
  }

  /**
   * Marks it dirty, alone; whether it was already. Callers want {@link Buffers#markBufferDirty}.
   */
  public boolean testAndSetDirty() {
    return testAndSet(DIRTY);
  }

  /** Takes the dirty state; whether it was dirty. */
  public boolean testAndClearDirty() {
    return testAndClear(DIRTY);
  }

  /** Whether it has a place on the device. */
  public boolean isMapped() {
    return test(MAPPED);
  }

  /** Gives it a place on the device. <i>Linux:</i> map_bh. */
  public void map(BlockDevice device, long blockNumber) {
    this.device = device;
    this.blockNumber = blockNumber;
    testAndSet(MAPPED);
  }

  /** Takes its place away. */
  public void clearMapped() {
    testAndClear(MAPPED);
  }

  /** Whether the block was allocated just now, so that its old content means nothing. */
  public boolean isNew() {
    return test(NEW);
  }

  /** See {@link #isNew}. */
  public void setNew() {
    testAndSet(NEW);
  }

  /** See {@link #isNew}. */
  public void clearNew() {
    testAndClear(NEW);
  }

  /** Whether space is reserved but no block chosen yet. */
  public boolean isDelay() {
    return test(DELAY);
  }

  /** See {@link #isDelay}. */
  public void setDelay() {
    testAndSet(DELAY);
  }

  /** See {@link #isDelay}. */
  public void clearDelay() {
    testAndClear(DELAY);
  }

  /** Whether the block is allocated but reads as zeroes. */
  public boolean isUnwritten() {
    return test(UNWRITTEN);
  }

  /** See {@link #isUnwritten}. */
  public void setUnwritten() {
    testAndSet(UNWRITTEN);
  }

  /** See {@link #isUnwritten}. */
  public void clearUnwritten() {
    testAndClear(UNWRITTEN);
  }

  /** Whether a write of it failed. */
  public boolean hasWriteIoError() {
    return test(WRITE_IO_ERROR);
  }

  void setWriteIoError() {
    testAndSet(WRITE_IO_ERROR);
  }

  void clearWriteIoError() {
    testAndClear(WRITE_IO_ERROR);
  }

  /** Whether I/O was ever started for it. */
  boolean setRequested() {
    return testAndSet(REQUESTED);
  }

  boolean isAsyncRead() {
    return test(ASYNC_READ);
  }

  void setAsyncRead() {
    testAndSet(ASYNC_READ);
  }

  void clearAsyncRead() {
    testAndClear(ASYNC_READ);
  }

  boolean isAsyncWrite() {
    return test(ASYNC_WRITE);
  }

  void setAsyncWrite() {
    testAndSet(ASYNC_WRITE);
  }

  void clearAsyncWrite() {
    testAndClear(ASYNC_WRITE);
  }

  /** Whether a bit (0 … 14) that a file system or journal defines for itself is set. */
  public boolean testPrivate(int bit) {
    return test(1 << PRIVATE_SHIFT + bit);
  }

  /** Sets such a bit; whether it was set. */
  public boolean testAndSetPrivate(int bit) {
    return testAndSet(1 << PRIVATE_SHIFT + bit);
  }

  /** Clears such a bit; whether it was set. */
  public boolean testAndClearPrivate(int bit) {
    return testAndClear(1 << PRIVATE_SHIFT + bit);
  }

  /** Waits for the lock and takes it. */
  public void lock() {
    if (!tryAcquire(LOCK)) {
      lockSlowly();
    }
  }

  @Traced("__lock_buffer")
  private void lockSlowly() {
    acquire(LOCK);
  }

  /** Takes the lock if it is free. */
  public boolean tryLock() {
    return tryAcquire(LOCK);
  }

  /** Gives the lock back; any thread. */
  @Traced("unlock_buffer")
  public void unlock() {
    release(LOCK);
  }

  /** Whether it is locked by anybody: I/O under way, or a change. */
  public boolean isLocked() {
    return test(LOCK);
  }

  /** Waits until nobody has it locked. <i>Linux:</i> wait_on_buffer. */
  public void waitLocked() {
    awaitClear(LOCK);
  }

  /** Takes a reference; the caller has one, or the folio's lock. <i>Linux:</i> get_bh. */
  public void get() {
    REFERENCES.getAndAdd(this, 1);
  }

  /** Takes a reference unless the buffer is being freed. */
  boolean tryGet() {
    int seen = references;
    while (seen != FREED) {
      int found = (int) REFERENCES.compareAndExchange(this, seen, seen + 1);
      if (found == seen) {
        return true;
      }
      seen = found;
    }
    return false;
  }

  /** Gives a reference back. <i>Linux:</i> put_bh. */
  public void put() {
    int before = (int) REFERENCES.getAndAdd(this, -1);
    if (before <= 0) {
      throw new IllegalStateException("a buffer was put once too often");
    }
  }

  /** Whether anybody holds it. */
  boolean isReferenced() {
    return references > 0;
  }

  boolean freeze() {
    return REFERENCES.compareAndSet(this, 0, FREED);
  }

  void unfreeze() {
    REFERENCES.setVolatile(this, 0);
  }
}
