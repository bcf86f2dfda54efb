package dev.svc0.runtime.vfs;

import dev.svc0.runtime.sched.WaitQueue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The locks on one inode. <i>Linux:</i> {@code file_lock_context}. All under its monitor. */
final class FileLockContext {
  /** A lock on a range of bytes (both ends inclusive). */
  static final class Range {
    final Object owner;
    final int pid;
    final boolean exclusive;
    long start;
    long end;

    Range(Object owner, int pid, boolean exclusive, long start, long end) {
      this.owner = owner;
      this.pid = pid;
      this.exclusive = exclusive;
      this.start = start;
      this.end = end;
    }

    boolean overlaps(long otherStart, long otherEnd) {
      return start <= otherEnd && otherStart <= end;
    }
  }

  private record Whole(File owner, boolean exclusive) {}

  final WaitQueue changed = new WaitQueue();
  private final List<Range> ranges = new ArrayList<>();
  private final List<Whole> wholes = new ArrayList<>();

  /** A lock of another owner that stands against the wanted one, or null. */
  synchronized @Nullable Range conflict(Object owner, boolean exclusive, long start, long end) {
    for (Range range : ranges) {
      if (range.owner != owner && range.overlaps(start, end) && (exclusive || range.exclusive)) {
        return range;
      }
    }
    return null;
  }

  /** Takes a range if nothing stands against it; what did, or null. */
  synchronized @Nullable Range tryLock(
      Object owner, int pid, boolean exclusive, long start, long end) {
    Range against = conflict(owner, exclusive, start, end);
    if (against != null) {
      return against;
    }
    cut(owner, start, end);
    ranges.add(merged(new Range(owner, pid, exclusive, start, end)));
    ranges.sort((a, b) -> Long.compare(a.start, b.start));
    return null;
  }

  private Range merged(Range added) {
    for (int i = ranges.size() - 1; i >= 0; i--) {
      Range other = ranges.get(i);
      boolean touches =
          (other.end == Long.MAX_VALUE || other.end + 1 >= added.start)
              && (added.end == Long.MAX_VALUE || added.end + 1 >= other.start);
      if (other.owner == added.owner && other.exclusive == added.exclusive && touches) {
        added.start = Math.min(added.start, other.start);
        added.end = Math.max(added.end, other.end);
        ranges.remove(i);
      }
    }
    return added;
  }

  /** Gives a range back. */
  void unlock(Object owner, long start, long end) {
    synchronized (this) {
      cut(owner, start, end);
    }
    changed.wakeUp();
  }

  /** Takes a range out of what an owner holds. */
  private void cut(Object owner, long start, long end) {
    for (int i = ranges.size() - 1; i >= 0; i--) {
      Range range = ranges.get(i);
      if (range.owner != owner || !range.overlaps(start, end)) {
        continue;
      }
      ranges.remove(i);
      if (range.start < start) {
        ranges.add(i, new Range(owner, range.pid, range.exclusive, range.start, start - 1));
      }
      if (range.end > end) {
        ranges.add(new Range(owner, range.pid, range.exclusive, end + 1, range.end));
      }
    }
  }

  /**
   * flock: takes the whole file, changing a lock already held; false when another stands against.
   */
  boolean tryFlock(File owner, boolean exclusive) {
    boolean released;
    boolean taken;
    synchronized (this) {
      released = wholes.removeIf(one -> one.owner == owner && one.exclusive != exclusive);
      taken = wholes.stream().noneMatch(one -> one.owner != owner && (exclusive || one.exclusive));
      if (taken && wholes.stream().noneMatch(one -> one.owner == owner)) {
        wholes.add(new Whole(owner, exclusive));
      }
    }
    if (released) {
      changed.wakeUp();
    }
    return taken;
  }

  /** flock: gives the whole file back. */
  void unflock(File owner) {
    boolean removed;
    synchronized (this) {
      removed = wholes.removeIf(one -> one.owner == owner);
    }
    if (removed) {
      changed.wakeUp();
    }
  }

  /** All locks on ranges, for /proc/locks. */
  synchronized List<Range> ranges() {
    return List.copyOf(ranges);
  }
}
