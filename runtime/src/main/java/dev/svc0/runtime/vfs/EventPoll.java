package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.sched.WaitQueue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A set of watched files, itself a file. <i>Linux:</i> fs/eventpoll.c.
 *
 * <p>An item is marked when a queue of its file wakes, and only marked items are asked:
 * edge-triggered ones lose the mark when they are reported, level-triggered ones when there is
 * nothing left.
 *
 * <p><b>Lock order:</b> the set's monitor, then whatever a file's poll takes; a wake-up takes none.
 */
public final class EventPoll implements FileOperations {
  private static final int ALWAYS = Poll.EPOLLERR | Poll.EPOLLHUP;
  private static final int NOT_EVENTS =
      Poll.EPOLLET | Poll.EPOLLONESHOT | Poll.EPOLLEXCLUSIVE | Poll.EPOLLWAKEUP;

  private record Key(File file, int fd) {}

  /** One watched file. */
  private final class Item implements PollTable, WaitQueue.Listener {
    final File file;
    int events;
    long data;
    volatile boolean marked = true;
    private final List<WaitQueue> queues = new ArrayList<>();

    Item(File file, int events, long data) {
      this.file = file;
      this.events = events;
      this.data = data;
    }

    @Override
    public void add(WaitQueue queue) {
      queue.addListener(this);
      queues.add(queue);
    }

    @Override
    public void woken() {
      marked = true;
      ready.wakeUp();
    }

    void forget() {
      for (WaitQueue queue : queues) {
        queue.removeListener(this);
      }
    }

    int poll() {
      int wanted = events & ~NOT_EVENTS;
      return wanted == 0 ? 0 : file.operations().poll(file, null) & (wanted | ALWAYS);
    }
  }

  /** What is told of one file. */
  @FunctionalInterface
  public interface Report {
    /** Takes one event. */
    void add(int events, long data);
  }

  private final WaitQueue ready = new WaitQueue();
  private final Map<Key, Item> items = new LinkedHashMap<>();

  private EventPoll() {}

  /** An empty set as an open file with one reference. */
  public static File create(Vfs vfs, Cred cred) {
    AnonymousFs fs = vfs.anonymous();
    Inode inode = fs.newInode(0600, new EventPoll(), cred);
    int mode = File.FMODE_READ | File.FMODE_WRITE | File.FMODE_STREAM;
    return fs.newFile(inode, "anon_inode:[eventpoll]", Fcntl.O_RDWR, mode, cred);
  }

  /** The set behind an open file; null when it is none. */
  public static @Nullable EventPoll of(File file) {
    return file.operations() instanceof EventPoll poll ? poll : null;
  }

  /** Watches a file. 0 or −EEXIST. */
  public synchronized long add(File file, int fd, int events, long data) {
    Key key = new Key(file, fd);
    if (items.containsKey(key)) {
      return -Errno.EEXIST;
    }
    Item item = new Item(file, events, data);
    items.put(key, item);
    file.operations().poll(file, item);
    file.whenClosed(() -> remove(file, fd));
    ready.wakeUp();
    return 0;
  }

  /** Changes what is watched. 0 or −ENOENT. */
  public synchronized long modify(File file, int fd, int events, long data) {
    Item item = items.get(new Key(file, fd));
    if (item == null) {
      return -Errno.ENOENT;
    }
    item.events = events;
    item.data = data;
    item.marked = true;
    ready.wakeUp();
    return 0;
  }

  /** Watches a file no longer. 0 or −ENOENT. */
  public synchronized long remove(File file, int fd) {
    Item item = items.remove(new Key(file, fd));
    if (item == null) {
      return -Errno.ENOENT;
    }
    item.forget();
    return 0;
  }

  /** Reports what is there now, at most so many; how many. */
  private synchronized int collect(int limit, Report report) {
    int count = 0;
    List<Map.Entry<Key, Item>> reported = new ArrayList<>();
    for (Map.Entry<Key, Item> entry : items.entrySet()) {
      Item item = entry.getValue();
      if (count == limit) {
        break;
      }
      if (!item.marked) {
        continue;
      }
      item.marked = false;
      int events = item.poll();
      if (events == 0) {
        continue;
      }
      report.add(events, item.data);
      count++;
      reported.add(Map.entry(entry.getKey(), item));
      if ((item.events & Poll.EPOLLONESHOT) != 0) {
        item.events &= NOT_EVENTS;
      } else if ((item.events & Poll.EPOLLET) == 0) {
        item.marked = true;
      }
    }
    for (Map.Entry<Key, Item> entry : reported) {
      items.remove(entry.getKey()); // to the end, so that all get their turn
      items.put(entry.getKey(), entry.getValue());
    }
    return count;
  }

  private synchronized boolean anyMarked() {
    for (Item item : items.values()) {
      if (item.marked && item.poll() != 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Waits for events and reports them.
   *
   * @param deadlineNanos a value of {@link System#nanoTime}, {@link WaitQueue#NO_DEADLINE}, or the
   *     past
   * @return how many, 0 at the deadline, −EINTR
   */
  public long await(Caller caller, int limit, long deadlineNanos, Report report) {
    while (true) {
      int count = collect(limit, report);
      if (count != 0) {
        return count;
      }
      long waited = ready.waitEvent(caller, this::anyMarked, deadlineNanos);
      if (waited == -Errno.ETIMEDOUT) {
        return collect(limit, report);
      }
      if (waited != 0) {
        return -Errno.EINTR;
      }
    }
  }

  @Override
  public int poll(File file, @Nullable PollTable table) {
    if (table != null) {
      table.add(ready);
    }
    return anyMarked() ? Poll.POLLIN | Poll.POLLRDNORM : 0;
  }

  @Override
  public void release(Inode inode, File file) {
    synchronized (this) {
      for (Item item : items.values()) {
        item.forget();
      }
      items.clear();
    }
  }
}
