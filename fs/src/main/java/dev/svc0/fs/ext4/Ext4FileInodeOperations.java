package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeAttributes;
import dev.svc0.runtime.vfs.InodeOperations;
import dev.svc0.runtime.vfs.SetAttributes;
import org.jspecify.annotations.Nullable;

/** Attributes of an inode of any kind. */
@Traced(layer = Traced.Layer.FILESYSTEM)
class Ext4FileInodeOperations implements InodeOperations {
  @Override
  @Traced("ext4_setattr")
  public long setattr(Inode inode, SetAttributes change, Caller caller) {
    Ext4Inode target = (Ext4Inode) inode;
    if (target.ext4.isReadOnly()) {
      return -Errno.EROFS;
    }
    try {
      if (change.has(SetAttributes.ATTR_SIZE) && change.size != inode.size()) {
        target.mayUseReserve =
            Ext4DirectoryInodeOperations.mayUseReserve(target.ext4, caller.cred());
        Ext4Exception.check(Ext4Truncate.setSize(target, change.size));
      }
      int credits = change.has(SetAttributes.ATTR_MODE) ? Ext4Xattr.CREDITS : 2;
      try (Ext4Handle handle = Ext4Handle.start(target.ext4, credits)) {
        InodeAttributes.setattrCopy(inode, change);
        if (change.has(SetAttributes.ATTR_MODE)) {
          Ext4AclCheck.chmod(handle, target);
        }
        target.ext4.table.markInodeDirty(handle, target);
        if (target.isSync()) {
          handle.setSync();
        }
      }
      return 0;
    } catch (Ext4Exception e) {
      return e.result;
    }
  }

  @Override
  public long permission(Inode inode, int mask, Caller caller) {
    return Ext4AclCheck.permission((Ext4Inode) inode, mask, caller.cred());
  }

  @Override
  @Traced("ext4_xattr_get")
  public byte @Nullable [] getxattr(Inode inode, String name, long[] error) {
    return Ext4Xattr.get((Ext4Inode) inode, name, error);
  }

  @Override
  @Traced("ext4_xattr_set")
  public long setxattr(Inode inode, String name, byte @Nullable [] value, int flags) {
    return Ext4Xattr.set((Ext4Inode) inode, name, value, flags);
  }

  @Override
  @Traced("ext4_listxattr")
  public String listxattr(Inode inode) {
    return Ext4Xattr.list((Ext4Inode) inode);
  }
}
