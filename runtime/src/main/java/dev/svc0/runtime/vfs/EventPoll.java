package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.sched.WaitQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A set of watched files, itself a file. <i>Linux:</i> fs/eventpoll.c.
 *
 * <p>When a queue of its file wakes, an item goes on the list of ready ones, and only those are
 * asked. Edge-triggered ones leave the list when they are reported, level-triggered ones when they
 * are asked and have nothing left.
 *
 * <p><b>Lock order:</b> {@link NestLock}, then the set's monitor, then whatever a file's poll
 * takes; the list of ready items has a monitor of its own, taken last, also by a wake-up.
 */
public final class EventPoll implements FileOperations {
  private static final int ALWAYS = Poll.EPOLLERR | Poll.EPOLLHUP;
  private static final int NOT_EVENTS =
      Poll.EPOLLET | Poll.EPOLLONESHOT | Poll.EPOLLEXCLUSIVE | Poll.EPOLLWAKEUP;
  private static final int EXCLUSIVE_OK =
      Poll.EPOLLIN
          | Poll.EPOLLOUT
          | Poll.EPOLLERR
          | Poll.EPOLLHUP
          | Poll.EPOLLWAKEUP
          | Poll.EPOLLET
          | Poll.EPOLLEXCLUSIVE;

  /** How deep sets may be in sets. */
  private static final int MAX_NESTS = 4;

  private record Key(File file, int fd) {}

  /** One watched file. */
  private final class Item implements PollTable, WaitQueue.Listener {
    final Key key;
    volatile int events;
    long data;

    /** On the list; protected by it. */
    boolean queued;

    private final List<WaitQueue> queues = new ArrayList<>(2);
    private final Runnable whenClosed = this::fileClosed;

    Item(Key key, int events, long data) {
      this.key = key;
      this.events = events;
      this.data = data;
    }

    private void fileClosed() {
      remove(key.file(), key.fd());
    }

    @Override
    public void add(WaitQueue queue) {
      queue.addListener(this);
      queues.add(queue);
    }

    @Override
    public void woken() {
      woken(-1);
    }

    @Override
    public void woken(int what) {
      int wanted = events & ~NOT_EVENTS;
      boolean concerns = what == -1 || (what & (wanted | ALWAYS)) != 0;
      if (wanted != 0 && concerns) {
        enqueue(this);
        wait.wakeUp(Poll.POLLIN | Poll.POLLRDNORM);
      }
    }

    void forget() {
      for (WaitQueue queue : queues) {
        queue.removeListener(this);
      }
      key.file().forgetWhenClosed(whenClosed);
      dequeue(this);
    }

    int poll() {
      int wanted = events & ~NOT_EVENTS;
      return wanted == 0 ? 0 : key.file().operations().poll(key.file(), null) & (wanted | ALWAYS);
    }
  }

  /** What is told of one file. */
  @FunctionalInterface
  public interface Report {
    /** Takes one event. */
    void add(int events, long data);
  }

  /** Held while a set is put into a set, so that no circle comes about. */
  private static final class NestLock {}

  private final NestLock nestLock;
  private final WaitQueue wait = new WaitQueue();
  private final Map<Key, Item> items = new HashMap<>();
  private final Deque<Item> ready = new ArrayDeque<>();

  private EventPoll(Vfs vfs) {
    nestLock = vfs.component(NestLock.class, any -> new NestLock());
  }

  /** An empty set as an open file with one reference. */
  public static File create(Vfs vfs, Cred cred) {
    AnonymousFs fs = vfs.anonymous();
    Inode inode = fs.newInode(0600, new EventPoll(vfs), cred);
    int mode = File.FMODE_READ | File.FMODE_WRITE | File.FMODE_STREAM;
    return fs.newFile(inode, "anon_inode:[eventpoll]", Fcntl.O_RDWR, mode, cred);
  }

  /** The set behind an open file; null when it is none. */
  public static @Nullable EventPoll of(File file) {
    return file.operations() instanceof EventPoll poll ? poll : null;
  }

  private void enqueue(Item item) {
    synchronized (ready) {
      if (!item.queued) {
        item.queued = true;
        ready.addLast(item);
      }
    }
  }

  private void dequeue(Item item) {
    synchronized (ready) {
      if (item.queued) {
        item.queued = false;
        ready.remove(item);
      }
    }
  }

  private @Nullable Item takeReady() {
    synchronized (ready) {
      Item item = ready.pollFirst();
      if (item != null) {
        item.queued = false;
      }
      return item;
    }
  }

  private int readyCount() {
    synchronized (ready) {
      return ready.size();
    }
  }

  /** Watches a file. 0, −EEXIST, −EINVAL, or −ELOOP. */
  public long add(File file, int fd, int events, long data) {
    EventPoll inner = of(file);
    if ((events & Poll.EPOLLEXCLUSIVE) != 0 && (inner != null || (events & ~EXCLUSIVE_OK) != 0)) {
      return -Errno.EINVAL;
    }
    if (inner == null) {
      return insert(file, fd, events, data);
    }
    synchronized (nestLock) {
      if (inner.reaches(this, 0) || depth() + inner.height() >= MAX_NESTS + 1) {
        return -Errno.ELOOP;
      }
      return insert(file, fd, events, data);
    }
  }

  private synchronized long insert(File file, int fd, int events, long data) {
    Key key = new Key(file, fd);
    if (items.containsKey(key)) {
      return -Errno.EEXIST;
    }
    Item item = new Item(key, events, data);
    items.put(key, item);
    int now = file.operations().poll(file, item);
    file.whenClosed(item.whenClosed);
    EventPoll inner = of(file);
    if (inner != null) {
      inner.outerDepth = Math.max(inner.outerDepth, outerDepth + 1);
    }
    if ((now & (events & ~NOT_EVENTS | ALWAYS)) != 0) {
      enqueue(item);
      wait.wakeUp();
    }
    return 0;
  }

  /** How many sets are around this one. Under {@link NestLock}. */
  private int outerDepth;

  private int depth() {
    return outerDepth + 1;
  }

  private synchronized List<EventPoll> nested() {
    List<EventPoll> result = new ArrayList<>();
    for (Key key : items.keySet()) {
      EventPoll inner = of(key.file());
      if (inner != null) {
        result.add(inner);
      }
    }
    return result;
  }

  private int height() {
    int most = 0;
    for (EventPoll inner : nested()) {
      most = Math.max(most, inner.height());
    }
    return most + 1;
  }

  private boolean reaches(EventPoll other, int depth) {
    if (this == other || depth > MAX_NESTS) {
      return true;
    }
    for (EventPoll inner : nested()) {
      if (inner.reaches(other, depth + 1)) {
        return true;
      }
    }
    return false;
  }

  /** Changes what is watched. 0, −ENOENT or −EINVAL. */
  public synchronized long modify(File file, int fd, int events, long data) {
    if ((events & Poll.EPOLLEXCLUSIVE) != 0) {
      return -Errno.EINVAL;
    }
    Item item = items.get(new Key(file, fd));
    if (item == null) {
      return -Errno.ENOENT;
    }
    if ((item.events & Poll.EPOLLEXCLUSIVE) != 0) {
      return -Errno.EINVAL;
    }
    item.events = events;
    item.data = data;
    if (item.poll() != 0) {
      enqueue(item);
      wait.wakeUp();
    }
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
    for (int left = readyCount(); left > 0 && count < limit; left--) {
      Item item = takeReady();
      if (item == null) {
        break;
      }
      int events = item.poll();
      if (events == 0) {
        continue;
      }
      boolean told = false;
      try {
        report.add(events, item.data);
        told = true;
      } finally {
        if (!told || (item.events & (Poll.EPOLLONESHOT | Poll.EPOLLET)) == 0) {
          enqueue(item);
        }
      }
      count++;
      if ((item.events & Poll.EPOLLONESHOT) != 0) {
        item.events &= NOT_EVENTS;
      }
    }
    return count;
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
      long waited = wait.waitEvent(caller, () -> readyCount() != 0, deadlineNanos);
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
      table.add(wait);
    }
    synchronized (this) {
      for (int left = readyCount(); left > 0; left--) {
        Item item = takeReady();
        if (item != null && item.poll() != 0) {
          enqueue(item);
          return Poll.POLLIN | Poll.POLLRDNORM;
        }
      }
    }
    return 0;
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
