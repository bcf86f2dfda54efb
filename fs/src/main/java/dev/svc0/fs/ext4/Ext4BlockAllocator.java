package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.fs.jbd2.Journal;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.pagecache.PageCacheOwner;
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

    /** The file is small: it shares a preallocation with others. */
    private boolean small;

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

  /** Blocks that a transaction freed. */
  private record Freed(int tid, int group, int bit, int count) {}

  /** Protects bitmaps, descriptors, buddies and preallocations. Taken with a handle open. */
  final ReentrantLock lock = LockOrder.lock(LockClass.ALLOCATION);

  private final Ext4SuperBlock superBlock;
  private final ExtGeometry shape;
  final Ext4BlockBitmaps bitmaps;
  final Ext4BitmapMarker marker;
  private final Map<Integer, Ext4Buddy> buddies = new HashMap<>();
  private final Queue<Freed> uncommittedRanges = new ConcurrentLinkedQueue<>();
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
    marker = new Ext4BitmapMarker(superBlock, bitmaps);
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
  private boolean hasFreeClusters(Ext4Inode inode, long count, boolean useReserve, long promised) {
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

  /** Promises space: to a page, or to who is going to allocate. 0 or −ENOSPC. */
  @Traced("ext4_claim_free_clusters")
  long claimFreeClusters(Ext4Inode inode, long count, boolean useReserve) {
    while (true) {
      long now = reserved.get();
      if (!hasFreeClusters(inode, count, useReserve, now)) {
        return -Errno.ENOSPC;
      }
      if (reserved.compareAndSet(now, now + count)) {
        return 0;
      }
    }
  }

  /** Promises to pages were kept: the blocks belong to the file if they are the promised ones. */
  @Traced("ext4_da_update_reserve_space")
  void daUpdateReserveSpace(Ext4Inode inode, long used, boolean promised) {
    Ext4Points.daUpdateReserveSpace(inode, used);
    release(used);
    if (promised) {
      inode.addBlocks(used);
      inode.markDirty(PageCacheOwner.DIRTY_SYNC);
    }
  }

  /** Promises to pages are not needed any more. */
  @Traced("ext4_da_release_space")
  void daReleaseSpace(Ext4Inode inode, long count) {
    release(count);
    Ext4Points.daReleaseSpace(inode, count);
  }

  /** Takes a promise back: it was kept, or is not needed any more. */
  private void release(long count) {
    if (count > 0) {
      reserved.addAndGet(-count);
    }
  }

  /**
   * Allocates; the request has the first block and their number, which may be fewer. Who was
   * promised the space counts it for the file himself.
   */
  @Traced("ext4_mb_new_blocks")
  void newBlocks(Ext4Handle handle, Request request) {
    Ext4Points.requestBlocks(request);
    int claimed = request.has(RESERVED) ? 0 : claim(request);
    int got = 0;
    try {
      allocate(handle, request);
      got = request.length;
    } finally {
      release(claimed);
      if (got < claimed) {
        request.inode.addBlocks(got - claimed);
        request.inode.markDirty(PageCacheOwner.DIRTY_SYNC);
      }
    }
    Ext4Points.allocateBlocks(request);
  }

  /** Claims as much space as there is, and counts it for the file; the number of blocks. */
  private int claim(Request request) {
    boolean useReserve = request.has(USE_RESERVE);
    while (claimFreeClusters(request.inode, request.length, useReserve) != 0) {
      request.length >>= 1;
      if (request.length == 0) {
        throw new Ext4Exception(-Errno.ENOSPC);
      }
    }
    request.inode.addBlocks(request.length);
    request.inode.markDirty(PageCacheOwner.DIRTY_SYNC);
    return request.length;
  }

  private void allocate(Ext4Handle handle, Request request) {
    lock.lock();
    try {
      initializeContext(request);
      takeBackCommitted();
      int wanted = request.length;
      if (usePreallocated(request)) {
        Ext4Points.mballocPrealloc(request, wanted);
      } else {
        if (!regularAllocator(request)) {
          discardAll();
          if (!regularAllocator(request)) {
            throw new Ext4Exception(-Errno.ENOSPC);
          }
        }
        Ext4Points.mballocAlloc(request, wanted);
      }
      boolean marked = false;
      try {
        markDiskspaceUsed(handle, request);
        marked = true;
      } finally {
        if (!marked) {
          buddy(shape.groupOfBlock(request.block))
              .markFree(shape.bitOfBlock(request.block), request.length);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** A goal inside the file system, and how large the file is going to be. */
  @Traced("ext4_mb_initialize_context")
  private void initializeContext(Request request) {
    if (request.goal <= shape.firstDataBlock || request.goal >= shape.blocksCount) {
      request.goal = shape.firstDataBlock + 1L;
    }
    long end = request.logical + request.length << shape.blockBits;
    long size = Math.max(request.inode.size(), end);
    request.small =
        request.inode.isRegular()
            && size <= (long) STREAM_BLOCKS << shape.blockBits
            && !request.has(NO_PREALLOC);
  }

  /** One block for metadata near a goal. */
  @Traced("ext4_new_meta_blocks")
  long newMetaBlock(Ext4Handle handle, Ext4Inode inode, long goal, int flags) {
    Request request = new Request(inode, 0, goal, 1, flags | NO_PREALLOC);
    newBlocks(handle, request);
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

  /** A transaction has committed: what it freed can be had again. */
  @Traced("ext4_process_freed_data")
  void processFreedData(int tid) {
    for (Iterator<Freed> all = uncommittedRanges.iterator(); all.hasNext(); ) {
      Freed freed = all.next();
      if (Journal.tidGeq(tid, freed.tid)) {
        all.remove();
        committed.add(freed);
      }
    }
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
  private boolean usePreallocated(Request request) {
    if (!request.has(DATA)) {
      return false;
    }
    for (Ext4Prealloc one : request.inode.preallocations.list) {
      long skip = request.logical - one.logical;
      if (skip >= 0 && skip < one.count) {
        usePartOf(request, one, (int) skip);
        return true;
      }
    }
    Ext4Prealloc shared = locality;
    if (shared != null && request.small && shared.count >= request.length) {
      request.block = shared.physical;
      shared.physical += request.length;
      shared.count -= request.length;
      if (shared.count == 0) {
        dropLocality();
      }
      return true;
    }
    return false;
  }

  private void usePartOf(Request request, Ext4Prealloc one, int skip) {
    int used = Math.min(request.length, one.count - skip);
    request.block = one.physical + skip;
    request.length = used;
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

  /** How many blocks to look for: more than asked for, when the file is likely to grow. */
  @Traced("ext4_mb_normalize_request")
  private int normalize(Request request) {
    if (!request.has(DATA) || request.has(NO_PREALLOC) || !request.inode.isRegular()) {
      return request.length;
    }
    if (request.small) {
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
    if (request.small) {
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
  private boolean regularAllocator(Request request) {
    int wanted = normalize(request);
    long goal = request.goal;
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

  /** Notes what a request got on disk. */
  @Traced("ext4_mb_mark_diskspace_used")
  private void markDiskspaceUsed(Ext4Handle handle, Request request) {
    long block = request.block;
    if (!superBlock.groups.inodeBlockValid(block, request.length)) {
      Ext4Exception.check(
          superBlock.error(
              "blocks %d+%d hold metadata, but seem free".formatted(block, request.length)));
    }
    marker.take(handle, shape.groupOfBlock(block), shape.bitOfBlock(block), request.length);
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
      int unused = marker.markContext(handle, group, bit, part, used);
      at += part;
    }
  }

  @Traced("ext4_mb_clear_bb")
  private void clear(Ext4Handle handle, int group, int bit, int count) {
    Ext4Buddy buddy = buddy(group);
    marker.give(handle, group, bit, count);
    if (handle.isJournalled()) {
      buddy.pins++;
      uncommitted.addAndGet(count);
      uncommittedRanges.add(new Freed(handle.tid(), group, bit, count));
    } else {
      buddy.markFree(bit, count);
    }
  }
}
