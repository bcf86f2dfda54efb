package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.runtime.abi.Errno;
import org.jspecify.annotations.Nullable;

/**
 * From blocks of a file to blocks of the device, by extents or by pointers, allocating if asked.
 * <i>Linux:</i> ext4_map_blocks of fs/ext4/inode.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Mapper {
  /** Allocate where there is a hole, and give unwritten blocks content. */
  static final int CREATE = 1;

  /** Allocate without content. */
  static final int UNWRITTEN = 2;

  /** Writing is under way: a commit needs to wait only. */
  static final int IO_SUBMIT = 4;

  /** Space was reserved, and nothing may fail that can be helped. */
  static final int DELAYED = 8;

  /** Nothing more than asked for: the file is complete. */
  static final int NO_PREALLOC = 16;

  /** Data goes to the disk before the answer: no commit has to wait. */
  static final int NO_ORDER = 32;

  private Ext4Mapper() {}

  /** Answers, without allocating. */
  static void lookup(Ext4Inode inode, Ext4Map map) {
    map.isNew = false;
    if (inode.status.lookup(map)) {
      return;
    }
    inode.dataLock.readLock().lock();
    try {
      queryBlocks(inode, map);
    } finally {
      inode.dataLock.readLock().unlock();
    }
  }

  @Traced("ext4_map_query_blocks")
  private static void queryBlocks(Ext4Inode inode, Ext4Map map) {
    if (inode.hasExtents()) {
      Ext4Extents.lookup(inode, map);
    } else {
      Ext4Indirect.lookup(inode, map);
    }
    if (map.isAllocated()) {
      inode.status.insert(map.block, map.count, map.physical, map.state, false);
    }
  }

  /** Answers, allocating and giving content as the flags say. */
  @Traced("ext4_map_blocks")
  static void mapBlocks(@Nullable Ext4Handle handle, Ext4Inode inode, Ext4Map map, int flags) {
    lookup(inode, map);
    if (map.isAllocated()) {
      checkBlockValidity(inode, map);
    }
    if ((flags & CREATE) == 0
        || map.state == Ext4Map.WRITTEN
        || map.state == Ext4Map.UNWRITTEN && (flags & UNWRITTEN) != 0) {
      return;
    }
    if (handle == null) {
      throw new IllegalStateException("allocation without a handle");
    }
    inode.dataLock.writeLock().lock();
    try {
      createBlocks(handle, inode, map, flags);
    } finally {
      inode.dataLock.writeLock().unlock();
    }
    checkBlockValidity(inode, map);
    boolean order = map.isNew && map.state == Ext4Map.WRITTEN && (flags & NO_ORDER) == 0;
    if (order && inode.ordersData()) {
      int bits = inode.ext4.shape.blockBits;
      boolean underWay = (flags & IO_SUBMIT) != 0;
      handle.orderedWrite(inode, map.block << bits, map.count << bits, underWay);
    }
  }

  /** What the file system itself is made of is no file's. The journal's blocks are an exception. */
  @Traced("__check_block_validity")
  private static void checkBlockValidity(Ext4Inode inode, Ext4Map map) {
    boolean journal = inode.number() == InodeLayout.EXT2_JOURNAL_INO;
    if (!journal && !inode.ext4.groups.inodeBlockValid(map.physical, map.count)) {
      Ext4Exception.check(
          inode.ext4.error(
              "inode %d: block %d is mapped to %d+%d"
                  .formatted(inode.number(), map.block, map.physical, map.count)));
    }
  }

  @Traced("ext4_map_create_blocks")
  private static void createBlocks(Ext4Handle handle, Ext4Inode inode, Ext4Map map, int flags) {
    boolean unchanged =
        inode.hasExtents()
            ? extMapBlocks(handle, inode, map, flags)
            : indMapBlocks(handle, inode, map, flags);
    if (unchanged) {
      return;
    }
    boolean promised = (flags & DELAYED) != 0;
    inode.status.insert(map.block, map.count, map.physical, map.state, promised);
  }

  /** Looks into the tree of extents, and changes it; whether the blocks were as wanted already. */
  @Traced("ext4_ext_map_blocks")
  private static boolean extMapBlocks(Ext4Handle handle, Ext4Inode inode, Ext4Map map, int flags) {
    Ext4Points.extMapBlocksEnter(inode, map, flags);
    boolean written = false;
    try (ExtentPath path = ExtentPath.findCaching(inode, map.block)) {
      if (!Ext4Extents.find(inode, path, map)) {
        map.answer(Ext4Map.HOLE, path.searchRight() - map.block, 0);
        map.wanted = map.count;
        allocate(handle, inode, path, map, flags);
        map.isNew = true;
      } else if (map.state == Ext4Map.UNWRITTEN) {
        handleUnwritten(handle, inode, map, flags);
      } else {
        written = true;
      }
    }
    Ext4Points.extMapBlocksExit(inode, map, flags);
    return written;
  }

  @Traced("ext4_ext_handle_unwritten_extents")
  private static void handleUnwritten(Ext4Handle handle, Ext4Inode inode, Ext4Map map, int flags) {
    Ext4Points.handleUnwrittenExtents(inode, map, flags);
    if ((flags & UNWRITTEN) == 0) {
      Ext4Extents.setState(handle, inode, map.block, (int) map.count, false);
      map.state = Ext4Map.WRITTEN;
      map.isNew = true;
    }
  }

  /** The same with pointers. */
  @Traced("ext4_ind_map_blocks")
  private static boolean indMapBlocks(Ext4Handle handle, Ext4Inode inode, Ext4Map map, int flags) {
    Ext4Points.indMapBlocksEnter(inode, map, flags);
    Ext4Indirect.find(inode, map);
    boolean written = map.state == Ext4Map.WRITTEN;
    if (!written) {
      map.wanted = map.count;
      Ext4Indirect.allocate(handle, inode, map, allocatorFlags(inode, flags));
      map.isNew = true;
    }
    Ext4Points.indMapBlocksExit(inode, map, flags);
    return written;
  }

  private static int allocatorFlags(Ext4Inode inode, int flags) {
    int result = inode.isRegular() ? Ext4BlockAllocator.DATA : 0;
    result |= (flags & DELAYED) != 0 ? Ext4BlockAllocator.RESERVED : 0;
    return result | ((flags & NO_PREALLOC) != 0 ? Ext4BlockAllocator.NO_PREALLOC : 0);
  }

  private static void allocate(
      Ext4Handle handle, Ext4Inode inode, ExtentPath path, Ext4Map map, int flags) {
    int allocatorFlags = allocatorFlags(inode, flags);
    if (map.block + map.count > 0xffff_ffffL) {
      throw new Ext4Exception(-Errno.EFBIG);
    }
    boolean unwritten = (flags & UNWRITTEN) != 0;
    int most = unwritten ? ExtentNode.INIT_MAX_LEN - 1 : ExtentNode.INIT_MAX_LEN;
    int count = (int) Math.min(map.count, most);
    long goal = Ext4Extents.findGoal(inode, path, map.block);
    Ext4BlockAllocator.Request request =
        new Ext4BlockAllocator.Request(inode, map.block, goal, count, allocatorFlags);
    inode.ext4.blocks.newBlocks(handle, request);
    boolean done = false;
    try {
      Ext4Extents.insert(handle, inode, path, map.block, request.length, request.block, unwritten);
      done = true;
    } finally {
      if (!done) {
        inode.addBlocks(request.has(Ext4BlockAllocator.RESERVED) ? request.length : 0);
        inode.ext4.blocks.freeBlocks(handle, inode, request.block, request.length, false);
      }
    }
    int state = unwritten ? Ext4Map.UNWRITTEN : Ext4Map.WRITTEN;
    map.answer(state, request.length, request.block);
  }

  /** Gives unwritten blocks of a range content. */
  @Traced("ext4_convert_unwritten_extents")
  static void convertUnwritten(Ext4Inode inode, long position, long bytes) {
    int bits = inode.ext4.shape.blockBits;
    long block = position >>> bits;
    long end = position + bytes + inode.ext4.blockSize - 1 >>> bits;
    while (block < end) {
      Ext4Map map = new Ext4Map(block, end - block);
      try (Ext4Handle handle = Ext4Handle.start(inode, Ext4Extents.INSERT_CREDITS + 8)) {
        lookup(inode, map);
        if (map.state == Ext4Map.UNWRITTEN) {
          mapBlocks(handle, inode, map, CREATE | NO_ORDER);
        }
      }
      block += Math.max(1, map.count);
    }
  }
}
