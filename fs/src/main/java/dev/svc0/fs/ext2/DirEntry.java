package dev.svc0.fs.ext2;

import static dev.svc0.fs.extformat.DirEntryLayout.*;

import dev.svc0.fs.extformat.Disk;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.Folio;

/** A directory entry in a cached page, whose reference it holds until {@link #release}. */
final class DirEntry {
  final Folio folio;
  final long address;

  DirEntry(Folio folio, long address) {
    this.folio = folio;
    this.address = address;
  }

  long inode() {
    return inode(address);
  }

  void release() {
    folio.put();
  }

  static long inode(long at) {
    return Disk.u32(at + DE_INODE);
  }

  static int recLen(long at) {
    return Disk.u16(at + DE_REC_LEN);
  }

  static int nameLength(long at) {
    return Disk.u8(at + DE_NAME_LEN);
  }

  static int fileType(long at) {
    return Disk.u8(at + DE_FILE_TYPE);
  }

  static boolean hasName(long at, String name) {
    if (nameLength(at) != name.length() || inode(at) == 0) {
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
    byte[] bytes = new byte[nameLength(at)];
    HostMemory.copy(at + DE_NAME, bytes, 0, bytes.length);
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  static void putName(long at, String name) {
    Disk.put8(at + DE_NAME_LEN, name.length());
    for (int i = 0; i < name.length(); i++) {
      Disk.put8(at + DE_NAME + i, name.charAt(i));
    }
  }
}
