package dev.svc0.runtime.block;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.pagecache.WritebackControl;
import dev.svc0.runtime.sched.LockClass;
import dev.svc0.runtime.sched.LockOrder;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A disk as the rest of the kernel sees it, with the page cache of its raw content. <i>Linux:</i>
 * {@code block_device} and {@code gendisk}.
 */
@Traced(layer = Traced.Layer.BLOCK)
public final class BlockDevice {
  private final BlockDevices devices;
  private final String name;
  private final int major;
  private final int minor;
  private final long sectors;
  private final long sequence;
  private final DiskStats stats = new DiskStats();
  private final RequestQueue queue;
  private final AddressSpace mapping;
  private final AtomicReference<@Nullable Object> holder = new AtomicReference<>();
  private volatile boolean readOnly;

  /**
   * Held shared by reads and writes of the raw content, exclusively by what takes pages out of its
   * cache. <i>Linux:</i> i_rwsem of the bdev inode.
   */
  public final ReentrantReadWriteLock lock = LockOrder.readWriteLock(LockClass.DISK);

  private volatile int blockBits;
  private volatile int readaheadPages = Filemap.READAHEAD_PAGES;

  /**
   * The raw content as an owner of cached pages. <i>Linux:</i> the inode of the bdev file system.
   */
  private final class Content implements PageCacheOwner {
    @Override
    public LockClass folioClass() {
      return LockClass.DISK_FOLIO;
    }

    @Override
    public AddressSpace mapping() {
      return mapping;
    }

    @Override
    public long sizeBytes() {
      return sectors << 9;
    }

    @Override
    public int blockBits() {
      return blockBits;
    }

    @Override
    @Traced(value = "__mark_inode_dirty", layer = Traced.Layer.VFS)
    public void markDirty(int flags) {
      devices.writeback().addDirty(this, mapping);
    }

    @Override
    public long writeAttributes(WritebackControl control) {
      return 0; // a device node's times belong to the file system it lies in
    }

    @Override
    public int readaheadPages() {
      return readaheadPages;
    }

    @Override
    public String describe() {
      return "block device " + name;
    }

    @Override
    public int traceDevice() {
      return BlockPoints.device(BlockDevice.this);
    }

    @Override
    public long traceInode() {
      return 0;
    }
  }

  BlockDevice(
      BlockDevices devices,
      String name,
      int major,
      int minor,
      long sectors,
      DiskLimits limits,
      BlockDriver driver) {
    this.devices = devices;
    this.name = name;
    this.major = major;
    this.minor = minor;
    this.sectors = sectors;
    sequence = devices.nextSequence();
    queue = new RequestQueue(driver, limits, stats);
    mapping =
        new AddressSpace(
            new Content(), devices.contentOperations(this), devices.frames(), devices.writeback());
    mapping.setLargeFolios(FrameAllocator.MAX_ORDER);
    blockBits = initialBlockBits(limits);
  }

  /** The largest block up to a page that divides the size. <i>Linux:</i> set_init_blocksize. */
  private int initialBlockBits(DiskLimits limits) {
    int bytes = limits.logicalBlockBytes();
    while (bytes < 4096 && (sizeBytes() & bytes) == 0) {
      bytes <<= 1;
    }
    return Integer.numberOfTrailingZeros(bytes);
  }

  /** A number no other disk of this kernel had before (BLKGETDISKSEQ). */
  public long sequence() {
    return sequence;
  }

  /** The disks of its kernel. */
  public BlockDevices devices() {
    return devices;
  }

  /** Name below /dev, for example {@code ram0}. */
  public String name() {
    return name;
  }

  /** Major number. */
  public int major() {
    return major;
  }

  /** Minor number. */
  public int minor() {
    return minor;
  }

  /** Size in sectors of 512 bytes. */
  public long sectors() {
    return sectors;
  }

  /** Size in bytes. */
  public long sizeBytes() {
    return sectors << 9;
  }

  /** Whether writes are refused. */
  public boolean isReadOnly() {
    return readOnly;
  }

  /** Refuses or allows writes (BLKROSET). */
  public void setReadOnly(boolean readOnly) {
    this.readOnly = readOnly;
  }

  /** The queue in front of its driver. */
  public RequestQueue queue() {
    return queue;
  }

  /** The page cache of its raw content, which buffer heads of file systems live in too. */
  public AddressSpace mapping() {
    return mapping;
  }

  /**
   * log2 of the block size of its page cache: what {@link #setBlockSize} set, at first the largest
   * up to 4096 bytes that divides the size of the disk.
   */
  public int blockBits() {
    return blockBits;
  }

  /** Pages of the largest window of read-ahead of files on it, and of itself. */
  public int readaheadPages() {
    return readaheadPages;
  }

  /** Sets that (BLKRASET) for files opened from now on. */
  public void setReadaheadPages(int pages) {
    readaheadPages = pages;
  }

  /** Sets the block size for buffer heads; writes back and drops the cache. 0 or −EINVAL. */
  @Traced("set_blocksize")
  public long setBlockSize(int bytes) {
    boolean valid =
        Integer.bitCount(bytes) == 1
            && bytes >= queue.limits().logicalBlockBytes()
            && bytes <= 4096;
    if (!valid) {
      return -Errno.EINVAL;
    }
    if (bytes != 1 << blockBits) {
      lock.writeLock().lock();
      try {
        Filemap.filemapWriteAndWaitRange(mapping, 0, Long.MAX_VALUE);
        blockBits = Integer.numberOfTrailingZeros(bytes);
        Filemap.truncateInodePages(mapping, 0);
      } finally {
        lock.writeLock().unlock();
      }
    }
    return 0;
  }

  /**
   * Takes it for one user, as mount does, so that no second one comes.
   *
   * @return 0 or −EBUSY
   */
  public long claim(Object newHolder) {
    return holder.compareAndSet(null, newHolder) ? 0 : -Errno.EBUSY;
  }

  /** Gives it back after {@link #claim}. */
  public void unclaim(Object oldHolder) {
    if (!holder.compareAndSet(oldHolder, null)) {
      throw new IllegalStateException(name + " was not held by " + oldHolder);
    }
  }

  /** What it has done, as /proc/diskstats counts. */
  public DiskStats stats() {
    return stats;
  }

  /** Hands a bio to the driver of a disk without a queue, and counts it when it is over. */
  void startBio(Bio bio) {
    long start = System.nanoTime();
    bio.startNanos = start;
    stats.start(start);
    queue.driver().submitBio(bio);
  }

  /**
   * Writes back and waits for everything in its page cache, then flushes the device. 0 or −errno.
   */
  @Traced("sync_blockdev")
  public long sync() {
    long error = Filemap.filemapWriteAndWaitRange(mapping, 0, Long.MAX_VALUE);
    long flushed = BlockCore.blkdevIssueFlush(this);
    return error == 0 ? flushed : error;
  }

  @Override
  public String toString() {
    return name;
  }
}
