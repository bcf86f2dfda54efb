package dev.svc0.fs.ext4;

import static dev.svc0.fs.ext4.Ext4Acl.*;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.InodeAttributes;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What an access ACL allows, and what chmod makes of it. <i>Linux:</i> fs/posix_acl.c. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4AclCheck {
  private static final int GROUP_BITS = 070;

  private Ext4AclCheck() {}

  /**
   * Whether a caller may do what a mask says, by the ACL if there is one, else by the mode.
   *
   * @return 0, −EACCES; −EIO and the like when the ACL cannot be read
   */
  @Traced("generic_permission")
  static long permission(Ext4Inode inode, int mask, Cred cred) {
    boolean byMode =
        inode.uid == cred.fsuid()
            || (inode.mode & GROUP_BITS) == 0
            || inode.isSymlink()
            || !inode.ext4.options.acl;
    if (byMode) {
      return InodeAttributes.genericPermission(inode, mask, cred);
    }
    byte[] acl;
    try {
      acl = accessAcl(inode);
    } catch (Ext4Exception e) {
      return e.result;
    }
    if (acl == null) {
      return InodeAttributes.genericPermission(inode, mask, cred);
    }
    return allows(acl, inode.gid, mask, cred) || InodeAttributes.capable(inode, mask, cred)
        ? 0
        : -Errno.EACCES;
  }

  @Traced("ext4_get_acl")
  private static byte @Nullable [] accessAcl(Ext4Inode inode) {
    byte[] known = inode.accessAcl;
    if (known != NOT_READ) {
      return known;
    }
    inode.xattrLock.lock();
    try {
      byte[] found = Ext4Xattr.find(inode, ACCESS, "");
      inode.accessAcl = found;
      return found;
    } finally {
      inode.xattrLock.unlock();
    }
  }

  private static int sizeOf(int tag) {
    return hasId(tag) ? 8 : 4;
  }

  /** For somebody who is not the owner: the first entry that is about the caller decides. */
  @Traced("posix_acl_permission")
  private static boolean allows(byte[] acl, int group, int mask, Cred cred) {
    ByteBuffer entries = buffer(acl);
    boolean member = false;
    for (int at = 4; at + 4 <= acl.length; at += sizeOf(entries.getShort(at))) {
      int tag = entries.getShort(at);
      int perm = entries.getShort(at + 2);
      int id = hasId(tag) && at + 8 <= acl.length ? entries.getInt(at + 4) : -1;
      switch (tag) {
        case ACL_USER -> {
          if (id == cred.fsuid()) {
            return (perm & maskOf(entries) & mask) == mask;
          }
        }
        case ACL_GROUP_OBJ, ACL_GROUP -> {
          if (cred.inGroup(tag == ACL_GROUP ? id : group)) {
            member = true;
            if ((perm & mask) == mask) {
              return (maskOf(entries) & mask) == mask;
            }
          }
        }
        case ACL_OTHER -> {
          return !member && (perm & mask) == mask;
        }
        default -> {}
      }
    }
    return false;
  }

  /** What all entries but those of the owner and of others are cut down to. */
  private static int maskOf(ByteBuffer entries) {
    for (int at = 4; at + 4 <= entries.capacity(); at += sizeOf(entries.getShort(at))) {
      if (entries.getShort(at) == ACL_MASK) {
        return entries.getShort(at + 2);
      }
    }
    return 7;
  }

  /** The mode was changed: the ACL says the same of owner, mask and others. */
  @Traced("posix_acl_chmod")
  static void chmod(Ext4Handle handle, Ext4Inode inode) {
    if (inode.isSymlink() || !inode.ext4.options.acl) {
      return;
    }
    byte[] acl = accessAcl(inode);
    if (acl == null) {
      return;
    }
    byte[] changed = acl.clone();
    ByteBuffer entries = buffer(changed);
    int group = -1;
    for (int at = 4; at + 4 <= changed.length; at += sizeOf(entries.getShort(at))) {
      switch (entries.getShort(at)) {
        case ACL_USER_OBJ -> entries.putShort(at + 2, (short) (inode.mode >> 6 & 7));
        case ACL_GROUP_OBJ -> group = group < 0 ? at : group;
        case ACL_MASK -> group = at;
        case ACL_OTHER -> entries.putShort(at + 2, (short) (inode.mode & 7));
        default -> {}
      }
    }
    if (group >= 0) {
      entries.putShort(group + 2, (short) (inode.mode >> 3 & 7));
    }
    Ext4Xattr.set(handle, inode, ACCESS, "", changed, 0);
  }
}
