package dev.svc0.runtime.pagecache;

import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.VmMapping;
import org.jspecify.annotations.Nullable;

/**
 * All cached folios of one file or device, by page index, with dirty and write-back marks. <i>Linux:</i>
 * {@code address_space}, {@code i_mapping}.
 */
public final class AddressSpace {
  private final PageCacheOwner host;
  private final FrameAllocator frames;
  private final Writeback writeback;
  private AddressSpaceOperations operations;

  /** An empty one. */
  public AddressSpace(
      PageCacheOwner host,
      AddressSpaceOperations operations,
      FrameAllocator frames,
      Writeback writeback) {
    this.host = host;
    this.operations = operations;
    this.frames = frames;
    this.writeback = writeback;
  }

  /** Whose content this is. */
  public PageCacheOwner host() {
    return host;
  }

  /** How it is filled and emptied. */
  public AddressSpaceOperations operations() {
    return operations;
  }

  /** Changes how it is filled and emptied; only while it is empty. */
  public void setOperations(AddressSpaceOperations operations) {
    this.operations = operations;
  }

  /** Where frames come from. */
  public FrameAllocator frames() {
    return frames;
  }

  /** Who brings its dirty folios to the store. */
  public Writeback writeback() {
    return writeback;
  }

  /** The folio at a page index with a reference taken, or null. <i>Linux:</i> filemap_get_entry. */
  public @Nullable Folio find(long pageIndex) {
    throw new UnsupportedOperationException();
  }

  /** Number of cached pages. */
  public long pages() {
    throw new UnsupportedOperationException();
  }

  /** Whether any folio is dirty or under write-back. */
  public boolean hasDirtyOrWriteback() {
    throw new UnsupportedOperationException();
  }

  /** Notes a write-back error so that every open file reports it once. <i>Linux:</i> mapping_set_error. */
  public void setError(long negativeErrno) {
    throw new UnsupportedOperationException();
  }

  /** The current error sequence, for a file that is being opened. <i>Linux:</i> errseq_sample. */
  public int sampleError() {
    throw new UnsupportedOperationException();
  }

  /**
   * The error noted since a sample, as −errno, or 0; marks it seen. The second element of what a file
   * keeps, its new sample, is {@link #sampleError} afterwards. <i>Linux:</i> errseq_check_and_advance.
   */
  public long checkError(int since) {
    throw new UnsupportedOperationException();
  }

  /** Adds a memory mapping of this content. */
  public void addMapping(VmMapping mapping) {
    throw new UnsupportedOperationException();
  }

  /** Removes a memory mapping of this content. */
  public void removeMapping(VmMapping mapping) {
    throw new UnsupportedOperationException();
  }
}
