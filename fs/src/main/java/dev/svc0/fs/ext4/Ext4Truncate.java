package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.vfs.InodeTimes;

/** Taking blocks away from files. <i>Linux:</i> ext4_truncate and its helpers. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Truncate {
  static final int CREDITS = 40;

  private Ext4Truncate() {}

  /** Frees what lies behind the size. The inode lock is held. */
  @Traced("ext4_truncate")
  static void truncateInode(Ext4Inode inode) {
    if (!inode.hasBlockMap()) {
      return;
    }
    if (Ext4Trace.ext4TruncateEnterOn()) {
      Ext4Trace.ext4TruncateEnter(inode.traceDevice(), inode.number(), inode.blocks512);
    }
    long size = inode.size();
    if ((size & inode.ext4.blockSize - 1) != 0) {
      int inBlock = (int) (size & inode.ext4.blockSize - 1);
      zeroPartialBlock(inode, size, inode.ext4.blockSize - inBlock);
    }
    try (Ext4Handle handle = Ext4Handle.start(inode, CREDITS)) {
      inode.ext4.orphans.add(handle, inode);
      inode.ext4.blocks.discardPreallocations(inode);
      if (inode.hasExtents()) {
        extTruncate(handle, inode);
      } else {
        indTruncate(handle, inode);
      }
      if (inode.nlink > 0) {
        inode.ext4.orphans.del(handle, inode);
      }
      InodeTimes.touchModified(inode);
      inode.ext4.table.markInodeDirty(handle, inode);
      if (inode.isSync()) {
        handle.setSync();
      }
    }
    if (Ext4Trace.ext4TruncateExitOn()) {
      Ext4Trace.ext4TruncateExit(inode.traceDevice(), inode.number(), inode.blocks512);
    }
  }

  @Traced("ext4_ext_truncate")
  private static void extTruncate(Ext4Handle handle, Ext4Inode inode) {
    cutOff(handle, inode);
  }

  @Traced("ext4_ind_truncate")
  private static void indTruncate(Ext4Handle handle, Ext4Inode inode) {
    cutOff(handle, inode);
  }

  private static void cutOff(Ext4Handle handle, Ext4Inode inode) {
    inode.diskSize = inode.size();
    inode.ext4.table.markInodeDirty(handle, inode);
    removeRange(handle, inode, inode.sizeInBlocks(), lastBlock(inode));
  }

  /** The last block that a file of this kind can have. */
  static long lastBlock(Ext4Inode inode) {
    return inode.hasExtents() ? 0xffff_fffeL : Ext4Indirect.endOf(inode.ext4.shape.blockBits) - 1;
  }

  /** Frees blocks [from, to]; whole after each transaction that it takes. */
  static void removeRange(Ext4Handle handle, Ext4Inode inode, long from, long to) {
    long last = to;
    while (last >= from) {
      long next;
      long before = inode.blocks512;
      inode.dataLock.writeLock().lock();
      try {
        inode.status.remove(from, last - from + 1);
        next =
            inode.hasExtents()
                ? Ext4Extents.removeSome(handle, inode, from, last)
                : Ext4Indirect.removeSome(handle, inode, from, last);
      } finally {
        inode.dataLock.writeLock().unlock();
      }
      if (inode.blocks512 != before) {
        inode.ext4.table.markInodeDirty(handle, inode);
      }
      if (next < 0) {
        return;
      }
      handle.ensureCredits(CREDITS);
      last = next;
    }
  }

  /** The last user of a file without a name is gone: everything it has is free. */
  static void deleteInode(Ext4Inode inode) {
    Ext4SuperBlock superBlock = inode.ext4;
    Filemap.truncateInodePages(inode.mapping(), 0);
    superBlock.blocks.discardPreallocations(inode);
    try (Ext4Handle handle = Ext4Handle.start(superBlock, CREDITS)) {
      superBlock.orphans.add(handle, inode);
      boolean blocks = inode.hasBlockMap();
      inode.setSize(0);
      inode.diskSize = 0;
      superBlock.table.markInodeDirty(handle, inode);
      if (blocks && (inode.blocks512 > 0 || inode.status.delayed() > 0)) {
        removeRange(handle, inode, 0, lastBlock(inode));
      }
      handle.ensureCredits(CREDITS);
      Ext4Xattr.deleteInode(handle, inode);
      superBlock.orphans.del(handle, inode);
      inode.deletedSeconds = superBlock.nowSeconds() & 0xffff_ffffL;
      superBlock.table.markInodeDirty(handle, inode);
      superBlock.inodes.freeInode(handle, inode);
    } catch (Ext4Exception e) {
      superBlock.error("inode " + inode.number() + " cannot be deleted: errno " + -e.result);
    }
  }

  /** Zeroes bytes inside one block, in the page cache, if the block holds anything. */
  @Traced("ext4_block_zero_page_range")
  static void zeroPartialBlock(Ext4Inode inode, long position, int bytes) {
    Ext4Map map = new Ext4Map(position >>> inode.ext4.shape.blockBits, 1);
    Ext4Mapper.lookup(inode, map);
    if (map.state == Ext4Map.HOLE || map.state == Ext4Map.UNWRITTEN && !isCached(inode, position)) {
      return;
    }
    try (Ext4Handle handle = Ext4Handle.start(inode.ext4, 4)) {
      long[] error = new long[1];
      Folio folio = Filemap.readMappingFolio(inode.mapping(), position >>> 12, error);
      if (folio == null) {
        throw new Ext4Exception(error[0]);
      }
      folio.lock();
      try {
        if (folio.mapping == inode.mapping()) {
          zeroInFolio(handle, inode, folio, position, bytes);
        }
      } finally {
        folio.unlock();
        folio.put();
      }
    }
  }

  private static boolean isCached(Ext4Inode inode, long position) {
    Folio folio = inode.mapping().find(position >>> 12);
    if (folio != null) {
      folio.put();
    }
    return folio != null;
  }

  private static void zeroInFolio(
      Ext4Handle handle, Ext4Inode inode, Folio folio, long position, int bytes) {
    BufferHead first = Buffers.folioBuffers(folio);
    int offset = folio.offsetOf(position);
    BufferHead buffer =
        Buffers.bufferAt(
            first == null ? Buffers.createEmptyBuffers(folio, inode.ext4.blockSize) : first,
            offset);
    if (!buffer.isMapped() && !buffer.isDelay()) {
      long block = position >>> inode.ext4.shape.blockBits;
      Ext4Map map = new Ext4Map(block, 1);
      Ext4Mapper.lookup(inode, map);
      if (map.state != Ext4Map.WRITTEN) {
        return;
      }
      buffer.map(inode.ext4.disk, map.physical);
      buffer.setUptodate();
    }
    if (inode.journalsData()) {
      handle.getWriteAccess(buffer);
    }
    HostMemory.fill(folio.address + offset, bytes, (byte) 0);
    if (inode.journalsData()) {
      handle.dirtyMetadata(buffer, inode);
      return;
    }
    Buffers.markBufferDirty(buffer);
    if (inode.ordersData() && buffer.isMapped() && !buffer.isDelay()) {
      handle.orderedWrite(inode, position, bytes, false);
    }
  }

  /** setattr of the size. 0 or −errno. */
  static long setSize(Ext4Inode inode, long newSize) {
    if (!inode.isRegular() && !inode.isDirectory() && !inode.isSymlink() || inode.isFastSymlink()) {
      return -Errno.EINVAL;
    }
    if (newSize > maxSize(inode)) {
      return -Errno.EFBIG;
    }
    long oldSize = inode.size();
    boolean shrinks = newSize < oldSize;
    if (shrinks && inode.ordersData() && inode.ext4.journal != null) {
      Ext4Exception.check(inode.ext4.journal.beginOrderedTruncate(inode.journalInode, newSize));
    }
    if (shrinks && newSize == 0) {
      inode.allocateOnClose = true;
    }
    try (Ext4Handle handle = Ext4Handle.start(inode.ext4, 6)) {
      if (shrinks) {
        inode.ext4.orphans.add(handle, inode);
      } else if ((oldSize & inode.ext4.blockSize - 1) != 0) {
        zeroBehind(inode, oldSize);
      }
      inode.diskSize = newSize;
      inode.setSize(newSize);
      InodeTimes.touchModified(inode);
      inode.ext4.table.markInodeDirty(handle, inode);
    }
    if (shrinks) {
      Filemap.truncateInodePages(inode.mapping(), newSize);
      truncateInode(inode);
    }
    return 0;
  }

  /** What a mapping stored behind the end must not turn up when the file grows. */
  private static void zeroBehind(Ext4Inode inode, long size) {
    Folio folio = inode.mapping().find(size >>> 12);
    if (folio == null) {
      return;
    }
    if (folio.isUptodate()) {
      int offset = folio.offsetOf(size);
      HostMemory.fill(folio.address + offset, folio.sizeBytes() - offset, (byte) 0);
    }
    folio.put();
  }

  /** Largest size of a file of this kind. */
  static long maxSize(Ext4Inode inode) {
    return inode.hasExtents() || !inode.isRegular()
        ? inode.ext4.maxBytes
        : Math.min(
            inode.ext4.maxBytes,
            Ext4Indirect.endOf(inode.ext4.shape.blockBits) << inode.ext4.shape.blockBits);
  }
}
