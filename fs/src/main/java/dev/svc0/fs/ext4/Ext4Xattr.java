package dev.svc0.fs.ext4;

import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.fs.extformat.XattrBlock;
import dev.svc0.fs.extformat.XattrNames;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Extended attributes: behind the fields of a large inode, and in a block. */
final class Ext4Xattr {
  private Ext4Xattr() {}

  /** All attributes; null with −errno in error[0]. */
  private static @Nullable List<XattrBlock.Entry> read(Ext4Inode inode, long[] error) {
    List<XattrBlock.Entry> all = new ArrayList<>();
    error[0] = readInode(inode, all);
    if (error[0] == 0 && inode.fileAcl != 0) {
      error[0] = readBlock(inode, all);
    }
    return error[0] == 0 ? all : null;
  }

  private static long readInode(Ext4Inode inode, List<XattrBlock.Entry> into) {
    Ext4SuperBlock superBlock = inode.ext4;
    int inodeSize = superBlock.shape.inodeSize;
    if (inodeSize <= 128) {
      return 0;
    }
    BufferHead block = superBlock.table.inodeBlock(inode.number());
    if (block == null) {
      return -Errno.EIO;
    }
    try {
      long at = superBlock.table.addressIn(block, inode.number());
      long header = at + 128 + Disk.u16(at + InodeLayout.I_EXTRA_ISIZE);
      long end = at + inodeSize;
      if (header + 8 > end || Disk.u32(header) != XattrBlock.EXT2_XATTR_MAGIC) {
        return 0;
      }
      List<XattrBlock.Entry> found = XattrBlock.parseEntries(header + 4, header + 4, end);
      if (found == null) {
        return superBlock.error("inode " + inode.number() + ": bad extended attributes");
      }
      into.addAll(found);
      return 0;
    } finally {
      Buffers.brelse(block);
    }
  }

  private static long readBlock(Ext4Inode inode, List<XattrBlock.Entry> into) {
    Ext4SuperBlock superBlock = inode.ext4;
    BufferHead block = Buffers.bread(superBlock.disk, inode.fileAcl, superBlock.blockSize);
    if (block == null) {
      return -Errno.EIO;
    }
    try {
      boolean right =
          superBlock.checksums.isXattrBlockRight(
              inode.fileAcl, block.address, superBlock.blockSize);
      List<XattrBlock.Entry> found =
          right ? XattrBlock.parse(block.address, superBlock.blockSize) : null;
      if (found == null) {
        return superBlock.error(
            "inode " + inode.number() + ": bad extended attribute block " + inode.fileAcl);
      }
      into.addAll(found);
      return 0;
    } finally {
      Buffers.brelse(block);
    }
  }

  static byte @Nullable [] get(Ext4Inode inode, String name, long[] error) {
    if (XattrNames.indexOf(name) < 0) {
      error[0] = -Errno.EOPNOTSUPP;
      return null;
    }
    List<XattrBlock.Entry> entries = read(inode, error);
    if (entries == null) {
      return null;
    }
    for (XattrBlock.Entry entry : entries) {
      if (name.equals(XattrNames.nameOf(entry))) {
        return entry.value();
      }
    }
    error[0] = -Errno.ENODATA;
    return null;
  }

  static String list(Ext4Inode inode) {
    StringBuilder names = new StringBuilder();
    List<XattrBlock.Entry> entries = read(inode, new long[1]);
    if (entries != null) {
      for (XattrBlock.Entry entry : entries) {
        String name = XattrNames.nameOf(entry);
        if (name != null) {
          names.append(name).append('\0');
        }
      }
    }
    return names.toString();
  }
}
