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
    Folio folio = Filemap.getFolio(mapping, index, Filemap.FGP_LOCK);
    if (folio != null && folio.isUptodate()) {
      context.folio = folio;
      return 0;
    }
    return shmemAllocAndAddFolio(mapping, index, order, folio, context);
  }

  /** Pays for the pages first: as many as there is room for, down to one. */
  @Traced("shmem_alloc_and_add_folio")
  private static long shmemAllocAndAddFolio(
      AddressSpace mapping,
      long index,
      int largest,
      @Nullable Folio present,
      WriteContext context) {
    TmpfsInode inode = inodeOf(mapping);
    int order = present != null ? present.order : largest;
    while (!inode.charge(1 << order)) {
      if (present != null) {
        present.unlock();
        present.put();
      }
      if (present != null || order == 0) {
        return -Errno.ENOSPC;
      }
      order--;
    }
    int paid = 1 << order;
    Folio folio =
        present != null ? present : Filemap.getFolio(mapping, index, Filemap.FGP_WRITEBEGIN, order);
    if (folio == null) {
      inode.uncharge(paid);
      return -Errno.ENOMEM;
    }
    int due = folio.isUptodate() ? 0 : folio.pages(); // else somebody was faster, and has paid
    if (due < paid) {
      inode.uncharge(paid - due);
    } else if (due > paid && !inode.charge(due - paid)) {
      inode.uncharge(paid);
      folio.unlock();
      folio.put();
      return -Errno.ENOSPC;
    }
    folio.markUptodate();
    context.folio = folio;
    return 0;
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
