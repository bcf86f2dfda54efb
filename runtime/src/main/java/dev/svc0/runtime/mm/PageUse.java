package dev.svc0.runtime.mm;

/**
 * What the present pages of one or more mappings come to, in bytes. <i>Linux:</i> {@code
 * mem_size_stats}, the fields of /proc/PID/smaps; its rules in {@code smaps_account}.
 */
public final class PageUse {
  /** Proportional shares are kept with this many more bits, so that rounding does not add up. */
  private static final int PSS_SHIFT = 12;

  private long resident;
  private long sharedClean;
  private long sharedDirty;
  private long privateClean;
  private long privateDirty;
  private long referenced;
  private long anonymous;
  private long pssAnonymous;
  private long pssFile;
  private long pssShmem;
  private long pssDirty;
  private long pssLocked;

  /** To what a page belongs. */
  enum Kind {
    ANONYMOUS,
    FILE,
    SHMEM
  }

  /**
   * Adds a page.
   *
   * @param mapCount mappings that show it, this one included
   */
  void add(Kind kind, int mapCount, boolean dirty, boolean touched, boolean locked) {
    long size = FrameAllocator.PAGE_SIZE;
    long pss = (size << PSS_SHIFT) / mapCount;
    resident += size;
    referenced += touched ? size : 0;
    switch (kind) {
      case ANONYMOUS -> {
        anonymous += size;
        pssAnonymous += pss;
      }
      case FILE -> pssFile += pss;
      case SHMEM -> pssShmem += pss;
    }
    pssDirty += dirty ? pss : 0;
    pssLocked += locked ? pss : 0;
    if (mapCount > 1) {
      sharedDirty += dirty ? size : 0;
      sharedClean += dirty ? 0 : size;
    } else {
      privateDirty += dirty ? size : 0;
      privateClean += dirty ? 0 : size;
    }
  }

  /** Adds what other mappings come to. */
  public void add(PageUse other) {
    resident += other.resident;
    sharedClean += other.sharedClean;
    sharedDirty += other.sharedDirty;
    privateClean += other.privateClean;
    privateDirty += other.privateDirty;
    referenced += other.referenced;
    anonymous += other.anonymous;
    pssAnonymous += other.pssAnonymous;
    pssFile += other.pssFile;
    pssShmem += other.pssShmem;
    pssDirty += other.pssDirty;
    pssLocked += other.pssLocked;
  }

  /** Present pages: Rss. */
  public long resident() {
    return resident;
  }

  /** Pages, each divided by the mappings that show it: Pss. */
  public long proportional() {
    return pssAnonymous + pssFile + pssShmem >> PSS_SHIFT;
  }

  /** Pss_Anon: the part of {@link #proportional} that belongs to no file. */
  public long proportionalAnonymous() {
    return pssAnonymous >> PSS_SHIFT;
  }

  /** Pss_File. */
  public long proportionalFile() {
    return pssFile >> PSS_SHIFT;
  }

  /** Pss_Shmem: files in memory, shared anonymous memory and System V segments. */
  public long proportionalShmem() {
    return pssShmem >> PSS_SHIFT;
  }

  /** Pss_Dirty. */
  public long proportionalDirty() {
    return pssDirty >> PSS_SHIFT;
  }

  /** Locked: the part of {@link #proportional} in locked mappings. */
  public long proportionalLocked() {
    return pssLocked >> PSS_SHIFT;
  }

  /** Shared_Clean. */
  public long sharedClean() {
    return sharedClean;
  }

  /** Shared_Dirty. */
  public long sharedDirty() {
    return sharedDirty;
  }

  /** Private_Clean. */
  public long privateClean() {
    return privateClean;
  }

  /** Private_Dirty. */
  public long privateDirty() {
    return privateDirty;
  }

  /** Pages this process has touched itself. */
  public long referenced() {
    return referenced;
  }

  /** Pages that belong to no file. */
  public long anonymous() {
    return anonymous;
  }
}
