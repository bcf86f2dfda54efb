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
    long result = mapping != null && inodeOf(mapping).charge() ? 0 : -Errno.ENOSPC;
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
    return shmemGetFolio(mapping, position / PAGE_SIZE, context);
  }

  /** Puts the locked folio of a page, made if need be, into the context. 0 or −errno. */
  @Traced("shmem_get_folio_gfp")
  private static long shmemGetFolio(AddressSpace mapping, long index, WriteContext context) {
    Folio folio = Filemap.getFolio(mapping, index, Filemap.FGP_LOCK);
    if (folio != null && folio.isUptodate()) {
      context.folio = folio;
      return 0;
    }
    return shmemAllocAndAddFolio(mapping, index, folio, context);
  }

  @Traced("shmem_alloc_and_add_folio")
  private static long shmemAllocAndAddFolio(
      AddressSpace mapping, long index, @Nullable Folio present, WriteContext context) {
    TmpfsInode inode = inodeOf(mapping);
    if (!inode.charge()) {
      if (present != null) {
        present.unlock();
        present.put();
      }
      return -Errno.ENOSPC;
    }
    Folio folio =
        present != null ? present : Filemap.getFolio(mapping, index, Filemap.FGP_WRITEBEGIN);
    if (folio == null) {
      inode.uncharge();
      return -Errno.ENOMEM;
    }
    if (folio.isUptodate()) {
      inode.uncharge(); // somebody was faster, and has paid for it
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
