package dev.svc0.fs.extformat;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.runtime.vfs.Inode;

/**
 * The times of an inode: 32 bits of seconds, and in inodes larger than 128 bytes another 32 with
 * two more bits of seconds and the nanoseconds.
 */
public final class RawTimes {
  /** The last second that 34 bits can say, in the year 2446. */
  public static final long MAX_SECONDS = (3L << 32) + Integer.MAX_VALUE;

  private RawTimes() {}

  /** Whether an inode is large enough to have a field behind the first 128 bytes. */
  public static boolean hasExtra(long at, int inodeSize, int field) {
    return inodeSize > 128 && 128 + Disk.u16(at + I_EXTRA_ISIZE) >= field + 4;
  }

  private static long extra(long at, int inodeSize, int field) {
    return hasExtra(at, inodeSize, field) ? Disk.u32(at + field) : 0;
  }

  /** Reads all times that are there; without a birth time, its nanoseconds stay −1. */
  public static void read(long at, int inodeSize, Inode inode) {
    long accessed = extra(at, inodeSize, I_ATIME_EXTRA);
    long modified = extra(at, inodeSize, I_MTIME_EXTRA);
    long changed = extra(at, inodeSize, I_CTIME_EXTRA);
    inode.atimeSeconds = Disk.s32(at + I_ATIME) + ((accessed & 3) << 32);
    inode.atimeNanos = nanos(accessed);
    inode.mtimeSeconds = Disk.s32(at + I_MTIME) + ((modified & 3) << 32);
    inode.mtimeNanos = nanos(modified);
    inode.ctimeSeconds = Disk.s32(at + I_CTIME) + ((changed & 3) << 32);
    inode.ctimeNanos = nanos(changed);
    if (hasExtra(at, inodeSize, I_CRTIME_EXTRA)) {
      long born = Disk.u32(at + I_CRTIME_EXTRA);
      inode.btimeSeconds = Disk.s32(at + I_CRTIME) + ((born & 3) << 32);
      inode.btimeNanos = nanos(born);
    }
  }

  private static int nanos(long extra) {
    return (int) Math.min(extra >>> 2, 999_999_999);
  }

  /** Writes all times that there is room for. */
  public static void write(long at, int inodeSize, Inode inode) {
    writeTime(at, inodeSize, I_ATIME, I_ATIME_EXTRA, inode.atimeSeconds, inode.atimeNanos);
    writeTime(at, inodeSize, I_MTIME, I_MTIME_EXTRA, inode.mtimeSeconds, inode.mtimeNanos);
    writeTime(at, inodeSize, I_CTIME, I_CTIME_EXTRA, inode.ctimeSeconds, inode.ctimeNanos);
    if (inode.btimeNanos >= 0 && hasExtra(at, inodeSize, I_CRTIME_EXTRA)) {
      writeTime(at, inodeSize, I_CRTIME, I_CRTIME_EXTRA, inode.btimeSeconds, inode.btimeNanos);
    }
  }

  private static void writeTime(
      long at, int inodeSize, int field, int extraField, long seconds, int nanos) {
    if (hasExtra(at, inodeSize, extraField)) {
      long kept = Math.clamp(seconds, Integer.MIN_VALUE, MAX_SECONDS);
      Disk.put32(at + field, kept);
      Disk.put32(at + extraField, (long) nanos << 2 | (kept - (int) kept) >>> 32 & 3);
    } else {
      Disk.put32(at + field, Math.clamp(seconds, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
  }
}
