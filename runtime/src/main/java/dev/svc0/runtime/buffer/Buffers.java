package dev.svc0.runtime.buffer;

import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.WriteContext;
import dev.svc0.runtime.pagecache.WritebackControl;
import org.jspecify.annotations.Nullable;

/** What file systems do with buffer heads. */
public final class Buffers {
  private Buffers() {}

  /** The buffer of a device block, with a reference, its content perhaps not read. */
  public static @Nullable BufferHead bdevGetblk(BlockDevice device, long block, int sizeBytes) {
    throw new UnsupportedOperationException();
  }

  /** The buffer of a device block, read if need be, with a reference; null when reading failed. */
  public static @Nullable BufferHead bread(BlockDevice device, long block, int sizeBytes) {
    throw new UnsupportedOperationException();
  }

  /** Lets go of the reference of {@link #bread} or {@link #bdevGetblk}; null is ignored. */
  public static void brelse(@Nullable BufferHead buffer) {
    throw new UnsupportedOperationException();
  }

  /** Marks a buffer, its folio and its owner dirty. */
  public static void markBufferDirty(BufferHead buffer) {
    throw new UnsupportedOperationException();
  }

  /** The same for metadata that belongs to a file, so that its fsync writes it. */
  public static void markBufferDirtyInode(BufferHead buffer, AddressSpace file) {
    throw new UnsupportedOperationException();
  }

  /** Forgets that a buffer is dirty: its block was freed. */
  public static void bforget(@Nullable BufferHead buffer) {
    throw new UnsupportedOperationException();
  }

  /** Writes a dirty buffer and waits. 0 or −errno. */
  public static long syncDirtyBuffer(BufferHead buffer) {
    throw new UnsupportedOperationException();
  }

  /** Writes the metadata buffers that belong to a file and waits. 0 or −errno. */
  public static long syncMappingBuffers(AddressSpace file) {
    throw new UnsupportedOperationException();
  }

  /** Gives a locked folio clean, unmapped buffers of a block size. */
  public static BufferHead createEmptyBuffers(Folio folio, int blockBytes) {
    throw new UnsupportedOperationException();
  }

  /** read_folio of a file system with buffers. */
  public static long blockReadFullFolio(Folio folio, GetBlock getBlock) {
    throw new UnsupportedOperationException();
  }

  /** write_begin of a file system with buffers: finds and locks the folio, maps, reads partial blocks. */
  public static long blockWriteBegin(
      AddressSpace mapping, long position, int bytes, WriteContext context, GetBlock getBlock) {
    throw new UnsupportedOperationException();
  }

  /** The part of {@link #blockWriteBegin} after the folio is found and locked. */
  public static long blockWriteBeginInt(Folio folio, long position, int bytes, GetBlock getBlock) {
    throw new UnsupportedOperationException();
  }

  /** Marks what was copied up to date and dirty. Bytes accepted; the folio stays locked. */
  public static int blockWriteEnd(Folio folio, long position, int bytes, int copied) {
    throw new UnsupportedOperationException();
  }

  /** Writes a locked folio's dirty buffers; unlocks it. 0 or −errno. */
  public static long blockWriteFullFolio(
      Folio folio, WritebackControl control, GetBlock getBlock) {
    throw new UnsupportedOperationException();
  }

  /** invalidate_folio of a file system with buffers. */
  public static void blockInvalidateFolio(Folio folio, int offset, int bytes) {
    throw new UnsupportedOperationException();
  }

  /** release_folio of a file system with buffers: drops clean, unused buffers. */
  public static boolean tryToFreeBuffers(Folio folio) {
    throw new UnsupportedOperationException();
  }

  /** Zeroes the rest of the block that a new file size cuts, and marks it dirty. 0 or −errno. */
  public static long blockTruncatePage(AddressSpace mapping, long from, GetBlock getBlock) {
    throw new UnsupportedOperationException();
  }
}
