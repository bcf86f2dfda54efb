package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.abi.StatLayout;
import dev.svc0.runtime.abi.StatfsLayout;
import dev.svc0.runtime.abi.StatxLayout;
import dev.svc0.runtime.mm.UserMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Attributes in the layouts programs read. <i>Linux:</i> fs/stat.c, fs/statfs.c. */
@Traced(layer = Traced.Layer.VFS)
public final class Stat {
  private static final int MAJOR_SHIFT = 20;
  private static final int MINOR_MASK = (1 << MAJOR_SHIFT) - 1;

  private Stat() {}

  /** A device number as programs see it: minor split around 12 bits of major. */
  public static int encodeDev(int device) {
    int major = device >>> MAJOR_SHIFT;
    int minor = device & MINOR_MASK;
    return minor & 0xff | major << 8 | (minor & ~0xff) << 12;
  }

  /** The kernel's device number of what a program gave. */
  public static int decodeDev(int device) {
    int major = (device & 0xfff00) >>> 8;
    int minor = device & 0xff | device >>> 12 & 0xfff00;
    return major << MAJOR_SHIFT | minor;
  }

  /** Writes a struct stat. 0; throws a fault at a bad address. */
  @Traced("cp_new_stat")
  public static long copyStat(Inode inode, UserMemory memory, long userAddress) {
    inode.operations().getattr(inode);
    ByteBuffer out = ByteBuffer.allocate(StatLayout.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(StatLayout.st_dev, encodeDev(inode.superBlock().deviceNumber()));
    out.putLong(StatLayout.st_ino, inode.number());
    out.putInt(StatLayout.st_mode, inode.mode);
    out.putInt(StatLayout.st_nlink, inode.nlink);
    out.putInt(StatLayout.st_uid, inode.uid);
    out.putInt(StatLayout.st_gid, inode.gid);
    out.putLong(StatLayout.st_rdev, encodeDev(inode.rdev));
    out.putLong(StatLayout.st_size, inode.size());
    out.putInt(StatLayout.st_blksize, blockSizeOf(inode));
    out.putLong(StatLayout.st_blocks, inode.blocks512);
    out.putLong(StatLayout.st_atime, inode.atimeSeconds);
    out.putLong(StatLayout.st_atime_nsec, inode.atimeNanos);
    out.putLong(StatLayout.st_mtime, inode.mtimeSeconds);
    out.putLong(StatLayout.st_mtime_nsec, inode.mtimeNanos);
    out.putLong(StatLayout.st_ctime, inode.ctimeSeconds);
    out.putLong(StatLayout.st_ctime_nsec, inode.ctimeNanos);
    memory.writeBytes(userAddress, out.array());
    return 0;
  }

  private static int blockSizeOf(Inode inode) {
    return 1 << inode.blockBits();
  }

  /** Writes a struct statx. 0; throws a fault at a bad address. */
  @Traced("cp_statx")
  public static long copyStatx(
      Path path, Inode inode, int mask, UserMemory memory, long userAddress) {
    inode.operations().getattr(inode);
    ByteBuffer out = ByteBuffer.allocate(StatxLayout.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    int given = StatConstants.STATX_BASIC_STATS | StatConstants.STATX_MNT_ID;
    if (inode.btimeNanos >= 0) {
      given |= StatConstants.STATX_BTIME;
    }
    out.putInt(StatxLayout.stx_mask, given);
    out.putInt(StatxLayout.stx_blksize, blockSizeOf(inode));
    out.putLong(StatxLayout.stx_attributes, statxAttributes(path, inode));
    out.putLong(
        StatxLayout.stx_attributes_mask,
        StatConstants.STATX_ATTR_IMMUTABLE
            | StatConstants.STATX_ATTR_APPEND
            | StatConstants.STATX_ATTR_MOUNT_ROOT);
    out.putInt(StatxLayout.stx_nlink, inode.nlink);
    out.putInt(StatxLayout.stx_uid, inode.uid);
    out.putInt(StatxLayout.stx_gid, inode.gid);
    out.putShort(StatxLayout.stx_mode, (short) inode.mode);
    out.putLong(StatxLayout.stx_ino, inode.number());
    out.putLong(StatxLayout.stx_size, inode.size());
    out.putLong(StatxLayout.stx_blocks, inode.blocks512);
    putTime(out, StatxLayout.stx_atime, inode.atimeSeconds, inode.atimeNanos);
    if (inode.btimeNanos >= 0) {
      putTime(out, StatxLayout.stx_btime, inode.btimeSeconds, inode.btimeNanos);
    }
    putTime(out, StatxLayout.stx_ctime, inode.ctimeSeconds, inode.ctimeNanos);
    putTime(out, StatxLayout.stx_mtime, inode.mtimeSeconds, inode.mtimeNanos);
    int device = inode.superBlock().deviceNumber();
    out.putInt(StatxLayout.stx_rdev_major, inode.rdev >>> MAJOR_SHIFT);
    out.putInt(StatxLayout.stx_rdev_minor, inode.rdev & MINOR_MASK);
    out.putInt(StatxLayout.stx_dev_major, device >>> MAJOR_SHIFT);
    out.putInt(StatxLayout.stx_dev_minor, device & MINOR_MASK);
    out.putLong(StatxLayout.stx_mnt_id, path.mount().id());
    memory.writeBytes(userAddress, out.array());
    return 0;
  }

  private static long statxAttributes(Path path, Inode inode) {
    long result = 0;
    if (inode.hasFlag(Inode.S_IMMUTABLE)) {
      result |= StatConstants.STATX_ATTR_IMMUTABLE;
    }
    if (inode.hasFlag(Inode.S_APPEND)) {
      result |= StatConstants.STATX_ATTR_APPEND;
    }
    if (path.dentry() == path.mount().root()) {
      result |= StatConstants.STATX_ATTR_MOUNT_ROOT;
    }
    return result;
  }

  private static void putTime(ByteBuffer out, int at, long seconds, int nanos) {
    out.putLong(at, seconds);
    out.putInt(at + 8, nanos);
  }

  /** Writes a struct statfs. 0 or −errno; throws a fault at a bad address. */
  @Traced("vfs_statfs")
  public static long copyStatfs(Path path, UserMemory memory, long userAddress) {
    StatFs numbers = new StatFs();
    SuperBlock superBlock = path.dentry().superBlock();
    long result = superBlock.statfs(numbers);
    if (result != 0) {
      return result;
    }
    ByteBuffer out = ByteBuffer.allocate(StatfsLayout.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(StatfsLayout.f_type, numbers.magic & 0xffffffffL);
    out.putLong(StatfsLayout.f_bsize, numbers.blockSize);
    out.putLong(StatfsLayout.f_blocks, numbers.blocks);
    out.putLong(StatfsLayout.f_bfree, numbers.blocksFree);
    out.putLong(StatfsLayout.f_bavail, numbers.blocksAvailable);
    out.putLong(StatfsLayout.f_files, numbers.files);
    out.putLong(StatfsLayout.f_ffree, numbers.filesFree);
    out.putLong(StatfsLayout.f_fsid, numbers.fsid);
    out.putLong(StatfsLayout.f_namelen, numbers.nameMax);
    out.putLong(StatfsLayout.f_frsize, numbers.blockSize);
    out.putLong(StatfsLayout.f_flags, statfsFlags(path.mount()));
    memory.writeBytes(userAddress, out.array());
    return 0;
  }

  private static final int[][] FLAG_PAIRS = {
    {MountFlags.MS_NOSUID, StatConstants.ST_NOSUID},
    {MountFlags.MS_NODEV, StatConstants.ST_NODEV},
    {MountFlags.MS_NOEXEC, StatConstants.ST_NOEXEC},
    {MountFlags.MS_NOATIME, StatConstants.ST_NOATIME},
    {MountFlags.MS_NODIRATIME, StatConstants.ST_NODIRATIME},
    {MountFlags.MS_RELATIME, StatConstants.ST_RELATIME},
    {MountFlags.MS_SYNCHRONOUS, StatConstants.ST_SYNCHRONOUS},
  };

  /** The kernel sets this bit so that libraries know the other flags count. */
  private static final int ST_VALID = 0x20;

  private static long statfsFlags(Mount mount) {
    long flags = mount.flags() | mount.superBlock().flags();
    long result = ST_VALID;
    if (mount.isReadOnly()) {
      result |= StatConstants.ST_RDONLY;
    }
    for (int[] pair : FLAG_PAIRS) {
      if ((flags & pair[0]) != 0) {
        result |= pair[1];
      }
    }
    return result;
  }
}
