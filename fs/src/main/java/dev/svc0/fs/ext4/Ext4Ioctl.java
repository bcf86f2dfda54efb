package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.InodeTimes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** ioctl(2) of files and directories: flags, generation, map of extents. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Ioctl {
  private static final int USER_VISIBLE = 0x604BDFFF;
  private static final int USER_MODIFIABLE = 0x604B80FF;
  private static final int PRIVILEGED = EXT2_APPEND_FL | EXT2_IMMUTABLE_FL;
  private static final int KEPT_HERE = EXT4_EXTENTS_FL | EXT2_BTREE_FL;

  // The head of struct fiemap, 32 bytes, and struct fiemap_extent, 56 bytes.
  private static final int FIEMAP_HEAD = 32;
  private static final int FIEMAP_EXTENT = 56;
  private static final int FIEMAP_FLAG_SYNC = 1;
  private static final int FIEMAP_EXTENT_LAST = 1;
  private static final int FIEMAP_EXTENT_UNKNOWN = 2;
  private static final int FIEMAP_EXTENT_DELALLOC = 4;
  private static final int FIEMAP_EXTENT_UNWRITTEN = 0x800;

  private Ext4Ioctl() {}

  static long ioctl(File file, int request, long argument, Caller caller) {
    Ext4Inode inode = (Ext4Inode) file.inode();
    try {
      return switch (request) {
        case FsConstants.FS_IOC_GETFLAGS -> putInt(caller, argument, inode.flags & USER_VISIBLE);
        case FsConstants.FS_IOC_SETFLAGS -> setFlags(inode, argument, caller);
        case FsConstants.FS_IOC_GETVERSION -> putInt(caller, argument, inode.generation);
        case FsConstants.FS_IOC_FIEMAP -> fiemap(inode, argument, caller);
        default -> -Errno.ENOTTY;
      };
    } catch (Ext4Exception e) {
      return e.result;
    }
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long put(Caller caller, long to, ByteBuffer bytes) {
    int left = caller.memory().copyToUser(to, bytes.array(), 0, bytes.capacity());
    return left == 0 ? 0 : -Errno.EFAULT;
  }

  private static long putInt(Caller caller, long to, int value) {
    return put(caller, to, allocate(4).putInt(0, value));
  }

  private static ByteBuffer take(Caller caller, long from, int count) {
    ByteBuffer bytes = allocate(count);
    if (caller.memory().copyFromUser(bytes.array(), 0, from, count) != 0) {
      throw new Ext4Exception(-Errno.EFAULT);
    }
    return bytes;
  }

  @Traced("ext4_ioctl_setflags")
  private static long setFlags(Ext4Inode inode, long argument, Caller caller) {
    int wanted = take(caller, argument, 4).getInt(0);
    boolean owner =
        inode.uid == caller.cred().fsuid() || caller.cred().capable(Capability.CAP_FOWNER);
    if (!owner) {
      return -Errno.EPERM;
    }
    if (inode.ext4.isReadOnly()) {
      return -Errno.EROFS;
    }
    inode.lock.writeLock().lock();
    try {
      int changed = (wanted ^ inode.flags) & USER_VISIBLE;
      boolean privileged = (changed & PRIVILEGED) != 0;
      if (privileged && !caller.cred().capable(Capability.CAP_LINUX_IMMUTABLE)) {
        return -Errno.EPERM;
      }
      if ((changed & ~(USER_MODIFIABLE | KEPT_HERE)) != 0 || (changed & EXT4_EXTENTS_FL) != 0) {
        return -Errno.EOPNOTSUPP;
      }
      return apply(inode, wanted);
    } finally {
      inode.lock.writeLock().unlock();
    }
  }

  private static long apply(Ext4Inode inode, int wanted) {
    boolean journals = ((wanted ^ inode.flags) & EXT2_JOURNAL_DATA_FL) != 0;
    if (journals) {
      Ext4Exception.check(Filemap.filemapWriteAndWaitRange(inode.mapping(), 0, Long.MAX_VALUE));
      Filemap.truncateInodePages(inode.mapping(), 0);
    }
    try (Ext4Handle handle = Ext4Handle.start(inode.ext4, 2)) {
      inode.flags = inode.flags & ~USER_MODIFIABLE | wanted & USER_MODIFIABLE;
      inode.setInodeFlags();
      InodeTimes.touchChanged(inode);
      inode.ext4.table.markInodeDirty(handle, inode);
    }
    return 0;
  }

  @Traced("ext4_fiemap")
  private static long fiemap(Ext4Inode inode, long argument, Caller caller) {
    ByteBuffer head = take(caller, argument, FIEMAP_HEAD);
    long start = head.getLong(0);
    long length = head.getLong(8);
    int flags = head.getInt(16);
    int room = head.getInt(24);
    if (length == 0 || start < 0 || start > inode.ext4.maxBytes) {
      return length == 0 ? -Errno.EINVAL : -Errno.EFBIG;
    }
    if ((flags & ~FIEMAP_FLAG_SYNC) != 0) {
      head.putInt(16, flags & ~FIEMAP_FLAG_SYNC);
      put(caller, argument, head);
      return -Errno.EBADR;
    }
    if ((flags & FIEMAP_FLAG_SYNC) != 0) {
      Ext4Exception.check(Filemap.filemapWriteAndWaitRange(inode.mapping(), 0, Long.MAX_VALUE));
    }
    long end = length < 0 || length > Long.MAX_VALUE - start ? Long.MAX_VALUE : start + length;
    inode.lock.readLock().lock();
    int count;
    try {
      count = report(inode, start, end, room, argument + FIEMAP_HEAD, caller);
    } finally {
      inode.lock.readLock().unlock();
    }
    head.putInt(20, count);
    return put(caller, argument, head);
  }

  /** Reports extents; the number of them. Without room they are counted only. */
  private static int report(
      Ext4Inode inode, long start, long end, int room, long to, Caller caller) {
    int bits = inode.ext4.shape.blockBits;
    long blocks = Math.max(inode.sizeInBlocks(), endOfBlocks(inode));
    long block = start >>> bits;
    long last = Math.min(blocks, (end - 1 >>> bits) + 1);
    int count = 0;
    Ext4Map found = next(inode, block, last, blocks);
    while (found != null && (room == 0 || count < room)) {
      Ext4Map following = next(inode, found.block + found.count, blocks, blocks);
      if (room > 0) {
        ByteBuffer extent = describe(found, bits, following == null);
        Ext4Exception.check(put(caller, to + (long) count * FIEMAP_EXTENT, extent));
      }
      count++;
      found = following != null && following.block < last ? following : null;
    }
    return count;
  }

  private static long endOfBlocks(Ext4Inode inode) {
    if (!inode.hasExtents()) {
      return 0;
    }
    inode.dataLock.readLock().lock();
    try {
      return Ext4Extents.endOf(inode);
    } finally {
      inode.dataLock.readLock().unlock();
    }
  }

  private static @Nullable Ext4Map next(Ext4Inode inode, long from, long end, long blocks) {
    for (long block = from; block < end; ) {
      Ext4Map map = new Ext4Map(block, blocks - block);
      Ext4Mapper.lookup(inode, map);
      if (map.state != Ext4Map.HOLE) {
        return map;
      }
      block += Math.max(1, map.count);
    }
    return null;
  }

  private static ByteBuffer describe(Ext4Map map, int bits, boolean last) {
    int flags = last ? FIEMAP_EXTENT_LAST : 0;
    if (map.state == Ext4Map.UNWRITTEN) {
      flags |= FIEMAP_EXTENT_UNWRITTEN;
    } else if (map.state == Ext4Map.DELAYED) {
      flags |= FIEMAP_EXTENT_DELALLOC | FIEMAP_EXTENT_UNKNOWN;
    }
    long physical = map.isAllocated() ? map.physical << bits : 0;
    return allocate(FIEMAP_EXTENT)
        .putLong(0, map.block << bits)
        .putLong(8, physical)
        .putLong(16, map.count << bits)
        .putInt(40, flags);
  }
}
