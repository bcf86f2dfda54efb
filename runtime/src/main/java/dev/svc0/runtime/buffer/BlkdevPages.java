package dev.svc0.runtime.buffer;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.WriteContext;
import dev.svc0.runtime.pagecache.WritebackControl;

/** How the page cache of a disk's raw content is filled and emptied. <i>Linux:</i> def_blk_aops. */
@Traced(layer = Traced.Layer.BLOCK)
public final class BlkdevPages implements AddressSpaceOperations {
  private final GetBlock oneToOne;

  /** For a disk. */
  public BlkdevPages(BlockDevice device) {
    oneToOne =
        (owner, block, buffer, mode) -> {
          buffer.map(device, block);
          return 0;
        };
  }

  @Override
  @Traced("blkdev_read_folio")
  public long readFolio(Folio folio) {
    return Buffers.blockReadFullFolio(folio, oneToOne);
  }

  @Override
  @Traced("blkdev_readahead")
  public void readahead(AddressSpace mapping, long firstIndex, int pages) {
    Mpage.mpageReadahead(mapping, firstIndex, pages, oneToOne);
  }

  @Override
  @Traced("blkdev_writepages")
  public long writepages(AddressSpace mapping, WritebackControl control) {
    BlockCore.blkStartPlug();
    long error =
        Filemap.writeCachePages(
            mapping, control, (folio, how) -> Buffers.blockWriteFullFolio(folio, how, oneToOne));
    BlockCore.blkFinishPlug();
    return error;
  }

  @Override
  @Traced("blkdev_write_begin")
  public long writeBegin(AddressSpace mapping, long position, int bytes, WriteContext context) {
    return Buffers.blockWriteBegin(mapping, position, bytes, context, oneToOne);
  }

  @Override
  @Traced("blkdev_write_end")
  public long writeEnd(
      AddressSpace mapping, long position, int bytes, int copied, WriteContext context) {
    Folio folio = context.folio;
    if (folio == null) {
      throw new IllegalStateException("write_end without write_begin");
    }
    int accepted = Buffers.blockWriteEnd(folio, position, bytes, copied);
    folio.unlock();
    folio.put();
    context.folio = null;
    return accepted;
  }

  @Override
  public boolean dirtyFolio(AddressSpace mapping, Folio folio) {
    return Buffers.blockDirtyFolio(mapping, folio);
  }

  @Override
  public void invalidateFolio(Folio folio, int offset, int bytes) {
    Buffers.blockInvalidateFolio(folio, offset, bytes);
  }

  @Override
  public boolean releaseFolio(Folio folio) {
    return Buffers.tryToFreeBuffers(folio);
  }
}
