package dev.svc0.runtime.buffer;

import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.pagecache.Folio;
import org.jspecify.annotations.Nullable;

/**
 * One block inside a folio. <i>Linux:</i> {@code buffer_head}. State bits are set and tested
 * atomically; the folio's lock protects the list.
 */
public final class BufferHead {
  /** The folio that holds it. */
  public final Folio folio;

  /** Host address of its first byte. */
  public final long address;

  /** Size in bytes. */
  public final int sizeBytes;

  /** Next buffer of the same folio; the last one points to the first. */
  public BufferHead next;

  /** Where it lives on the device; valid when mapped. */
  public long blockNumber = -1;

  /** The device; valid when mapped. */
  public @Nullable BlockDevice device;

  /** For the journal. */
  public @Nullable Object journalData;

  BufferHead(Folio folio, long address, int sizeBytes) {
    this.folio = folio;
    this.address = address;
    this.sizeBytes = sizeBytes;
    this.next = this;
  }

  /** Whether the content is that of the device. */
  public boolean isUptodate() {
    throw new UnsupportedOperationException();
  }

  /** The content is right now. */
  public void setUptodate() {
    throw new UnsupportedOperationException();
  }

  /** Whether it must be written. */
  public boolean isDirty() {
    throw new UnsupportedOperationException();
  }

  /** Whether it has a place on the device. */
  public boolean isMapped() {
    throw new UnsupportedOperationException();
  }

  /** Gives it a place on the device. <i>Linux:</i> map_bh. */
  public void map(BlockDevice device, long blockNumber) {
    throw new UnsupportedOperationException();
  }

  /** Takes its place away. */
  public void clearMapped() {
    throw new UnsupportedOperationException();
  }

  /** Whether the block was allocated just now, so that its old content means nothing. */
  public boolean isNew() {
    throw new UnsupportedOperationException();
  }

  /** See {@link #isNew}. */
  public void setNew() {
    throw new UnsupportedOperationException();
  }

  /** See {@link #isNew}. */
  public void clearNew() {
    throw new UnsupportedOperationException();
  }

  /** Waits for the lock and takes it. */
  public void lock() {
    throw new UnsupportedOperationException();
  }

  /** Gives the lock back. */
  public void unlock() {
    throw new UnsupportedOperationException();
  }
}
