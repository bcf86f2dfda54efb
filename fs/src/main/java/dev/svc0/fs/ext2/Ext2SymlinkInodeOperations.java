package dev.svc0.fs.ext2;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.WriteContext;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Inode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Symbolic links: short ones live in the inode, where block pointers would be. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext2SymlinkInodeOperations extends Ext2FileInodeOperations {
  /** Gives a new symlink its target. 0 or −errno. */
  static long setTarget(Ext2Inode inode, String target) {
    if (target.length() < Ext2Inode.FAST_SYMLINK_BYTES) {
      for (int i = 0; i < target.length(); i++) {
        inode.data[i >>> 2] |= (target.charAt(i) & 0xff) << 8 * (i & 3);
      }
      inode.setSize(target.length());
      return 0;
    }
    return pageSymlink(inode, target);
  }

  @Traced("page_symlink")
  private static long pageSymlink(Ext2Inode inode, String target) {
    WriteContext context = new WriteContext();
    Ext2AddressSpaceOperations pages = Ext2AddressSpaceOperations.INSTANCE;
    int bytes = target.length();
    long result = pages.writeBegin(inode.mapping(), 0, bytes, context);
    if (result != 0) {
      return result;
    }
    Folio folio = java.util.Objects.requireNonNull(context.folio);
    byte[] text = target.getBytes(StandardCharsets.ISO_8859_1);
    HostMemory.copy(text, 0, folio.address, bytes);
    result = pages.writeEnd(inode.mapping(), 0, bytes, bytes, context);
    return result == bytes ? 0 : result < 0 ? result : -Errno.EIO;
  }

  @Override
  public @Nullable String getLink(Inode inode, Caller caller, long[] error) {
    Ext2Inode link = (Ext2Inode) inode;
    return link.isFastSymlink() ? fastTarget(link) : pageGetLink(link, error);
  }

  private static String fastTarget(Ext2Inode link) {
    int length = (int) Math.min(link.size(), Ext2Inode.FAST_SYMLINK_BYTES);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      char c = (char) (link.data[i >>> 2] >>> 8 * (i & 3) & 0xff);
      if (c == 0) {
        break;
      }
      text.append(c);
    }
    return text.toString();
  }

  @Traced("page_get_link")
  private static @Nullable String pageGetLink(Ext2Inode link, long[] error) {
    Folio folio = Filemap.readMappingFolio(link.mapping(), 0, error);
    if (folio == null) {
      return null;
    }
    int most = (int) Math.min(link.size(), folio.sizeBytes());
    int length = 0;
    while (length < most && Disk.u8(folio.address + length) != 0) {
      length++;
    }
    byte[] text = new byte[length];
    HostMemory.copy(folio.address, text, 0, length);
    folio.put();
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
