package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.DirEntryLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.vfs.DirContext;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;

/** An open directory. The position is the offset of an entry in bytes. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4DirectoryOperations implements FileOperations {
  @Override
  @Traced("ext4_readdir")
  public long iterate(File file, DirContext context) {
    Ext4Inode directory = (Ext4Inode) file.inode();
    long[] error = new long[1];
    if (context.position < 0) {
      return -Errno.EINVAL;
    }
    while (context.position < directory.size()) {
      long page = context.position >>> 12;
      Folio folio = Ext4Directory.getFolio(directory, page, error);
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
  private static long emitPage(Ext4Inode directory, Folio folio, long page, DirContext context) {
    int end = Ext4Directory.lastByte(directory, page);
    int wanted = (int) (context.position & Ext4Directory.PAGE_SIZE - 1);
    for (int offset = wanted & -directory.ext4.blockSize; offset < end; ) {
      if (!Ext4Directory.isValid(directory, folio, offset, end)) {
        context.position = page + 1 << 12;
        return -Errno.EUCLEAN;
      }
      long at = folio.address + offset;
      int next = offset + Disk.u16(at + DE_REC_LEN);
      if (offset >= wanted && Disk.u32(at + DE_INODE) != 0) {
        context.position = folio.position() + offset;
        int type =
            directory.ext4.hasFileType
                ? dirType(Disk.u8(at + DE_FILE_TYPE))
                : StatConstants.DT_UNKNOWN;
        long following = folio.position() + next;
        if (!context.emit(Ext4Directory.name(at), following, Disk.u32(at + DE_INODE), type)) {
          return 1;
        }
        context.position = following;
      }
      offset = next;
    }
    context.position = page + 1 << 12;
    return 0;
  }

  @Override
  public long fsync(File file, long start, long end, SyncKind kind) {
    return 0;
  }
}
