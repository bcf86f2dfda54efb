package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeOperations;
import dev.svc0.runtime.vfs.SetAttributes;
import org.jspecify.annotations.Nullable;

/** Attributes of an inode of any kind, for reading. */
@Traced(layer = Traced.Layer.FILESYSTEM)
class Ext4FileInodeOperations implements InodeOperations {
  @Override
  public long setattr(Inode inode, SetAttributes change, Caller caller) {
    return -Errno.EROFS;
  }

  @Override
  @Traced("ext4_xattr_get")
  public byte @Nullable [] getxattr(Inode inode, String name, long[] error) {
    return Ext4Xattr.get((Ext4Inode) inode, name, error);
  }

  @Override
  public long setxattr(Inode inode, String name, byte @Nullable [] value, int flags) {
    return -Errno.EROFS;
  }

  @Override
  @Traced("ext4_listxattr")
  public String listxattr(Inode inode) {
    return Ext4Xattr.list((Ext4Inode) inode);
  }
}
