package dev.svc0.runtime.pagecache;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.HostMemory;

/** Taking folios out of the cache. <i>Linux:</i> mm/truncate.c. */
@Traced(layer = Traced.Layer.PAGECACHE)
public final class Truncate {
  private static final int BATCH = 15;

  private Truncate() {}

  /**
   * Throws away cached content in a byte range (end inclusive), dirty or not, zeroing the part of a
   * folio that the range cuts. Waits for writes under way.
   */
  @Traced("truncate_inode_pages_range")
  public static void truncateInodePagesRange(AddressSpace mapping, long start, long endInclusive) {
    if (mapping.isMapped()) {
      long firstWhole = start + 4095 >>> 12;
      long lastWhole =
          endInclusive == Long.MAX_VALUE ? Long.MAX_VALUE >>> 12 : (endInclusive + 1 >>> 12) - 1;
      mapping.unmapPages(firstWhole, lastWhole);
    }
    if (mapping.pages() == 0) {
      return;
    }
    Folio[] batch = new Folio[BATCH];
    long last = endInclusive >>> 12;
    for (long first = start >>> 12; first <= last; ) {
      int count = mapping.gather(first, last, PageTree.PRESENT, batch);
      if (count == 0) {
        return;
      }
      for (int i = 0; i < count; i++) {
        Folio folio = batch[i];
        first = folio.index + folio.pages();
        folio.lock();
        if (folio.mapping == mapping) {
          truncateFolio(mapping, folio, start, endInclusive);
        }
        folio.unlock();
        folio.put();
      }
    }
  }

  private static void truncateFolio(AddressSpace mapping, Folio folio, long start, long end) {
    if (folio.isWriteback()) {
      PageWriteback.folioWaitWriteback(folio);
    }
    long position = folio.position();
    long lastByte = position + folio.sizeBytes() - 1;
    if (position >= start && lastByte <= end) {
      truncateInodeFolio(mapping, folio);
      return;
    }
    int from = (int) (Math.max(start, position) - position);
    int to = (int) (Math.min(end, lastByte) - position) + 1;
    HostMemory.fill(folio.address + from, to - from, (byte) 0);
    if (folio.privateData != null) {
      mapping.operations().invalidateFolio(folio, from, to - from);
    }
    if (folio.order == 0) {
      return;
    }
    if (splitFolio(mapping, folio)) {
      truncateInodePagesRange(mapping, Math.max(start, position), Math.min(end, lastByte));
    } else if (!mapping.isUnevictable() && !folio.isDirty()) {
      truncateInodeFolio(mapping, folio); // the store has the rest of it
    }
  }

  /**
   * Makes a folio for each page of a locked, large one, so that those that are cut away can go.
   * False when somebody else uses it: then its pages stay until the whole of it goes. <i>Linux:</i>
   * split_folio.
   */
  @Traced("split_folio")
  private static boolean splitFolio(AddressSpace mapping, Folio folio) {
    if (mapping.isMapped()) {
      mapping.unmapPages(folio.index, folio.index + folio.pages() - 1);
    }
    if (folio.privateData != null && !mapping.operations().releaseFolio(folio)) {
      return false;
    }
    Folio[] parts = new Folio[folio.pages()];
    synchronized (mapping.tree) {
      if (folio.privateData != null || !folio.freeze(2)) {
        return false;
      }
      for (int i = 0; i < parts.length; i++) {
        parts[i] = folio.part(mapping, i);
      }
      mapping.tree.replace(folio, parts);
      folio.mapping = null;
    }
    FolioLru lru = mapping.writeback().lru();
    lru.remove(folio);
    folio.abandon();
    for (Folio part : parts) {
      if (!mapping.isUnevictable()) {
        lru.add(part);
      }
      part.put();
    }
    return true;
  }

  /** Takes a locked folio without writes under way out of the cache, whatever is in it. */
  @Traced("truncate_inode_folio")
  static void truncateInodeFolio(AddressSpace mapping, Folio folio) {
    if (mapping.isMapped()) {
      mapping.unmapPages(folio.index, folio.index + folio.pages() - 1);
    }
    if (folio.privateData != null) {
      mapping.operations().invalidateFolio(folio, 0, folio.sizeBytes());
    }
    PageWriteback.folioCancelDirty(folio);
    filemapRemoveFolio(mapping, folio);
  }

  @Traced("filemap_remove_folio")
  private static void filemapRemoveFolio(AddressSpace mapping, Folio folio) {
    synchronized (mapping.tree) {
      mapping.removeLocked(folio);
    }
    mapping.writeback().lru().remove(folio);
    folio.put();
  }

  @Traced("invalidate_inode_pages2_range")
  static long invalidateInodePages2Range(AddressSpace mapping, long first, long last) {
    if (mapping.pages() == 0) {
      return 0;
    }
    Folio[] batch = new Folio[BATCH];
    long error = 0;
    long at = first;
    while (at <= last) {
      int count = mapping.gather(at, last, PageTree.PRESENT, batch);
      if (count == 0) {
        break;
      }
      for (int i = 0; i < count; i++) {
        Folio folio = batch[i];
        at = folio.index + folio.pages();
        folio.lock();
        boolean stays = folio.mapping == mapping && !invalidateCompleteFolio(mapping, folio);
        folio.unlock();
        if (stays) {
          error = -Errno.EBUSY;
        }
        folio.put();
      }
    }
    return error;
  }

  private static boolean invalidateCompleteFolio(AddressSpace mapping, Folio folio) {
    if (folio.isWriteback()) {
      PageWriteback.folioWaitWriteback(folio);
    }
    if (mapping.isMapped()) {
      mapping.unmapPages(folio.index, folio.index + folio.pages() - 1);
    }
    if (folio.isDirty() || folio.privateData != null && !mapping.operations().releaseFolio(folio)) {
      return false;
    }
    synchronized (mapping.tree) {
      if (folio.isDirty()) {
        return false;
      }
      mapping.removeLocked(folio);
    }
    mapping.writeback().lru().remove(folio);
    folio.put();
    return true;
  }
}
