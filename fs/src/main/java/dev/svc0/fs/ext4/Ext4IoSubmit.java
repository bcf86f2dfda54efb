package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Gathers dirty buffers of pages into bios as long as they follow each other on the device.
 * <i>Linux:</i> fs/ext4/page-io.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4IoSubmit {
  private static final int MAX_SEGMENTS = 256;

  /** A page being written, and how many bios it takes. */
  private static final class Written {
    final Folio folio;
    final AtomicInteger bios = new AtomicInteger(1);

    Written(Folio folio) {
      this.folio = folio;
    }

    void oneDone() {
      if (bios.decrementAndGet() == 0) {
        Filemap.folioEndWriteback(folio);
      }
    }
  }

  /** What a bio carries. */
  private static final class Carried {
    final Ext4Inode inode;
    final Written[] pages = new Written[MAX_SEGMENTS];
    int count;

    Carried(Ext4Inode inode) {
      this.inode = inode;
    }
  }

  private final Ext4Inode inode;
  private final int opf;
  private @Nullable Bio bio;
  private Carried carried;
  private long nextSector;

  /** For one write-back of a file. */
  @Traced("ext4_io_submit_init")
  static Ext4IoSubmit init(Ext4Inode inode, int opf) {
    return new Ext4IoSubmit(inode, opf);
  }

  private Ext4IoSubmit(Ext4Inode inode, int opf) {
    this.inode = inode;
    this.opf = opf;
    carried = new Carried(inode);
  }

  /** Writes the dirty buffers with places of a locked page. */
  void add(Folio folio, BufferHead first) {
    Written written = new Written(folio);
    Filemap.folioStartWriteback(folio);
    BufferHead at = first;
    do {
      boolean placed = at.isMapped() && !at.isDelay() && !at.isUnwritten();
      if (placed && at.testAndClearDirty()) {
        addBuffer(written, at);
      }
      at = at.next;
    } while (at != first);
    written.oneDone();
  }

  @Traced("io_submit_add_bh")
  private void addBuffer(Written written, BufferHead buffer) {
    long sector = buffer.blockNumber * (buffer.sizeBytes >>> 9);
    Bio open = bio;
    if (open != null && (sector != nextSector || carried.count == MAX_SEGMENTS)) {
      submit();
      open = null;
    }
    if (open == null || !open.addSegment(buffer.address, buffer.sizeBytes)) {
      if (open != null) {
        submit();
      }
      open = start(sector, written.folio);
      open.addSegment(buffer.address, buffer.sizeBytes);
    }
    if (carried.count == 0 || carried.pages[carried.count - 1] != written) {
      written.bios.incrementAndGet();
      carried.pages[carried.count++] = written;
    }
    open.lastOperationId = written.folio.lastOperation;
    nextSector = sector + (buffer.sizeBytes >>> 9);
  }

  @Traced("io_submit_init_bio")
  private Bio start(long sector, Folio folio) {
    Bio made = new Bio(inode.ext4.disk, MAX_SEGMENTS, opf);
    made.sector = sector;
    made.operationId = folio.firstOperation;
    made.privateData = carried;
    made.endIo = Ext4IoSubmit::endBio;
    bio = made;
    return made;
  }

  /** Sends what was gathered. */
  @Traced("ext4_io_submit")
  void submit() {
    Bio open = bio;
    if (open != null) {
      bio = null;
      carried = new Carried(inode);
      BlockCore.submitBio(open);
    }
  }

  @Traced("ext4_end_bio")
  private static void endBio(Bio done) {
    if (done.privateData instanceof Carried all) {
      finishBio(all, done.status);
    }
  }

  @Traced("ext4_finish_bio")
  private static void finishBio(Carried all, long status) {
    for (int i = 0; i < all.count; i++) {
      Written written = all.pages[i];
      AddressSpace mapping = written.folio.mapping;
      if (status != 0) {
        written.folio.setError();
        if (mapping != null) {
          mapping.setError(status);
        }
      }
      written.oneDone();
    }
  }
}
