package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.fs.extformat.XattrBlock;
import dev.svc0.fs.extformat.XattrNames;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.vfs.InodeTimes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Extended attributes: behind the fields of a large inode, and in a block that inodes with the same
 * attributes share. <i>Linux:</i> fs/ext4/xattr.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Xattr {
  static final int CREDITS = 24;

  private static final int USER = 1;
  private static final int MOST_USERS = 1024;

  private Ext4Xattr() {}

  private static boolean isSupported(Ext4Inode inode, int index) {
    return index > 0 && (index != USER || inode.ext4.options.userXattr);
  }

  // Reading

  private static List<XattrBlock.Entry> readInode(Ext4Inode inode) {
    List<XattrBlock.Entry> none = new ArrayList<>();
    Ext4SuperBlock superBlock = inode.ext4;
    int inodeSize = superBlock.shape.inodeSize;
    if (inodeSize <= 128) {
      return none;
    }
    BufferHead block = superBlock.table.inodeBlock(inode.number());
    if (block == null) {
      throw new Ext4Exception(-Errno.EIO);
    }
    try {
      long at = superBlock.table.addressIn(block, inode.number());
      long header = at + 128 + Disk.u16(at + InodeLayout.I_EXTRA_ISIZE);
      long end = at + inodeSize;
      if (header + 8 > end || Disk.u32(header) != XattrBlock.EXT2_XATTR_MAGIC) {
        return none;
      }
      List<XattrBlock.Entry> found = XattrBlock.parseEntries(header + 4, header + 4, end);
      if (found == null) {
        throw new Ext4Exception(
            superBlock.error("inode " + inode.number() + ": bad extended attributes"));
      }
      return found;
    } finally {
      Buffers.brelse(block);
    }
  }

  private static BufferHead readBuffer(Ext4Inode inode) {
    Ext4SuperBlock superBlock = inode.ext4;
    BufferHead block = Buffers.bread(superBlock.disk, inode.fileAcl, superBlock.blockSize);
    if (block == null) {
      throw new Ext4Exception(-Errno.EIO);
    }
    return block;
  }

  private static List<XattrBlock.Entry> readBlock(Ext4Inode inode) {
    if (inode.fileAcl == 0) {
      return new ArrayList<>();
    }
    Ext4SuperBlock superBlock = inode.ext4;
    BufferHead block = readBuffer(inode);
    try {
      boolean right =
          superBlock.checksums.isXattrBlockRight(
              inode.fileAcl, block.address, superBlock.blockSize);
      List<XattrBlock.Entry> found =
          right ? XattrBlock.parse(block.address, superBlock.blockSize) : null;
      if (found == null) {
        throw new Ext4Exception(
            superBlock.error(
                "inode " + inode.number() + ": bad extended attribute block " + inode.fileAcl));
      }
      superBlock.xattrCache.add(XattrBlock.hash(block.address), inode.fileAcl);
      return found;
    } finally {
      Buffers.brelse(block);
    }
  }

  private static List<XattrBlock.Entry> readAll(Ext4Inode inode) {
    inode.xattrLock.lock();
    try {
      List<XattrBlock.Entry> all = readInode(inode);
      synchronized (inode.ext4.xattrCache) {
        all.addAll(readBlock(inode));
      }
      return all;
    } finally {
      inode.xattrLock.unlock();
    }
  }

  /** The value as it is on disk; null when there is none. */
  static byte @Nullable [] find(Ext4Inode inode, int index, String suffix) {
    for (XattrBlock.Entry entry : readAll(inode)) {
      if (entry.is(index, suffix)) {
        return entry.value();
      }
    }
    return null;
  }

  static byte @Nullable [] get(Ext4Inode inode, String name, long[] error) {
    int index = XattrNames.indexOf(name);
    if (!isSupported(inode, index)) {
      error[0] = -Errno.EOPNOTSUPP;
      return null;
    }
    try {
      byte[] value = find(inode, index, XattrNames.suffixOf(name, index));
      if (value == null) {
        error[0] = -Errno.ENODATA;
        return null;
      }
      return Ext4Acl.isAcl(index) ? Ext4Acl.fromDisk(value) : value;
    } catch (Ext4Exception e) {
      error[0] = e.result;
      return null;
    }
  }

  static String list(Ext4Inode inode) {
    StringBuilder names = new StringBuilder();
    try {
      for (XattrBlock.Entry entry : readAll(inode)) {
        String name = XattrNames.nameOf(entry);
        if (name != null && isSupported(inode, entry.index())) {
          names.append(name).append('\0');
        }
      }
    } catch (Ext4Exception e) {
      return "";
    }
    return names.toString();
  }

  // Writing

  static long set(Ext4Inode inode, String name, byte @Nullable [] value, int flags) {
    int index = XattrNames.indexOf(name);
    if (!isSupported(inode, index)) {
      return -Errno.EOPNOTSUPP;
    }
    String suffix = XattrNames.suffixOf(name, index);
    if (suffix.length() > 255) {
      return -Errno.ERANGE;
    }
    for (int retry = 0; ; retry++) {
      long result = 0;
      try (Ext4Handle handle = Ext4Handle.start(inode.ext4, CREDITS)) {
        byte[] stored = value;
        if (Ext4Acl.isAcl(index) && value != null) {
          stored = Ext4Acl.toDisk(handle, inode, index, value);
        }
        set(handle, inode, index, suffix, stored, flags);
        InodeTimes.touchChanged(inode);
        inode.ext4.table.markInodeDirty(handle, inode);
        if (inode.isSync()) {
          handle.setSync();
        }
      } catch (Ext4Exception e) {
        result = e.result;
      }
      if (result != -Errno.ENOSPC || retry == 3 || !inode.ext4.shouldRetryAllocation()) {
        return result;
      }
    }
  }

  /** Sets an attribute as it is on disk, or removes it. */
  @Traced("ext4_xattr_set_handle")
  static void set(
      Ext4Handle handle,
      Ext4Inode inode,
      int index,
      String suffix,
      byte @Nullable [] value,
      int flags) {
    inode.xattrLock.lock();
    try {
      List<XattrBlock.Entry> inInode = readInode(inode);
      List<XattrBlock.Entry> inBlock = readBlockLocked(inode);
      boolean wasInInode = inInode.removeIf(entry -> entry.is(index, suffix));
      boolean wasInBlock = inBlock.removeIf(entry -> entry.is(index, suffix));
      boolean existed = wasInInode || wasInBlock;
      if (existed && (flags & FsConstants.XATTR_CREATE) != 0) {
        throw new Ext4Exception(-Errno.EEXIST);
      }
      if (!existed && (value == null || (flags & FsConstants.XATTR_REPLACE) != 0)) {
        throw new Ext4Exception(-Errno.ENODATA);
      }
      boolean toInode = false;
      boolean toBlock = false;
      if (value != null) {
        XattrBlock.Entry entry = new XattrBlock.Entry(index, suffix, value.clone());
        inInode.add(entry);
        toInode = XattrBlock.fitsInInode(inInode, roomInInode(inode));
        if (!toInode) {
          inInode.remove(entry);
          inBlock.add(entry);
          toBlock = true;
          if (!XattrBlock.fits(inBlock, inode.ext4.blockSize)) {
            throw new Ext4Exception(-Errno.ENOSPC);
          }
        }
      }
      if (toBlock || wasInBlock) {
        setBlock(handle, inode, inBlock);
      }
      if (toInode || wasInInode) {
        setInode(handle, inode, inInode);
      }
    } finally {
      if (Ext4Acl.isAcl(index)) {
        inode.accessAcl = Ext4Acl.NOT_READ;
      }
      inode.xattrLock.unlock();
    }
  }

  private static List<XattrBlock.Entry> readBlockLocked(Ext4Inode inode) {
    synchronized (inode.ext4.xattrCache) {
      return readBlock(inode);
    }
  }

  private static int roomInInode(Ext4Inode inode) {
    return Math.max(0, inode.ext4.shape.inodeSize - 128 - inode.extraIsize);
  }

  @Traced("ext4_xattr_ibody_set")
  private static void setInode(Ext4Handle handle, Ext4Inode inode, List<XattrBlock.Entry> entries) {
    int room = roomInInode(inode);
    if (room < 8) {
      return;
    }
    BufferHead block = inode.ext4.table.inodeBlock(inode.number());
    if (block == null) {
      throw new Ext4Exception(-Errno.EIO);
    }
    try {
      handle.getWriteAccess(block);
      long at = inode.ext4.table.addressIn(block, inode.number());
      XattrBlock.writeInInode(at + 128 + inode.extraIsize, room, entries);
      inode.ext4.table.markInodeDirty(handle, inode);
    } finally {
      Buffers.brelse(block);
    }
  }

  @Traced("ext4_xattr_block_set")
  private static void setBlock(Ext4Handle handle, Ext4Inode inode, List<XattrBlock.Entry> entries) {
    synchronized (inode.ext4.xattrCache) {
      if (entries.isEmpty()) {
        releaseBlock(handle, inode);
      } else if (!changeOwnBlock(handle, inode, entries)) {
        newBlock(handle, inode, entries);
      }
      inode.ext4.table.markInodeDirty(handle, inode);
    }
  }

  /** Writes to the inode's block if no other inode uses it; whether so. */
  private static boolean changeOwnBlock(
      Ext4Handle handle, Ext4Inode inode, List<XattrBlock.Entry> entries) {
    if (inode.fileAcl == 0) {
      return false;
    }
    BufferHead block = readBuffer(inode);
    try {
      if (XattrBlock.references(block.address) != 1) {
        return false;
      }
      inode.ext4.xattrCache.remove(inode.fileAcl);
      handle.getWriteAccess(block);
      XattrBlock.write(block.address, inode.ext4.blockSize, entries);
      dirty(handle, inode, block);
      return true;
    } finally {
      Buffers.brelse(block);
    }
  }

  private static void dirty(Ext4Handle handle, Ext4Inode inode, BufferHead block) {
    inode.ext4.checksums.setXattrBlock(block.blockNumber, block.address, inode.ext4.blockSize);
    inode.ext4.xattrCache.add(XattrBlock.hash(block.address), block.blockNumber);
    handle.dirtyMetadata(block, inode);
  }

  /** A block of its own, or one that has the same attributes already. */
  private static void newBlock(Ext4Handle handle, Ext4Inode inode, List<XattrBlock.Entry> entries) {
    Ext4SuperBlock superBlock = inode.ext4;
    long goal = superBlock.shape.groupFirstBlock(inode.group);
    long number = superBlock.blocks.newMetaBlock(handle, inode, goal, 0);
    BufferHead made = superBlock.newMetadata(handle, number);
    try {
      XattrBlock.write(made.address, superBlock.blockSize, entries);
      long shared = superBlock.xattrCache.find(XattrBlock.hash(made.address));
      if (shared != 0 && shared != inode.fileAcl && share(handle, inode, shared, made)) {
        superBlock.blocks.freeBlocks(handle, inode, number, 1, true);
        releaseBlock(handle, inode);
        inode.fileAcl = shared;
        inode.addBlocks(1);
        return;
      }
      releaseBlock(handle, inode);
      dirty(handle, inode, made);
      inode.fileAcl = number;
      superBlock.requireExtAttr(handle);
    } finally {
      Buffers.brelse(made);
    }
  }

  /** One user more of a block, if its content is still the same. */
  @Traced("ext4_xattr_block_cache_find")
  private static boolean share(Ext4Handle handle, Ext4Inode inode, long number, BufferHead same) {
    Ext4SuperBlock superBlock = inode.ext4;
    BufferHead block = Buffers.bread(superBlock.disk, number, superBlock.blockSize);
    if (block == null) {
      return false;
    }
    try {
      long users = XattrBlock.references(block.address);
      if (!XattrBlock.hasHeader(block.address)
          || users >= MOST_USERS
          || !sameEntries(block.address, same.address, superBlock.blockSize)) {
        return false;
      }
      handle.getWriteAccess(block);
      XattrBlock.putReferences(block.address, users + 1);
      dirty(handle, inode, block);
      return true;
    } finally {
      Buffers.brelse(block);
    }
  }

  private static boolean sameEntries(long one, long other, int bytes) {
    for (int at = 32; at < bytes; at += 4) {
      if (Disk.s32(one + at) != Disk.s32(other + at)) {
        return false;
      }
    }
    return true;
  }

  /** The inode does not use its block any more. */
  @Traced("ext4_xattr_release_block")
  private static void releaseBlock(Ext4Handle handle, Ext4Inode inode) {
    long number = inode.fileAcl;
    if (number == 0) {
      return;
    }
    inode.fileAcl = 0;
    BufferHead block = Buffers.bread(inode.ext4.disk, number, inode.ext4.blockSize);
    if (block == null) {
      throw new Ext4Exception(-Errno.EIO);
    }
    try {
      long users = XattrBlock.references(block.address);
      if (users <= 1) {
        inode.ext4.xattrCache.remove(number);
        inode.ext4.blocks.freeBlocks(handle, inode, number, 1, true);
        return;
      }
      handle.getWriteAccess(block);
      XattrBlock.putReferences(block.address, users - 1);
      dirty(handle, inode, block);
      inode.addBlocks(-1);
    } finally {
      Buffers.brelse(block);
    }
  }

  /** The inode is deleted. */
  @Traced("ext4_xattr_delete_inode")
  static void deleteInode(Ext4Handle handle, Ext4Inode inode) {
    if (inode.fileAcl != 0) {
      synchronized (inode.ext4.xattrCache) {
        releaseBlock(handle, inode);
      }
    }
  }
}
