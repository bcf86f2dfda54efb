package dev.svc0.fs.ext2;

import dev.svc0.annotation.Traced;
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
 * Extended attributes in a block of their own, which several inodes may share. Blocks are shared
 * only as they were found: new ones have one user. <i>Linux:</i> fs/ext2/xattr.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext2Xattr {
  private Ext2Xattr() {}

  private static boolean isSupported(Ext2Inode inode, int index) {
    return index > 0 && (index != 1 || inode.ext2.options.userXattr);
  }

  /** The attributes of an inode; null with −errno in error[0]. */
  private static @Nullable List<XattrBlock.Entry> read(Ext2Inode inode, long[] error) {
    long block = inode.fileAcl;
    if (block == 0) {
      return List.of();
    }
    Ext2SuperBlock superBlock = inode.ext2;
    BufferHead buffer = Buffers.bread(superBlock.disk, block, superBlock.blockSize);
    if (buffer == null) {
      error[0] = -Errno.EIO;
      return null;
    }
    List<XattrBlock.Entry> entries = XattrBlock.parse(buffer.address, superBlock.blockSize);
    Buffers.brelse(buffer);
    if (entries == null) {
      superBlock.error("inode " + inode.number() + ": bad extended attribute block " + block);
      error[0] = -Errno.EIO;
    }
    return entries;
  }

  static byte @Nullable [] get(Ext2Inode inode, String name, long[] error) {
    int index = XattrNames.indexOf(name);
    if (!isSupported(inode, index)) {
      error[0] = -Errno.EOPNOTSUPP;
      return null;
    }
    List<XattrBlock.Entry> entries = read(inode, error);
    if (entries == null) {
      return null;
    }
    String suffix = XattrNames.suffixOf(name, index);
    for (XattrBlock.Entry entry : entries) {
      if (entry.is(index, suffix)) {
        return entry.value();
      }
    }
    error[0] = -Errno.ENODATA;
    return null;
  }

  static String list(Ext2Inode inode) {
    List<XattrBlock.Entry> entries = read(inode, new long[1]);
    StringBuilder names = new StringBuilder();
    if (entries != null) {
      for (XattrBlock.Entry entry : entries) {
        String name = XattrNames.nameOf(entry);
        if (name != null && isSupported(inode, entry.index())) {
          names.append(name).append('\0');
        }
      }
    }
    return names.toString();
  }

  static long set(Ext2Inode inode, String name, byte @Nullable [] value, int flags) {
    int index = XattrNames.indexOf(name);
    if (!isSupported(inode, index)) {
      return -Errno.EOPNOTSUPP;
    }
    String suffix = XattrNames.suffixOf(name, index);
    if (suffix.length() > 255) {
      return -Errno.ERANGE;
    }
    long[] error = new long[1];
    List<XattrBlock.Entry> old = read(inode, error);
    if (old == null) {
      return error[0];
    }
    List<XattrBlock.Entry> changed = new ArrayList<>(old);
    boolean existed = changed.removeIf(entry -> entry.is(index, suffix));
    if (existed && (flags & FsConstants.XATTR_CREATE) != 0) {
      return -Errno.EEXIST;
    }
    if (!existed && (value == null || (flags & FsConstants.XATTR_REPLACE) != 0)) {
      return -Errno.ENODATA;
    }
    if (value != null) {
      changed.add(new XattrBlock.Entry(index, suffix, value.clone()));
    }
    return XattrBlock.fits(changed, inode.ext2.blockSize) ? replace(inode, changed) : -Errno.ENOSPC;
  }

  @Traced("ext2_xattr_set2")
  private static long replace(Ext2Inode inode, List<XattrBlock.Entry> entries) {
    long old = inode.fileAcl;
    long fresh = 0;
    if (!entries.isEmpty()) {
      BlockAllocator.Run run = new BlockAllocator.Run();
      long goal = inode.ext2.shape.groupFirstBlock(inode.group);
      long result = inode.ext2.blocks.newBlocks(inode, goal, 1, run);
      if (result == 0) {
        result = write(inode, run.start, entries);
      }
      if (result != 0) {
        if (run.count > 0) {
          inode.ext2.blocks.freeBlocks(inode, run.start, 1);
        }
        return result;
      }
      fresh = run.start;
      inode.ext2.requireExtAttr();
    }
    inode.fileAcl = fresh;
    InodeTimes.touchChanged(inode);
    inode.markDirty();
    if (old != 0) {
      release(inode, old);
    }
    return inode.isSync() ? inode.ext2.table.writeInode(inode, true) : 0;
  }

  private static long write(Ext2Inode inode, long block, List<XattrBlock.Entry> entries) {
    Ext2SuperBlock superBlock = inode.ext2;
    BufferHead buffer = Buffers.bdevGetblk(superBlock.disk, block, superBlock.blockSize);
    if (buffer == null) {
      return -Errno.ENOMEM;
    }
    buffer.lock();
    XattrBlock.write(buffer.address, superBlock.blockSize, entries);
    buffer.setUptodate();
    buffer.unlock();
    Buffers.markBufferDirty(buffer);
    long result = inode.isSync() ? Buffers.syncDirtyBuffer(buffer) : 0;
    Buffers.brelse(buffer);
    return result;
  }

  /** One user of an attribute block less; the last one frees it. */
  @Traced("ext2_xattr_release_block")
  private static void release(Ext2Inode inode, long block) {
    Ext2SuperBlock superBlock = inode.ext2;
    BufferHead buffer = Buffers.bread(superBlock.disk, block, superBlock.blockSize);
    if (buffer == null || !XattrBlock.hasHeader(buffer.address)) {
      Buffers.brelse(buffer);
      superBlock.error("inode " + inode.number() + ": bad extended attribute block " + block);
      return;
    }
    superBlock.allocationLock.lock();
    try {
      long users = XattrBlock.references(buffer.address);
      if (users > 1) {
        XattrBlock.putReferences(buffer.address, users - 1);
        inode.addBytes(-superBlock.blockSize);
        Buffers.markBufferDirty(buffer);
        Buffers.brelse(buffer);
        return;
      }
    } finally {
      superBlock.allocationLock.unlock();
    }
    Buffers.bforget(buffer);
    superBlock.blocks.freeBlocks(inode, block, 1);
  }

  /** The inode is being deleted. */
  @Traced("ext2_xattr_delete_inode")
  static void deleteInode(Ext2Inode inode) {
    long block = inode.fileAcl;
    if (block != 0) {
      inode.fileAcl = 0;
      release(inode, block);
    }
  }
}
