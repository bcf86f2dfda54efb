package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;

/**
 * The way from the root of a tree of extents to a leaf, every node checked; holds references of the
 * blocks until it is closed.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class ExtentPath implements AutoCloseable {
  private static final int MAX_DEPTH = 5;

  /** Bit of a buffer whose content was checked since it was read. */
  static final int VERIFIED = 14;

  final ExtentNode[] nodes;

  private ExtentPath(int depth) {
    nodes = new ExtentNode[depth + 1];
  }

  /** The way to where a block is, or would be. */
  static ExtentPath find(Ext4Inode inode, long block) {
    return find(inode, block, false);
  }

  /** The same; the extents of a leaf that is read are remembered, and those of a root always. */
  static ExtentPath findCaching(Ext4Inode inode, long block) {
    return find(inode, block, true);
  }

  @Traced("ext4_find_extent")
  private static ExtentPath find(Ext4Inode inode, long block, boolean caching) {
    ExtentNode root = new ExtentNode(null, inode.data);
    int depth = root.depth();
    if (depth > MAX_DEPTH || root.magic() != ExtentNode.MAGIC) {
      Ext4Exception.check(
          inode.ext4.error(
              "inode " + inode.number() + ": extent tree of depth " + depth + " or bad magic"));
    }
    ExtentPath path = new ExtentPath(depth);
    path.nodes[0] = root;
    boolean done = false;
    try {
      path.descend(inode, block, depth, caching);
      done = true;
      return path;
    } finally {
      if (!done) {
        path.close();
      }
    }
  }

  /** Checks the root when the inode comes into memory; blocks are checked when they are read. */
  static void checkRoot(Ext4Inode inode) {
    ExtentNode root = new ExtentNode(null, inode.data);
    check(inode, root, Math.min(root.depth(), MAX_DEPTH), ExtentNode.ROOT_ENTRIES);
  }

  private void descend(Ext4Inode inode, long block, int depth, boolean caching) {
    int room = (inode.ext4.blockSize - 12) / ExtentNode.ENTRY_SIZE;
    for (int level = 0; ; level++) {
      ExtentNode node = nodes[level];
      BufferHead buffer = node.buffer;
      boolean fresh = buffer == null || !buffer.testPrivate(VERIFIED);
      if (level > 0) {
        check(inode, node, depth - level, room);
      }
      int found = node.search(block);
      if (level == depth) {
        node.at = found;
        if (fresh && caching) {
          cacheExtents(inode, node);
        }
        return;
      }
      node.at = Math.max(0, found);
      nodes[level + 1] =
          new ExtentNode(readTreeBlock(inode, block, node.child(node.at)), inode.data);
    }
  }

  /** Remembers what a leaf says, as far as nothing is known. */
  @Traced("ext4_cache_extents")
  private static void cacheExtents(Ext4Inode inode, ExtentNode leaf) {
    long behind = 0;
    for (int i = 0; i < leaf.entries(); i++) {
      long first = leaf.first(i);
      if (behind > 0 && behind != first) {
        inode.status.cache(behind, first - behind, 0, Ext4Map.HOLE);
      }
      int state = leaf.isUnwritten(i) ? Ext4Map.UNWRITTEN : Ext4Map.WRITTEN;
      inode.status.cache(first, leaf.length(i), leaf.physical(i), state);
      behind = leaf.end(i);
    }
  }

  @Traced("__read_extent_tree_block")
  private static BufferHead readTreeBlock(Ext4Inode inode, long wanted, long block) {
    Ext4SuperBlock superBlock = inode.ext4;
    if (!superBlock.groups.isFileRange(block, 1)) {
      Ext4Exception.check(
          superBlock.error("inode " + inode.number() + ": extent index to block " + block));
    }
    BufferHead buffer = Buffers.bread(superBlock.disk, block, superBlock.blockSize);
    if (buffer == null) {
      throw new Ext4Exception(-Errno.EIO);
    }
    if (!buffer.testPrivate(VERIFIED) && Ext4Trace.ext4ExtLoadExtentOn()) {
      Ext4Trace.ext4ExtLoadExtent(inode.traceDevice(), inode.number(), wanted, block);
    }
    return buffer;
  }

  @Traced("__ext4_ext_check")
  private static void check(Ext4Inode inode, ExtentNode node, int depth, int room) {
    BufferHead buffer = node.buffer;
    if (buffer != null && buffer.testPrivate(VERIFIED) && node.depth() == depth) {
      return;
    }
    boolean right =
        node.magic() == ExtentNode.MAGIC
            && node.depth() == depth
            && node.max() > 0
            && node.max() <= room
            && node.entries() <= node.max()
            && (node.entries() > 0 || depth == 0)
            && (buffer == null
                || inode.ext4.checksums.isExtentBlockRight(inode, buffer.address, node.max()))
            && (depth > 0 || areExtentsRight(inode, node));
    if (!right) {
      Ext4Exception.check(
          inode.ext4.error(
              "inode %d: bad extent header or entry%s: depth %d where %d is due"
                  .formatted(
                      inode.number(),
                      buffer == null ? "" : " in block " + buffer.blockNumber,
                      node.depth(),
                      depth)));
    }
    if (buffer != null) {
      buffer.testAndSetPrivate(VERIFIED);
    }
  }

  @Traced("ext4_valid_extent_entries")
  private static boolean areExtentsRight(Ext4Inode inode, ExtentNode leaf) {
    long behind = 0;
    for (int i = 0; i < leaf.entries(); i++) {
      if (leaf.length(i) == 0
          || leaf.first(i) < behind
          || !inode.ext4.groups.inodeBlockValid(leaf.physical(i), leaf.length(i))) {
        return false;
      }
      behind = leaf.end(i);
    }
    return true;
  }

  int depth() {
    return nodes.length - 1;
  }

  ExtentNode leaf() {
    return nodes[nodes.length - 1];
  }

  /** The first file block that the leaf behind this one begins with; 2^32 when there is none. */
  @Traced("ext4_ext_next_leaf_block")
  long nextLeafBlock() {
    return nextIndexed();
  }

  private long nextIndexed() {
    for (int level = depth() - 1; level >= 0; level--) {
      ExtentNode node = nodes[level];
      if (node.at + 1 < node.entries()) {
        return node.first(node.at + 1);
      }
    }
    return 1L << 32;
  }

  /** The first block behind the path's place that has an extent; 2^32 when there is none. */
  @Traced("ext4_ext_next_allocated_block")
  long nextAllocated() {
    ExtentNode leaf = leaf();
    return leaf.at + 1 < leaf.entries() ? leaf.first(leaf.at + 1) : nextIndexed();
  }

  /** The same for who is going to put something there. */
  @Traced("ext4_ext_search_right")
  long searchRight() {
    ExtentNode leaf = leaf();
    return leaf.at + 1 < leaf.entries() ? leaf.first(leaf.at + 1) : nextIndexed();
  }

  @Override
  @Traced("ext4_free_ext_path")
  public void close() {
    for (ExtentNode node : nodes) {
      if (node != null) {
        Buffers.brelse(node.buffer);
      }
    }
  }
}
