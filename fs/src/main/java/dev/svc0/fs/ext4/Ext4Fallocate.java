package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.jbd2.Journal;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Truncate;
import dev.svc0.runtime.vfs.Attributes;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.GenericFile;
import dev.svc0.runtime.vfs.InodeTimes;

/** fallocate(2) in all its kinds. <i>Linux:</i> ext4_fallocate and what it calls. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Fallocate {
  private static final int SUPPORTED =
      FsConstants.FALLOC_FL_KEEP_SIZE
          | FsConstants.FALLOC_FL_PUNCH_HOLE
          | FsConstants.FALLOC_FL_COLLAPSE_RANGE
          | FsConstants.FALLOC_FL_ZERO_RANGE
          | FsConstants.FALLOC_FL_INSERT_RANGE;
  private static final int CREDITS = Ext4Extents.INSERT_CREDITS + Ext4Truncate.CREDITS;

  private final Ext4Inode inode;
  private final AddressSpace mapping;
  private final int bits;
  private final int blockSize;

  private Ext4Fallocate(Ext4Inode inode) {
    this.inode = inode;
    mapping = inode.mapping();
    bits = inode.ext4.shape.blockBits;
    blockSize = inode.ext4.blockSize;
  }

  static long fallocate(File file, int mode, long offset, long bytes, Caller caller) {
    Ext4Inode inode = (Ext4Inode) file.inode();
    if ((mode & ~SUPPORTED) != 0) {
      return -Errno.EOPNOTSUPP;
    }
    if (inode.ext4.isReadOnly()) {
      return -Errno.EROFS;
    }
    inode.mayUseReserve = Ext4DirectoryInodeOperations.mayUseReserve(inode.ext4, caller.cred());
    inode.lock.writeLock().lock();
    try {
      boolean hole = (mode & FsConstants.FALLOC_FL_PUNCH_HOLE) != 0;
      if (!inode.hasExtents() && !hole) {
        return -Errno.EOPNOTSUPP;
      }
      boolean grows = !hole && (mode & FsConstants.FALLOC_FL_KEEP_SIZE) == 0;
      long result = grows ? Attributes.inodeNewsizeOk(inode, offset + bytes, caller) : 0;
      if (result == 0) {
        result = GenericFile.fileModified(file, caller);
      }
      return result != 0 ? result : new Ext4Fallocate(inode).traced(mode, offset, bytes);
    } catch (Ext4Exception e) {
      return e.result;
    } finally {
      inode.lock.writeLock().unlock();
    }
  }

  private long traced(int mode, long offset, long bytes) {
    if (Ext4Trace.ext4FallocateEnterOn()) {
      Ext4Trace.ext4FallocateEnter(inode.traceDevice(), inode.number(), offset, bytes, mode);
    }
    long result = run(mode, offset, bytes);
    if (Ext4Trace.ext4FallocateExitOn()) {
      int blocks = (int) (bytes + blockSize - 1 >>> bits);
      Ext4Trace.ext4FallocateExit(
          inode.traceDevice(), inode.number(), offset, blocks, (int) result);
    }
    return result;
  }

  private long run(int mode, long offset, long bytes) {
    boolean keepSize = (mode & FsConstants.FALLOC_FL_KEEP_SIZE) != 0;
    if ((mode & FsConstants.FALLOC_FL_PUNCH_HOLE) != 0) {
      punchHole(offset, bytes);
      return 0;
    }
    if ((mode & FsConstants.FALLOC_FL_COLLAPSE_RANGE) != 0) {
      return collapseRange(offset, bytes);
    }
    if ((mode & FsConstants.FALLOC_FL_INSERT_RANGE) != 0) {
      return insertRange(offset, bytes);
    }
    if ((mode & FsConstants.FALLOC_FL_ZERO_RANGE) != 0) {
      zeroRange(offset, bytes, keepSize);
      return 0;
    }
    long end = offset + bytes;
    allocFileBlocks(offset >>> bits, end + blockSize - 1 >>> bits);
    finish(keepSize ? 0 : end);
    return 0;
  }

  /** Moves the end if the file became longer, and the times. */
  private void finish(long newSize) {
    try (Ext4Handle handle = Ext4Handle.start(inode.ext4, 4)) {
      if (newSize > inode.size()) {
        inode.setSize(newSize);
      }
      if (newSize > inode.diskSize) {
        inode.diskSize = newSize;
      }
      InodeTimes.touchModified(inode);
      inode.ext4.table.markInodeDirty(handle, inode);
      if (inode.isSync()) {
        handle.setSync();
      }
    }
  }

  /** Gives every hole of [from, end) blocks without content. */
  @Traced("ext4_alloc_file_blocks")
  private void allocFileBlocks(long from, long end) {
    int retries = 0;
    for (long block = from; block < end; ) {
      Ext4Map map = new Ext4Map(block, Math.min(end - block, ExtentNode.INIT_MAX_LEN - 1));
      try (Ext4Handle handle = Ext4Handle.start(inode.ext4, CREDITS)) {
        Ext4Mapper.mapBlocks(
            handle, inode, map, Ext4Mapper.CREATE | Ext4Mapper.UNWRITTEN | Ext4Mapper.NO_PREALLOC);
      } catch (Ext4Exception e) {
        if (e.result == -Errno.ENOSPC && retries++ < 3 && inode.ext4.shouldRetryAllocation()) {
          continue;
        }
        throw e;
      }
      block += Math.max(1, map.count);
    }
  }

  private void writeBack(long from, long end) {
    Ext4Exception.check(
        Filemap.filemapWriteAndWaitRange(mapping, from, end == Long.MAX_VALUE ? end : end - 1));
    Journal journal = inode.ext4.journal;
    if (journal != null && inode.journalsData()) {
      // What only the log has would go with its pages.
      Ext4Exception.check(journal.flush());
    }
  }

  /** Zeroes the parts of blocks that a range cuts at its ends. */
  @Traced("ext4_zero_partial_blocks")
  private void zeroPartialBlocks(long offset, long end) {
    long mask = blockSize - 1L;
    boolean inOne = offset >>> bits == end - 1 >>> bits;
    if (inOne && ((offset | end) & mask) != 0) {
      Ext4Truncate.zeroPartialBlock(inode, offset, (int) (end - offset));
      return;
    }
    if ((offset & mask) != 0) {
      Ext4Truncate.zeroPartialBlock(inode, offset, (int) (blockSize - (offset & mask)));
    }
    if ((end & mask) != 0) {
      Ext4Truncate.zeroPartialBlock(inode, end & ~mask, (int) (end & mask));
    }
  }

  @Traced("ext4_punch_hole")
  private void punchHole(long offset, long bytes) {
    if (Ext4Trace.ext4PunchHoleOn()) {
      int mode = (int) (FsConstants.FALLOC_FL_PUNCH_HOLE | FsConstants.FALLOC_FL_KEEP_SIZE);
      Ext4Trace.ext4PunchHole(inode.traceDevice(), inode.number(), offset, bytes, mode);
    }
    long end = Math.min(offset + bytes, inode.size());
    // Blocks behind the end are freed too, but nothing there needs zeroing.
    long endOfBlocks = offset + bytes >= inode.size() ? offset + bytes : end;
    if (offset >= end && offset + bytes <= inode.sizeInBlocks() << bits) {
      return;
    }
    writeBack(offset & -4096, Long.MAX_VALUE);
    long first = offset + blockSize - 1 >>> bits;
    long last =
        endOfBlocks >= inode.size() && offset + bytes >= inode.size()
            ? Math.max(offset + bytes >>> bits, end + blockSize - 1 >>> bits)
            : end >>> bits;
    last = Math.min(last, Ext4Truncate.lastBlock(inode) + 1);
    if (offset < end) {
      zeroPartialBlocks(offset, end);
    }
    if (last > first) {
      Truncate.truncateInodePagesRange(mapping, first << bits, (last << bits) - 1);
      inode.ext4.blocks.discardPreallocations(inode);
      try (Ext4Handle handle = Ext4Handle.start(inode.ext4, Ext4Truncate.CREDITS)) {
        Ext4Truncate.removeRange(handle, inode, first, last - 1);
      }
    }
    finish(0);
  }

  @Traced("ext4_zero_range")
  private void zeroRange(long offset, long bytes, boolean keepSize) {
    long end = offset + bytes;
    writeBack(offset & -4096, end);
    long first = offset + blockSize - 1 >>> bits;
    long last = end >>> bits;
    long inside = Math.min(end, inode.size());
    if (offset < inside) {
      zeroPartialBlocks(offset, inside == end ? end : Math.min(end, inside));
    }
    allocFileBlocks(offset >>> bits, end + blockSize - 1 >>> bits);
    if (last > first) {
      Truncate.truncateInodePagesRange(mapping, first << bits, (last << bits) - 1);
      makeUnwritten(first, last);
    }
    finish(keepSize ? 0 : end);
  }

  @Traced("ext4_convert_written_to_unwritten")
  private void makeUnwritten(long from, long end) {
    for (long block = from; block < end; ) {
      Ext4Map map = new Ext4Map(block, Math.min(end - block, ExtentNode.INIT_MAX_LEN - 1));
      try (Ext4Handle handle = Ext4Handle.start(inode.ext4, CREDITS)) {
        Ext4Mapper.lookup(inode, map);
        if (map.state == Ext4Map.WRITTEN) {
          inode.dataLock.writeLock().lock();
          try {
            Ext4Extents.setState(handle, inode, block, (int) map.count, true);
            inode.status.insert(block, map.count, map.physical, Ext4Map.UNWRITTEN, false);
          } finally {
            inode.dataLock.writeLock().unlock();
          }
        }
      }
      block += Math.max(1, map.count);
    }
  }

  private long checkShift(long offset, long bytes) {
    boolean aligned = ((offset | bytes) & blockSize - 1) == 0;
    return aligned ? 0 : -Errno.EINVAL;
  }

  @Traced("ext4_collapse_range")
  private long collapseRange(long offset, long bytes) {
    if (checkShift(offset, bytes) != 0 || offset + bytes >= inode.size()) {
      return -Errno.EINVAL;
    }
    beginShift(offset);
    long first = offset >>> bits;
    long behind = offset + bytes >>> bits;
    try (Ext4Handle handle = Ext4Handle.start(inode.ext4, CREDITS)) {
      Ext4Truncate.removeRange(handle, inode, first, behind - 1);
      shift(handle, behind, -(behind - first));
      inode.setSize(inode.size() - bytes);
      inode.diskSize = inode.size();
      InodeTimes.touchModified(inode);
      inode.ext4.table.markInodeDirty(handle, inode);
    }
    return 0;
  }

  @Traced("ext4_insert_range")
  private long insertRange(long offset, long bytes) {
    if (checkShift(offset, bytes) != 0 || offset >= inode.size()) {
      return -Errno.EINVAL;
    }
    if (bytes > Ext4Truncate.maxSize(inode) - inode.size()) {
      return -Errno.EFBIG;
    }
    beginShift(offset);
    long first = offset >>> bits;
    try (Ext4Handle handle = Ext4Handle.start(inode.ext4, CREDITS)) {
      inode.dataLock.writeLock().lock();
      try {
        if (Ext4Extents.endOf(inode) + (bytes >>> bits) > 0xffff_ffffL) {
          return -Errno.EFBIG;
        }
        Ext4Extents.splitAt(handle, inode, first);
      } finally {
        inode.dataLock.writeLock().unlock();
      }
      inode.setSize(inode.size() + bytes);
      inode.diskSize = inode.size();
      shift(handle, first, bytes >>> bits);
      InodeTimes.touchModified(inode);
      inode.ext4.table.markInodeDirty(handle, inode);
    }
    return 0;
  }

  /** What is cached from the range on would be in the wrong place. */
  private void beginShift(long offset) {
    long from = offset & -4096;
    writeBack(from, Long.MAX_VALUE);
    Truncate.truncateInodePagesRange(mapping, from, Long.MAX_VALUE);
    inode.ext4.blocks.discardPreallocations(inode);
  }

  private void shift(Ext4Handle handle, long from, long by) {
    long next = from;
    long limit = 0xffff_fffeL;
    while (true) {
      long result;
      inode.dataLock.writeLock().lock();
      try {
        inode.status.remove(0, Long.MAX_VALUE);
        result = Ext4Extents.shiftSome(handle, inode, by > 0 ? from : next, limit, by);
      } finally {
        inode.dataLock.writeLock().unlock();
      }
      if (result < 0) {
        return;
      }
      if (by > 0) {
        limit = result;
      } else {
        next = result;
      }
      handle.ensureCredits(CREDITS);
    }
  }
}
