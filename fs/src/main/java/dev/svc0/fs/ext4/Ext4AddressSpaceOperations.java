package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.buffer.GetBlock;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.pagecache.WriteContext;

/** How pages are filled. Nothing writes to them. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4AddressSpaceOperations implements AddressSpaceOperations {
  static final Ext4AddressSpaceOperations INSTANCE = new Ext4AddressSpaceOperations();

  private static final GetBlock GET_BLOCK = Ext4AddressSpaceOperations::getBlock;

  private Ext4AddressSpaceOperations() {}

  @Traced("ext4_get_block")
  private static long getBlock(PageCacheOwner owner, long fileBlock, BufferHead buffer, int mode) {
    if (mode != GetBlock.LOOKUP) {
      return -Errno.EROFS;
    }
    Ext4Inode inode = (Ext4Inode) owner;
    long block = Ext4Extents.mapBlock(inode, fileBlock);
    if (block > 0) {
      buffer.map(inode.ext4.disk, block);
      return 0;
    }
    return block;
  }

  @Override
  @Traced("ext4_read_folio")
  public long readFolio(Folio folio) {
    return Buffers.blockReadFullFolio(folio, GET_BLOCK);
  }

  @Override
  @Traced("ext4_readahead")
  public void readahead(AddressSpace mapping, long firstIndex, int pages) {
    Filemap.readAbsentFolios(mapping, firstIndex, pages);
  }

  @Override
  public long writeBegin(AddressSpace mapping, long position, int bytes, WriteContext context) {
    return -Errno.EROFS;
  }

  @Override
  public void invalidateFolio(Folio folio, int offset, int bytes) {
    Buffers.blockInvalidateFolio(folio, offset, bytes);
  }

  @Override
  public boolean releaseFolio(Folio folio) {
    return Buffers.tryToFreeBuffers(folio);
  }

  @Override
  @Traced("ext4_bmap")
  public long bmap(AddressSpace mapping, long block) {
    return Ext4Extents.mapBlock((Ext4Inode) mapping.host(), block);
  }
}
