package dev.svc0.fs.ext2;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Bitmap;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.InodeTimes;
import dev.svc0.runtime.vfs.Permissions;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Hands out and takes back inodes. <i>Linux:</i> fs/ext2/ialloc.c. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class InodeAllocator {
  private static final int INODE_COST = 64;
  private static final int BLOCK_COST = 256;

  private final Ext2SuperBlock superBlock;
  private final ExtGeometry shape;

  /** Directories a group got lately beyond what files it got. Protected by the allocation lock. */
  private final byte[] debts;

  /** Spreads top directories and makes generations; the same for the same history. */
  private final SplittableRandom random;

  InodeAllocator(Ext2SuperBlock superBlock) {
    this.superBlock = superBlock;
    this.shape = superBlock.shape;
    this.debts = new byte[shape.groups];
    this.random = new SplittableRandom(superBlock.seed());
  }

  /** A group's inode bitmap, with a reference; null when it cannot be read. */
  @Traced("read_inode_bitmap")
  private @Nullable BufferHead readBitmap(int group) {
    return Buffers.bread(superBlock.disk, superBlock.groups.inodeBitmap(group), shape.blockSize);
  }

  /** A new inode with a reference, in no directory yet; null with the errno in error[0]. */
  @Traced("ext2_new_inode")
  @Nullable Ext2Inode newInode(Ext2Inode directory, int mode, Cred cred, long[] error) {
    boolean isDirectory = (mode & StatConstants.S_IFMT) == StatConstants.S_IFDIR;
    long number;
    int generation;
    superBlock.allocationLock.lock();
    try {
      number = allocate(directory, isDirectory);
      generation = random.nextInt();
    } finally {
      superBlock.allocationLock.unlock();
    }
    if (number <= 0) {
      error[0] = number == 0 ? -Errno.ENOSPC : number;
      return null;
    }
    Ext2Inode inode = superBlock.table.instantiate(number, mode);
    Permissions.inodeInitOwner(inode, directory, mode, cred);
    if (superBlock.options.grpId) {
      inode.gid = directory.gid;
    }
    InodeTimes.setAll(inode);
    inode.btimeNanos = shape.inodeSize > 128 ? inode.btimeNanos : -1;
    inode.flags = inherited(directory.flags, mode);
    inode.setInodeFlags();
    inode.generation = generation;
    inode.nlink = 1;
    inode.isNew = true;
    superBlock.table.insert(inode);
    inode.markDirty();
    return inode;
  }

  private static int inherited(int flags, int mode) {
    int kept = flags & EXT2_FL_INHERITED;
    return switch (mode & StatConstants.S_IFMT) {
      case StatConstants.S_IFDIR -> kept;
      case StatConstants.S_IFREG -> kept & ~(EXT2_DIRSYNC_FL | EXT2_TOPDIR_FL);
      default -> kept & (EXT2_NODUMP_FL | EXT2_NOATIME_FL);
    };
  }

  /** The number, 0 when there is none left, or −EIO. */
  private long allocate(Ext2Inode directory, boolean isDirectory) {
    int first = isDirectory ? findGroupOrlov(directory) : findGroupOther(directory);
    if (first < 0) {
      return 0;
    }
    for (int i = 0; i < shape.groups; i++) {
      int group = (first + i) % shape.groups;
      BufferHead bitmap = readBitmap(group);
      if (bitmap == null) {
        return -Errno.EIO;
      }
      int bit = takeFree(group, bitmap);
      Buffers.brelse(bitmap);
      if (bit >= 0) {
        account(group, isDirectory);
        return (long) group * shape.inodesPerGroup + bit + 1;
      }
    }
    return 0;
  }

  private int takeFree(int group, BufferHead bitmap) {
    int from = group == 0 ? shape.firstInode - 1 : 0;
    int bit = Bitmap.findNextZero(bitmap.address, from, shape.inodesPerGroup);
    if (bit >= shape.inodesPerGroup) {
      return -1;
    }
    Bitmap.testAndSet(bitmap.address, bit);
    Buffers.markBufferDirty(bitmap);
    return bit;
  }

  private void account(int group, boolean isDirectory) {
    superBlock.groups.adjustFreeInodes(group, -1);
    if (isDirectory) {
      debts[group] = (byte) Math.min(127, debts[group] + 1);
      superBlock.groups.adjustUsedDirectories(group, 1);
    } else if (debts[group] > 0) {
      debts[group]--;
    }
  }

  /** Top directories are spread; others stay near their parent unless it is crowded. */
  @Traced("find_group_orlov")
  private int findGroupOrlov(Ext2Inode parent) {
    GroupDescriptors groups = superBlock.groups;
    long averageInodes = groups.freeInodes() / shape.groups;
    long averageBlocks = groups.freeBlocks() / shape.groups;
    boolean isTop = parent.number() == EXT2_ROOT_INO || (parent.flags & EXT2_TOPDIR_FL) != 0;
    int found =
        isTop
            ? findGroupSpread(averageInodes, averageBlocks)
            : findGroupNear(parent.group, averageInodes, averageBlocks);
    return found >= 0 ? found : findGroupFallback(parent.group, averageInodes);
  }

  private int findGroupSpread(long averageInodes, long averageBlocks) {
    GroupDescriptors groups = superBlock.groups;
    int start = random.nextInt(shape.groups);
    int best = -1;
    int fewest = shape.inodesPerGroup;
    for (int i = 0; i < shape.groups; i++) {
      int group = (start + i) % shape.groups;
      if (groups.freeInodes(group) > 0
          && groups.usedDirectories(group) < fewest
          && groups.freeInodes(group) >= averageInodes
          && groups.freeBlocks(group) >= averageBlocks) {
        best = group;
        fewest = groups.usedDirectories(group);
      }
    }
    return best;
  }

  private int findGroupNear(int parentGroup, long averageInodes, long averageBlocks) {
    GroupDescriptors groups = superBlock.groups;
    long directories = Math.max(1, groups.directories());
    long blocksPerDirectory = (shape.blocksCount - groups.freeBlocks()) / directories;
    long mostDirectories = directories / shape.groups + shape.inodesPerGroup / 16;
    long leastInodes = averageInodes - shape.inodesPerGroup / 4;
    long leastBlocks = averageBlocks - shape.blocksPerGroup / 4;
    long mostDebt = shape.blocksPerGroup / Math.max(blocksPerDirectory, BLOCK_COST);
    mostDebt = Math.min(mostDebt, shape.inodesPerGroup / INODE_COST);
    mostDebt = Math.clamp(mostDebt, 1, 126);
    for (int i = 0; i < shape.groups; i++) {
      int group = (parentGroup + i) % shape.groups;
      if (groups.freeInodes(group) > 0
          && debts[group] < mostDebt
          && groups.usedDirectories(group) < mostDirectories
          && groups.freeInodes(group) >= leastInodes
          && groups.freeBlocks(group) >= leastBlocks) {
        return group;
      }
    }
    return -1;
  }

  private int findGroupFallback(int parentGroup, long averageInodes) {
    GroupDescriptors groups = superBlock.groups;
    for (long least = averageInodes; ; least = 0) {
      for (int i = 0; i < shape.groups; i++) {
        int group = (parentGroup + i) % shape.groups;
        if (groups.freeInodes(group) > 0 && groups.freeInodes(group) >= least) {
          return group;
        }
      }
      if (least == 0) {
        return -1;
      }
    }
  }

  /** Files go to their directory's group, else by a quadratic hash, else anywhere. */
  @Traced("find_group_other")
  private int findGroupOther(Ext2Inode parent) {
    GroupDescriptors groups = superBlock.groups;
    if (hasRoom(parent.group)) {
      return parent.group;
    }
    int group = (int) ((parent.group + parent.number()) % shape.groups);
    for (int step = 1; step < shape.groups; step <<= 1) {
      group = (group + step) % shape.groups;
      if (hasRoom(group)) {
        return group;
      }
    }
    for (int i = 0; i < shape.groups; i++) {
      group = (parent.group + i) % shape.groups;
      if (groups.freeInodes(group) > 0) {
        return group;
      }
    }
    return -1;
  }

  private boolean hasRoom(int group) {
    return superBlock.groups.freeInodes(group) > 0 && superBlock.groups.freeBlocks(group) > 0;
  }

  /** Takes an inode back whose blocks are free already. */
  @Traced("ext2_free_inode")
  void freeInode(Ext2Inode inode) {
    if (inode.number() < shape.firstInode) {
      superBlock.error("reserved inode " + inode.number() + " was to be freed");
      return;
    }
    superBlock.allocationLock.lock();
    try {
      BufferHead bitmap = readBitmap(inode.group);
      if (bitmap == null) {
        superBlock.error("group " + inode.group + ": cannot read inode bitmap");
        return;
      }
      int bit = (int) ((inode.number() - 1) % shape.inodesPerGroup);
      if (Bitmap.testAndClear(bitmap.address, bit)) {
        superBlock.groups.adjustFreeInodes(inode.group, 1);
        if (inode.isDirectory()) {
          superBlock.groups.adjustUsedDirectories(inode.group, -1);
        }
      } else {
        superBlock.error("bit already cleared for inode " + inode.number());
      }
      Buffers.markBufferDirty(bitmap);
      Buffers.brelse(bitmap);
    } finally {
      superBlock.allocationLock.unlock();
    }
  }
}
