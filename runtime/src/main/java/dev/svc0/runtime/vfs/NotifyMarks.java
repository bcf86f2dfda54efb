package dev.svc0.runtime.vfs;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Who watches one inode. <i>Linux:</i> {@code fsnotify_mark_connector}. */
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

  static int nextCookie() {
    return COOKIES.incrementAndGet();
  }

  static synchronized void add(Inode inode, Mark mark) {
    NotifyMarks marks = inode.notifyMarks;
    if (marks == null) {
      marks = new NotifyMarks();
      inode.notifyMarks = marks;
    }
    marks.marks.add(mark);
  }

  static synchronized void remove(Inode inode, Mark mark) {
    NotifyMarks marks = inode.notifyMarks;
    if (marks != null) {
      marks.marks.remove(mark);
      if (marks.marks.isEmpty()) {
        inode.notifyMarks = null;
      }
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
