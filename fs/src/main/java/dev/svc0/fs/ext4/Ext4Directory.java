package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.DirEntryLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a directory, in its page cache, one after the other: to a reader that does not know
 * hashes, blocks of a hash tree look like one long free entry.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Directory {
  static final int PAGE_SIZE = 4096;

  private Ext4Directory() {}

  /** Bytes of a page that belong to the directory. */
  static int lastByte(Ext4Inode directory, long page) {
    return (int) Math.clamp(directory.size() - (page << 12), 0, PAGE_SIZE);
  }

  /** A page whose checksums are right, with a reference; null with −errno in error[0]. */
  @Traced("__ext4_read_dirblock")
  static @Nullable Folio getFolio(Ext4Inode directory, long page, long[] error) {
    Folio folio = Filemap.readMappingFolio(directory.mapping(), page, error);
    if (folio == null) {
      return null;
    }
    int blockSize = directory.ext4.blockSize;
    int end = lastByte(directory, page);
    for (int offset = 0; offset + blockSize <= end; offset += blockSize) {
      int block = (int) ((page << 12) + offset >>> directory.ext4.shape.blockBits);
      if (directory.isVerified(block)) {
        continue;
      }
      if (!directory.ext4.checksums.isDirectoryBlockRight(
          directory, folio.address + offset, blockSize)) {
        directory.ext4.error(
            "directory " + directory.number() + ": wrong checksum of block " + block);
        folio.put();
        error[0] = -Errno.EBADMSG;
        return null;
      }
      directory.setVerified(block);
    }
    return folio;
  }

  /**
   * Whether the entry at an offset of a page can be believed. <i>Linux:</i> __ext4_check_dir_entry.
   */
  @Traced("__ext4_check_dir_entry")
  static boolean isValid(Ext4Inode directory, Folio folio, int offset, int end) {
    int block = directory.ext4.blockSize;
    if (offset + DE_NAME > end || (end & block - 1) != 0) {
      return false;
    }
    long at = folio.address + offset;
    int recLen = Disk.u16(at + DE_REC_LEN);
    boolean right =
        recLen >= DE_NAME + 4
            && (recLen & 3) == 0
            && recLen >= recLen(Disk.u8(at + DE_NAME_LEN))
            && (offset + recLen - 1 & -block) == (offset & -block)
            && Disk.u32(at + DE_INODE) <= directory.ext4.shape.inodesCount;
    if (!right) {
      directory.ext4.error(
          "directory " + directory.number() + ": bad entry at " + (folio.position() + offset));
    }
    return right;
  }

  /** The inode number of a name, 0 when there is none, or −errno. */
  @Traced("__ext4_find_entry")
  static long findEntry(Ext4Inode directory, String name) {
    long[] error = new long[1];
    long pages = directory.size() + PAGE_SIZE - 1 >>> 12;
    if (pages > (directory.blocks512 >>> 3) + 1) {
      return directory.ext4.error(
          "directory " + directory.number() + ": size exceeds its block count");
    }
    for (long page = 0; page < pages; page++) {
      Folio folio = getFolio(directory, page, error);
      if (folio == null) {
        return error[0];
      }
      long found = findInPage(directory, folio, page, name);
      folio.put();
      if (found != 0) {
        return found;
      }
    }
    return 0;
  }

  private static long findInPage(Ext4Inode directory, Folio folio, long page, String name) {
    int end = lastByte(directory, page);
    for (int offset = 0; offset < end; ) {
      if (!isValid(directory, folio, offset, end)) {
        return -Errno.EUCLEAN;
      }
      long at = folio.address + offset;
      if (Disk.u32(at + DE_INODE) != 0 && hasName(at, name)) {
        return Disk.u32(at + DE_INODE);
      }
      offset += Disk.u16(at + DE_REC_LEN);
    }
    return 0;
  }

  private static boolean hasName(long at, String name) {
    if (Disk.u8(at + DE_NAME_LEN) != name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (Disk.u8(at + DE_NAME + i) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  static String name(long at) {
    byte[] bytes = new byte[Disk.u8(at + DE_NAME_LEN)];
    HostMemory.copy(at + DE_NAME, bytes, 0, bytes.length);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
