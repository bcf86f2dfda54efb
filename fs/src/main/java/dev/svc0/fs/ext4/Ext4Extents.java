package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;

/**
 * Trees of extents: looking up, inserting, splitting, merging, removing. The caller holds the
 * inode's dataLock, exclusively to change. <i>Linux:</i> fs/ext4/extents.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Extents {
  /** Blocks that inserting one extent may dirty: a split on every level, and the allocations. */
  static final int INSERT_CREDITS = 24;

  private static final int UNWRITTEN_MAX_LEN = ExtentNode.INIT_MAX_LEN - 1;

  /** Behind the last block that a file can have. */
  private static final long END = 1L << 32;

  private Ext4Extents() {}

  /** An empty tree for a new inode. */
  @Traced("ext4_ext_tree_init")
  static void treeInit(Ext4Inode inode) {
    new ExtentNode(null, inode.data).init(ExtentNode.ROOT_ENTRIES, 0);
  }

  /** Answers from the tree, and notes the answer when it is a hole. */
  @Traced("ext4_ext_map_blocks")
  static void lookup(Ext4Inode inode, Ext4Map map) {
    Ext4Points.extMapBlocksEnter(inode, map, 0);
    try (ExtentPath path = ExtentPath.findCaching(inode, map.block)) {
      if (!find(inode, path, map)) {
        long hole = holeFrom(path, map.block);
        map.answer(Ext4Map.HOLE, hole, 0);
        inode.status.insertHole(map, hole);
      }
    }
    Ext4Points.extMapBlocksExit(inode, map, 0);
  }

  /** Answers from the extent at the end of the way to a block; false when the block is in none. */
  static boolean find(Ext4Inode inode, ExtentPath path, Ext4Map map) {
    ExtentNode leaf = path.leaf();
    int at = leaf.at;
    if (at < 0 || leaf.end(at) <= map.block) {
      return false;
    }
    map.answer(
        leaf.isUnwritten(at) ? Ext4Map.UNWRITTEN : Ext4Map.WRITTEN,
        leaf.end(at) - map.block,
        leaf.physical(at) + map.block - leaf.first(at));
    if (Ext4Trace.ext4ExtShowExtentOn()) {
      Ext4Trace.ext4ExtShowExtent(
          inode.traceDevice(),
          inode.number(),
          leaf.first(at),
          leaf.physical(at),
          (short) leaf.length(at));
    }
    return true;
  }

  /** Blocks from one in a hole on up to the next extent. */
  private static long holeFrom(ExtentPath path, long block) {
    ExtentNode leaf = path.leaf();
    if (leaf.entries() == 0) {
      return END - block;
    }
    return (leaf.at < 0 ? leaf.first(0) : path.nextAllocated()) - block;
  }

  /** Where the next block should go: behind its neighbour, else by the inode's group. */
  @Traced("ext4_ext_find_goal")
  static long findGoal(Ext4Inode inode, ExtentPath path, long block) {
    ExtentNode leaf = path.leaf();
    if (leaf.entries() > 0) {
      int near = Math.max(0, leaf.at);
      long distance = block - leaf.first(near);
      return leaf.physical(near) + distance;
    }
    BufferHead buffer = leaf.buffer;
    return buffer != null ? buffer.blockNumber : inode.ext4.inodeToGoalBlock(inode);
  }

  // Changing nodes

  @Traced("ext4_ext_get_access")
  private static void getAccess(Ext4Handle handle, ExtentNode node) {
    if (node.buffer != null) {
      handle.getWriteAccess(node.buffer);
    }
  }

  @Traced("__ext4_ext_dirty")
  private static void dirty(Ext4Handle handle, Ext4Inode inode, ExtentNode node) {
    BufferHead buffer = node.buffer;
    if (buffer == null) {
      inode.ext4.table.markInodeDirty(handle, inode);
    } else {
      inode.ext4.checksums.setExtentBlock(inode, buffer.address, node.max());
      handle.dirtyMetadata(buffer, inode);
    }
  }

  private static boolean canJoin(ExtentNode leaf, int left, int right) {
    return leaf.isUnwritten(left) == leaf.isUnwritten(right)
        && leaf.end(left) == leaf.first(right)
        && leaf.physical(left) + leaf.length(left) == leaf.physical(right)
        && leaf.length(left) + leaf.length(right) <= mostLength(leaf.isUnwritten(left));
  }

  private static int mostLength(boolean unwritten) {
    return unwritten ? UNWRITTEN_MAX_LEN : ExtentNode.INIT_MAX_LEN;
  }

  /** Joins an entry of a leaf with its neighbours. */
  @Traced("ext4_ext_try_to_merge")
  private static void tryToMerge(ExtentNode leaf, int entry) {
    int at = entry;
    if (at > 0 && canJoin(leaf, at - 1, at)) {
      at--;
      join(leaf, at);
    }
    if (at + 1 < leaf.entries() && canJoin(leaf, at, at + 1)) {
      join(leaf, at);
    }
  }

  private static void join(ExtentNode leaf, int at) {
    int length = leaf.length(at) + leaf.length(at + 1);
    leaf.setExtent(at, leaf.first(at), length, leaf.physical(at), leaf.isUnwritten(at));
    leaf.remove(at + 1);
  }

  /** An entry of a leaf is new: if it is the first, the indexes above say the same. */
  @Traced("ext4_ext_correct_indexes")
  private static void correctIndexes(
      Ext4Handle handle, Ext4Inode inode, ExtentPath path, int entry) {
    if (entry > 0 || path.depth() == 0) {
      return;
    }
    long key = path.leaf().first(0);
    for (int level = path.depth() - 1; level >= 0; level--) {
      ExtentNode node = path.nodes[level];
      getAccess(handle, node);
      node.setFirst(node.at, key);
      dirty(handle, inode, node);
      if (node.at != 0) {
        return;
      }
    }
  }

  /** Puts a range that is in no extent into the tree. */
  static void insert(
      Ext4Handle handle, Ext4Inode inode, long first, int count, long physical, boolean unwritten) {
    try (ExtentPath path = ExtentPath.find(inode, first)) {
      insert(handle, inode, path, first, count, physical, unwritten);
    }
  }

  /** The same at the end of a way, joining it with what fits; the leaf gets room if it has none. */
  @Traced("ext4_ext_insert_extent")
  static void insert(
      Ext4Handle handle,
      Ext4Inode inode,
      ExtentPath path,
      long first,
      int count,
      long physical,
      boolean unwritten) {
    if (path.leaf().entries() < path.leaf().max()) {
      insertInLeaf(handle, inode, path, first, count, physical, unwritten);
      return;
    }
    try (ExtentPath roomy = createNewLeaf(handle, inode, first, 1)) {
      insertInLeaf(handle, inode, roomy, first, count, physical, unwritten);
    }
  }

  private static void insertInLeaf(
      Ext4Handle handle,
      Ext4Inode inode,
      ExtentPath path,
      long first,
      int count,
      long physical,
      boolean unwritten) {
    ExtentNode leaf = path.leaf();
    getAccess(handle, leaf);
    int entry = leaf.at + 1;
    leaf.open(entry);
    leaf.setExtent(entry, first, count, physical, unwritten);
    tryToMerge(leaf, entry);
    correctIndexes(handle, inode, path, entry);
    dirty(handle, inode, leaf);
  }

  /** The way to the leaf for a block if that has room for some entries more; else after a split. */
  private static ExtentPath pathWithRoom(Ext4Handle handle, Ext4Inode inode, long block, int room) {
    ExtentPath path = ExtentPath.find(inode, block);
    if (path.leaf().entries() + room <= path.leaf().max()) {
      return path;
    }
    path.close();
    return createNewLeaf(handle, inode, block, room);
  }

  /** Splits nodes until the leaf for a block has room for some entries more: the way to it. */
  @Traced("ext4_ext_create_new_leaf")
  private static ExtentPath createNewLeaf(
      Ext4Handle handle, Ext4Inode inode, long block, int room) {
    while (true) {
      ExtentPath path = ExtentPath.find(inode, block);
      boolean given = false;
      try {
        ExtentNode leaf = path.leaf();
        if (leaf.entries() + room <= leaf.max()) {
          given = true;
          return path;
        }
        int level = path.depth() - 1;
        while (level >= 0 && path.nodes[level].entries() >= path.nodes[level].max()) {
          level--;
        }
        if (level >= 0) {
          split(handle, inode, path, level, block);
        } else {
          growIndepth(handle, inode, path);
        }
      } finally {
        if (!given) {
          path.close();
        }
      }
    }
  }

  private static ExtentNode newNode(Ext4Handle handle, Ext4Inode inode, long goal, int depth) {
    Ext4SuperBlock superBlock = inode.ext4;
    long block =
        superBlock.blocks.newMetaBlock(handle, inode, goal, Ext4BlockAllocator.USE_RESERVE);
    BufferHead buffer = superBlock.newMetadata(handle, block);
    buffer.testAndSetPrivate(ExtentPath.VERIFIED);
    ExtentNode node = new ExtentNode(buffer, inode.data);
    node.init((superBlock.blockSize - 12) / ExtentNode.ENTRY_SIZE, depth);
    return node;
  }

  private static long goalOf(Ext4Inode inode, ExtentPath path) {
    ExtentNode leaf = path.leaf();
    return leaf.entries() > 0
        ? leaf.physical(Math.max(0, leaf.at))
        : inode.ext4.inodeToGoalBlock(inode);
  }

  /**
   * Splits everything below a node with room at the path's place: what lies behind it moves to new
   * nodes.
   */
  @Traced("ext4_ext_split")
  private static void split(
      Ext4Handle handle, Ext4Inode inode, ExtentPath path, int level, long block) {
    int depth = path.depth();
    ExtentNode leaf = path.leaf();
    long goal = goalOf(inode, path);
    ExtentNode[] made = new ExtentNode[depth + 1];
    try {
      for (int i = depth; i > level; i--) {
        made[i] = newNode(handle, inode, goal, depth - i);
      }
      int from = Math.max(0, leaf.at) + 1;
      boolean last = from >= leaf.entries();
      if (last && block < leaf.end(leaf.entries() - 1)) {
        from = leaf.entries() - 1;
        last = false;
      }
      long border = last ? block : leaf.first(from);
      for (int i = depth; i > level; i--) {
        ExtentNode old = path.nodes[i];
        getAccess(handle, old);
        if (i < depth) {
          made[i].open(0);
          made[i].setIndex(0, border, blockOf(made[i + 1]));
        }
        int moved = i == depth ? from : old.at + 1;
        old.moveTail(moved, made[i]);
        dirty(handle, inode, made[i]);
        dirty(handle, inode, old);
      }
      ExtentNode above = path.nodes[level];
      getAccess(handle, above);
      above.open(above.at + 1);
      above.setIndex(above.at + 1, border, blockOf(made[level + 1]));
      dirty(handle, inode, above);
    } finally {
      for (ExtentNode node : made) {
        if (node != null) {
          Buffers.brelse(node.buffer);
        }
      }
    }
  }

  private static long blockOf(ExtentNode node) {
    BufferHead buffer = node.buffer;
    if (buffer == null) {
      throw new IllegalStateException("the root has no block");
    }
    return buffer.blockNumber;
  }

  /** Moves the root's entries to a block: the tree is one level deeper. */
  @Traced("ext4_ext_grow_indepth")
  private static void growIndepth(Ext4Handle handle, Ext4Inode inode, ExtentPath path) {
    ExtentNode root = path.nodes[0];
    ExtentNode node = newNode(handle, inode, goalOf(inode, path), root.depth());
    root.moveTail(0, node);
    dirty(handle, inode, node);
    long key = node.entries() > 0 ? node.first(0) : 0;
    root.setShape(ExtentNode.ROOT_ENTRIES, root.depth() + 1);
    root.open(0);
    root.setIndex(0, key, blockOf(node));
    Buffers.brelse(node.buffer);
    dirty(handle, inode, root);
  }

  // Changing the state of blocks

  /** Makes a range inside one extent written or unwritten, cutting the extent as need be. */
  @Traced("ext4_split_extent")
  static void setState(
      Ext4Handle handle, Ext4Inode inode, long first, int count, boolean unwritten) {
    try (ExtentPath path = pathWithRoom(handle, inode, first, 2)) {
      ExtentNode leaf = path.leaf();
      int at = leaf.at;
      if (at < 0 || leaf.end(at) < first + count) {
        throw new IllegalStateException("no extent holds " + first + "+" + count);
      }
      if (leaf.isUnwritten(at) == unwritten) {
        return;
      }
      getAccess(handle, leaf);
      long begin = leaf.first(at);
      long physical = leaf.physical(at);
      if (!unwritten && Ext4Trace.ext4ExtConvertToInitializedEnterOn()) {
        Ext4Trace.ext4ExtConvertToInitializedEnter(
            inode.traceDevice(), inode.number(), first, count, begin, leaf.length(at), physical);
      }
      int before = (int) (first - begin);
      int behind = (int) (leaf.end(at) - first - count);
      boolean old = leaf.isUnwritten(at);
      if (behind > 0) {
        leaf.open(at + 1);
        leaf.setExtent(at + 1, first + count, behind, physical + before + count, old);
      }
      if (before > 0) {
        leaf.setExtent(at, begin, before, physical, old);
        at++;
        leaf.open(at);
      }
      leaf.setExtent(at, first, count, physical + before, unwritten);
      tryToMerge(leaf, at);
      dirty(handle, inode, leaf);
    }
  }

  // Removing

  /**
   * Frees blocks of [from, to], from the end of the range on, as far as the handle's credits go.
   *
   * @return the last block of the range that may still have to be freed, or −1 when all is done
   */
  @Traced("ext4_ext_remove_space")
  static long removeSome(Ext4Handle handle, Ext4Inode inode, long from, long to) {
    ExtentPath.checkRoot(inode);
    try (ExtentPath path = ExtentPath.find(inode, to)) {
      if (Ext4Trace.ext4ExtRemoveSpaceOn()) {
        Ext4Trace.ext4ExtRemoveSpace(inode.traceDevice(), inode.number(), from, to, path.depth());
      }
      long leafFirst = firstOf(path);
      ExtentNode leaf = path.leaf();
      long last = to;
      long first = from;
      if (leaf.at >= 0 && inode.isDataMetadata()) {
        last = Math.min(to, leaf.end(leaf.at) - 1);
        first = Math.max(from, last - Ext4Handle.MOST_REVOKED + 1);
      }
      long left = removeInLeaf(handle, inode, path, first, last);
      if (left >= 0) {
        return left;
      }
      if (first > from) {
        return first - 1;
      }
      if (left != Long.MIN_VALUE) {
        return left;
      }
      return leafFirst > from && !isFirstLeaf(path) ? leafFirst - 1 : -1;
    }
  }

  /** Where the leaf's part of the file begins: its first extent, or what its index says. */
  private static long firstOf(ExtentPath path) {
    ExtentNode leaf = path.leaf();
    long first = leaf.entries() > 0 ? leaf.first(0) : Long.MAX_VALUE;
    if (path.depth() > 0) {
      ExtentNode above = path.nodes[path.depth() - 1];
      first = Math.min(first, above.first(above.at));
    }
    return first == Long.MAX_VALUE ? 0 : first;
  }

  private static boolean isFirstLeaf(ExtentPath path) {
    for (int level = 0; level < path.depth(); level++) {
      if (path.nodes[level].at > 0) {
        return false;
      }
    }
    return true;
  }

  /** Where to go on, or Long.MIN_VALUE when this leaf is done. */
  @Traced("ext4_ext_rm_leaf")
  private static long removeInLeaf(
      Ext4Handle handle, Ext4Inode inode, ExtentPath path, long from, long to) {
    ExtentNode leaf = path.leaf();
    boolean changed = false;
    long next = Long.MIN_VALUE;
    int at = leaf.at;
    if (at >= 0 && Ext4Trace.ext4ExtRmLeafOn()) {
      Ext4Trace.ext4ExtRmLeaf(
          inode.traceDevice(),
          inode.number(),
          from,
          leaf.first(at),
          leaf.physical(at),
          (short) leaf.length(at));
    }
    while (at >= 0 && leaf.end(at) > from) {
      if (!handle.hasCredits(INSERT_CREDITS)) {
        next = Math.min(to, leaf.end(at) - 1);
        break;
      }
      if (leaf.first(at) < from && leaf.end(at) > to + 1) {
        punchInside(handle, inode, from, to);
        return -1;
      }
      if (!changed) {
        getAccess(handle, leaf);
        changed = true;
      }
      removePart(handle, inode, leaf, at, from, to);
      at--;
    }
    if (changed) {
      finishLeaf(handle, inode, path);
    }
    return next;
  }

  @Traced("ext4_remove_blocks")
  private static void removePart(
      Ext4Handle handle, Ext4Inode inode, ExtentNode leaf, int at, long from, long to) {
    long first = leaf.first(at);
    long end = leaf.end(at);
    long physical = leaf.physical(at);
    boolean unwritten = leaf.isUnwritten(at);
    long cut = Math.max(first, from);
    long cutEnd = Math.min(end, to + 1);
    if (cut >= cutEnd) {
      return;
    }
    inode.ext4.freeFileBlocks(handle, inode, physical + cut - first, cutEnd - cut);
    if (cut == first && cutEnd == end) {
      leaf.remove(at);
    } else if (cut == first) {
      int rest = (int) (end - cutEnd);
      leaf.setExtent(at, cutEnd, rest, physical + cutEnd - first, unwritten);
    } else {
      leaf.setExtent(at, first, (int) (cut - first), physical, unwritten);
    }
  }

  /** A hole in the middle of an extent: it becomes two. */
  private static void punchInside(Ext4Handle handle, Ext4Inode inode, long from, long to) {
    try (ExtentPath path = pathWithRoom(handle, inode, from, 1)) {
      ExtentNode leaf = path.leaf();
      int at = leaf.at;
      long first = leaf.first(at);
      long physical = leaf.physical(at);
      boolean unwritten = leaf.isUnwritten(at);
      int behind = (int) (leaf.end(at) - to - 1);
      getAccess(handle, leaf);
      inode.ext4.freeFileBlocks(handle, inode, physical + from - first, to + 1 - from);
      leaf.open(at + 1);
      leaf.setExtent(at + 1, to + 1, behind, physical + to + 1 - first, unwritten);
      leaf.setExtent(at, first, (int) (from - first), physical, unwritten);
      dirty(handle, inode, leaf);
    }
  }

  /** Entries of a leaf were taken: brings the nodes above in line, frees it when it is empty. */
  private static void finishLeaf(Ext4Handle handle, Ext4Inode inode, ExtentPath path) {
    ExtentNode leaf = path.leaf();
    if (leaf.entries() > 0 || path.depth() == 0) {
      dirty(handle, inode, leaf);
      if (leaf.entries() > 0) {
        correctIndexes(handle, inode, path, 0);
      }
      tryToMergeUp(handle, inode);
      return;
    }
    removeIndex(handle, inode, path);
    tryToMergeUp(handle, inode);
  }

  @Traced("ext4_ext_rm_idx")
  private static void removeIndex(Ext4Handle handle, Ext4Inode inode, ExtentPath path) {
    int level = path.depth();
    while (level > 0 && path.nodes[level].entries() == 0) {
      ExtentNode above = path.nodes[level - 1];
      long block = blockOf(path.nodes[level]);
      getAccess(handle, above);
      above.remove(above.at);
      inode.ext4.blocks.freeBlocks(handle, inode, block, 1, true);
      level--;
    }
    ExtentNode last = path.nodes[level];
    if (level == 0 && last.entries() == 0) {
      last.setShape(ExtentNode.ROOT_ENTRIES, 0);
    }
    dirty(handle, inode, last);
    if (last.entries() > 0 && last.at == 0) {
      correctAbove(handle, inode, path, level);
    }
  }

  private static void correctAbove(
      Ext4Handle handle, Ext4Inode inode, ExtentPath path, int changed) {
    long key = path.nodes[changed].first(0);
    for (int level = changed - 1; level >= 0; level--) {
      ExtentNode node = path.nodes[level];
      getAccess(handle, node);
      node.setFirst(node.at, key);
      dirty(handle, inode, node);
      if (node.at != 0) {
        return;
      }
    }
  }

  /** A tree of one small leaf fits into the inode. */
  @Traced("ext4_ext_try_to_merge_up")
  private static void tryToMergeUp(Ext4Handle handle, Ext4Inode inode) {
    ExtentNode root = new ExtentNode(null, inode.data);
    if (root.depth() != 1 || root.entries() != 1) {
      return;
    }
    try (ExtentPath path = ExtentPath.find(inode, root.first(0))) {
      ExtentNode leaf = path.leaf();
      if (leaf.entries() > ExtentNode.ROOT_ENTRIES) {
        return;
      }
      long block = blockOf(leaf);
      root.init(ExtentNode.ROOT_ENTRIES, 0);
      getAccess(handle, leaf);
      leaf.moveTail(0, root);
      inode.ext4.blocks.freeBlocks(handle, inode, block, 1, true);
      dirty(handle, inode, root);
    }
  }

  // Shifting

  /**
   * Moves one leaf's extents at or behind a block by some blocks, which must be free in the tree.
   *
   * @param shift blocks, negative to the front
   * @return where to go on: the next block to shift from (to the front) or up to (to the back), or
   *     −1 when all are moved
   */
  @Traced("ext4_ext_shift_extents")
  static long shiftSome(Ext4Handle handle, Ext4Inode inode, long start, long limit, long shift) {
    boolean right = shift > 0;
    long look = right ? limit : start;
    try (ExtentPath path = ExtentPath.find(inode, look)) {
      ExtentNode leaf = path.leaf();
      long next;
      int from;
      int end;
      if (right) {
        from = 0;
        while (from < leaf.entries() && leaf.first(from) < start) {
          from++;
        }
        end = leaf.at + 1;
        next = from > 0 || isFirstLeaf(path) ? -1 : leaf.first(0) - 1;
        next = next < start ? -1 : next;
      } else {
        from = leaf.at >= 0 && leaf.end(leaf.at) > start ? leaf.at : leaf.at + 1;
        end = leaf.entries();
        next = path.nextLeafBlock();
        next = next >= limit ? -1 : next;
      }
      if (from < end) {
        getAccess(handle, leaf);
        for (int i = from; i < end; i++) {
          leaf.setFirst(i, leaf.first(i) + shift);
        }
        dirty(handle, inode, leaf);
        correctIndexes(handle, inode, path, from);
      }
      return next;
    }
  }

  /** Cuts an extent in two where a shift begins. */
  @Traced("ext4_split_extent_at")
  static void splitAt(Ext4Handle handle, Ext4Inode inode, long block) {
    try (ExtentPath path = pathWithRoom(handle, inode, block, 1)) {
      ExtentNode leaf = path.leaf();
      int at = leaf.at;
      if (at < 0 || leaf.end(at) <= block || leaf.first(at) == block) {
        return;
      }
      getAccess(handle, leaf);
      int before = (int) (block - leaf.first(at));
      int behind = (int) (leaf.end(at) - block);
      boolean unwritten = leaf.isUnwritten(at);
      long physical = leaf.physical(at);
      leaf.open(at + 1);
      leaf.setExtent(at + 1, block, behind, physical + before, unwritten);
      leaf.setExtent(at, leaf.first(at), before, physical, unwritten);
      dirty(handle, inode, leaf);
    }
  }

  /** The last block with an extent plus one; 0 for an empty tree. */
  static long endOf(Ext4Inode inode) {
    try (ExtentPath path = ExtentPath.find(inode, 0xffff_fffeL)) {
      ExtentNode leaf = path.leaf();
      return leaf.at < 0 ? 0 : leaf.end(leaf.at);
    }
  }
}
