package dev.svc0.fs.ext4;

import java.util.ArrayList;
import java.util.List;

/**
 * Blocks set aside in memory, free on disk: for a range of one file, or for small files that are
 * written one after the other. Protected by the allocation lock.
 */
final class Ext4Prealloc {
  /** The preallocations of one inode. */
  static final class Of {
    final List<Ext4Prealloc> list = new ArrayList<>(0);
  }

  /** Block of the file that the first one is for. */
  long logical;

  /** First device block. */
  long physical;

  int count;

  Ext4Prealloc(long logical, long physical, int count) {
    this.logical = logical;
    this.physical = physical;
    this.count = count;
  }
}
