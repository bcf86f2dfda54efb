package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.jbd2.Journal;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.BufferIo;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.vfs.MountException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The inodes in memory, and their way from and to the inode tables on disk. The stripe locks are
 * held to look and to read, never while a handle is started.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4InodeTable {
  private static final int STRIPES = 64;

  private final Ext4SuperBlock superBlock;
  private final ExtGeometry shape;
  private final ConcurrentHashMap<Long, Ext4Inode> cached = new ConcurrentHashMap<>();
  private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];

  Ext4InodeTable(Ext4SuperBlock superBlock) {
    this.superBlock = superBlock;
    this.shape = superBlock.shape;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new ReentrantLock();
    }
  }

  private ReentrantLock stripe(long number) {
    return stripes[(int) (number % STRIPES)];
  }

  /** The inode of a number, with a reference; null with the errno in error[0]. */
  @Traced("__ext4_iget")
  @Nullable Ext4Inode iget(long number, long[] error) {
    if (number != EXT2_ROOT_INO && number < shape.firstInode
        || number < 1
        || number > shape.inodesCount) {
      error[0] = superBlock.error("bad inode number " + number);
      return null;
    }
    return get(number, false, error);
  }

  /** An inode without a name that a crash left; null with the errno in error[0]. */
  @Traced("ext4_orphan_get")
  @Nullable Ext4Inode orphanGet(long number, long[] error) {
    if (number < shape.firstInode || number > shape.inodesCount) {
      error[0] = superBlock.error("bad orphan inode " + number);
      return null;
    }
    return get(number, true, error);
  }

  private @Nullable Ext4Inode get(long number, boolean orphan, long[] error) {
    while (true) {
      Ext4Inode known = cached.get(number);
      if (known != null) {
        if (known.tryHold()) {
          return known;
        }
        awaitEvicted(known);
        continue;
      }
      ReentrantLock stripe = stripe(number);
      stripe.lock();
      try {
        if (cached.get(number) == null) {
          Ext4Inode inode = read(number, orphan, error);
          if (inode != null) {
            cached.put(number, inode);
          }
          return inode;
        }
      } finally {
        stripe.unlock();
      }
    }
  }

  /** The last user let go of it a moment ago: another object may come when that is over. */
  @Traced("__wait_on_freeing_inode")
  private static void awaitEvicted(Ext4Inode inode) {
    boolean interrupted = false;
    synchronized (inode.status) {
      while (!inode.evicted) {
        try {
          inode.status.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** An inode with a fixed number that no name leads to: the journal, the file of orphans. */
  @Traced("ext4_get_journal_inode")
  Ext4Inode readSpecial(long number, String what) throws MountException {
    long[] error = new long[1];
    Ext4Inode inode = number > 0 && number <= shape.inodesCount ? read(number, false, error) : null;
    if (inode == null || !inode.isRegular()) {
      throw new MountException(
          Errno.EUCLEAN, "ext4: " + what + ", inode " + number + ", cannot be read: run e2fsck");
    }
    return inode;
  }

  /**
   * An inode as it is on disk now, with or without names, for recovery: no one else knows it.
   *
   * @return null with the errno in error[0]: −ESTALE when it is not in use
   */
  @Nullable Ext4Inode readForRecovery(long number, long[] error) {
    return read(number, true, error);
  }

  /** The block that holds an inode, with a reference; null when it cannot be read. */
  @Traced("__ext4_get_inode_loc")
  @Nullable BufferHead inodeBlock(long number) {
    long index = (number - 1) % shape.inodesPerGroup;
    int group = (int) ((number - 1) / shape.inodesPerGroup);
    long block = superBlock.groups.inodeTable(group) + index / shape.inodesPerBlock;
    BufferHead buffer = Buffers.bdevGetblk(superBlock.disk, block, shape.blockSize);
    if (buffer == null || buffer.isUptodate() || BufferIo.bhRead(buffer) == 0) {
      return buffer;
    }
    Buffers.brelse(buffer);
    return null;
  }

  /** Where in its block an inode lies. */
  long addressIn(BufferHead block, long number) {
    long index = (number - 1) % shape.inodesPerGroup;
    return block.address + index % shape.inodesPerBlock * shape.inodeSize;
  }

  private @Nullable Ext4Inode read(long number, boolean orphan, long[] error) {
    if (Ext4Trace.ext4LoadInodeOn()) {
      Ext4Trace.ext4LoadInode(Ext4Points.device(superBlock), number);
    }
    BufferHead block = inodeBlock(number);
    if (block == null) {
      error[0] = -Errno.EIO;
      return null;
    }
    try {
      long at = addressIn(block, number);
      int mode = Disk.u16(at + I_MODE);
      if (Disk.u16(at + I_LINKS_COUNT) == 0 && (!orphan || mode == 0)) {
        error[0] = -Errno.ESTALE;
        return null;
      }
      int extra = shape.inodeSize > 128 ? Disk.u16(at + I_EXTRA_ISIZE) : 0;
      if (128 + extra > shape.inodeSize || (extra & 3) != 0) {
        error[0] = superBlock.error("inode " + number + ": bad i_extra_isize " + extra);
        return null;
      }
      if (!superBlock.checksums.isInodeRight(number, at, shape.inodeSize)) {
        superBlock.error("inode " + number + ": wrong checksum");
        error[0] = -Errno.EBADMSG;
        return null;
      }
      Ext4Inode inode = Ext4Kinds.instantiate(superBlock, number, mode);
      if (inode == null) {
        error[0] = superBlock.error("inode " + number + ": bogus i_mode");
        return null;
      }
      Ext4RawInode.read(at, inode);
      error[0] = check(inode);
      if (error[0] == 0 && inode.hasExtents() && inode.hasBlockMap()) {
        ExtentPath.checkRoot(inode);
      }
      inode.syncTid = superBlock.knownTid();
      inode.dataSyncTid = inode.syncTid;
      return error[0] == 0 ? inode : null;
    } catch (Ext4Exception e) {
      error[0] = e.result;
      return null;
    } finally {
      Buffers.brelse(block);
    }
  }

  private long check(Ext4Inode inode) {
    String where = "inode " + inode.number();
    if (inode.size() < 0 || inode.size() > superBlock.maxBytes) {
      return superBlock.error(where + ": bad i_size " + inode.size());
    }
    if (inode.fileAcl != 0 && !superBlock.groups.isFileRange(inode.fileAcl, 1)) {
      return superBlock.error(where + ": bad extended attribute block " + inode.fileAcl);
    }
    if (inode.hasDiskFlag(EXT4_INLINE_DATA_FL)) {
      return superBlock.error(where + ": inline data without the feature");
    }
    boolean symlink = inode.type() == StatConstants.S_IFLNK;
    if (symlink && inode.size() > shape.blockSize) {
      return superBlock.error(where + ": symlink of " + inode.size() + " bytes");
    }
    if (symlink && inode.isFastSymlink() && inode.size() >= Ext4Inode.FAST_SYMLINK_BYTES) {
      return superBlock.error(where + ": symlink without a block, of " + inode.size() + " bytes");
    }
    return 0;
  }

  /** Adds an inode that was allocated just now. */
  void insert(Ext4Inode inode) {
    ReentrantLock stripe = stripe(inode.number());
    stripe.lock();
    try {
      cached.put(inode.number(), inode);
    } finally {
      stripe.unlock();
    }
  }

  /** Writes an inode's fields to its place, under a handle: in one step. */
  @Traced("__ext4_mark_inode_dirty")
  void markInodeDirty(Ext4Handle handle, Ext4Inode inode) {
    if (Ext4Trace.ext4MarkInodeDirtyOn()) {
      Ext4Trace.ext4MarkInodeDirty(inode.traceDevice(), inode.number());
    }
    markIlocDirty(handle, inode, reserveInodeWrite(handle, inode));
    if (inode.diskSize > Integer.MAX_VALUE
        && inode.isRegular()
        && !superBlock.raw.hasRoCompat(Features.RO_COMPAT_LARGE_FILE)) {
      superBlock.requireLargeFile(handle);
    }
  }

  @Traced("ext4_reserve_inode_write")
  BufferHead reserveInodeWrite(Ext4Handle handle, Ext4Inode inode) {
    BufferHead block = getInodeLoc(inode);
    boolean granted = false;
    try {
      handle.getWriteAccess(block);
      granted = true;
      return block;
    } finally {
      if (!granted) {
        Buffers.brelse(block);
      }
    }
  }

  @Traced("ext4_get_inode_loc")
  private BufferHead getInodeLoc(Ext4Inode inode) {
    BufferHead block = inodeBlock(inode.number());
    if (block == null) {
      throw new Ext4Exception(-Errno.EIO);
    }
    return block;
  }

  /** Brings an inode's fields into its block, and gives the block's reference back. */
  @Traced("ext4_mark_iloc_dirty")
  void markIlocDirty(Ext4Handle handle, Ext4Inode inode, BufferHead block) {
    try {
      boolean data;
      synchronized (block) {
        data = Ext4RawInode.write(addressIn(block, inode.number()), inode);
      }
      handle.dirtyMetadata(block);
      inode.syncTid = handle.tid();
      if (data) {
        inode.dataSyncTid = handle.tid();
      }
    } finally {
      Buffers.brelse(block);
    }
  }

  /** Without a journal: brings an inode's block to the disk. 0 or −errno. */
  long syncInode(Ext4Inode inode) {
    BufferHead block = inodeBlock(inode.number());
    if (block == null) {
      return -Errno.EIO;
    }
    long result = Buffers.syncDirtyBuffer(block);
    Buffers.brelse(block);
    return result;
  }

  /** The last user of an inode is gone. */
  @Traced("ext4_evict_inode")
  void evict(Ext4Inode inode) {
    synchronized (inode.status) {
      if (inode.evicted || inode.evicting) {
        return;
      }
      inode.evicting = true;
    }
    if (Ext4Trace.ext4EvictInodeOn()) {
      Ext4Trace.ext4EvictInode(inode.traceDevice(), inode.number(), inode.nlink);
    }
    try {
      if (inode.nlink == 0 && !superBlock.isReadOnly()) {
        Ext4Truncate.deleteInode(inode);
      } else if (!superBlock.isReadOnly()) {
        Filemap.filemapWriteAndWaitRange(inode.mapping(), 0, Long.MAX_VALUE);
        checkpointData(inode);
      }
    } finally {
      clear(inode);
    }
  }

  /** data=journal: what the log has of the pages is brought to its place before they go. */
  private void checkpointData(Ext4Inode inode) {
    Journal journal = superBlock.journal;
    if (journal != null && inode.journalsData() && inode.mapping().pages() > 0) {
      journal.flush();
    }
  }

  @Traced("ext4_clear_inode")
  private void clear(Ext4Inode inode) {
    superBlock.vfs().writeback().forget(inode);
    Filemap.truncateInodePages(inode.mapping(), 0);
    inode.status.remove(0, Long.MAX_VALUE);
    superBlock.blocks.discardPreallocations(inode);
    superBlock.orphans.forget(inode);
    if (superBlock.journal != null) {
      superBlock.journal.releaseJbdInode(inode.journalInode);
    }
    Buffers.invalidateInodeBuffers(inode.mapping());
    cached.remove(inode.number(), inode);
    synchronized (inode.status) {
      inode.evicted = true;
      inode.status.notifyAll();
    }
  }

  /** Unmount: writes and forgets whatever is still in memory. */
  void dropAll() {
    for (Ext4Inode inode : cached.values()) {
      evict(inode);
    }
  }
}
