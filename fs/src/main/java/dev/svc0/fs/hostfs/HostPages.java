package dev.svc0.fs.hostfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.pagecache.WriteContext;
import dev.svc0.runtime.pagecache.WritebackControl;

/** Fills folios from a host file and writes them back to it. */
final class HostPages implements AddressSpaceOperations {
  static final HostPages INSTANCE = new HostPages();

  private HostPages() {}

  private static HostInode inodeOf(AddressSpace mapping) {
    return (HostInode) mapping.host();
  }

  @Override
  public long readFolio(Folio folio) {
    AddressSpace mapping = folio.mapping;
    long result = mapping == null ? -Errno.EIO : fill(inodeOf(mapping), folio);
    if (result == 0) {
      folio.markUptodate();
    } else {
      folio.setError();
    }
    folio.unlock();
    return result;
  }

  private static long fill(HostInode inode, Folio folio) {
    long descriptor = inode.content();
    if (descriptor < 0) {
      return descriptor;
    }
    int done = 0;
    int size = folio.sizeBytes();
    while (done < size) {
      long got =
          HostCalls.call(
              HostCalls.Call.PREAD64,
              descriptor,
              folio.address + done,
              size - done,
              folio.position() + done);
      if (got < 0) {
        return got;
      }
      if (got == 0) {
        HostMemory.fill(folio.address + done, size - done, (byte) 0);
        return 0;
      }
      done += (int) got;
    }
    return 0;
  }

  @Override
  public long writepages(AddressSpace mapping, WritebackControl control) {
    long result = Filemap.writeCachePages(mapping, control, HostPages::writeFolio);
    inodeOf(mapping).noteOwnChange();
    return result;
  }

  private static long writeFolio(Folio folio, WritebackControl control) {
    AddressSpace mapping = folio.mapping;
    if (mapping == null) {
      folio.unlock();
      return 0;
    }
    HostInode inode = inodeOf(mapping);
    Filemap.folioStartWriteback(folio);
    folio.unlock();
    long result = store(inode, folio);
    if (result != 0) {
      mapping.setError(result);
    }
    Filemap.folioEndWriteback(folio);
    return result;
  }

  private static long store(HostInode inode, Folio folio) {
    long descriptor = inode.content();
    if (descriptor < 0) {
      return descriptor;
    }
    long bytes = Math.min(folio.sizeBytes(), inode.size() - folio.position());
    for (long done = 0; done < bytes; ) {
      long put =
          HostCalls.call(
              HostCalls.Call.PWRITE64,
              descriptor,
              folio.address + done,
              bytes - done,
              folio.position() + done);
      if (put <= 0) {
        return put == 0 ? -Errno.EIO : put;
      }
      done += put;
    }
    return 0;
  }

  @Override
  public long writeBegin(AddressSpace mapping, long position, int bytes, WriteContext context) {
    Folio folio = Filemap.getFolio(mapping, position >>> 12, Filemap.FGP_WRITEBEGIN);
    if (folio == null) {
      return -Errno.ENOMEM;
    }
    if (!folio.isUptodate() && bytes < folio.sizeBytes()) {
      long failed = fill(inodeOf(mapping), folio);
      if (failed != 0) {
        folio.unlock();
        folio.put();
        return failed;
      }
      folio.markUptodate();
    }
    context.folio = folio;
    return 0;
  }

  @Override
  public long writeEnd(
      AddressSpace mapping, long position, int bytes, int copied, WriteContext context) {
    Folio folio = context.folio;
    context.folio = null;
    if (folio == null) {
      return -Errno.EIO;
    }
    int accepted = copied;
    if (!folio.isUptodate()) {
      if (copied < bytes) {
        accepted = 0; // the rest of the page was never read: let the writer try again
      } else {
        folio.markUptodate();
      }
    }
    if (accepted > 0) {
      HostInode inode = inodeOf(mapping);
      if (position + accepted > inode.size()) {
        inode.setSize(position + accepted);
      }
      Filemap.folioMarkDirty(folio);
      inode.markDirty(PageCacheOwner.DIRTY_PAGES);
    }
    folio.unlock();
    folio.put();
    return accepted;
  }
}
