package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.fs.extformat.RawTimes;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.vfs.MountException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The inodes in memory, read from the inode tables on disk. */
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
    ReentrantLock stripe = stripe(number);
    stripe.lock();
    try {
      Ext4Inode known = cached.get(number);
      if (known != null) {
        if (known.tryHold()) {
          return known;
        }
        evictLocked(known);
      }
      Ext4Inode inode = read(number, error);
      if (inode != null) {
        cached.put(number, inode);
      }
      return inode;
    } finally {
      stripe.unlock();
    }
  }

  /** The inode that holds the journal; not kept. */
  @Traced("ext4_get_journal_inode")
  Ext4Inode readJournal() throws MountException {
    long[] error = new long[1];
    Ext4Inode journal = read(EXT2_JOURNAL_INO, error);
    if (journal == null || !journal.isRegular()) {
      throw new MountException(
          Errno.EUCLEAN, "ext4: the journal, inode 8, cannot be read: run e2fsck");
    }
    return journal;
  }

  /** The block that holds an inode, with a reference; null when it cannot be read. */
  @Traced("__ext4_get_inode_loc")
  @Nullable BufferHead inodeBlock(long number) {
    long index = (number - 1) % shape.inodesPerGroup;
    int group = (int) ((number - 1) / shape.inodesPerGroup);
    long block = superBlock.inodeTable(group) + index / shape.inodesPerBlock;
    return Buffers.bread(superBlock.disk, block, shape.blockSize);
  }

  /** Where in its block an inode lies. */
  long addressIn(BufferHead block, long number) {
    long index = (number - 1) % shape.inodesPerGroup;
    return block.address + index % shape.inodesPerBlock * shape.inodeSize;
  }

  private @Nullable Ext4Inode read(long number, long[] error) {
    BufferHead block = inodeBlock(number);
    if (block == null) {
      error[0] = -Errno.EIO;
      return null;
    }
    try {
      long at = addressIn(block, number);
      int mode = Disk.u16(at + I_MODE);
      if (Disk.u16(at + I_LINKS_COUNT) == 0) {
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
      fill(inode, at);
      error[0] = check(inode);
      return error[0] == 0 ? inode : null;
    } finally {
      Buffers.brelse(block);
    }
  }

  private void fill(Ext4Inode inode, long at) {
    inode.uid = Disk.u16(at + I_UID) | Disk.u16(at + I_UID_HIGH) << 16;
    inode.gid = Disk.u16(at + I_GID) | Disk.u16(at + I_GID_HIGH) << 16;
    inode.nlink = Disk.u16(at + I_LINKS_COUNT);
    inode.flags = Disk.s32(at + I_FLAGS);
    inode.generation = Disk.s32(at + I_GENERATION);
    inode.checksumSeed = superBlock.checksums.inodeSeed(inode.number(), inode.generation);
    boolean hasHigh = inode.isRegular() || inode.isDirectory();
    inode.setSize(Disk.join(Disk.u32(at + I_SIZE), hasHigh ? Disk.u32(at + I_SIZE_HIGH) : 0));
    inode.fileAcl = Disk.join(Disk.u32(at + I_FILE_ACL), Disk.u16(at + I_FILE_ACL_HIGH));
    long blocks = Disk.u32(at + I_BLOCKS);
    if (superBlock.hasHugeFile) {
      blocks = Disk.join(blocks, Disk.u16(at + I_BLOCKS_HIGH));
      if (inode.hasDiskFlag(EXT4_HUGE_FILE_FL)) {
        blocks <<= shape.blockBits - 9;
      }
    }
    inode.blocks512 = blocks;
    RawTimes.read(at, shape.inodeSize, inode);
    int old = Disk.s32(at + I_BLOCK);
    int wide = Disk.s32(at + I_BLOCK + 4);
    inode.rdev =
        old != 0
            ? (old >>> 8 & 0xff) << 20 | old & 0xff
            : (wide >>> 8 & 0xfff) << 20 | wide & 0xff | wide >>> 12 & 0xfff00;
    inode.inodeFlags =
        (inode.hasDiskFlag(EXT2_APPEND_FL) ? Ext4Inode.S_APPEND : 0)
            | (inode.hasDiskFlag(EXT2_IMMUTABLE_FL) ? Ext4Inode.S_IMMUTABLE : 0)
            | Ext4Inode.S_NOATIME;
  }

  private long check(Ext4Inode inode) {
    String where = "inode " + inode.number();
    if (inode.size() < 0 || inode.size() > superBlock.maxBytes) {
      return superBlock.error(where + ": bad i_size " + inode.size());
    }
    if (inode.fileAcl != 0 && !shape.isDataRange(inode.fileAcl, 1)) {
      return superBlock.error(where + ": bad extended attribute block " + inode.fileAcl);
    }
    if (inode.hasDiskFlag(EXT4_INLINE_DATA_FL)) {
      return superBlock.error(where + ": inline data without the feature");
    }
    boolean symlink = inode.type() == StatConstants.S_IFLNK;
    if (symlink && inode.size() > shape.blockSize) {
      return superBlock.error(where + ": symlink of " + inode.size() + " bytes");
    }
    return 0;
  }

  /** The last user of an inode is gone. */
  @Traced("ext4_evict_inode")
  void evict(Ext4Inode inode) {
    ReentrantLock stripe = stripe(inode.number());
    stripe.lock();
    try {
      evictLocked(inode);
    } finally {
      stripe.unlock();
    }
  }

  private void evictLocked(Ext4Inode inode) {
    if (inode.evicted) {
      return;
    }
    inode.evicted = true;
    superBlock.vfs().writeback().forget(inode);
    Filemap.truncateInodePages(inode.mapping(), 0);
    cached.remove(inode.number(), inode);
  }

  /** Unmount: forgets whatever is still in memory. */
  void dropAll() {
    for (Ext4Inode inode : cached.values()) {
      evict(inode);
    }
  }
}
