package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The maps of files while fast commits are replayed, and the bitmaps of blocks afterwards. Blocks
 * that files will have are taken from the beginning, and none that is freed can be had again: what
 * is needed for trees and directories on the way is free before and after. In the end the maps say
 * which blocks are in use.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4RecoveredBlocks {
  private record Range(long block, long count) {}

  private final Ext4SuperBlock superBlock;
  private final Ext4Handle handle;

  /** In use only if some map says so. */
  private final List<Range> doubtful = new ArrayList<>();

  Ext4RecoveredBlocks(Ext4SuperBlock superBlock, Ext4Handle handle) {
    this.superBlock = superBlock;
    this.handle = handle;
    superBlock.blocks.freeLater((block, count) -> {
      doubtful.add(new Range(block, count));
      return count;
    });
  }

  /** A range that will belong to a file. */
  void claim(long block, long count) {
    if (!superBlock.groups.isFileRange(block, count)) {
      throw new Ext4Exception(superBlock.error("fast commit: bad blocks " + block + "+" + count));
    }
    superBlock.blocks.mark(handle, block, count, true);
    doubtful.add(new Range(block, count));
  }

  /** Lets a range of a file lie at a block, whatever was there before. */
  void add(Ext4Inode inode, long fileBlock, int count, long physical, boolean unwritten) {
    long end = fileBlock + count;
    if (!inode.hasExtents() || end > 0xffff_ffffL) {
      throw new Ext4Exception(-Errno.EOPNOTSUPP);
    }
    int wanted = unwritten ? Ext4Map.UNWRITTEN : Ext4Map.WRITTEN;
    for (long at = fileBlock; at < end; ) {
      Ext4Map map = new Ext4Map(at, end - at);
      Ext4Extents.lookup(inode, map);
      int part = (int) Math.min(map.count, end - at);
      long place = physical + at - fileBlock;
      if (map.isAllocated() && map.physical != place) {
        remove(inode, at, at + part - 1);
        map.state = Ext4Map.HOLE;
      }
      if (map.state == Ext4Map.HOLE) {
        inode.addBlocks(part);
        Ext4Extents.insert(handle, inode, at, part, place, unwritten);
      } else if (map.state != wanted) {
        Ext4Extents.setState(handle, inode, at, part, unwritten);
      }
      at += part;
    }
    inode.status.forgetCached();
    superBlock.table.markInodeDirty(handle, inode);
  }

  /** Makes a hole of blocks [first, last]. */
  void remove(Ext4Inode inode, long first, long last) {
    long end = Math.min(last, Ext4Truncate.lastBlock(inode));
    if (first <= end) {
      Ext4Truncate.removeRange(handle, inode, first, end);
    }
  }

  /** An inode's number is another's now: what it had is free. */
  void forget(Ext4Inode inode) {
    if (inode.hasBlockMap()) {
      remove(inode, 0, Ext4Truncate.lastBlock(inode));
    }
  }

  /** Brings bitmaps and the counts of inodes in line with the maps. */
  void settle(Collection<Ext4Inode> inodes) {
    List<Range> used = new ArrayList<>();
    for (Ext4Inode inode : inodes) {
      if (inode.fileAcl != 0) {
        used.add(new Range(inode.fileAcl, 1));
      }
      if (inode.hasBlockMap() && inode.hasExtents()) {
        long count = gather(inode, used) + (inode.fileAcl != 0 ? 1 : 0);
        inode.blocks512 = count << superBlock.shape.blockBits - 9;
      }
    }
    for (Range range : doubtful) {
      superBlock.blocks.mark(handle, range.block, range.count, false);
    }
    for (Range range : used) {
      superBlock.blocks.mark(handle, range.block, range.count, true);
    }
  }

  /** All blocks of a file, those of its tree too; how many. */
  @Traced("ext4_ext_replay_set_iblocks")
  private static long gather(Ext4Inode inode, List<Range> used) {
    long count = 0;
    Set<Long> nodes = new HashSet<>();
    long end = Ext4Truncate.lastBlock(inode) + 1;
    for (long at = 0; at < end; ) {
      Ext4Map map = new Ext4Map(at, end - at);
      try (ExtentPath path = ExtentPath.find(inode, at)) {
        for (ExtentNode node : path.nodes) {
          BufferHead buffer = node.buffer;
          if (buffer != null && nodes.add(buffer.blockNumber)) {
            used.add(new Range(buffer.blockNumber, 1));
          }
        }
      }
      Ext4Extents.lookup(inode, map);
      if (map.isAllocated()) {
        used.add(new Range(map.physical, map.count));
        count += map.count;
      }
      at += map.count;
    }
    return count + nodes.size();
  }
}
