package dev.svc0.runtime.vfs;

/** Sizes and counts of a file system. <i>Linux:</i> {@code kstatfs}. */
public final class StatFs {
  public long magic;
  public long blockSize;
  public long blocks;
  public long blocksFree;
  public long blocksAvailable;
  public long files;
  public long filesFree;
  public long fsid;
  public long nameMax = 255;
}
