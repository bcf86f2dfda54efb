package dev.svc0.fs.hostfs;

import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.abi.StatxLayout;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.vfs.Inode;

/**
 * Attributes of a host file, as statx(2) gave them.
 *
 * @param device device it lives on, major in bits 63…32
 * @param number inode number
 * @param mode type and permission bits
 */
record HostStat(
    long device,
    long number,
    int mode,
    int nlink,
    int uid,
    int gid,
    int rdev,
    long size,
    long blocks512,
    long atimeSeconds,
    int atimeNanos,
    long mtimeSeconds,
    int mtimeNanos,
    long ctimeSeconds,
    int ctimeNanos) {

  /** Offset of the nanoseconds in a statx timestamp. */
  private static final int TV_NSEC = 8;

  /** Attributes of an open descriptor: 0 with the answer in {@code result[0]}, or −errno. */
  static long of(long descriptor, HostStat[] result) {
    HostCalls.Scratch scratch = HostCalls.scratch();
    long path = scratch.first("");
    long at = scratch.second();
    long done =
        HostCalls.call(
            HostCalls.Call.STATX,
            descriptor,
            path,
            Fcntl.AT_EMPTY_PATH | Fcntl.AT_SYMLINK_NOFOLLOW,
            StatConstants.STATX_BASIC_STATS,
            at);
    if (done == 0) {
      result[0] = read(at);
    }
    return done;
  }

  private static HostStat read(long at) {
    return new HostStat(
        (long) HostMemory.getInt(at + StatxLayout.stx_dev_major) << 32
            | HostMemory.getInt(at + StatxLayout.stx_dev_minor) & 0xffffffffL,
        HostMemory.getLong(at + StatxLayout.stx_ino),
        HostMemory.getShort(at + StatxLayout.stx_mode) & 0xffff,
        HostMemory.getInt(at + StatxLayout.stx_nlink),
        HostMemory.getInt(at + StatxLayout.stx_uid),
        HostMemory.getInt(at + StatxLayout.stx_gid),
        HostMemory.getInt(at + StatxLayout.stx_rdev_major) << 20
            | HostMemory.getInt(at + StatxLayout.stx_rdev_minor),
        HostMemory.getLong(at + StatxLayout.stx_size),
        HostMemory.getLong(at + StatxLayout.stx_blocks),
        HostMemory.getLong(at + StatxLayout.stx_atime),
        HostMemory.getInt(at + StatxLayout.stx_atime + TV_NSEC),
        HostMemory.getLong(at + StatxLayout.stx_mtime),
        HostMemory.getInt(at + StatxLayout.stx_mtime + TV_NSEC),
        HostMemory.getLong(at + StatxLayout.stx_ctime),
        HostMemory.getInt(at + StatxLayout.stx_ctime + TV_NSEC));
  }

  /** Whether the content may be another one than when {@code earlier} was taken. */
  boolean contentDiffers(HostStat earlier) {
    return size != earlier.size
        || mtimeSeconds != earlier.mtimeSeconds
        || mtimeNanos != earlier.mtimeNanos;
  }

  /** Copies everything but the size into an inode. */
  void copyTo(Inode inode) {
    inode.mode = mode;
    inode.nlink = nlink;
    inode.uid = uid;
    inode.gid = gid;
    inode.rdev = rdev;
    inode.blocks512 = blocks512;
    inode.atimeSeconds = atimeSeconds;
    inode.atimeNanos = atimeNanos;
    inode.mtimeSeconds = mtimeSeconds;
    inode.mtimeNanos = mtimeNanos;
    inode.ctimeSeconds = ctimeSeconds;
    inode.ctimeNanos = ctimeNanos;
  }
}
