package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Inotify;
import dev.svc0.runtime.abi.InotifyEventLayout;
import dev.svc0.runtime.abi.Ioctl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.sched.WaitQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happens to watched files and directories, as a file to read. <i>Linux:</i>
 * fs/notify/inotify.
 *
 * <p>A watch keeps its inode in memory, but not alive: when the last name and the last user are
 * gone, the watch ends.
 */
public final class InotifyFile implements FileOperations {
  /** fs.inotify.max_queued_events. */
  private static final int MAX_QUEUED = 16384;

  /** fs.inotify.max_user_watches, for each instance. */
  private static final int MAX_WATCHES = 65536;

  private static final int FLAGS =
      Inotify.IN_ONLYDIR
          | Inotify.IN_DONT_FOLLOW
          | Inotify.IN_EXCL_UNLINK
          | Inotify.IN_MASK_CREATE
          | Inotify.IN_MASK_ADD
          | Inotify.IN_ISDIR
          | Inotify.IN_ONESHOT;

  /** What a program hears of. */
  private record Event(int watch, int mask, int cookie, @Nullable String name) {
    /** The name with its NUL, filled up so that the next event is aligned. */
    int nameBytes() {
      int step = InotifyEventLayout.SIZE;
      return name == null ? 0 : (name.length() + step) / step * step;
    }

    int bytes() {
      return InotifyEventLayout.SIZE + nameBytes();
    }

    byte[] encode() {
      ByteBuffer out = ByteBuffer.allocate(bytes()).order(ByteOrder.LITTLE_ENDIAN);
      out.putInt(InotifyEventLayout.wd, watch);
      out.putInt(InotifyEventLayout.mask, mask);
      out.putInt(InotifyEventLayout.cookie, cookie);
      out.putInt(InotifyEventLayout.len, nameBytes());
      if (name != null) {
        out.put(InotifyEventLayout.SIZE, name.getBytes(StandardCharsets.ISO_8859_1));
      }
      return out.array();
    }
  }

  /** A watch of one inode. */
  private final class Watch implements NotifyMarks.Mark {
    final int number;
    final Inode inode;
    volatile int mask;

    Watch(int number, Inode inode, int mask) {
      this.number = number;
      this.inode = inode;
      this.mask = mask;
    }

    @Override
    public void event(int bits, int cookie, @Nullable String name) {
      if ((bits & mask & Inotify.IN_ALL_EVENTS) == 0) {
        return;
      }
      queue(new Event(number, bits, cookie, name));
      if ((mask & Inotify.IN_ONESHOT) != 0) {
        end(this);
      }
    }

    @Override
    public void ignored() {
      forget(this);
      queue(new Event(number, Inotify.IN_IGNORED, 0, null));
    }
  }

  // Protected by this object's monitor.
  private final Deque<Event> events = new ArrayDeque<>();
  private final Map<Integer, Watch> watches = new HashMap<>();
  private int lastWatch;

  private final WaitQueue readers = new WaitQueue();

  private InotifyFile() {}

  /** One without watches, as an open file with one reference. */
  public static File create(Vfs vfs, int flags, Cred cred) {
    AnonymousFs fs = vfs.anonymous();
    Inode inode = fs.newInode(0600, new InotifyFile(), cred);
    int mode = File.FMODE_READ | File.FMODE_STREAM;
    int kept = Fcntl.O_RDONLY | flags & Fcntl.O_NONBLOCK;
    return fs.newFile(inode, "anon_inode:inotify", kept, mode, cred);
  }

  /** The one behind an open file; null when it is none. */
  public static @Nullable InotifyFile of(File file) {
    return file.operations() instanceof InotifyFile inotify ? inotify : null;
  }

  /** Watches what a path leads to, or changes what is watched. The watch's number or −errno. */
  public long addWatch(Caller caller, String name, int mask) {
    if ((mask & (Inotify.IN_ALL_EVENTS | FLAGS)) == 0
        || (mask & Inotify.IN_ALL_EVENTS) == 0
        || (mask & ~(Inotify.IN_ALL_EVENTS | FLAGS | Inotify.IN_UNMOUNT | Inotify.IN_IGNORED)) != 0
        || (mask & Inotify.IN_MASK_ADD) != 0 && (mask & Inotify.IN_MASK_CREATE) != 0) {
      return -Errno.EINVAL;
    }
    int lookup = (mask & Inotify.IN_DONT_FOLLOW) == 0 ? Lookup.FOLLOW : 0;
    if ((mask & Inotify.IN_ONLYDIR) != 0) {
      lookup |= Lookup.DIRECTORY;
    }
    return Namei.withPath(
        caller,
        Fcntl.AT_FDCWD,
        name,
        lookup,
        (path, inode) -> {
          long allowed = Permissions.pathPermission(path, InodeAttributes.MAY_READ, caller);
          return allowed != 0 ? allowed : update(inode, mask);
        });
  }

  private synchronized long update(Inode inode, int mask) {
    int kept = mask & (Inotify.IN_ALL_EVENTS | Inotify.IN_ONESHOT | Inotify.IN_EXCL_UNLINK);
    for (Watch watch : watches.values()) {
      if (watch.inode == inode) {
        if ((mask & Inotify.IN_MASK_CREATE) != 0) {
          return -Errno.EEXIST;
        }
        watch.mask = (mask & Inotify.IN_MASK_ADD) != 0 ? watch.mask | kept : kept;
        return watch.number;
      }
    }
    if (watches.size() >= MAX_WATCHES) {
      return -Errno.ENOSPC;
    }
    Watch watch = new Watch(++lastWatch, inode, kept);
    watches.put(watch.number, watch);
    NotifyMarks.add(inode, watch);
    return watch.number;
  }

  /** Watches no longer. 0 or −EINVAL. */
  public long removeWatch(int number) {
    Watch watch;
    synchronized (this) {
      watch = watches.get(number);
    }
    if (watch == null) {
      return -Errno.EINVAL;
    }
    end(watch);
    return 0;
  }

  private void end(Watch watch) {
    if (forget(watch)) {
      NotifyMarks.remove(watch.inode, watch);
      queue(new Event(watch.number, Inotify.IN_IGNORED, 0, null));
    }
  }

  private synchronized boolean forget(Watch watch) {
    return watches.remove(watch.number, watch);
  }

  private void queue(Event event) {
    synchronized (this) {
      if (event.equals(events.peekLast())) {
        return; // the same again tells nothing new
      }
      if (events.size() < MAX_QUEUED) {
        events.addLast(event);
      } else if (events.size() == MAX_QUEUED) {
        events.addLast(new Event(-1, Inotify.IN_Q_OVERFLOW, 0, null));
      }
    }
    readers.wakeUp();
  }

  private synchronized boolean hasEvents() {
    return !events.isEmpty();
  }

  /** The next event if it fits; null when there is none. */
  private synchronized @Nullable Event take(long room, boolean[] tooLarge) {
    Event first = events.peekFirst();
    if (first != null && first.bytes() > room) {
      tooLarge[0] = true;
      return null;
    }
    return events.pollFirst();
  }

  @Override
  public int supplies() {
    return READ_ITER;
  }

  @Override
  public long readIter(Kiocb kiocb, IovIter to) {
    long done = 0;
    boolean[] tooLarge = new boolean[1];
    while (true) {
      Event event = take(to.count(), tooLarge);
      if (event != null) {
        byte[] bytes = event.encode();
        if (to.copyToIter(bytes, 0, bytes.length) != bytes.length) {
          return done == 0 ? -Errno.EFAULT : done;
        }
        done += bytes.length;
        continue;
      }
      if (done > 0) {
        return done;
      }
      if (tooLarge[0]) {
        return -Errno.EINVAL;
      }
      if ((kiocb.file.flags & Fcntl.O_NONBLOCK) != 0) {
        return -Errno.EAGAIN;
      }
      long waited = readers.waitEvent(kiocb.caller, this::hasEvents, WaitQueue.NO_DEADLINE);
      if (waited != 0) {
        return waited;
      }
    }
  }

  @Override
  public int poll(File file, @Nullable PollTable table) {
    if (table != null) {
      table.add(readers);
    }
    return hasEvents() ? Poll.POLLIN | Poll.POLLRDNORM : 0;
  }

  @Override
  public long ioctl(File file, int request, long argument, Caller caller) {
    if (request != Ioctl.FIONREAD) {
      return -Errno.ENOTTY;
    }
    int bytes = 0;
    synchronized (this) {
      for (Event event : events) {
        bytes += event.bytes();
      }
    }
    caller.memory().writeInt(argument, bytes);
    return 0;
  }

  @Override
  public void release(Inode inode, File file) {
    List<Watch> all;
    synchronized (this) {
      all = List.copyOf(watches.values());
      watches.clear();
      events.clear();
    }
    for (Watch watch : all) {
      NotifyMarks.remove(watch.inode, watch);
    }
  }
}
