package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Bitmap;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.fs.extformat.GroupDescriptorLayout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.sched.LockClass;
import dev.svc0.runtime.sched.LockOrder;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Hands out and takes back blocks, many at once. <i>Linux:</i> fs/ext4/mballoc.c, balloc.c.
 *
 * <p>What a transaction frees can be had again when it has committed: until then a crash would
 * bring back a file that still has the blocks. Such blocks are free in the bitmap on disk and not
 * in the buddy.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4BlockAllocator {
  /** Data of a regular file. */
  static final int DATA = 1;

  /** The space was reserved when the page was written. */
  static final int RESERVED = 2;

  /** Must not fail while anything is left. */
  static final int USE_RESERVE = 4;

  /** No more than asked for. */
  static final int NO_PREALLOC = 8;

  /** Files up to so many bytes share preallocations. */
  private static final int STREAM_BLOCKS = 16;

  private static final int GROUP_PREALLOC = 512;
  private static final int MOST_BUDDIES = 1024;

  /** What is wanted, and what it became. */
  static final class Request {
    final Ext4Inode inode;
    final int flags;
    long logical;
    long goal;
    int length;

    /** The first block. */
    long block;

    private int best;

    Request(Ext4Inode inode, long logical, long goal, int length, int flags) {
      this.inode = inode;
      this.logical = logical;
      this.goal = goal;
      this.length = length;
      this.flags = flags;
    }

    boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  private record Freed(int group, int bit, int count) {}

  /** Protects bitmaps, descriptors, buddies and preallocations. Taken with a handle open. */
  final ReentrantLock lock = LockOrder.lock(LockClass.ALLOCATION);

  private final Ext4SuperBlock superBlock;
  private final ExtGeometry shape;
  final Ext4BlockBitmaps bitmaps;
  private final Map<Integer, Ext4Buddy> buddies = new HashMap<>();
  private final Queue<Freed> committed = new ConcurrentLinkedQueue<>();
  private final AtomicLong uncommitted = new AtomicLong();
  private final Set<Ext4Inode> preallocators = new LinkedHashSet<>();
  private @Nullable Ext4Prealloc locality;

  /** While fast commits are replayed: notes what is freed, which stays taken until the end. */
  private @Nullable LongBinaryOperator freedLater;

  /** Blocks promised to pages whose place is not chosen yet. */
  private final AtomicLong reserved = new AtomicLong();

  Ext4BlockAllocator(Ext4SuperBlock superBlock) {
    this.superBlock = superBlock;
    shape = superBlock.shape;
    bitmaps = new Ext4BlockBitmaps(superBlock);
  }

  /**
   * From now on nothing that is freed can be had again: its first block and count are noted.
   *
   * @param note its answer does not matter
   */
  void freeLater(LongBinaryOperator note) {
    freedLater = note;
  }

  /** Blocks promised. */
  long reserved() {
    return reserved.get();
  }

  /** Whether freed blocks wait for a commit, so that it pays to try again after one. */
  boolean hasUncommitted() {
    return uncommitted.get() > 0;
  }

  @Traced("ext4_has_free_clusters")
  private boolean hasFree(Ext4Inode inode, long count, boolean useReserve, long promised) {
    long free = superBlock.groups.freeBlocks();
    if (useReserve) {
      // Promises may be counted twice here: kept already, and not yet taken back.
      return free >= count;
    }
    long left = free - promised;
    long kept = superBlock.reservedClusters();
    kept += inode.mayUseReserve ? 0 : superBlock.reservedBlocks();
    return left >= count + kept;
  }

  /** Promises space to a page. 0 or −ENOSPC. */
  @Traced("ext4_claim_free_clusters")
  long reserve(Ext4Inode inode, long count) {
    while (true) {
      long now = reserved.get();
      if (!hasFree(inode, count, false, now)) {
        return -Errno.ENOSPC;
      }
      if (reserved.compareAndSet(now, now + count)) {
        return 0;
      }
    }
  }

  /** Takes a promise back: it was kept, or is not needed any more. */
  void release(long count) {
    if (count > 0) {
      reserved.addAndGet(-count);
    }
  }

  /** Allocates; the request has the first block and their number, which may be fewer. */
  @Traced("ext4_mb_new_blocks")
  void newBlocks(Ext4Handle handle, Request request) {
    Ext4Points.requestBlocks(request);
    lock.lock();
    try {
      claim(request);
      takeBackCommitted();
      int wanted = request.length;
      if (usePreallocated(handle, request)) {
        Ext4Points.mballocPrealloc(request, wanted);
      } else {
        if (!regularAllocator(handle, request)) {
          discardAll();
          if (!regularAllocator(handle, request)) {
            throw new Ext4Exception(-Errno.ENOSPC);
          }
        }
        Ext4Points.mballocAlloc(request, wanted);
      }
    } finally {
      lock.unlock();
    }
    Ext4Points.allocateBlocks(request);
  }

  private void claim(Request request) {
    if (request.has(RESERVED)) {
      return;
    }
    boolean useReserve = request.has(USE_RESERVE);
    while (!hasFree(request.inode, request.length, useReserve, reserved.get())) {
      request.length >>= 1;
      if (request.length == 0) {
        throw new Ext4Exception(-Errno.ENOSPC);
      }
    }
  }

  /** One block for metadata near a goal. */
  @Traced("ext4_new_meta_blocks")
  long newMetaBlock(Ext4Handle handle, Ext4Inode inode, long goal, int flags) {
    Request request = new Request(inode, 0, goal, 1, flags | NO_PREALLOC);
    newBlocks(handle, request);
    inode.addBlocks(1);
    return request.block;
  }

  private Ext4Buddy buddy(int group) {
    Ext4Buddy known = buddies.get(group);
    if (known != null) {
      return known;
    }
    if (buddies.size() >= MOST_BUDDIES) {
      buddies.values().removeIf(buddy -> buddy.pins == 0);
    }
    BufferHead bitmap = bitmaps.readBlockBitmap(group);
    Ext4Buddy made = new Ext4Buddy(bitmap.address, shape.groupBlocks(group));
    Buffers.brelse(bitmap);
    buddies.put(group, made);
    return made;
  }

  private void takeBackCommitted() {
    for (Freed freed = committed.poll(); freed != null; freed = committed.poll()) {
      Ext4Buddy buddy = buddy(freed.group);
      buddy.markFree(freed.bit, freed.count);
      buddy.pins--;
      uncommitted.addAndGet(-freed.count);
    }
  }

  // Preallocations

  @Traced("ext4_mb_use_preallocated")
  private boolean usePreallocated(Ext4Handle handle, Request request) {
    if (!request.has(DATA)) {
      return false;
    }
    for (Ext4Prealloc one : request.inode.preallocations.list) {
      long skip = request.logical - one.logical;
      if (skip >= 0 && skip < one.count) {
        usePartOf(handle, request, one, (int) skip);
        return true;
      }
    }
    Ext4Prealloc shared = locality;
    if (shared != null && isSmall(request) && shared.count >= request.length) {
      take(handle, request, shared.physical, request.length);
      shared.physical += request.length;
      shared.count -= request.length;
      if (shared.count == 0) {
        dropLocality();
      }
      return true;
    }
    return false;
  }

  private void usePartOf(Ext4Handle handle, Request request, Ext4Prealloc one, int skip) {
    int used = Math.min(request.length, one.count - skip);
    take(handle, request, one.physical + skip, used);
    int behind = one.count - skip - used;
    if (behind > 0) {
      request.inode.preallocations.list.add(
          new Ext4Prealloc(one.logical + skip + used, one.physical + skip + used, behind));
      pin(one.physical, 1);
    }
    one.count = skip;
    if (skip == 0) {
      request.inode.preallocations.list.remove(one);
      pin(one.physical, -1);
    }
  }

  private void pin(long block, int delta) {
    buddy(shape.groupOfBlock(block)).pins += delta;
  }

  /** Notes the result, whose blocks are set aside already, on disk. */
  private void take(Ext4Handle handle, Request request, long block, int count) {
    markDiskspaceUsed(handle, block, count);
    request.block = block;
    request.length = count;
  }

  private boolean isSmall(Request request) {
    long end = request.logical + request.length << shape.blockBits;
    long size = Math.max(request.inode.size(), end);
    return request.inode.isRegular()
        && size <= (long) STREAM_BLOCKS << shape.blockBits
        && !request.has(NO_PREALLOC);
  }

  /** How many blocks to look for: more than asked for, when the file is likely to grow. */
  @Traced("ext4_mb_normalize_request")
  private int normalize(Request request) {
    if (!request.has(DATA) || request.has(NO_PREALLOC) || !request.inode.isRegular()) {
      return request.length;
    }
    if (isSmall(request)) {
      return Math.max(GROUP_PREALLOC, request.length);
    }
    long end = request.logical + request.length;
    long size = Math.max(request.inode.size() + shape.blockSize - 1 >>> shape.blockBits, end);
    long most = (8L << 20) >>> shape.blockBits;
    long rounded = size >= most ? most : Long.highestOneBit(Math.max(1, 2 * size - 1));
    long target = Math.max(end, request.logical / rounded * rounded + rounded);
    for (Ext4Prealloc one : request.inode.preallocations.list) {
      if (one.logical >= end) {
        target = Math.min(target, one.logical);
      }
    }
    int longest = Math.max(request.length, shape.blocksPerGroup / 2);
    return (int) Math.clamp(target - request.logical, request.length, longest);
  }

  private void keepRest(Request request, long block, int count) {
    Ext4Prealloc rest = new Ext4Prealloc(request.logical + request.length, block, count);
    buddy(shape.groupOfBlock(block)).markUsed(shape.bitOfBlock(block), count);
    pin(block, 1);
    Ext4Points.newInodePa(request.inode, rest);
    if (isSmall(request)) {
      dropLocality();
      locality = rest;
    } else {
      request.inode.preallocations.list.add(rest);
      preallocators.add(request.inode);
    }
  }

  private void dropLocality() {
    Ext4Prealloc old = locality;
    locality = null;
    if (old != null) {
      giveBack(old);
    }
  }

  private void giveBack(Ext4Prealloc one) {
    Ext4Buddy buddy = buddy(shape.groupOfBlock(Math.min(one.physical, shape.blocksCount - 1)));
    if (one.count > 0) {
      buddy.markFree(shape.bitOfBlock(one.physical), one.count);
    } else {
      buddy = buddy(shape.groupOfBlock(one.physical - 1));
    }
    buddy.pins--;
  }

  /** A file was closed, truncated or dropped: what was set aside for it is free for all. */
  @Traced("ext4_discard_preallocations")
  void discardPreallocations(Ext4Inode inode) {
    lock.lock();
    try {
      discard(inode);
      preallocators.remove(inode);
    } finally {
      lock.unlock();
    }
  }

  private void discard(Ext4Inode inode) {
    if (Ext4Trace.ext4DiscardPreallocationsOn()) {
      int count = inode.preallocations.list.size();
      Ext4Trace.ext4DiscardPreallocations(inode.traceDevice(), inode.number(), count);
    }
    inode.preallocations.list.forEach(this::giveBack);
    inode.preallocations.list.clear();
  }

  @Traced("ext4_mb_discard_preallocations")
  private void discardAll() {
    for (Iterator<Ext4Inode> all = preallocators.iterator(); all.hasNext(); ) {
      discard(all.next());
      all.remove();
    }
    dropLocality();
    takeBackCommitted();
  }

  // Searching

  @Traced("ext4_mb_regular_allocator")
  private boolean regularAllocator(Ext4Handle handle, Request request) {
    int wanted = normalize(request);
    long goal = request.goal;
    if (goal <= shape.firstDataBlock || goal >= shape.blocksCount) {
      goal = shape.firstDataBlock + 1L;
    }
    long found = findByGoal(goal, wanted, request.length);
    if (found < 0) {
      found = scanGroups(request, goal, wanted);
    } else {
      request.best = runAt(found, wanted);
    }
    if (found < 0) {
      return false;
    }
    int used = Math.min(request.best, request.length);
    int bit = shape.bitOfBlock(found);
    markDiskspaceUsed(handle, found, used);
    buddy(shape.groupOfBlock(found)).markUsed(bit, used);
    request.block = found;
    request.length = used;
    if (request.best > used) {
      keepRest(request, found + used, request.best - used);
    }
    return true;
  }

  private int runAt(long block, int most) {
    int bit = shape.bitOfBlock(block);
    Ext4Buddy buddy = buddy(shape.groupOfBlock(block));
    return buddy.nextUsed(bit, Math.min(buddy.blocks(), bit + most)) - bit;
  }

  /** Right where the last block of the file is: the block, or −1. */
  @Traced("ext4_mb_find_by_goal")
  private long findByGoal(long goal, int wanted, int needed) {
    int group = shape.groupOfBlock(goal);
    if (superBlock.groups.freeBlocks(group) == 0) {
      return -1;
    }
    int bit = shape.bitOfBlock(goal);
    return buddy(group).isFree(bit) && runAt(goal, wanted) >= needed ? goal : -1;
  }

  /** The best place from a goal on: all that is wanted, all that is needed, or the longest run. */
  private long scanGroups(Request request, long goal, int wanted) {
    long found = scan(request, goal, wanted, true);
    if (found < 0 && wanted > request.length) {
      found = scan(request, goal, request.length, true);
    }
    if (found < 0) {
      found = scan(request, goal, request.length, false);
    }
    if (found >= 0) {
      request.best = runAt(found, wanted);
      return found;
    }
    return longestRun(request, goal);
  }

  private long scan(Request request, long goal, int count, boolean avoid) {
    int first = shape.groupOfBlock(goal);
    int flex = superBlock.flexGroups;
    for (int i = 0; i < shape.groups; i++) {
      int group = (int) (((long) first + i) % shape.groups);
      boolean metadata = avoid && request.has(DATA) && flex >= 4 && group % flex == 0 && i > 0;
      if (metadata || superBlock.groups.freeBlocks(group) < count) {
        continue;
      }
      Ext4Buddy buddy = buddy(group);
      if (buddy.mayHaveRun(count)) {
        int bit = buddy.findRun(i == 0 ? shape.bitOfBlock(goal) : 0, count);
        bit = bit < 0 && i == 0 ? buddy.findRun(0, count) : bit;
        if (bit >= 0) {
          return shape.groupFirstBlock(group) + bit;
        }
      }
    }
    return -1;
  }

  private long longestRun(Request request, long goal) {
    int first = shape.groupOfBlock(goal);
    int bestOrder = -1;
    int bestGroup = -1;
    for (int i = 0; i < shape.groups; i++) {
      int group = (int) (((long) first + i) % shape.groups);
      if (superBlock.groups.freeBlocks(group) > 0) {
        int order = buddy(group).largestOrder();
        if (order > bestOrder) {
          bestOrder = order;
          bestGroup = group;
        }
      }
    }
    if (bestGroup < 0) {
      return -1;
    }
    Ext4Buddy buddy = buddy(bestGroup);
    int bit = buddy.runStart(buddy.findOrder(bestOrder, 0));
    long block = shape.groupFirstBlock(bestGroup) + bit;
    request.best = runAt(block, request.length);
    return block;
  }

  // On disk

  /** A group gets its first inode: its bitmap of blocks is on disk from now on, too. */
  void useGroup(Ext4Handle handle, int group) {
    if (superBlock.groups.hasFlag(group, GroupDescriptorLayout.EXT4_BG_BLOCK_UNINIT)) {
      BufferHead bitmap = bitmaps.readBlockBitmap(group);
      handle.getWriteAccess(bitmap);
      bitmaps.useBlockBitmap(group, bitmap);
      superBlock.groups.blockBitmapChanged(handle, group, bitmap);
      Buffers.brelse(bitmap);
    }
  }

  @Traced("ext4_mb_mark_diskspace_used")
  private void markDiskspaceUsed(Ext4Handle handle, long block, int count) {
    int group = shape.groupOfBlock(block);
    int bit = shape.bitOfBlock(block);
    if (!superBlock.groups.isFileRange(block, count)) {
      Ext4Exception.check(
          superBlock.error("blocks " + block + "+" + count + " hold metadata, but seem free"));
    }
    BufferHead bitmap = bitmaps.readBlockBitmap(group);
    try {
      handle.getWriteAccess(bitmap);
      handle.getWriteAccess(superBlock.groups.buffer(group));
      bitmaps.useBlockBitmap(group, bitmap);
      for (int i = bit; i < bit + count; i++) {
        if (Bitmap.testAndSet(bitmap.address, i)) {
          Ext4Exception.check(
              superBlock.error("group " + group + ": block bitmap and buddy differ at " + i));
        }
      }
      superBlock.groups.addFreeBlocks(group, -count);
      superBlock.groups.blockBitmapChanged(handle, group, bitmap);
    } finally {
      Buffers.brelse(bitmap);
    }
  }

  /**
   * Takes blocks back.
   *
   * @param metadata the blocks may be in the log, and must not be replayed
   */
  @Traced("ext4_free_blocks")
  void freeBlocks(Ext4Handle handle, Ext4Inode inode, long block, long count, boolean metadata) {
    Ext4Points.freeBlocks(inode, block, count, metadata);
    if (!superBlock.groups.isFileRange(block, count)) {
      Ext4Exception.check(
          superBlock.error("inode " + inode.number() + ": freeing blocks " + block + "+" + count));
    }
    LongBinaryOperator later = freedLater;
    if (later != null) {
      long unused = later.applyAsLong(block, count);
      inode.addBlocks(-count);
      return;
    }
    if (metadata) {
      for (long i = 0; i < count; i++) {
        handle.forgetMetadata(block + i);
      }
    }
    long at = block;
    while (at < block + count) {
      int group = shape.groupOfBlock(at);
      int bit = shape.bitOfBlock(at);
      int part = (int) Math.min(block + count - at, shape.groupBlocks(group) - bit);
      lock.lock();
      try {
        clear(handle, group, bit, part);
      } finally {
        lock.unlock();
      }
      at += part;
    }
    inode.addBlocks(-count);
  }

  /**
   * Says in the bitmaps that blocks are in use or free, whatever they said before. For recovery:
   * buddies do not know of it.
   */
  @Traced("ext4_mb_mark_bb")
  void mark(Ext4Handle handle, long block, long count, boolean used) {
    for (long at = block; at < block + count; ) {
      int group = shape.groupOfBlock(at);
      int bit = shape.bitOfBlock(at);
      int part = (int) Math.min(block + count - at, shape.groupBlocks(group) - bit);
      BufferHead bitmap = bitmaps.readBlockBitmap(group);
      try {
        int changed = 0;
        bitmaps.useBlockBitmap(group, bitmap);
        for (int i = bit; i < bit + part; i++) {
          boolean was =
              used ? Bitmap.testAndSet(bitmap.address, i) : Bitmap.testAndClear(bitmap.address, i);
          changed += was == used ? 0 : 1;
        }
        superBlock.groups.addFreeBlocks(group, used ? -changed : changed);
        superBlock.groups.blockBitmapChanged(handle, group, bitmap);
      } finally {
        Buffers.brelse(bitmap);
      }
      at += part;
    }
  }

  @Traced("ext4_mb_clear_bb")
  private void clear(Ext4Handle handle, int group, int bit, int count) {
    Ext4Buddy buddy = buddy(group);
    BufferHead bitmap = bitmaps.readBlockBitmap(group);
    try {
      handle.getWriteAccess(bitmap);
      handle.getWriteAccess(superBlock.groups.buffer(group));
      for (int i = bit; i < bit + count; i++) {
        if (!Bitmap.testAndClear(bitmap.address, i)) {
          Ext4Exception.check(superBlock.error("group " + group + ": block " + i + " freed twice"));
        }
      }
      superBlock.groups.addFreeBlocks(group, count);
      superBlock.groups.blockBitmapChanged(handle, group, bitmap);
    } finally {
      Buffers.brelse(bitmap);
    }
    if (handle.isJournalled()) {
      buddy.pins++;
      uncommitted.addAndGet(count);
      Freed freed = new Freed(group, bit, count);
      handle.onCommit((journal, tid, error) -> committed.add(freed));
    } else {
      buddy.markFree(bit, count);
    }
  }
}
