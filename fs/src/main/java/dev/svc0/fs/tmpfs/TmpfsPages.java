package dev.svc0.fs.tmpfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.PageWriteback;
import dev.svc0.runtime.pagecache.WriteContext;
import org.jspecify.annotations.Nullable;

/** Pages that live nowhere else. <i>Linux:</i> mm/shmem.c. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class TmpfsPages implements AddressSpaceOperations {
  static final TmpfsPages INSTANCE = new TmpfsPages();

  private static final int PAGE_SIZE = 4096;

  private TmpfsPages() {}

  private static TmpfsInode inodeOf(AddressSpace mapping) {
    return (TmpfsInode) mapping.host();
  }

  /** A page of a hole that is read through a memory mapping: it is zero already. */
  @Override
  public long readFolio(Folio folio) {
    AddressSpace mapping = folio.mapping;
    long result = mapping != null && inodeOf(mapping).charge(folio.pages()) ? 0 : -Errno.ENOSPC;
    if (result == 0) {
      folio.markUptodate();
      PageWriteback.noopDirtyFolio(folio);
    }
    folio.unlock();
    return result;
  }

  @Override
  @Traced("shmem_write_begin")
  public long writeBegin(AddressSpace mapping, long position, int bytes, WriteContext context) {
    long index = position / PAGE_SIZE;
    int order = mapping.orderFor(index, position % PAGE_SIZE + bytes);
    return shmemGetFolio(mapping, index, order, context);
  }

  /** Puts the locked folio of a page, made if need be, into the context. 0 or −errno. */
  @Traced("shmem_get_folio_gfp")
  private static long shmemGetFolio(
      AddressSpace mapping, long index, int order, WriteContext context) {
    while (true) {
      Folio folio = lockPresent(mapping, index);
      if (folio != null && folio.isUptodate()) {
        context.folio = folio;
        return 0;
      }
      long result =
          folio != null
              ? payForPresent(mapping, folio, context)
              : shmemAllocAndAddFolio(mapping, index, order, context);
      if (result != -Errno.EEXIST) {
        return result;
      }
    }
  }

  private static @Nullable Folio lockPresent(AddressSpace mapping, long index) {
    for (Folio folio = mapping.find(index); folio != null; folio = mapping.find(index)) {
      folio.lock();
      if (folio.mapping == mapping) {
        return folio;
      }
      folio.unlock();
      folio.put();
    }
    return null;
  }

  /** One that a fault put there and nobody paid for. */
  private static long payForPresent(AddressSpace mapping, Folio folio, WriteContext context) {
    if (!shmemInodeAcctBlocks(inodeOf(mapping), folio.pages())) {
      folio.unlock();
      folio.put();
      return -Errno.ENOSPC;
    }
    folio.markUptodate();
    context.folio = folio;
    return 0;
  }

  /**
   * Makes a folio of as many pages as there is room for, down to one. 0; −EEXIST when somebody else
   * was faster, −ENOMEM, −ENOSPC.
   */
  @Traced("shmem_alloc_and_add_folio")
  private static long shmemAllocAndAddFolio(
      AddressSpace mapping, long index, int largest, WriteContext context) {
    long error = -Errno.ENOMEM;
    for (int order = largest; order >= 0; order--) {
      Folio folio = shmemAllocFolio(mapping, index, order);
      if (folio == null) {
        error = -Errno.ENOMEM;
        continue;
      }
      if (!shmemAddToPageCache(mapping, folio)) {
        folio.put();
        error = -Errno.EEXIST; // at this page, or at one that a large folio would have
      } else if (shmemInodeAcctBlocks(inodeOf(mapping), folio.pages())) {
        folio.markUptodate();
        context.folio = folio;
        return 0;
      } else {
        Filemap.filemapRemoveFolio(mapping, folio);
        folio.unlock();
        folio.put();
        error = -Errno.ENOSPC;
      }
    }
    return error;
  }

  @Traced("shmem_alloc_folio")
  private static @Nullable Folio shmemAllocFolio(AddressSpace mapping, long index, int order) {
    return Filemap.newFolio(mapping, index, order);
  }

  @Traced("shmem_add_to_page_cache")
  private static boolean shmemAddToPageCache(AddressSpace mapping, Folio folio) {
    return Filemap.insertLocked(mapping, folio);
  }

  /** Pays for pages. */
  @Traced("shmem_inode_acct_blocks")
  private static boolean shmemInodeAcctBlocks(TmpfsInode inode, int pages) {
    return inode.charge(pages);
  }

  @Override
  @Traced("shmem_write_end")
  public long writeEnd(
      AddressSpace mapping, long position, int bytes, int copied, WriteContext context) {
    Folio folio = context.folio;
    if (folio == null) {
      return -Errno.EINVAL;
    }
    TmpfsInode inode = inodeOf(mapping);
    if (copied > 0 && position + copied > inode.size()) {
      inode.setSize(position + copied);
    }
    Filemap.folioMarkDirty(folio);
    folio.unlock();
    folio.put();
    return copied;
  }

  @Override
  public boolean dirtyFolio(AddressSpace mapping, Folio folio) {
    return PageWriteback.noopDirtyFolio(folio);
  }
}
