package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.GroupDescriptorLayout.EXT4_BG_INODE_ZEROED;
import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Bitmap;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.fs.extformat.SuperBlockLayout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.InodeTimes;
import dev.svc0.runtime.vfs.Permissions;
import java.util.SplittableRandom;

/** Hands out and takes back inodes. <i>Linux:</i> fs/ext4/ialloc.c. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4InodeAllocator {
  /** Blocks dirtied by making an inode. */
  static final int CREDITS = 10;

  private final Ext4SuperBlock superBlock;
  private final ExtGeometry shape;
  private final SplittableRandom random;

  Ext4InodeAllocator(Ext4SuperBlock superBlock) {
    this.superBlock = superBlock;
    this.shape = superBlock.shape;
    long uuid = superBlock.raw.address() + SuperBlockLayout.S_UUID;
    int mounts = superBlock.raw.u16(SuperBlockLayout.S_MNT_COUNT);
    random = new SplittableRandom(Disk.join(Disk.u32(uuid), Disk.u32(uuid + 4)) + mounts);
  }

  /** A new inode with a reference, in no directory yet. */
  @Traced("__ext4_new_inode")
  Ext4Inode newInode(Ext4Handle handle, Ext4Inode directory, int mode, Cred cred) {
    boolean isDirectory = (mode & StatConstants.S_IFMT) == StatConstants.S_IFDIR;
    long number;
    int generation;
    if (Ext4Trace.ext4RequestInodeOn()) {
      Ext4Trace.ext4RequestInode(directory.traceDevice(), mode, directory.number());
    }
    superBlock.blocks.lock.lock();
    try {
      number = allocate(handle, directory, isDirectory);
      generation = random.nextInt();
    } finally {
      superBlock.blocks.lock.unlock();
    }
    Ext4Inode inode = Ext4Kinds.instantiate(superBlock, number, mode);
    if (inode == null) {
      throw new Ext4Exception(-Errno.EINVAL);
    }
    Permissions.inodeInitOwner(inode, directory, mode, cred);
    if (superBlock.options.groupId) {
      inode.gid = directory.gid;
    }
    InodeTimes.setAll(inode);
    inode.generation = generation;
    inode.checksumSeed = superBlock.checksums.inodeSeed(number, generation);
    inode.extraIsize = extraIsize();
    inode.btimeNanos = inode.extraIsize >= I_CRTIME_EXTRA + 4 - 128 ? inode.btimeNanos : -1;
    inode.flags = inherited(directory.flags, inode.mode);
    inode.projectId = directory.hasDiskFlag(EXT4_PROJINHERIT_FL) ? directory.projectId : 0;
    inode.nlink = 1;
    inode.isNew = true;
    boolean mapped = inode.isRegular() || isDirectory || inode.isSymlink();
    if (mapped && superBlock.usesExtents()) {
      inode.flags |= EXT4_EXTENTS_FL;
      Ext4Extents.treeInit(inode);
    }
    inode.setInodeFlags();
    superBlock.table.insert(inode);
    superBlock.table.markInodeDirty(handle, inode);
    if (Ext4Trace.ext4AllocateInodeOn()) {
      Ext4Trace.ext4AllocateInode(directory.traceDevice(), mode, number, directory.number());
    }
    return inode;
  }

  private int extraIsize() {
    if (shape.inodeSize <= 128) {
      return 0;
    }
    int wanted = superBlock.raw.u16(SuperBlockLayout.S_WANT_EXTRA_ISIZE);
    boolean good = wanted > 0 && wanted <= shape.inodeSize - 128 && (wanted & 3) == 0;
    return good ? wanted : EXT4_GOOD_EXTRA_ISIZE;
  }

  private static int inherited(int flags, int mode) {
    int kept = flags & (EXT2_FL_INHERITED | EXT4_PROJINHERIT_FL);
    return switch (mode & StatConstants.S_IFMT) {
      case StatConstants.S_IFDIR -> kept;
      case StatConstants.S_IFREG ->
          kept & ~(EXT2_DIRSYNC_FL | EXT2_TOPDIR_FL | EXT4_PROJINHERIT_FL);
      default -> kept & (EXT2_NODUMP_FL | EXT2_NOATIME_FL);
    };
  }

  private long allocate(Ext4Handle handle, Ext4Inode directory, boolean isDirectory) {
    int first = isDirectory ? findGroupOrlov(directory) : findGroupOther(directory);
    if (first < 0) {
      throw new Ext4Exception(-Errno.ENOSPC);
    }
    for (int i = 0; i < shape.groups; i++) {
      int group = (int) (((long) first + i) % shape.groups);
      if (superBlock.groups.freeInodes(group) == 0) {
        continue;
      }
      int bit = takeFree(handle, group, isDirectory);
      if (bit >= 0) {
        return (long) group * shape.inodesPerGroup + bit + 1;
      }
    }
    throw new Ext4Exception(-Errno.ENOSPC);
  }

  private int takeFree(Ext4Handle handle, int group, boolean isDirectory) {
    BufferHead bitmap = superBlock.blocks.bitmaps.readInodeBitmap(group);
    try {
      int from = group == 0 ? shape.firstInode - 1 : 0;
      int bit = Bitmap.findNextZero(bitmap.address, from, shape.inodesPerGroup);
      if (bit >= shape.inodesPerGroup) {
        return -1;
      }
      take(handle, group, bit, isDirectory, bitmap);
      return bit;
    } finally {
      Buffers.brelse(bitmap);
    }
  }

  private void take(Ext4Handle handle, int group, int bit, boolean isDirectory, BufferHead bitmap) {
    handle.getWriteAccess(bitmap);
    handle.getWriteAccess(superBlock.groups.buffer(group));
    superBlock.blocks.bitmaps.useInodeBitmap(group);
    Bitmap.testAndSet(bitmap.address, bit);
    useTable(handle, group, bit);
    superBlock.groups.addFreeInodes(group, -1);
    if (isDirectory) {
      superBlock.groups.addDirectories(group, 1);
    }
    superBlock.groups.inodeBitmapChanged(handle, group, bitmap);
    superBlock.blocks.marker.useGroup(handle, group);
  }

  /** Whether an inode is in use, as the bitmaps say. For recovery. */
  boolean isUsed(long number) {
    int group = (int) ((number - 1) / shape.inodesPerGroup);
    BufferHead bitmap = superBlock.blocks.bitmaps.readInodeBitmap(group);
    try {
      return Bitmap.test(bitmap.address, (int) ((number - 1) % shape.inodesPerGroup));
    } finally {
      Buffers.brelse(bitmap);
    }
  }

  /** Takes a certain inode; nothing happens when it is in use. For recovery. */
  @Traced("ext4_mark_inode_used")
  void markUsed(Ext4Handle handle, long number, boolean isDirectory) {
    int group = (int) ((number - 1) / shape.inodesPerGroup);
    int bit = (int) ((number - 1) % shape.inodesPerGroup);
    BufferHead bitmap = superBlock.blocks.bitmaps.readInodeBitmap(group);
    try {
      if (!Bitmap.test(bitmap.address, bit)) {
        take(handle, group, bit, isDirectory, bitmap);
      }
    } finally {
      Buffers.brelse(bitmap);
    }
  }

  /** More or fewer directories in a group. For recovery. */
  void countDirectories(Ext4Handle handle, int group, int delta) {
    superBlock.groups.addDirectories(group, delta);
    superBlock.groups.changed(handle, group);
  }

  /** Inodes of the table that were never used are so many fewer; their blocks are zeroed. */
  private void useTable(Ext4Handle handle, int group, int bit) {
    if (!superBlock.checksums.hasGroups()) {
      return;
    }
    int used = shape.inodesPerGroup - superBlock.groups.unusedInodes(group);
    if (bit < used) {
      return;
    }
    if (!superBlock.groups.hasFlag(group, EXT4_BG_INODE_ZEROED)) {
      int firstBlock = (used + shape.inodesPerBlock - 1) / shape.inodesPerBlock;
      for (int block = firstBlock; block <= bit / shape.inodesPerBlock; block++) {
        zeroTableBlock(handle, superBlock.groups.inodeTable(group) + block);
      }
    }
    superBlock.groups.putUnusedInodes(group, shape.inodesPerGroup - bit - 1);
  }

  @Traced("ext4_init_inode_table")
  private void zeroTableBlock(Ext4Handle handle, long block) {
    BufferHead buffer = superBlock.newMetadata(handle, block);
    handle.dirtyMetadata(buffer);
    Buffers.brelse(buffer);
  }

  // Where

  /** What counts for a choice, over the groups that share their metadata's place. */
  private record Stats(long freeInodes, long freeBlocks, long directories) {}

  private int flexCount() {
    return (shape.groups + superBlock.flexGroups - 1) / superBlock.flexGroups;
  }

  @Traced("get_orlov_stats")
  private Stats stats(int flex) {
    long freeInodes = 0;
    long freeBlocks = 0;
    long directories = 0;
    int end = Math.min(shape.groups, (flex + 1) * superBlock.flexGroups);
    for (int group = flex * superBlock.flexGroups; group < end; group++) {
      freeInodes += superBlock.groups.freeInodes(group);
      freeBlocks += superBlock.groups.freeBlocks(group);
      directories += superBlock.groups.usedDirectories(group);
    }
    return new Stats(freeInodes, freeBlocks, directories);
  }

  /** Top directories are spread; others stay near their parent unless it is crowded. */
  @Traced("find_group_orlov")
  private int findGroupOrlov(Ext4Inode parent) {
    int count = flexCount();
    long averageInodes = superBlock.groups.freeInodes() / count;
    long averageBlocks = superBlock.groups.freeBlocks() / count;
    boolean top = parent.number() == EXT2_ROOT_INO || parent.hasDiskFlag(EXT2_TOPDIR_FL);
    int home = parent.group / superBlock.flexGroups;
    int flex =
        top
            ? spread(count, averageInodes, averageBlocks)
            : near(count, home, averageInodes, averageBlocks);
    for (int i = 0; flex < 0 && i < count; i++) {
      int candidate = (home + i) % count;
      Stats stats = stats(candidate);
      flex = stats.freeInodes > 0 && stats.freeInodes >= averageInodes ? candidate : -1;
    }
    for (int i = 0; flex < 0 && i < count; i++) {
      flex = stats((home + i) % count).freeInodes > 0 ? (home + i) % count : -1;
    }
    return flex < 0 ? -1 : firstWithInodes(flex);
  }

  private int spread(int count, long averageInodes, long averageBlocks) {
    int start = random.nextInt(count);
    int best = -1;
    long fewest = (long) shape.inodesPerGroup * superBlock.flexGroups;
    for (int i = 0; i < count; i++) {
      int flex = (start + i) % count;
      Stats stats = stats(flex);
      if (stats.freeInodes > 0
          && stats.directories < fewest
          && stats.freeInodes >= averageInodes
          && stats.freeBlocks >= averageBlocks) {
        best = flex;
        fewest = stats.directories;
      }
    }
    return best;
  }

  private int near(int count, int home, long averageInodes, long averageBlocks) {
    long perFlex = (long) shape.inodesPerGroup * superBlock.flexGroups;
    long most = superBlock.groups.directories() / count + perFlex / 16;
    long leastInodes = Math.max(1, averageInodes - perFlex / 4);
    long leastBlocks = averageBlocks - (long) shape.blocksPerGroup * superBlock.flexGroups / 4;
    for (int i = 0; i < count; i++) {
      int flex = (home + i) % count;
      Stats stats = stats(flex);
      if (stats.directories < most
          && stats.freeInodes >= leastInodes
          && stats.freeBlocks >= leastBlocks) {
        return flex;
      }
    }
    return -1;
  }

  private int firstWithInodes(int flex) {
    int end = Math.min(shape.groups, (flex + 1) * superBlock.flexGroups);
    for (int group = flex * superBlock.flexGroups; group < end; group++) {
      if (superBlock.groups.freeInodes(group) > 0) {
        return group;
      }
    }
    return -1;
  }

  /** Files go near their directory, else by a quadratic hash, else anywhere. */
  @Traced("find_group_other")
  private int findGroupOther(Ext4Inode parent) {
    int flex = superBlock.flexGroups;
    int first = parent.group / flex * flex;
    for (int group = first; flex > 1 && group < Math.min(first + flex, shape.groups); group++) {
      if (superBlock.groups.freeInodes(group) > 0) {
        return group;
      }
    }
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
      if (superBlock.groups.freeInodes(group) > 0) {
        return group;
      }
    }
    return -1;
  }

  private boolean hasRoom(int group) {
    return superBlock.groups.freeInodes(group) > 0 && superBlock.groups.freeBlocks(group) > 0;
  }

  /** Takes an inode back whose blocks are free already. */
  @Traced("ext4_free_inode")
  void freeInode(Ext4Handle handle, Ext4Inode inode) {
    Ext4Points.freeInode(inode);
    if (inode.number() < shape.firstInode) {
      superBlock.error("reserved inode " + inode.number() + " was to be freed");
      return;
    }
    superBlock.blocks.lock.lock();
    try {
      BufferHead bitmap = superBlock.blocks.bitmaps.readInodeBitmap(inode.group);
      try {
        clear(handle, inode, bitmap);
      } finally {
        Buffers.brelse(bitmap);
      }
    } finally {
      superBlock.blocks.lock.unlock();
    }
  }

  private void clear(Ext4Handle handle, Ext4Inode inode, BufferHead bitmap) {
    int bit = (int) ((inode.number() - 1) % shape.inodesPerGroup);
    handle.getWriteAccess(bitmap);
    handle.getWriteAccess(superBlock.groups.buffer(inode.group));
    if (!Bitmap.testAndClear(bitmap.address, bit)) {
      superBlock.error("bit already cleared for inode " + inode.number());
      return;
    }
    superBlock.groups.addFreeInodes(inode.group, 1);
    if (inode.isDirectory()) {
      superBlock.groups.addDirectories(inode.group, -1);
    }
    superBlock.groups.inodeBitmapChanged(handle, inode.group, bitmap);
  }
}
