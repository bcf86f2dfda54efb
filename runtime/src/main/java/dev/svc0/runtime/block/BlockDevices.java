package dev.svc0.runtime.block;

import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.pagecache.Writeback;
import dev.svc0.runtime.sched.KernelThread;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The disks of one kernel, by name and by number. */
public final class BlockDevices {
  static final int ZERO_BYTES = 4096;
  private static final long WATCH_NANOS = 100_000_000;

  private volatile Work work = Work.BESIDE;
  private final FrameAllocator frames;
  private final Writeback writeback;
  private final List<BlockDevice> disks = new CopyOnWriteArrayList<>();
  private final AtomicLong sequence = new AtomicLong();
  private final BouncePool bounce;
  private final List<Consumer<BlockDevice>> listeners = new CopyOnWriteArrayList<>();
  private @Nullable KernelThread watch;
  private boolean closed;
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

  /** How drivers with threads of their own work. */
  public enum Work {
    /** Who gives them requests goes on at once. */
    BESIDE,
    /**
     * Who gives them requests goes on when these are done: that a disk was quicker or slower then
     * changes nothing.
     */
    IN_TURN
  }

  /** How disks that are added from now on work. */
  public void setWork(Work how) {
    work = how;
  }

  /** How a new disk works. */
  public Work work() {
    return work;
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
    for (Consumer<BlockDevice> listener : listeners) {
      listener.accept(disk);
    }
    return disk;
  }

  /** Tells somebody of each disk that is added from now on. */
  public void onAdd(Consumer<BlockDevice> listener) {
    listeners.add(listener);
  }

  /** Has the drivers asked about requests they keep for too long: see {@link RequestQueue}. */
  public synchronized void watchTimeouts() {
    if (watch == null && !closed) {
      watch = new KernelThread(this::watch, "kblockd");
      watch.start();
    }
  }

  private void watch() {
    while (awaitTick()) {
      for (BlockDevice disk : disks) {
        disk.queue().blkMqTimeoutWork(System.nanoTime());
      }
    }
  }

  /** Waits for the next look; false at the end. */
  private synchronized boolean awaitTick() {
    long deadline = System.nanoTime() + WATCH_NANOS;
    while (!closed && deadline - System.nanoTime() > 0) {
      try {
        wait(WATCH_NANOS / 1_000_000);
      } catch (InterruptedException e) {
        // Look again.
      }
    }
    return !closed;
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
    closed = true;
    notifyAll();
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
