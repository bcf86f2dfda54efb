package dev.svc0.samples.zipfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.mm.VmBacking;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.vfs.DirContext;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.samples.zipfs.ZipSuperBlock.Node;
import dev.svc0.samples.zipfs.ZipSuperBlock.ZipInode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/** Open files and folders: a file is unpacked at its first read and kept while it is open. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class ZipFileOperations implements FileOperations {
  private static final int LARGEST = 256 << 20;

  @Override
  public int supplies() {
    return READ;
  }

  @Override
  @Traced("zipfs_read")
  public long read(Kiocb kiocb, long userBuffer, long bytes) {
    byte[] content = content(kiocb.file);
    if (content == null) {
      return -Errno.EIO;
    }
    int count = (int) Math.min(bytes, content.length - kiocb.position);
    if (count <= 0) {
      return 0;
    }
    int missing =
        kiocb.caller.memory().copyToUser(userBuffer, content, (int) kiocb.position, count);
    kiocb.position += count - missing;
    return missing == count ? -Errno.EFAULT : count - missing;
  }

  private static byte @Nullable [] content(File file) {
    if (file.privateData instanceof byte[] kept) {
      return kept;
    }
    ZipEntry entry = ((ZipInode) file.inode()).node.entry;
    if (entry == null || entry.getSize() > LARGEST) {
      return null;
    }
    ZipSuperBlock superBlock = (ZipSuperBlock) file.inode().superBlock();
    try (InputStream in = superBlock.zip.getInputStream(entry)) {
      byte[] content = in.readAllBytes();
      file.privateData = content;
      return content;
    } catch (IOException damaged) {
      return null;
    }
  }

  @Override
  public long iterate(File file, DirContext context) {
    ZipInode folder = (ZipInode) file.inode();
    if (!folder.node.isFolder()) {
      return -Errno.ENOTDIR;
    }
    long own = folder.number();
    if (context.position == 0 && !context.emit(".", 1, own, StatConstants.DT_DIR)) {
      return 0;
    }
    if (context.position == 1 && !context.emit("..", 2, own, StatConstants.DT_DIR)) {
      return 0;
    }
    long at = 2;
    for (Map.Entry<String, Node> child : folder.node.children.entrySet()) {
      Node node = child.getValue();
      int type = node.isFolder() ? StatConstants.DT_DIR : StatConstants.DT_REG;
      if (at >= context.position && !context.emit(child.getKey(), at + 1, node.number, type)) {
        return 0;
      }
      at++;
    }
    return 0;
  }

  @Override
  public @Nullable VmBacking mmap(File file, boolean shared, long[] error) {
    error[0] = -Errno.ENODEV; // nothing here has pages: such files are read, not mapped or run
    return null;
  }

  /** For inodes without a page cache of their own. */
  static final AddressSpaceOperations NO_PAGES =
      new AddressSpaceOperations() {
        @Override
        public long readFolio(Folio folio) {
          return -Errno.EIO;
        }
      };
}
