package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Inode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Symbolic links: short ones live in the inode, where block pointers would be; others in a block
 * that is metadata. <i>Linux:</i> fs/ext4/symlink.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4SymlinkInodeOperations extends Ext4FileInodeOperations {
  /** Gives a new symlink its target. */
  static void setTarget(Ext4Handle handle, Ext4Inode inode, String target) {
    int length = target.length();
    inode.setSize(length);
    inode.diskSize = length;
    if (length < Ext4Inode.FAST_SYMLINK_BYTES) {
      inode.flags &= ~dev.svc0.fs.extformat.InodeLayout.EXT4_EXTENTS_FL;
      java.util.Arrays.fill(inode.data, 0);
      for (int i = 0; i < length; i++) {
        inode.data[i >>> 2] |= (target.charAt(i) & 0xff) << 8 * (i & 3);
      }
    } else {
      initSymlinkBlock(handle, inode, target);
    }
    inode.ext4.table.markInodeDirty(handle, inode);
  }

  @Traced("ext4_init_symlink_block")
  private static void initSymlinkBlock(Ext4Handle handle, Ext4Inode inode, String target) {
    Ext4Map map = new Ext4Map(0, 1);
    Ext4Mapper.mapBlocks(handle, inode, map, Ext4Mapper.CREATE);
    BufferHead block = inode.ext4.newMetadata(handle, map.physical);
    try {
      byte[] text = target.getBytes(StandardCharsets.ISO_8859_1);
      HostMemory.copy(text, 0, block.address, text.length);
      handle.dirtyMetadata(block, inode);
    } finally {
      Buffers.brelse(block);
    }
  }

  @Override
  @Traced("ext4_get_link")
  public @Nullable String getLink(Inode inode, Caller caller, long[] error) {
    Ext4Inode link = (Ext4Inode) inode;
    try {
      return link.isFastSymlink() ? fastTarget(link) : fromBlock(link);
    } catch (Ext4Exception e) {
      error[0] = e.result;
      return null;
    }
  }

  private static String fastTarget(Ext4Inode link) {
    int length = (int) Math.min(link.size(), Ext4Inode.FAST_SYMLINK_BYTES);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      char c = (char) (link.data[i >>> 2] >>> 8 * (i & 3) & 0xff);
      if (c == 0) {
        break;
      }
      text.append(c);
    }
    return text.toString();
  }

  private static String fromBlock(Ext4Inode link) {
    Ext4Map map = new Ext4Map(0, 1);
    Ext4Mapper.lookup(link, map);
    if (map.state != Ext4Map.WRITTEN) {
      throw new Ext4Exception(link.ext4.error("symlink " + link.number() + " has no block"));
    }
    BufferHead block = Buffers.bread(link.ext4.disk, map.physical, link.ext4.blockSize);
    if (block == null) {
      throw new Ext4Exception(-Errno.EIO);
    }
    try {
      int most = (int) Math.min(link.size(), link.ext4.blockSize);
      byte[] text = new byte[most];
      HostMemory.copy(block.address, text, 0, most);
      int length = 0;
      while (length < most && text[length] != 0) {
        length++;
      }
      return new String(text, 0, length, StandardCharsets.ISO_8859_1);
    } finally {
      Buffers.brelse(block);
    }
  }
}
