package dev.svc0.runtime.vfs;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who watches one inode. <i>Linux:</i> {@code fsnotify_mark_connector}.
 *
 * <p>It holds the inode, so that the cache does not forget that it is watched, until the last name
 * is gone: then the last user takes it away, and the watches with it.
 */
final class NotifyMarks {
  private static final AtomicInteger COOKIES = new AtomicInteger();

  /** One watcher. */
  interface Mark {
    /** An event happened. */
    void event(int bits, int cookie, @Nullable String name);

    /** The inode is gone. */
    void ignored();
  }

  private final List<Mark> marks = new CopyOnWriteArrayList<>();

  /** Whether it holds the inode. Protected by the inode's monitor. */
  private boolean holds;

  static int nextCookie() {
    return COOKIES.incrementAndGet();
  }

  static void add(Inode inode, Mark mark) {
    synchronized (inode) {
      NotifyMarks marks = inode.notifyMarks;
      if (marks == null) {
        marks = new NotifyMarks();
        inode.notifyMarks = marks;
        inode.hold();
        marks.holds = true;
      }
      marks.marks.add(mark);
    }
  }

  static void remove(Inode inode, Mark mark) {
    boolean put = false;
    synchronized (inode) {
      NotifyMarks marks = inode.notifyMarks;
      if (marks != null) {
        marks.marks.remove(mark);
        if (marks.marks.isEmpty()) {
          inode.notifyMarks = null;
          put = marks.holds;
          marks.holds = false;
        }
      }
    }
    if (put) {
      inode.put();
    }
  }

  /** The last name is gone: only users keep the inode from now on. */
  void letGo(Inode inode) {
    boolean put;
    synchronized (inode) {
      put = holds;
      holds = false;
    }
    if (put) {
      inode.put();
    }
  }

  void deliver(int bits, int cookie, @Nullable String name) {
    for (Mark mark : marks) {
      mark.event(bits, cookie, name);
    }
  }

  void removeAll() {
    for (Mark mark : marks) {
      marks.remove(mark);
      mark.ignored();
    }
  }
}
