package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Inode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Symbolic links: short ones live in the inode, where block pointers would be. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4SymlinkInodeOperations extends Ext4FileInodeOperations {
  private static final int INODE_BYTES = 4 * InodeLayout.EXT2_N_BLOCKS;

  @Override
  @Traced("ext4_get_link")
  public @Nullable String getLink(Inode inode, Caller caller, long[] error) {
    Ext4Inode link = (Ext4Inode) inode;
    boolean fast = link.size() < INODE_BYTES && !link.hasDiskFlag(InodeLayout.EXT4_EXTENTS_FL);
    return fast ? fromInode(link, error) : fromPage(link, error);
  }

  private static @Nullable String fromInode(Ext4Inode link, long[] error) {
    BufferHead block = link.ext4.table.inodeBlock(link.number());
    if (block == null) {
      error[0] = -Errno.EIO;
      return null;
    }
    long at = link.ext4.table.addressIn(block, link.number()) + InodeLayout.I_BLOCK;
    String text = text(at, (int) link.size());
    Buffers.brelse(block);
    return text;
  }

  private static @Nullable String fromPage(Ext4Inode link, long[] error) {
    Folio folio = Filemap.readMappingFolio(link.mapping(), 0, error);
    if (folio == null) {
      return null;
    }
    String text = text(folio.address, (int) Math.min(link.size(), folio.sizeBytes()));
    folio.put();
    return text;
  }

  private static String text(long at, int most) {
    int length = 0;
    while (length < most && Disk.u8(at + length) != 0) {
      length++;
    }
    byte[] bytes = new byte[length];
    HostMemory.copy(at, bytes, 0, length);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
