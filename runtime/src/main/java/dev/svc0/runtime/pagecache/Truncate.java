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
    long first = start + 4095 >>> 12;
    long last =
        endInclusive == Long.MAX_VALUE ? Long.MAX_VALUE >>> 12 : (endInclusive + 1 >>> 12) - 1;
    if (mapping.isMapped()) {
      mapping.unmapPages(first, last);
    }
    if (mapping.pages() == 0) {
      return;
    }
    truncateIdle(mapping, first, last);
    if (mapping.pages() == 0) {
      return;
    }
    long startIndex = start >>> 12;
    long endIndex = endInclusive >>> 12;
    truncateEnd(mapping, startIndex, start, endInclusive);
    if (endIndex != startIndex) {
      truncateEnd(mapping, endIndex, start, endInclusive);
    }
    truncateBusy(mapping, first, last);
  }

  /** The whole folios of a range that nobody holds up go many at once. */
  private static void truncateIdle(AddressSpace mapping, long first, long last) {
    Folio[] batch = new Folio[BATCH];
    long[] next = {first};
    for (int count = findLockEntries(mapping, next, last, batch);
        count > 0;
        count = findLockEntries(mapping, next, last, batch)) {
      for (int i = 0; i < count; i++) {
        truncateCleanupFolio(mapping, batch[i]);
      }
      deleteFromPageCacheBatch(mapping, batch, count);
      for (int i = 0; i < count; i++) {
        batch[i].unlock();
        batch[i].put();
      }
    }
  }

  /**
   * Locks whole folios of a range, with references, as far as that needs no waiting.
   *
   * @param next the index to go on from
   */
  @Traced("find_lock_entries")
  private static int findLockEntries(AddressSpace mapping, long[] next, long last, Folio[] batch) {
    int locked = 0;
    while (locked == 0 && next[0] <= last) {
      int count = mapping.gather(next[0], last, PageTree.PRESENT, batch);
      if (count == 0) {
        return 0;
      }
      for (int i = 0; i < count; i++) {
        Folio folio = batch[i];
        boolean whole = folio.index >= next[0] && folio.index + folio.pages() - 1 <= last;
        next[0] = folio.index + folio.pages();
        if (whole && lockIdle(mapping, folio)) {
          batch[locked++] = folio;
        } else {
          folio.put();
        }
      }
    }
    return locked;
  }

  private static boolean lockIdle(AddressSpace mapping, Folio folio) {
    if (!folio.tryLock()) {
      return false;
    }
    if (folio.mapping == mapping && !folio.isWriteback()) {
      return true;
    }
    folio.unlock();
    return false;
  }

  @Traced("delete_from_page_cache_batch")
  private static void deleteFromPageCacheBatch(AddressSpace mapping, Folio[] batch, int count) {
    synchronized (mapping.tree) {
      for (int i = 0; i < count; i++) {
        mapping.removeLocked(batch[i]);
      }
    }
    for (int i = 0; i < count; i++) {
      mapping.writeback().lru().remove(batch[i]);
      batch[i].put();
    }
  }

  /** What a range cuts of the folio at one of its ends is zeroed. */
  private static void truncateEnd(AddressSpace mapping, long index, long start, long end) {
    Folio folio = Filemap.getFolio(mapping, index, Filemap.FGP_LOCK);
    if (folio == null) {
      return;
    }
    truncateInodePartialFolio(mapping, folio, start, end);
    folio.unlock();
    folio.put();
  }

  @Traced("truncate_inode_partial_folio")
  private static void truncateInodePartialFolio(
      AddressSpace mapping, Folio folio, long start, long end) {
    PageWriteback.folioWaitWriteback(folio);
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

  /** The whole folios of a range that are locked or being written: waits for each. */
  private static void truncateBusy(AddressSpace mapping, long first, long last) {
    Folio[] batch = new Folio[BATCH];
    for (long next = first; next <= last; ) {
      int count = findGetEntries(mapping, next, last, batch);
      if (count == 0) {
        return;
      }
      for (int i = 0; i < count; i++) {
        Folio folio = batch[i];
        boolean whole = folio.index >= first && folio.index + folio.pages() - 1 <= last;
        next = folio.index + folio.pages();
        if (whole) {
          folio.lock();
          if (folio.mapping == mapping) {
            PageWriteback.folioWaitWriteback(folio);
            truncateInodeFolio(mapping, folio);
          }
          folio.unlock();
        }
        folio.put();
      }
    }
  }

  @Traced("find_get_entries")
  private static int findGetEntries(AddressSpace mapping, long first, long last, Folio[] batch) {
    return mapping.gather(first, last, PageTree.PRESENT, batch);
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
    truncateCleanupFolio(mapping, folio);
    filemapRemoveFolio(mapping, folio);
  }

  /** What a locked folio holds is not wanted by anybody any more. */
  @Traced("truncate_cleanup_folio")
  private static void truncateCleanupFolio(AddressSpace mapping, Folio folio) {
    if (mapping.isMapped()) {
      mapping.unmapPages(folio.index, folio.index + folio.pages() - 1);
    }
    if (folio.privateData != null) {
      mapping.operations().invalidateFolio(folio, 0, folio.sizeBytes());
    }
    PageWriteback.folioCancelDirty(folio);
  }

  @Traced("filemap_remove_folio")
  static void filemapRemoveFolio(AddressSpace mapping, Folio folio) {
    synchronized (mapping.tree) {
      mapping.removeLocked(folio);
    }
    mapping.writeback().lru().remove(folio);
    folio.put();
  }

  /** Asks the file system to let go of what it has attached to a locked folio; whether it did. */
  @Traced("filemap_release_folio")
  static boolean filemapReleaseFolio(AddressSpace mapping, Folio folio) {
    return folio.privateData == null
        || !folio.isWriteback() && mapping.operations().releaseFolio(folio);
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
      int count = findGetEntries(mapping, at, last, batch);
      if (count == 0) {
        break;
      }
      for (int i = 0; i < count; i++) {
        Folio folio = batch[i];
        at = folio.index + folio.pages();
        folio.lock();
        PageWriteback.folioWaitWriteback(folio);
        boolean stays = folio.mapping == mapping && !folioUnmapInvalidate(mapping, folio);
        folio.unlock();
        if (stays) {
          error = -Errno.EBUSY;
        }
        folio.put();
      }
    }
    return error;
  }

  /** Takes a clean, locked folio out of the cache; false when it stays. */
  @Traced("folio_unmap_invalidate")
  private static boolean folioUnmapInvalidate(AddressSpace mapping, Folio folio) {
    if (mapping.isMapped()) {
      mapping.unmapPages(folio.index, folio.index + folio.pages() - 1);
    }
    if (folio.isDirty() || !filemapReleaseFolio(mapping, folio)) {
      return false;
    }
    synchronized (mapping.tree) {
      if (folio.isDirty()) {
        return false;
      }
      removeFolio(mapping, folio);
    }
    mapping.writeback().lru().remove(folio);
    folio.put();
    return true;
  }

  @Traced("__filemap_remove_folio")
  private static void removeFolio(AddressSpace mapping, Folio folio) {
    mapping.removeLocked(folio);
  }
}
