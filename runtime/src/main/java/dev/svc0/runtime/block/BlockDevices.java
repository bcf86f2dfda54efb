package dev.svc0.runtime.block;

import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.pagecache.Writeback;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The disks of one kernel, by name and by number. */
public final class BlockDevices {
  static final int ZERO_BYTES = 4096;

  private final FrameAllocator frames;
  private final Writeback writeback;
  private final List<BlockDevice> disks = new CopyOnWriteArrayList<>();
  private final AtomicLong sequence = new AtomicLong();
  private final BouncePool bounce;
  private long zeroes;

  private final Function<BlockDevice, AddressSpaceOperations> contentOperations;

  /**
   * An empty registry.
   *
   * @param frames where page caches of its disks come from
   * @param writeback who writes them back
   * @param contentOperations how the page cache of a disk's raw content is filled and emptied
   */
  public BlockDevices(
      FrameAllocator frames,
      Writeback writeback,
      Function<BlockDevice, AddressSpaceOperations> contentOperations) {
    this.frames = frames;
    this.writeback = writeback;
    this.contentOperations = contentOperations;
    bounce = new BouncePool(frames, writeback);
  }

  AddressSpaceOperations contentOperations(BlockDevice disk) {
    return contentOperations.apply(disk);
  }

  /** Where frames of its disks' page caches come from. */
  public FrameAllocator frames() {
    return frames;
  }

  /** The flusher of its disks' page caches. */
  public Writeback writeback() {
    return writeback;
  }

  /** Frames for direct I/O. */
  public BouncePool bounce() {
    return bounce;
  }

  long nextSequence() {
    return sequence.incrementAndGet();
  }

  /** Host address of {@link #ZERO_BYTES} bytes that nobody writes to. */
  synchronized long zeroes() {
    if (zeroes == 0) {
      zeroes = HostMemory.reserve(ZERO_BYTES);
    }
    return zeroes;
  }

  /**
   * Adds a disk.
   *
   * @param prefix name without number, for example {@code ram}
   * @param major device major number
   * @param sectors size in sectors of 512 bytes
   */
  public synchronized BlockDevice add(
      String prefix, int major, long sectors, DiskLimits limits, BlockDriver driver) {
    int number = 0;
    while (byName(prefix + number) != null || byNumber(major, number) != null) {
      number++;
    }
    BlockDevice disk =
        new BlockDevice(this, prefix + number, major, number, sectors, limits, driver);
    disks.add(disk);
    return disk;
  }

  /** The disk of that name, or null. */
  public @Nullable BlockDevice byName(String name) {
    for (BlockDevice disk : disks) {
      if (disk.name().equals(name)) {
        return disk;
      }
    }
    return null;
  }

  /** The disk of that number, or null. */
  public @Nullable BlockDevice byNumber(int major, int minor) {
    for (BlockDevice disk : disks) {
      if (disk.major() == major && disk.minor() == minor) {
        return disk;
      }
    }
    return null;
  }

  /** All disks, in order of registration. */
  public List<BlockDevice> all() {
    return List.copyOf(disks);
  }

  /** Writes back, flushes and closes every disk. The first error, or 0. */
  public synchronized long shutdown() {
    long error = 0;
    for (BlockDevice disk : disks.reversed()) {
      long result = disk.sync();
      error = error == 0 ? result : error;
      disk.queue().driver().close();
    }
    disks.clear();
    bounce.close();
    if (zeroes != 0) {
      HostMemory.release(zeroes, ZERO_BYTES);
      zeroes = 0;
    }
    return error;
  }
}
