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

  private record Range(long first, long count, long physical, int state) {
    long end() {
      return first + count;
    }

    Range part(long from, long to) {
      long shift = state == Ext4Map.WRITTEN || state == Ext4Map.UNWRITTEN ? from - first : 0;
      return new Range(from, to - from, physical + shift, state);
    }

    boolean goesOnWith(Range next) {
      boolean allocated = state == Ext4Map.WRITTEN || state == Ext4Map.UNWRITTEN;
      return end() == next.first
          && state == next.state
          && (!allocated || physical + count == next.physical);
    }
  }

  private final TreeMap<Long, Range> ranges = new TreeMap<>();
  private long delayed;

  /** Blocks whose allocation is delayed. */
  synchronized long delayed() {
    return delayed;
  }

  /** Answers from what is known; false when nothing is known about the first block. */
  @Traced("ext4_es_lookup_extent")
  synchronized boolean lookup(Ext4Map map) {
    Map.Entry<Long, Range> entry = ranges.floorEntry(map.block);
    if (entry == null || entry.getValue().end() <= map.block) {
      return false;
    }
    Range range = entry.getValue();
    map.answer(range.state, range.end() - map.block, range.physical + map.block - range.first);
    return true;
  }

  /** Blocks from one on up to the next about which something is known; at most so many. */
  synchronized long unknownFrom(long block, long most) {
    Long next = ranges.ceilingKey(block);
    return next == null ? most : Math.min(most, next - block);
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

  /** Notes what is true of a range now; the number of delayed blocks that it held before. */
  @Traced("ext4_es_insert_extent")
  synchronized long insert(long first, long count, long physical, int state) {
    long before = cut(first, count);
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
    return before;
  }

  /** Forgets a range; the number of delayed blocks in it, which have no place any more. */
  @Traced("ext4_es_remove_extent")
  synchronized long remove(long first, long count) {
    return cut(first, count);
  }

  private long cut(long first, long count) {
    long end = count > Long.MAX_VALUE - first ? Long.MAX_VALUE : first + count;
    Map.Entry<Long, Range> entry = ranges.floorEntry(first);
    Range at = entry == null ? null : entry.getValue();
    if (at == null || at.end() <= first) {
      at = rangeFrom(first);
    }
    long before = 0;
    while (at != null && at.first < end) {
      ranges.remove(at.first);
      if (at.first < first) {
        ranges.put(at.first, at.part(at.first, first));
      }
      if (at.end() > end) {
        ranges.put(end, at.part(end, at.end()));
      }
      if (at.state == Ext4Map.DELAYED) {
        before += Math.min(at.end(), end) - Math.max(at.first, first);
      }
      at = rangeFrom(at.end());
    }
    delayed -= before;
    return before;
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
