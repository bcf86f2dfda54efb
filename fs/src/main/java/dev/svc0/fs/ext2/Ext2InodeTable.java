package dev.svc0.fs.ext2;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.InodeOperations;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The inodes in memory, and their way from and to the inode tables on disk. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext2InodeTable {
  private static final int STRIPES = 64;

  private final Ext2SuperBlock superBlock;
  private final ExtGeometry shape;
  private final ConcurrentHashMap<Long, Ext2Inode> cached = new ConcurrentHashMap<>();
  private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];

  Ext2InodeTable(Ext2SuperBlock superBlock) {
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
  @Traced("ext2_iget")
  @Nullable Ext2Inode iget(long number, long[] error) {
    ReentrantLock stripe = stripe(number);
    stripe.lock();
    try {
      Ext2Inode known = cached.get(number);
      if (known != null) {
        if (known.tryHold()) {
          return known;
        }
        evictLocked(known);
      }
      Ext2Inode inode = read(number, error);
      if (inode != null) {
        cached.put(number, inode);
      }
      return inode;
    } finally {
      stripe.unlock();
    }
  }

  /** The block that holds an inode, with a reference; null when it cannot be read. */
  @Traced("ext2_get_inode")
  private @Nullable BufferHead getInode(long number) {
    long index = (number - 1) % shape.inodesPerGroup;
    int group = (int) ((number - 1) / shape.inodesPerGroup);
    long block = superBlock.groups.inodeTable(group) + index / shape.inodesPerBlock;
    return Buffers.bread(superBlock.disk, block, shape.blockSize);
  }

  private long addressOf(BufferHead block, long number) {
    long index = (number - 1) % shape.inodesPerGroup;
    return block.address + index % shape.inodesPerBlock * shape.inodeSize;
  }

  private boolean isValidNumber(long number) {
    return number == EXT2_ROOT_INO || number >= shape.firstInode && number <= shape.inodesCount;
  }

  private @Nullable Ext2Inode read(long number, long[] error) {
    if (!isValidNumber(number)) {
      error[0] = superBlock.error("bad inode number " + number);
      return null;
    }
    BufferHead block = getInode(number);
    if (block == null) {
      error[0] = -Errno.EIO;
      return null;
    }
    try {
      long at = addressOf(block, number);
      int mode = Disk.u16(at + I_MODE);
      if (Disk.u16(at + I_LINKS_COUNT) == 0 && (mode == 0 || Disk.u32(at + I_DTIME) != 0)) {
        error[0] = -Errno.ESTALE;
        return null;
      }
      Ext2Inode inode = instantiate(number, mode);
      RawInode.read(at, shape.inodeSize, inode);
      error[0] = check(inode);
      if (error[0] != 0) {
        return null;
      }
      inode.setInodeFlags();
      inode.rdev = RawInode.readDevice(inode);
      return inode;
    } finally {
      Buffers.brelse(block);
    }
  }

  private long check(Ext2Inode inode) {
    String where = "inode " + inode.number();
    if (inode.size() < 0 || inode.size() > superBlock.maxBytes) {
      return superBlock.error(where + ": bad i_size " + inode.size());
    }
    if (inode.fileAcl != 0 && !isBlock(inode.fileAcl)) {
      return superBlock.error(where + ": bad extended attribute block " + inode.fileAcl);
    }
    if (inode.isSymlink() && inode.size() >= symlinkLimit(inode)) {
      return superBlock.error(where + ": symlink of " + inode.size() + " bytes");
    }
    int type = inode.type();
    if (InodeKinds.isUnknown(type)) {
      return superBlock.error(where + ": bogus i_mode " + Integer.toOctalString(inode.mode));
    }
    return 0;
  }

  private long symlinkLimit(Ext2Inode inode) {
    return inode.isFastSymlink() ? Ext2Inode.FAST_SYMLINK_BYTES : superBlock.blockSize + 1L;
  }

  private boolean isBlock(long block) {
    return shape.isDataRange(block, 1) && !superBlock.groups.isSystemBlock(block);
  }

  /** A new inode object with the operations of its kind. */
  Ext2Inode instantiate(long number, int mode) {
    InodeOperations operations = InodeKinds.inodeOperations(mode);
    FileOperations fileOperations = InodeKinds.fileOperations(mode);
    AddressSpaceOperations pages = Ext2AddressSpaceOperations.INSTANCE;
    Ext2Inode inode = new Ext2Inode(superBlock, number, mode, operations, fileOperations, pages);
    if (inode.isRegular()) {
      inode.mapping().setLargeFolios(FrameAllocator.MAX_ORDER);
    }
    return inode;
  }

  /** Adds an inode that was allocated just now. */
  void insert(Ext2Inode inode) {
    ReentrantLock stripe = stripe(inode.number());
    stripe.lock();
    try {
      Ext2Inode old = cached.put(inode.number(), inode);
      if (old != null) {
        old.evicted = true;
      }
    } finally {
      stripe.unlock();
    }
  }

  /** Writes an inode to its block, and the block to the disk if asked to. 0 or −errno. */
  @Traced("ext2_write_inode")
  long writeInode(Ext2Inode inode, boolean wait) {
    boolean changed = inode.takeDirty() != 0;
    if (!changed && !wait || superBlock.isReadOnly()) {
      return 0;
    }
    BufferHead block = getInode(inode.number());
    if (block == null) {
      return -Errno.EIO;
    }
    if (changed) {
      if (inode.isRegular() && inode.size() > Integer.MAX_VALUE) {
        superBlock.requireLargeFile();
      }
      RawInode.write(addressOf(block, inode.number()), shape.inodeSize, inode);
      Buffers.markBufferDirty(block);
    }
    long result = wait ? Buffers.syncDirtyBuffer(block) : 0;
    Buffers.brelse(block);
    return result;
  }

  /** The last user of an inode is gone. */
  @Traced("ext2_evict_inode")
  void evict(Ext2Inode inode) {
    ReentrantLock stripe = stripe(inode.number());
    stripe.lock();
    try {
      evictLocked(inode);
    } finally {
      stripe.unlock();
    }
  }

  private void evictLocked(Ext2Inode inode) {
    if (inode.evicted) {
      return;
    }
    inode.evicted = true;
    if (inode.nlink == 0 && !superBlock.isReadOnly()) {
      delete(inode);
    } else {
      if (!superBlock.isReadOnly()) {
        Filemap.filemapWriteAndWaitRange(inode.mapping(), 0, Long.MAX_VALUE);
        writeInode(inode, false);
      }
      superBlock.vfs().writeback().forget(inode);
      Filemap.truncateInodePages(inode.mapping(), 0);
    }
    Buffers.invalidateInodeBuffers(inode.mapping());
    cached.remove(inode.number(), inode);
  }

  private void delete(Ext2Inode inode) {
    Filemap.truncateInodePages(inode.mapping(), 0);
    inode.deletedSeconds = superBlock.nowSeconds();
    inode.noteDirty(Ext2Inode.DIRTY_SYNC);
    writeInode(inode, inode.isSync());
    boolean tree = inode.hasBlockTree();
    inode.setSize(0);
    if (tree && inode.blocks512 > 0) {
      BlockTree.truncateBlocks(inode, 0);
    }
    Ext2Xattr.deleteInode(inode);
    superBlock.vfs().writeback().forget(inode);
    inode.takeDirty();
    superBlock.inodes.freeInode(inode);
  }

  /** Unmount: writes and forgets whatever is still in memory. */
  void dropAll() {
    for (Ext2Inode inode : cached.values()) {
      evict(inode);
    }
  }

  /** Inodes in memory. */
  int size() {
    return cached.size();
  }
}
