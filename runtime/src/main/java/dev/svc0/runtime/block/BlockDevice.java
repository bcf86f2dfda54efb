package dev.svc0.runtime.block;

import dev.svc0.runtime.pagecache.AddressSpace;

/**
 * A disk as the rest of the kernel sees it, with the page cache of its raw content. <i>Linux:</i>
 * {@code block_device} and {@code gendisk}.
 */
public final class BlockDevice {
  private final String name;
  private final int major;
  private final int minor;
  private final long sectors;

  BlockDevice(String name, int major, int minor, long sectors) {
    this.name = name;
    this.major = major;
    this.minor = minor;
    this.sectors = sectors;
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
    throw new UnsupportedOperationException();
  }

  /** Refuses or allows writes (BLKROSET). */
  public void setReadOnly(boolean readOnly) {
    throw new UnsupportedOperationException();
  }

  /** The queue in front of its driver. */
  public RequestQueue queue() {
    throw new UnsupportedOperationException();
  }

  /** The page cache of its raw content, which buffer heads of file systems live in too. */
  public AddressSpace mapping() {
    throw new UnsupportedOperationException();
  }

  /** log2 of the block size of its page cache: what {@link #setBlockSize} set, at first 12. */
  public int blockBits() {
    throw new UnsupportedOperationException();
  }

  /** Sets the block size for buffer heads; writes back and drops the cache. 0 or −EINVAL. */
  public long setBlockSize(int bytes) {
    throw new UnsupportedOperationException();
  }

  /**
   * Takes it for one user, as mount does, so that no second one comes.
   *
   * @return 0 or −EBUSY
   */
  public long claim(Object holder) {
    throw new UnsupportedOperationException();
  }

  /** Gives it back after {@link #claim}. */
  public void unclaim(Object holder) {
    throw new UnsupportedOperationException();
  }

  /** What it has done, as /proc/diskstats counts. */
  public DiskStats stats() {
    throw new UnsupportedOperationException();
  }

  /** Writes back and waits for everything in its page cache, then flushes the device. 0 or −errno. */
  public long sync() {
    throw new UnsupportedOperationException();
  }
}
