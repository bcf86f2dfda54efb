package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.pagecache.PreparedWrite;

/**
 * What a file system of the 2.4 generation puts behind {@link FileOperations#read} and {@link
 * FileOperations#write}, its pages being written by {@code prepareWrite} and {@code commitWrite}.
 * <i>Linux:</i> generic_file_read and generic_file_write of mm/filemap.c in 2.4.
 */
@Traced(layer = Traced.Layer.VFS)
public final class GenericFile24 {
  private GenericFile24() {}

  /** Reads through the page cache. Bytes or −errno. */
  @Traced("generic_file_read")
  public static long genericFileRead(Kiocb kiocb, long userBuffer, long bytes) {
    if (bytes == 0) {
      return 0;
    }
    IoContext io = IoContext.acquire();
    try {
      IovIter to = io.iter.initUser(kiocb.caller.memory(), userBuffer, bytes);
      return doGenericFileRead(kiocb, to);
    } finally {
      io.release();
    }
  }

  @Traced("do_generic_file_read")
  private static long doGenericFileRead(Kiocb kiocb, IovIter to) {
    long read = Filemap.filemapRead(kiocb.file.mapping(), kiocb.position, to);
    if (read > 0) {
      kiocb.position += read;
    }
    GenericFile.fileAccessed(kiocb.file);
    return read;
  }

  /**
   * Writes through the page cache under the inode lock, and waits for the data of a file open with
   * O_SYNC. Bytes or −errno.
   */
  @Traced("generic_file_write")
  public static long genericFileWrite(Kiocb kiocb, long userBuffer, long bytes) {
    IoContext io = IoContext.acquire();
    Inode inode = kiocb.file.inode();
    long result;
    try {
      IovIter from = io.iter.initUser(kiocb.caller.memory(), userBuffer, bytes);
      inode.lock.writeLock().lock();
      try {
        result = GenericFile.genericWriteChecks(kiocb, from);
        if (result > 0) {
          result = writeLocked(kiocb, from);
        }
      } finally {
        inode.lock.writeLock().unlock();
      }
    } finally {
      io.release();
    }
    if (result > 0 && kiocb.has(Kiocb.IOCB_DSYNC)) {
      long error = genericOsyncInode(kiocb, result);
      return error == 0 ? result : error;
    }
    return result;
  }

  private static long writeLocked(Kiocb kiocb, IovIter from) {
    long error = GenericFile.fileModified(kiocb);
    if (error != 0) {
      return error;
    }
    AddressSpace mapping = kiocb.file.mapping();
    if (!mapping.operations().preparesWrites()) {
      return -Errno.EINVAL;
    }
    long written = PreparedWrite.doGenericFileWrite(mapping, kiocb.position, from);
    if (written > 0) {
      kiocb.position += written;
    }
    return written;
  }

  @Traced("generic_osync_inode")
  private static long genericOsyncInode(Kiocb kiocb, long written) {
    long end = kiocb.position - 1;
    return GenericFile.vfsFsyncRange(
        kiocb.file, end - written + 1, end, FileOperations.SyncKind.ALL);
  }

  /**
   * commit_write of a file system with buffers: marks them dirty and grows the file. 0.
   *
   * @throws IllegalStateException for a folio that is no inode's
   */
  @Traced("generic_commit_write")
  public static long genericCommitWrite(Folio folio, int from, int to) {
    AddressSpace mapping = folio.mapping;
    if (mapping == null || !(mapping.host() instanceof Inode inode)) {
      throw new IllegalStateException("commit_write of a folio that belongs to no inode");
    }
    Buffers.blockCommitWrite(folio, from, to);
    long end = folio.position() + to;
    if (end > inode.size()) {
      inode.setSize(end);
      inode.markDirty(PageCacheOwner.DIRTY_SYNC | PageCacheOwner.DIRTY_DATASYNC);
    }
    return 0;
  }
}
