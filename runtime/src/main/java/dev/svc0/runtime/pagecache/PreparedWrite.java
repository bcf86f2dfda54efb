package dev.svc0.runtime.pagecache;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.IovIter;
import org.jspecify.annotations.Nullable;

/**
 * Writing through the page cache as 2.4 did it: the folio is found and locked here, the file system
 * only prepares and commits. <i>Linux:</i> do_generic_file_write of mm/filemap.c in 2.4, and what
 * 2.6.24 put in front of file systems that still had the old pair.
 */
@Traced(layer = Traced.Layer.PAGECACHE)
public final class PreparedWrite {
  private PreparedWrite() {}

  /**
   * Copies from the buffers into the cache, page by page. The caller holds the inode lock.
   *
   * <p>The buffer is touched before the page is locked; when it is gone all the same by the time of
   * the copy, the part that was prepared is committed as far as the copy came.
   *
   * @return bytes written (short after EFAULT or ENOSPC), or −errno when none were
   */
  @Traced("do_generic_file_write")
  public static long doGenericFileWrite(AddressSpace mapping, long position, IovIter from) {
    long written = 0;
    long error = 0;
    while (from.count() > 0 && error == 0) {
      long at = position + written;
      int bytes = (int) Math.min(4096 - (at & 4095), from.count());
      mapping.writeback().balanceDirtyPagesRatelimited(mapping);
      long reachable = bytes - from.faultInReadable(bytes);
      if (reachable == 0) {
        error = -Errno.EFAULT;
        break;
      }
      Folio folio = grabCachePage(mapping, at >>> 12);
      if (folio == null) {
        error = -Errno.ENOMEM;
        break;
      }
      long done = writePage(mapping, folio, at, (int) reachable, from);
      folio.unlock();
      folio.put();
      if (done < 0) {
        mapping.operations().prepareFailed(mapping, at + reachable);
        error = done;
      } else {
        written += done;
      }
    }
    return written > 0 ? written : error;
  }

  /** One page, which is locked. Bytes or −errno. */
  private static long writePage(
      AddressSpace mapping, Folio folio, long at, int bytes, IovIter from) {
    int offset = folio.offsetOf(at);
    AddressSpaceOperations operations = mapping.operations();
    long error = operations.prepareWrite(folio, offset, offset + bytes);
    if (error != 0) {
      return error;
    }
    int copied = (int) from.copyFromIter(folio.address + offset, bytes);
    if (copied == 0) {
      return -Errno.EFAULT;
    }
    error = operations.commitWrite(folio, offset, offset + copied);
    if (error != 0) {
      from.revert(copied);
      return error;
    }
    return copied;
  }

  /** The locked folio of a page, made if there is none; null when memory ran out. */
  @Traced("grab_cache_page")
  private static @Nullable Folio grabCachePage(AddressSpace mapping, long index) {
    return Filemap.getFolio(mapping, index, Filemap.FGP_LOCK | Filemap.FGP_CREAT);
  }

  /** write_begin of a file system that has the older pair. */
  static long writeBegin(AddressSpace mapping, long position, int bytes, WriteContext context) {
    Folio folio = grabCachePage(mapping, position >>> 12);
    if (folio == null) {
      return -Errno.ENOMEM;
    }
    int offset = folio.offsetOf(position);
    long error = mapping.operations().prepareWrite(folio, offset, offset + bytes);
    if (error != 0) {
      folio.unlock();
      folio.put();
      mapping.operations().prepareFailed(mapping, position + bytes);
      return error;
    }
    context.folio = folio;
    return 0;
  }

  /** write_end of a file system that has the older pair; it cannot take less than all. */
  static long writeEnd(
      AddressSpace mapping, long position, int bytes, int copied, WriteContext context) {
    Folio folio = context.folio;
    if (folio == null) {
      throw new IllegalStateException("write_end without write_begin");
    }
    long result = copied;
    if (copied < bytes && !folio.isUptodate()) {
      result = 0; // what the copy did not reach is not the file's content
    } else if (copied > 0) {
      int offset = folio.offsetOf(position);
      long error = mapping.operations().commitWrite(folio, offset, offset + copied);
      result = error == 0 ? copied : error;
    }
    folio.unlock();
    folio.put();
    context.folio = null;
    return result;
  }
}
