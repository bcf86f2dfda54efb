package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the map of blocks of one file. Delayed allocations are known here only; the rest
 * is a cache of the tree on disk. <i>Linux:</i> fs/ext4/extents_status.c.
 *
 * <p>The object's monitor protects it. Changes of what is true are made with the inode's dataLock
 * held exclusively, so that a look at the tree on disk and the insertion of its result belong
 * together when made under the shared lock.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4ExtentStatus {
  private static final int MOST_CACHED = 4096;
  private static final Range NOTHING = new Range(0, 0, 0, Ext4Map.HOLE);

  private record Range(long first, long count, long physical, int state) {
    long end() {
      return first + count;
    }

    Range part(long from, long to) {
      long shift = state == Ext4Map.WRITTEN || state == Ext4Map.UNWRITTEN ? from - first : 0;
      return new Range(from, to - from, physical + shift, state);
    }

    /** EXTENT_STATUS_… of the kernel. */
    int status() {
      return switch (state) {
        case Ext4Map.WRITTEN -> 1;
        case Ext4Map.UNWRITTEN -> 2;
        case Ext4Map.DELAYED -> 4;
        default -> 8;
      };
    }

    boolean goesOnWith(Range next) {
      boolean allocated = state == Ext4Map.WRITTEN || state == Ext4Map.UNWRITTEN;
      return end() == next.first
          && state == next.state
          && (!allocated || physical + count == next.physical);
    }
  }

  private final Ext4Inode inode;
  private final TreeMap<Long, Range> ranges = new TreeMap<>();
  private long delayed;

  Ext4ExtentStatus(Ext4Inode inode) {
    this.inode = inode;
  }

  /** Blocks whose allocation is delayed. */
  synchronized long delayed() {
    return delayed;
  }

  /** Answers from what is known; false when nothing is known about the first block. */
  @Traced("ext4_es_lookup_extent")
  synchronized boolean lookup(Ext4Map map) {
    if (Ext4Trace.ext4EsLookupExtentEnterOn()) {
      Ext4Trace.ext4EsLookupExtentEnter(inode.traceDevice(), inode.number(), map.block);
    }
    Map.Entry<Long, Range> entry = ranges.floorEntry(map.block);
    Range range = entry == null || entry.getValue().end() <= map.block ? NOTHING : entry.getValue();
    if (Ext4Trace.ext4EsLookupExtentExitOn()) {
      noteFound(range, range != NOTHING);
    }
    if (range == NOTHING) {
      return false;
    }
    map.answer(range.state, range.end() - map.block, range.physical + map.block - range.first);
    return true;
  }

  private void noteFound(Range range, boolean found) {
    Ext4Trace.ext4EsLookupExtentExit(
        inode.traceDevice(),
        inode.number(),
        range.first,
        (int) range.count,
        range.physical,
        found ? range.status() : 0,
        found);
  }

  /** Blocks from one on up to the next about which something is known; at most so many. */
  @Traced("ext4_es_find_extent_range")
  synchronized long unknownFrom(long block, long most) {
    noteFind(block);
    Range next = findRange(block);
    noteRange(next);
    return next == null ? most : Math.min(most, next.first - block);
  }

  @Traced("__es_find_extent_range")
  private @Nullable Range findRange(long block) {
    return rangeFrom(block);
  }

  /**
   * Notes a hole that the tree on disk has, as far as nothing else is known; cuts the answer.
   *
   * @param blocks of the whole hole from the answer's first on
   */
  synchronized void insertHole(Ext4Map map, long blocks) {
    long unknown = unknownFrom(map.block, blocks);
    if (unknown == 0) {
      map.count = 1;
      lookup(map);
    } else {
      insert(map.block, unknown, 0, Ext4Map.HOLE, false);
      map.count = Math.min(map.count, unknown);
    }
  }

  private void noteFind(long block) {
    if (Ext4Trace.ext4EsFindExtentRangeEnterOn()) {
      Ext4Trace.ext4EsFindExtentRangeEnter(inode.traceDevice(), inode.number(), block);
    }
  }

  private void noteRange(@Nullable Range found) {
    if (Ext4Trace.ext4EsFindExtentRangeExitOn()) {
      Range range = found == null ? NOTHING : found;
      Ext4Trace.ext4EsFindExtentRangeExit(
          inode.traceDevice(),
          inode.number(),
          range.first,
          (int) range.count,
          range.physical,
          found == null ? 0 : range.status());
    }
  }

  /** How many blocks from one on are delayed; at most so many. */
  synchronized long delayedFrom(long block, long most) {
    Map.Entry<Long, Range> entry = ranges.floorEntry(block);
    Range range = entry == null ? NOTHING : entry.getValue();
    return range.state == Ext4Map.DELAYED && range.end() > block
        ? Math.min(most, range.end() - block)
        : 0;
  }

  /** The first delayed block in [from, end), or −1. */
  synchronized long nextDelayed(long from, long end) {
    if (delayed == 0) {
      return -1;
    }
    Map.Entry<Long, Range> before = ranges.floorEntry(from);
    long at = before == null ? from : before.getKey();
    for (Range range : ranges.tailMap(at, true).values()) {
      if (range.first >= end) {
        return -1;
      }
      if (range.state == Ext4Map.DELAYED && range.end() > from) {
        return Math.max(from, range.first);
      }
    }
    return -1;
  }

  /**
   * Notes what is true of a range now. Promises of places that it held are kept, or not needed.
   *
   * @param promised the blocks are those that were promised
   */
  @Traced("ext4_es_insert_extent")
  void insert(long first, long count, long physical, int state, boolean promised) {
    long kept = replace(first, count, physical, state);
    if (kept > 0) {
      inode.ext4.blocks.daUpdateReserveSpace(inode, kept, promised);
    }
  }

  private synchronized long replace(long first, long count, long physical, int state) {
    if (Ext4Trace.ext4EsInsertExtentOn()) {
      Ext4Trace.ext4EsInsertExtent(
          inode.traceDevice(),
          inode.number(),
          first,
          (int) count,
          physical,
          new Range(first, count, physical, state).status());
    }
    long before = cut(first, count, true);
    put(first, count, physical, state);
    return before;
  }

  /** Notes that a block of which nothing was known is promised a place. */
  @Traced("ext4_es_insert_delayed_extent")
  synchronized void insertDelayed(long block) {
    if (Ext4Trace.ext4EsInsertDelayedExtentOn()) {
      Ext4Trace.ext4EsInsertDelayedExtent(
          inode.traceDevice(),
          inode.number(),
          block,
          1,
          0,
          new Range(block, 1, 0, Ext4Map.DELAYED).status());
    }
    cut(block, 1, false);
    put(block, 1, 0, Ext4Map.DELAYED);
  }

  @Traced("__es_insert_extent")
  private void put(long first, long count, long physical, int state) {
    Range range = new Range(first, count, physical, state);
    Map.Entry<Long, Range> left = ranges.lowerEntry(first);
    if (left != null && left.getValue().goesOnWith(range)) {
      Range other = left.getValue();
      ranges.remove(other.first);
      range = new Range(other.first, other.count + range.count, other.physical, state);
    }
    Range right = ranges.get(range.end());
    if (right != null && range.goesOnWith(right)) {
      ranges.remove(right.first);
      range = new Range(range.first, range.count + right.count, range.physical, state);
    }
    ranges.put(range.first, range);
    delayed += state == Ext4Map.DELAYED ? count : 0;
    if (ranges.size() > MOST_CACHED && state != Ext4Map.DELAYED) {
      shrink(range);
    }
  }

  /** Notes an extent that the tree on disk has, unless something is known of its blocks. */
  @Traced("ext4_es_cache_extent")
  synchronized void cache(long first, long count, long physical, int state) {
    Map.Entry<Long, Range> before = ranges.floorEntry(first);
    Range next = rangeFrom(first);
    boolean known = before != null && before.getValue().end() > first;
    if (!known && (next == null || next.first >= first + count)) {
      put(first, count, physical, state);
    }
  }

  /** Forgets a range; promises of places in it are not needed any more. */
  @Traced("ext4_es_remove_extent")
  void remove(long first, long count) {
    inode.ext4.blocks.daReleaseSpace(inode, forget(first, count));
  }

  private synchronized long forget(long first, long count) {
    if (Ext4Trace.ext4EsRemoveExtentOn()) {
      Ext4Trace.ext4EsRemoveExtent(
          inode.traceDevice(), inode.number(), first, (int) Math.min(count, 0xffff_ffffL));
    }
    return cut(first, count, true);
  }

  /** Makes room for a range; the number of promised blocks in it, if they are counted. */
  @Traced("__es_remove_extent")
  private long cut(long first, long count, boolean counting) {
    long end = count > Long.MAX_VALUE - first ? Long.MAX_VALUE : first + count;
    Map.Entry<Long, Range> entry = ranges.floorEntry(first);
    Range at = entry == null ? null : entry.getValue();
    if (at == null || at.end() <= first) {
      at = rangeFrom(first);
    }
    long before = 0;
    while (at != null && at.first < end) {
      before += counting ? countReserved(at, first, end) : reservedIn(at, first, end);
      if (at.first < first) {
        ranges.put(at.first, at.part(at.first, first));
      } else if (at.end() <= end) {
        freeExtent(at);
      } else {
        ranges.remove(at.first);
      }
      if (at.end() > end) {
        ranges.put(end, at.part(end, at.end()));
      }
      at = rangeFrom(at.end());
    }
    delayed -= before;
    return before;
  }

  /** Promised blocks of a range that lie in [first, end). */
  @Traced("count_rsvd")
  private static long countReserved(Range range, long first, long end) {
    return reservedIn(range, first, end);
  }

  private static long reservedIn(Range range, long first, long end) {
    return range.state == Ext4Map.DELAYED
        ? Math.min(range.end(), end) - Math.max(range.first, first)
        : 0;
  }

  @Traced("ext4_es_free_extent")
  private void freeExtent(Range range) {
    ranges.remove(range.first);
  }

  private @Nullable Range rangeFrom(long block) {
    Map.Entry<Long, Range> next = ranges.ceilingEntry(block);
    return next == null ? null : next.getValue();
  }

  /** Forgets what can be read again. */
  private void shrink(Range kept) {
    List<Long> cached = new ArrayList<>();
    for (Range range : ranges.values()) {
      if (range.state != Ext4Map.DELAYED && range != kept) {
        cached.add(range.first);
      }
    }
    cached.forEach(ranges::remove);
  }

  /** Forgets what can be read again. */
  synchronized void forgetCached() {
    ranges.values().removeIf(range -> range.state != Ext4Map.DELAYED);
  }
}
