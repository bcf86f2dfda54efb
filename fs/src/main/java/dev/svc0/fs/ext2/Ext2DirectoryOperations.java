package dev.svc0.fs.ext2;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.DirEntryLayout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.vfs.DirContext;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;

/** An open directory. The position is the offset of an entry in bytes. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext2DirectoryOperations implements FileOperations {
  @Override
  @Traced("ext2_readdir")
  public long iterate(File file, DirContext context) {
    Ext2Inode directory = (Ext2Inode) file.inode();
    long[] error = new long[1];
    if (context.position < 0) {
      return -Errno.EINVAL;
    }
    while (context.position < directory.size()) {
      long page = context.position >>> 12;
      Folio folio = Ext2Directory.getFolio(directory, page, error);
      if (folio == null) {
        context.position = page + 1 << 12;
        return error[0];
      }
      long result = emitPage(directory, folio, page, context);
      folio.put();
      if (result != 0) {
        return result < 0 ? result : 0;
      }
    }
    return 0;
  }

  /** Gives the entries of a page. 0 to go on, 1 when there is no room, or −errno. */
  private static long emitPage(Ext2Inode directory, Folio folio, long page, DirContext context) {
    int end = Ext2Directory.lastByte(directory, page);
    int wanted = (int) (context.position & Ext2Directory.PAGE_SIZE - 1);
    for (int offset = wanted & -directory.ext2.blockSize; offset < end; ) {
      if (!Ext2Directory.isValid(directory, folio, offset, end)) {
        context.position = page + 1 << 12;
        return -Errno.EIO;
      }
      long at = folio.address + offset;
      int next = offset + DirEntry.recLen(at);
      if (offset >= wanted && DirEntry.inode(at) != 0) {
        context.position = folio.position() + offset;
        if (!emit(directory, at, folio.position() + next, context)) {
          return 1;
        }
      }
      offset = next;
    }
    context.position = page + 1 << 12;
    return 0;
  }

  private static boolean emit(Ext2Inode directory, long at, long nextPosition, DirContext context) {
    int type =
        directory.ext2.hasFileType
            ? DirEntryLayout.dirType(DirEntry.fileType(at))
            : StatConstants.DT_UNKNOWN;
    if (!context.emit(DirEntry.name(at), nextPosition, DirEntry.inode(at), type)) {
      return false;
    }
    context.position = nextPosition;
    return true;
  }

  @Override
  public long fsync(File file, long start, long end, SyncKind kind) {
    return Ext2FileOperations.sync(file, start, end, kind);
  }
}
