package dev.svc0.runtime.block;

import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.pagecache.Writeback;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The disks of one kernel, by name and by number. */
public final class BlockDevices {
  private final FrameAllocator frames;
  private final Writeback writeback;

  /** An empty registry; page caches of its disks use these frames and this flusher. */
  public BlockDevices(FrameAllocator frames, Writeback writeback) {
    this.frames = frames;
    this.writeback = writeback;
  }

  /** Where frames of its disks' page caches come from. */
  public FrameAllocator frames() {
    return frames;
  }

  /** The flusher of its disks' page caches. */
  public Writeback writeback() {
    return writeback;
  }

  /**
   * Adds a disk.
   *
   * @param prefix name without number, for example {@code ram}
   * @param major device major number
   * @param sectors size in sectors of 512 bytes
   */
  public BlockDevice add(
      String prefix, int major, long sectors, DiskLimits limits, BlockDriver driver) {
    throw new UnsupportedOperationException();
  }

  /** The disk of that name, or null. */
  public @Nullable BlockDevice byName(String name) {
    throw new UnsupportedOperationException();
  }

  /** The disk of that number, or null. */
  public @Nullable BlockDevice byNumber(int major, int minor) {
    throw new UnsupportedOperationException();
  }

  /** All disks, in order of registration. */
  public List<BlockDevice> all() {
    throw new UnsupportedOperationException();
  }

  /** Writes back, flushes and closes every disk. The first error, or 0. */
  public long shutdown() {
    throw new UnsupportedOperationException();
  }
}
