package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.vfs.File;

/**
 * Telling where a file has data: SEEK_DATA, SEEK_HOLE and FIEMAP. <i>Linux:</i> iomap_seek_data,
 * iomap_fiemap over ext4_iomap_report_ops.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Extent {
  private Ext4Extent() {}

  @Traced("ext4_seek_data_hole")
  static long seek(File file, long offset, int whence) {
    Ext4Inode inode = (Ext4Inode) file.inode();
    inode.lock.readLock().lock();
    try {
      long size = inode.size();
      if (offset < 0 || offset >= size) {
        return -Errno.ENXIO;
      }
      long found = find(inode, offset, size, whence == FsConstants.SEEK_DATA);
      if (found < 0) {
        return found;
      }
      file.position = found;
      return found;
    } catch (Ext4Exception e) {
      return e.result;
    } finally {
      inode.lock.readLock().unlock();
    }
  }

  private static long find(Ext4Inode inode, long offset, long size, boolean data) {
    int bits = inode.ext4.shape.blockBits;
    long end = size + inode.ext4.blockSize - 1 >>> bits;
    long block = offset >>> bits;
    while (block < end) {
      Ext4Map map = new Ext4Map(block, end - block);
      Ext4Mapper.lookup(inode, map);
      boolean isData = map.state == Ext4Map.WRITTEN || map.state == Ext4Map.DELAYED;
      if (map.state == Ext4Map.UNWRITTEN) {
        isData = isCached(inode, block);
        map.count = 1;
      }
      if (isData == data) {
        return Math.max(offset, block << bits);
      }
      block += Math.max(1, map.count);
    }
    return data ? -Errno.ENXIO : size;
  }

  /** Whether an unwritten block was written to in the page cache. */
  private static boolean isCached(Ext4Inode inode, long block) {
    Folio folio = inode.mapping().find(block << inode.ext4.shape.blockBits >>> 12);
    if (folio == null) {
      return false;
    }
    boolean dirty = folio.isDirty() || folio.isWriteback();
    folio.put();
    return dirty;
  }
}
