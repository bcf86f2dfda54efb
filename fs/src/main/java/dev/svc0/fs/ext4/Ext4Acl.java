package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * POSIX ACLs: on disk a version and short entries, to programs another version and entries of eight
 * bytes. They are kept, handed down to new files and kept in line with the mode; {@link
 * Ext4AclCheck} asks them. <i>Linux:</i> fs/ext4/acl.c, fs/posix_acl.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Acl {
  /** Nobody has looked for an inode's ACL yet. */
  static final byte[] NOT_READ = {};

  static final int ACCESS = 2;
  private static final int DEFAULT = 3;
  private static final int DISK_VERSION = 1;
  private static final int USER_VERSION = 2;
  static final int ACL_USER_OBJ = 1;
  static final int ACL_USER = 2;
  static final int ACL_GROUP_OBJ = 4;
  static final int ACL_GROUP = 8;
  static final int ACL_MASK = 16;
  static final int ACL_OTHER = 32;

  private Ext4Acl() {}

  static boolean isAcl(int index) {
    return index == ACCESS || index == DEFAULT;
  }

  static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static boolean hasId(int tag) {
    return tag == ACL_USER || tag == ACL_GROUP;
  }

  /** What programs see. */
  @Traced("ext4_acl_from_disk")
  static byte[] fromDisk(byte[] disk) {
    ByteBuffer in = buffer(disk);
    if (disk.length < 4 || in.getInt() != DISK_VERSION) {
      throw new Ext4Exception(-Errno.EINVAL);
    }
    ByteBuffer out = buffer(new byte[4 + 8 * (disk.length / 4)]);
    out.putInt(USER_VERSION);
    while (in.remaining() >= 4) {
      int tag = in.getShort();
      int perm = in.getShort();
      if (hasId(tag) && in.remaining() < 4) {
        throw new Ext4Exception(-Errno.EINVAL);
      }
      out.putShort((short) tag).putShort((short) perm).putInt(hasId(tag) ? in.getInt() : -1);
    }
    return java.util.Arrays.copyOf(out.array(), out.position());
  }

  /** What the disk gets; an access ACL that says no more than the mode is no ACL: null. */
  @Traced("ext4_acl_to_disk")
  static byte @Nullable [] toDisk(Ext4Handle handle, Ext4Inode inode, int index, byte[] value) {
    ByteBuffer in = buffer(value);
    boolean right = value.length >= 4 && (value.length - 4) % 8 == 0 && in.getInt() == USER_VERSION;
    if (!right) {
      throw new Ext4Exception(value.length >= 4 ? -Errno.EOPNOTSUPP : -Errno.EINVAL);
    }
    if (index == DEFAULT && !inode.isDirectory()) {
      throw new Ext4Exception(-Errno.EACCES);
    }
    ByteBuffer out = buffer(new byte[value.length]);
    out.putInt(DISK_VERSION);
    int mode = 0;
    int mask = -1;
    boolean extended = false;
    int seen = 0;
    while (in.remaining() >= 8) {
      int tag = in.getShort();
      int perm = in.getShort();
      int id = in.getInt();
      if ((perm & ~7) != 0) {
        throw new Ext4Exception(-Errno.EINVAL);
      }
      out.putShort((short) tag).putShort((short) perm);
      seen |= tag;
      switch (tag) {
        case ACL_USER_OBJ -> mode |= perm << 6;
        case ACL_GROUP_OBJ -> mode |= perm << 3;
        case ACL_OTHER -> mode |= perm;
        case ACL_MASK -> mask = perm;
        case ACL_USER, ACL_GROUP -> {
          out.putInt(id);
          extended = true;
        }
        default -> throw new Ext4Exception(-Errno.EINVAL);
      }
    }
    int needed = ACL_USER_OBJ | ACL_GROUP_OBJ | ACL_OTHER | (extended ? ACL_MASK : 0);
    if ((seen & needed) != needed) {
      throw new Ext4Exception(-Errno.EINVAL);
    }
    if (index == ACCESS) {
      mode = mask >= 0 ? mode & ~070 | mask << 3 : mode;
      inode.mode = inode.mode & ~0777 | mode;
      inode.ext4.table.markInodeDirty(handle, inode);
      if (mask < 0 && !extended) {
        return dropAccess(handle, inode);
      }
    }
    return java.util.Arrays.copyOf(out.array(), out.position());
  }

  private static byte @Nullable [] dropAccess(Ext4Handle handle, Ext4Inode inode) {
    if (Ext4Xattr.find(inode, ACCESS, "") == null) {
      Ext4Xattr.set(handle, inode, ACCESS, "", new byte[] {1, 0, 0, 0}, 0);
    }
    return null;
  }

  /** A new file takes over what its directory says for new files. */
  @Traced("ext4_init_acl")
  static void inherit(Ext4Handle handle, Ext4Inode directory, Ext4Inode inode) {
    if (inode.isSymlink() || !directory.ext4.options.acl || !mayHaveAttributes(directory)) {
      return;
    }
    byte[] inherited = Ext4Xattr.find(directory, DEFAULT, "");
    if (inherited == null || inherited.length < 4) {
      return;
    }
    if (inode.isDirectory()) {
      Ext4Xattr.set(handle, inode, DEFAULT, "", inherited, 0);
    }
    byte[] access = inherited.clone();
    if (createMasq(access, inode)) {
      Ext4Xattr.set(handle, inode, ACCESS, "", access, 0);
    }
    inode.ext4.table.markInodeDirty(handle, inode);
  }

  private static boolean mayHaveAttributes(Ext4Inode directory) {
    return directory.fileAcl != 0 || directory.ext4.shape.inodeSize > 128;
  }

  /** Mode and entries cut each other down; whether there is more than the mode says. */
  @Traced("posix_acl_create_masq")
  private static boolean createMasq(byte[] access, Ext4Inode inode) {
    ByteBuffer entries = buffer(access);
    int mode = inode.mode & 0777;
    boolean extended = false;
    int groupAt = -1;
    int maskAt = -1;
    for (int at = 4; at + 4 <= access.length; at += hasId(entries.getShort(at)) ? 8 : 4) {
      int perm = entries.getShort(at + 2);
      switch (entries.getShort(at)) {
        case ACL_USER_OBJ -> {
          perm &= mode >> 6;
          entries.putShort(at + 2, (short) perm);
          mode = mode & ~0700 | perm << 6;
        }
        case ACL_OTHER -> {
          perm &= mode & 7;
          entries.putShort(at + 2, (short) perm);
          mode = mode & ~7 | perm;
        }
        case ACL_GROUP_OBJ -> groupAt = at;
        case ACL_MASK -> {
          maskAt = at;
          extended = true;
        }
        default -> extended = true;
      }
    }
    int last = maskAt >= 0 ? maskAt : groupAt;
    if (last >= 0) {
      int perm = entries.getShort(last + 2) & mode >> 3;
      entries.putShort(last + 2, (short) perm);
      mode = mode & ~070 | (perm & 7) << 3;
    }
    inode.mode = inode.mode & ~0777 | mode;
    return extended;
  }
}
