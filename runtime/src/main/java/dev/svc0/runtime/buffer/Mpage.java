package dev.svc0.runtime.buffer;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.pagecache.WritebackControl;
import org.jspecify.annotations.Nullable;

/**
 * Reading ahead and writing back many folios with one bio, as far as their blocks follow each other
 * on the disk. A folio whose blocks do not goes the way of {@link Buffers}, block by block.
 * <i>Linux:</i> fs/mpage.c.
 *
 * <p>Used by one thread for one call. Folios stay locked, or under write-back, until the bio ends.
 * A bio names the first operation of its first folio and the last one of its last.
 */
@Traced(layer = Traced.Layer.PAGECACHE)
public final class Mpage {
  /** As many as a bio of Linux has pages. */
  private static final int MAX_FOLIOS = 256;

  /** The folios of a bio. */
  private static final class Carried {
    final Folio[] folios = new Folio[MAX_FOLIOS];
    int count;
  }

  private final int opf;
  private final GetBlock getBlock;
  private @Nullable Bio bio;
  private Carried carried = new Carried();

  private Mpage(int opf, GetBlock getBlock) {
    this.opf = opf;
    this.getBlock = getBlock;
  }

  /** Reads the absent folios of a range ahead. */
  @Traced("mpage_readahead")
  public static void mpageReadahead(
      AddressSpace mapping, long firstIndex, int pages, GetBlock getBlock) {
    BlockCore.blkStartPlug();
    Mpage mpage = new Mpage(ReqOp.READ | ReqOp.RAHEAD, getBlock);
    Filemap.readAbsentFolios(mapping, firstIndex, pages, mpage::doMpageReadpage);
    mpage.submit();
    BlockCore.blkFinishPlug();
  }

  /** Writes the dirty folios in a range. 0 or the first −errno. */
  @Traced("mpage_writepages")
  public static long mpageWritepages(
      AddressSpace mapping, WritebackControl control, GetBlock getBlock) {
    boolean sync = control.syncMode == WritebackControl.SyncMode.ALL;
    BlockCore.blkStartPlug();
    Mpage mpage = new Mpage(ReqOp.WRITE | (sync ? ReqOp.SYNC : ReqOp.BACKGROUND), getBlock);
    long error = Filemap.writeCachePages(mapping, control, mpage::mpageWritepage);
    mpage.submit();
    BlockCore.blkFinishPlug();
    return error;
  }

  @Traced("do_mpage_readpage")
  private long doMpageReadpage(Folio folio) {
    PageCacheOwner owner = BufferedFolio.ownerOf(folio);
    int blockBytes = 1 << owner.blockBits();
    int blocks = folio.sizeBytes() / blockBytes;
    long block = folio.position() / blockBytes;
    long endBlock = (owner.sizeBytes() + blockBytes - 1) / blockBytes;
    long first = -1;
    int mapped = 0;
    BlockDevice device = null;
    int inside = (int) Math.min(blocks, endBlock - block);
    for (int i = 0; i < inside; i++) {
      BufferHead probe = new BufferHead(folio, folio.address + (long) i * blockBytes, blockBytes);
      if (getBlock.getBlock(owner, block + i, probe, GetBlock.LOOKUP) != 0) {
        return confusedRead(folio); // which meets the error again, and reports it
      }
      if (!probe.isMapped()) {
        continue;
      }
      if (mapped < i || mapped > 0 && probe.blockNumber != first + mapped) {
        return confusedRead(folio); // after a hole, or somewhere else
      }
      if (mapped == 0) {
        first = probe.blockNumber;
        device = probe.device;
      }
      mapped++;
    }
    int bytes = mapped * blockBytes;
    HostMemory.fill(folio.address + bytes, folio.sizeBytes() - bytes, (byte) 0);
    if (device == null) {
      BufferedFolio.folioEndRead(folio, true);
    } else {
      add(folio, device, first * (blockBytes >>> 9), bytes);
    }
    return 0;
  }

  private long confusedRead(Folio folio) {
    submit();
    return BufferedFolio.blockReadFullFolio(folio, getBlock);
  }

  @Traced("__mpage_writepage")
  private long mpageWritepage(Folio folio, WritebackControl control) {
    if (!BufferWriteback.isInside(folio)) {
      return 0;
    }
    PageCacheOwner owner = BufferedFolio.ownerOf(folio);
    BufferHead head = BufferWriteback.dirtyBuffers(folio);
    long error = BufferWriteback.mapDirtyBuffers(owner, folio, head, getBlock);
    BlockDevice device = head.device;
    long blocks = (owner.sizeBytes() - folio.position() + head.sizeBytes - 1) / head.sizeBytes;
    int dirty = error == 0 ? cleanRun(head, blocks) : 0;
    if (dirty == 0 || device == null) {
      submit();
      return BufferWriteback.blockWriteFullFolio(folio, control, getBlock);
    }
    Filemap.folioStartWriteback(folio);
    add(folio, device, head.blockNumber * (head.sizeBytes >>> 9), dirty * head.sizeBytes);
    folio.unlock();
    return 0;
  }

  /**
   * How many buffers from the first on are dirty and follow each other on the disk, when they are
   * all that lies inside the file and nobody works on one of them: then they are taken as clean.
   * Otherwise 0, and nothing is changed.
   */
  private static int cleanRun(BufferHead head, long inside) {
    int count = 0;
    BufferHead at = head;
    do {
      if (count < inside) {
        boolean fits = at.isMapped() && at.isDirty() && !at.isLocked() && at.isUptodate();
        if (!fits || at.isDelay() || at.blockNumber != head.blockNumber + count) {
          return 0;
        }
        count++;
      }
      at = at.next;
    } while (at != head);
    at = head;
    for (int i = 0; i < count; i++) {
      at.testAndClearDirty();
      at = at.next;
    }
    return count;
  }

  private void add(Folio folio, BlockDevice device, long sector, int bytes) {
    Bio open = bio;
    boolean follows =
        open != null
            && open.device == device
            && open.endSector() == sector
            && carried.count < MAX_FOLIOS;
    if (open == null || !follows || !open.addSegment(folio.address, bytes)) {
      submit();
      open = start(folio, device, sector);
      open.addSegment(folio.address, bytes);
    }
    if (folio.firstOperation != 0 && ReqOp.isWrite(opf)) {
      open.lastOperationId = folio.lastOperation;
    }
    carried.folios[carried.count++] = folio;
  }

  private Bio start(Folio folio, BlockDevice device, long sector) {
    Bio made = new Bio(device, MAX_FOLIOS, opf);
    made.sector = sector;
    if (folio.firstOperation != 0 && ReqOp.isWrite(opf)) {
      made.operationId = folio.firstOperation;
    }
    made.privateData = carried;
    made.endIo = ReqOp.isWrite(opf) ? Mpage::mpageWriteEndIo : Mpage::mpageReadEndIo;
    bio = made;
    return made;
  }

  /** Sends what was gathered. */
  @Traced("mpage_bio_submit_read")
  private void submit() {
    Bio open = bio;
    if (open != null) {
      bio = null;
      carried = new Carried();
      BlockCore.submitBio(open);
    }
  }

  @Traced("mpage_read_end_io")
  private static void mpageReadEndIo(Bio done) {
    Carried all = carriedBy(done);
    for (int i = 0; i < all.count; i++) {
      BufferedFolio.folioEndRead(all.folios[i], done.status == 0);
    }
  }

  @Traced("mpage_write_end_io")
  private static void mpageWriteEndIo(Bio done) {
    Carried all = carriedBy(done);
    for (int i = 0; i < all.count; i++) {
      Folio folio = all.folios[i];
      AddressSpace mapping = folio.mapping;
      if (done.status != 0) {
        folio.setError();
        if (mapping != null) {
          mapping.setError(done.status);
        }
      }
      Filemap.folioEndWriteback(folio);
    }
  }

  private static Carried carriedBy(Bio done) {
    if (done.privateData instanceof Carried all) {
      return all;
    }
    throw new IllegalStateException("a bio without its folios ended");
  }
}
