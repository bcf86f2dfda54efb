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
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reading ahead and writing back many folios with one bio, as far as their blocks follow each other
 * on the disk; a folio whose blocks lie in several places is written with a bio for each. What is
 * busy, or read with holes, goes the way of {@link Buffers}, block by block. <i>Linux:</i>
 * fs/mpage.c.
 *
 * <p>Used by one thread for one call. Folios stay locked, or under write-back, until the bio ends.
 * A bio names the first operation of its first folio and the last one of its last.
 */
@Traced(layer = Traced.Layer.PAGECACHE)
public final class Mpage {
  /** As many as a bio of Linux has pages. */
  private static final int MAX_FOLIOS = 256;

  /** A folio under I/O, in one bio or several. */
  private static final class Moved {
    final Folio folio;

    /** One more while bios are made. */
    final AtomicInteger bios = new AtomicInteger(1);

    /** 0 or −errno of a bio. */
    volatile long failure;

    Moved(Folio folio) {
      this.folio = folio;
    }

    boolean isLast() {
      return bios.decrementAndGet() == 0;
    }

    void oneRead() {
      if (isLast()) {
        BufferedFolio.folioEndRead(folio, failure == 0);
      }
    }

    void oneWritten() {
      if (isLast()) {
        AddressSpace mapping = folio.mapping;
        if (failure != 0) {
          folio.setError();
          if (mapping != null) {
            mapping.setError(failure);
          }
        }
        Filemap.folioEndWriteback(folio);
      }
    }
  }

  /** The folios of a bio. */
  private static final class Carried {
    final Moved[] folios = new Moved[MAX_FOLIOS];
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
      Moved moved = new Moved(folio);
      add(moved, device, first * (blockBytes >>> 9), folio.address, bytes);
      moved.oneRead();
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
    long inside = (owner.sizeBytes() - folio.position() + head.sizeBytes - 1) / head.sizeBytes;
    if (error != 0 || !isFree(head, inside)) {
      submit();
      return BufferWriteback.blockWriteFullFolio(folio, control, getBlock);
    }
    Filemap.folioStartWriteback(folio);
    Moved moved = new Moved(folio);
    addDirtyBuffers(moved, head);
    folio.unlock();
    moved.oneWritten();
    return 0;
  }

  /**
   * Whether all dirty buffers inside the file have a place and their content, and nobody works on
   * one of them.
   */
  private static boolean isFree(BufferHead head, long inside) {
    BufferHead at = head;
    for (long i = 0; i < inside; i++) {
      boolean ready = at.isMapped() && !at.isLocked() && at.isUptodate() && !at.isDelay();
      if (at.isDirty() && !ready) {
        return false;
      }
      at = at.next;
      if (at == head) {
        break;
      }
    }
    return true;
  }

  /** Takes the dirty buffers of a folio as clean, and adds each run of them on the disk. */
  private void addDirtyBuffers(Moved moved, BufferHead head) {
    BufferHead at = head;
    do {
      if (!at.testAndClearDirty()) {
        at = at.next;
        continue;
      }
      BufferHead first = at;
      int count = 1;
      at = at.next;
      while (at != head
          && at.device == first.device
          && at.blockNumber == first.blockNumber + count
          && at.testAndClearDirty()) {
        count++;
        at = at.next;
      }
      BlockDevice device = first.device;
      if (device != null) {
        long sector = first.blockNumber * (first.sizeBytes >>> 9);
        add(moved, device, sector, first.address, count * first.sizeBytes);
      }
    } while (at != head);
  }

  private void add(Moved moved, BlockDevice device, long sector, long address, int bytes) {
    Folio folio = moved.folio;
    Bio open = bio;
    boolean follows =
        open != null
            && open.device == device
            && open.endSector() == sector
            && carried.count < MAX_FOLIOS;
    if (open == null || !follows || !open.addSegment(address, bytes)) {
      submit();
      open = start(folio, device, sector);
      open.addSegment(address, bytes);
    }
    if (folio.firstOperation != 0 && ReqOp.isWrite(opf)) {
      open.lastOperationId = folio.lastOperation;
    }
    if (carried.count == 0 || carried.folios[carried.count - 1] != moved) {
      moved.bios.incrementAndGet();
      carried.folios[carried.count++] = moved;
    }
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
      note(all.folios[i], done.status);
      all.folios[i].oneRead();
    }
  }

  @Traced("mpage_write_end_io")
  private static void mpageWriteEndIo(Bio done) {
    Carried all = carriedBy(done);
    for (int i = 0; i < all.count; i++) {
      note(all.folios[i], done.status);
      all.folios[i].oneWritten();
    }
  }

  private static void note(Moved moved, long status) {
    if (status != 0) {
      moved.failure = status;
    }
  }

  private static Carried carriedBy(Bio done) {
    if (done.privateData instanceof Carried all) {
      return all;
    }
    throw new IllegalStateException("a bio without its folios ended");
  }
}
