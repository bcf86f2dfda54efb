package dev.svc0.fs.bdev;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Truncate;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;

/** The BLK requests of ioctl(2). <i>Linux:</i> block/ioctl.c. */
@Traced(layer = Traced.Layer.BLOCK)
final class BdevIoctl {
  private static final int PAGE_SECTORS = 8;

  private BdevIoctl() {}

  @Traced("blkdev_common_ioctl")
  static long blkdevIoctl(BlockDevice disk, File file, int request, long argument, Caller caller) {
    UserMemory memory = caller.memory();
    DiskLimits limits = disk.queue().limits();
    switch (request) {
      case FsConstants.BLKGETSIZE, FsConstants.BLKGETSIZE64 ->
          memory.writeLong(
              argument, request == FsConstants.BLKGETSIZE ? disk.sectors() : disk.sizeBytes());
      case FsConstants.BLKSSZGET -> memory.writeInt(argument, limits.logicalBlockBytes());
      case FsConstants.BLKPBSZGET, FsConstants.BLKIOMIN ->
          memory.writeInt(argument, limits.physicalBlockBytes());
      case FsConstants.BLKIOOPT, FsConstants.BLKALIGNOFF, FsConstants.BLKDISCARDZEROES ->
          memory.writeInt(argument, 0);
      case FsConstants.BLKBSZGET -> memory.writeInt(argument, 1 << disk.blockBits());
      case FsConstants.BLKROGET -> memory.writeInt(argument, disk.isReadOnly() ? 1 : 0);
      case FsConstants.BLKROTATIONAL -> memory.writeShort(argument, (short) 0);
      case FsConstants.BLKSECTGET ->
          memory.writeShort(argument, (short) Math.min(limits.maxBytes() >>> 9, 0xffff));
      case FsConstants.BLKRAGET, FsConstants.BLKFRAGET ->
          memory.writeLong(argument, (long) disk.readaheadPages() * PAGE_SECTORS);
      case FsConstants.BLKGETDISKSEQ -> memory.writeLong(argument, disk.sequence());
      case FsConstants.BLKDISCARD, FsConstants.BLKZEROOUT, FsConstants.BLKSECDISCARD -> {
        return onRange(disk, file, request, argument, memory);
      }
      case FsConstants.BLKFLSBUF,
          FsConstants.BLKROSET,
          FsConstants.BLKBSZSET,
          FsConstants.BLKRASET,
          FsConstants.BLKFRASET,
          FsConstants.BLKRRPART -> {
        boolean admin = caller.cred().capable(Capability.CAP_SYS_ADMIN);
        return admin ? privileged(disk, request, argument, memory) : -Errno.EACCES;
      }
      default -> {
        return disk.queue().driver().ioctl(disk, request, argument, memory);
      }
    }
    return 0;
  }

  private static long privileged(BlockDevice disk, int request, long argument, UserMemory memory) {
    return switch (request) {
      case FsConstants.BLKFLSBUF -> blkdevFlushbuf(disk);
      case FsConstants.BLKROSET -> {
        disk.setReadOnly(memory.readInt(argument) != 0);
        yield 0;
      }
      case FsConstants.BLKRASET, FsConstants.BLKFRASET -> {
        disk.setReadaheadPages((int) Math.clamp(argument / PAGE_SECTORS, 0, 1 << 20));
        yield 0;
      }
      case FsConstants.BLKBSZSET ->
          argument == 0 ? -Errno.EINVAL : disk.setBlockSize(memory.readInt(argument));
      default -> -Errno.EINVAL;
    };
  }

  /** Writes the cache to the disk and drops what is clean and unused. */
  @Traced("blkdev_flushbuf")
  private static long blkdevFlushbuf(BlockDevice disk) {
    Filemap.filemapWriteAndWaitRange(disk.mapping(), 0, Long.MAX_VALUE);
    Filemap.invalidateInodePages2Range(disk.mapping(), 0, Long.MAX_VALUE >>> 12);
    return 0;
  }

  /** BLKDISCARD and BLKZEROOUT: start and length in bytes, two 64-bit numbers. */
  private static long onRange(
      BlockDevice disk, File file, int request, long argument, UserMemory memory) {
    if (!file.hasMode(File.FMODE_WRITE)) {
      return -Errno.EBADF;
    }
    boolean discard = request == FsConstants.BLKDISCARD;
    if (request == FsConstants.BLKSECDISCARD || discard && !disk.queue().limits().discard()) {
      return -Errno.EOPNOTSUPP;
    }
    if (discard && disk.isReadOnly()) {
      return -Errno.EPERM;
    }
    long start = memory.readLong(argument);
    long length = memory.readLong(argument + 8);
    long end = start + length;
    boolean outside = start < 0 || length < 0 || end < 0 || end > disk.sizeBytes() || length == 0;
    if (((start | length) & 511) != 0 || outside) {
      return -Errno.EINVAL;
    }
    return discard ? discardRange(disk, start, length) : zeroRange(disk, start, length);
  }

  @Traced("blk_ioctl_discard")
  private static long discardRange(BlockDevice disk, long start, long length) {
    disk.lock.writeLock().lock();
    try {
      dropCache(disk, start, length);
      return BlockCore.blkdevIssueDiscard(disk, start >>> 9, length >>> 9);
    } finally {
      disk.lock.writeLock().unlock();
    }
  }

  /** Makes a range of bytes, whole sectors, read as zero. 0 or −errno. */
  @Traced("blk_ioctl_zeroout")
  static long zeroRange(BlockDevice disk, long start, long length) {
    if (disk.isReadOnly()) {
      return -Errno.EPERM;
    }
    disk.lock.writeLock().lock();
    try {
      dropCache(disk, start, length);
      return BlockCore.blkdevIssueZeroout(disk, start >>> 9, length >>> 9);
    } finally {
      disk.lock.writeLock().unlock();
    }
  }

  /** <i>Linux:</i> truncate_bdev_range. */
  @Traced("truncate_bdev_range")
  private static void dropCache(BlockDevice disk, long start, long length) {
    // What shares a page with the range must not be lost.
    Filemap.filemapWriteAndWaitRange(disk.mapping(), start, start + length - 1);
    Truncate.truncateInodePagesRange(disk.mapping(), start, start + length - 1);
  }
}
