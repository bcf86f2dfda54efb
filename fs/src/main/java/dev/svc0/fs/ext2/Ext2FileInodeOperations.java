package dev.svc0.fs.ext2;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeAttributes;
import dev.svc0.runtime.vfs.InodeOperations;
import dev.svc0.runtime.vfs.InodeTimes;
import dev.svc0.runtime.vfs.SetAttributes;
import org.jspecify.annotations.Nullable;

/** Attributes of an inode of any kind. */
@Traced(layer = Traced.Layer.FILESYSTEM)
class Ext2FileInodeOperations implements InodeOperations {
  @Override
  @Traced("ext2_setattr")
  public long setattr(Inode inode, SetAttributes change, Caller caller) {
    Ext2Inode target = (Ext2Inode) inode;
    if (change.has(SetAttributes.ATTR_SIZE) && change.size != inode.size()) {
      target.mayUseReserve = Ext2DirectoryInodeOperations.mayUseReserve(target.ext2, caller.cred());
      long result = setSize(target, change.size);
      if (result != 0) {
        return result;
      }
    }
    InodeAttributes.setattrCopy(inode, change);
    target.markDirty();
    return 0;
  }

  @Traced("ext2_setsize")
  private static long setSize(Ext2Inode inode, long newSize) {
    if (!inode.isRegular() && !inode.isDirectory() && !inode.isSymlink() || inode.isFastSymlink()) {
      return -Errno.EINVAL;
    }
    if (inode.hasFlag(Inode.S_APPEND) || inode.hasFlag(Inode.S_IMMUTABLE)) {
      return -Errno.EPERM;
    }
    if (newSize > inode.ext2.maxBytes) {
      return -Errno.EFBIG;
    }
    long result = Buffers.blockTruncatePage(inode.mapping(), newSize, BlockTree.GET_BLOCK);
    if (result != 0) {
      return result;
    }
    boolean shrinks = newSize < inode.size();
    inode.setSize(newSize);
    if (shrinks) {
      Filemap.truncateInodePages(inode.mapping(), newSize);
    }
    BlockTree.truncateBlocks(inode, newSize);
    InodeTimes.touchModified(inode);
    inode.markDirty();
    if (inode.isSync()) {
      result = Buffers.syncMappingBuffers(inode.mapping());
      long written = inode.ext2.table.writeInode(inode, true);
      result = result == 0 ? written : result;
    }
    return result;
  }

  @Override
  @Traced("ext2_xattr_get")
  public byte @Nullable [] getxattr(Inode inode, String name, long[] error) {
    return Ext2Xattr.get((Ext2Inode) inode, name, error);
  }

  @Override
  @Traced("ext2_xattr_set")
  public long setxattr(Inode inode, String name, byte @Nullable [] value, int flags) {
    return Ext2Xattr.set((Ext2Inode) inode, name, value, flags);
  }

  @Override
  @Traced("ext2_listxattr")
  public String listxattr(Inode inode) {
    return Ext2Xattr.list((Ext2Inode) inode);
  }
}
