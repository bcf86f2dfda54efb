package dev.svc0.fs.ext2;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.buffer.GetBlock;
import dev.svc0.runtime.buffer.Mpage;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.pagecache.WriteContext;
import dev.svc0.runtime.pagecache.WritebackControl;

/** How pages of files and directories are filled and written. <i>Linux:</i> ext2_aops. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext2AddressSpaceOperations implements AddressSpaceOperations {
  static final Ext2AddressSpaceOperations INSTANCE = new Ext2AddressSpaceOperations();

  private Ext2AddressSpaceOperations() {}

  @Override
  @Traced("ext2_read_folio")
  public long readFolio(Folio folio) {
    return Buffers.blockReadFullFolio(folio, BlockTree.GET_BLOCK);
  }

  @Override
  @Traced("ext2_readahead")
  public void readahead(AddressSpace mapping, long firstIndex, int pages) {
    Mpage.mpageReadahead(mapping, firstIndex, pages, BlockTree.GET_BLOCK);
  }

  @Override
  public boolean dirtyFolio(AddressSpace mapping, Folio folio) {
    return Buffers.blockDirtyFolio(mapping, folio);
  }

  @Override
  @Traced("ext2_writepages")
  public long writepages(AddressSpace mapping, WritebackControl control) {
    return Mpage.mpageWritepages(mapping, control, BlockTree.GET_BLOCK);
  }

  @Override
  @Traced("ext2_write_begin")
  public long writeBegin(AddressSpace mapping, long position, int bytes, WriteContext context) {
    long result = Buffers.blockWriteBegin(mapping, position, bytes, context, BlockTree.GET_BLOCK);
    if (result < 0) {
      writeFailed(mapping, position + bytes);
    }
    return result;
  }

  @Override
  @Traced("ext2_write_end")
  public long writeEnd(
      AddressSpace mapping, long position, int bytes, int copied, WriteContext context) {
    long result = genericWriteEnd(mapping, position, bytes, copied, context);
    if (result < bytes) {
      writeFailed(mapping, position + bytes);
    }
    return result;
  }

  @Traced("generic_write_end")
  private static long genericWriteEnd(
      AddressSpace mapping, long position, int bytes, int copied, WriteContext context) {
    Ext2Inode inode = (Ext2Inode) mapping.host();
    Folio folio = java.util.Objects.requireNonNull(context.folio);
    int accepted = Buffers.blockWriteEnd(folio, position, bytes, copied);
    boolean grown = position + accepted > inode.size();
    if (grown) {
      inode.setSize(position + accepted);
    }
    folio.unlock();
    folio.put();
    context.folio = null;
    if (grown) {
      inode.markDirty(PageCacheOwner.DIRTY_DATASYNC);
    }
    return accepted;
  }

  /** Gives blocks beyond the end back that a failed write allocated. */
  @Traced("ext2_write_failed")
  private static void writeFailed(AddressSpace mapping, long to) {
    Ext2Inode inode = (Ext2Inode) mapping.host();
    long size = inode.size();
    if (to > size) {
      Filemap.truncateInodePages(mapping, size);
      BlockTree.truncateBlocks(inode, size);
    }
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
  @Traced("ext2_bmap")
  public long bmap(AddressSpace mapping, long block) {
    Branch branch = new Branch();
    long count = BlockTree.getBlocks((Ext2Inode) mapping.host(), block, 1, GetBlock.LOOKUP, branch);
    return count > 0 ? branch.block : count;
  }
}
