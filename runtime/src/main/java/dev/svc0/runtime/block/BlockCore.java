package dev.svc0.runtime.block;

/** Submitting bios. <i>Linux:</i> block/blk-core.c. */
public final class BlockCore {
  private BlockCore() {}

  /** Starts collecting this thread's bios, for merging. Nests. */
  public static void blkStartPlug() {
    throw new UnsupportedOperationException();
  }

  /** Lets the collected bios go. */
  public static void blkFinishPlug() {
    throw new UnsupportedOperationException();
  }

  /** Starts a bio; its completion comes later, on any thread, or before this returns. */
  public static void submitBio(Bio bio) {
    throw new UnsupportedOperationException();
  }

  /** Starts a bio and waits for it. 0 or −errno. */
  public static long submitBioWait(Bio bio) {
    throw new UnsupportedOperationException();
  }

  /** Empties the device's volatile write cache and waits. 0 or −errno. */
  public static long blkdevIssueFlush(BlockDevice device) {
    throw new UnsupportedOperationException();
  }

  /** Discards sectors and waits. 0 or −errno (−EOPNOTSUPP). */
  public static long blkdevIssueDiscard(BlockDevice device, long sector, long sectors) {
    throw new UnsupportedOperationException();
  }

  /** Makes sectors read as zero and waits, by the device or by writing zeroes. 0 or −errno. */
  public static long blkdevIssueZeroout(BlockDevice device, long sector, long sectors) {
    throw new UnsupportedOperationException();
  }
}
