package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Inotify;
import dev.svc0.runtime.abi.Signals;
import org.jspecify.annotations.Nullable;

/**
 * F_NOTIFY: a signal when something happens in an open directory. <i>Linux:</i> fs/notify/dnotify.
 *
 * <p>The signal goes to the thread that asked. The watch ends when the last descriptor of the open
 * file is closed, where Linux ends it with the first of the process.
 */
final class Dnotify implements NotifyMarks.Mark {
  private final File directory;
  private final Runnable whenClosed = this::remove;
  private volatile Caller caller;
  private volatile int mask;

  private Dnotify(File directory, Caller caller) {
    this.directory = directory;
    this.caller = caller;
  }

  /** Watches, adds to what is watched, or with no event stops watching. 0 or −errno. */
  static long fcntlDirnotify(File file, long events, Caller caller) {
    int wanted = (int) events;
    if (!file.inode().isDirectory()) {
      return -Errno.ENOTDIR;
    }
    synchronized (file) {
      Dnotify now = file.dnotify;
      if ((wanted & ~Fcntl.DN_MULTISHOT) == 0) {
        if (now != null) {
          file.forgetWhenClosed(now.whenClosed);
          now.remove();
        }
        return 0;
      }
      if (now == null) {
        now = new Dnotify(file, caller);
        now.mask = wanted;
        file.dnotify = now;
        file.whenClosed(now.whenClosed);
        NotifyMarks.add(file.inode(), now);
      } else {
        now.mask |= wanted;
        now.caller = caller;
      }
    }
    return 0;
  }

  private void remove() {
    synchronized (directory) {
      if (directory.dnotify == this) {
        directory.dnotify = null;
        NotifyMarks.remove(directory.inode(), this);
      }
    }
  }

  @Override
  public void event(int bits, int cookie, @Nullable String name) {
    int watched = mask;
    if ((bits & eventsOf(watched)) == 0) {
      return;
    }
    int signal = directory.ownerSignal;
    caller.sendSignal(signal == 0 ? Signals.SIGIO : signal);
    if ((watched & Fcntl.DN_MULTISHOT) == 0) {
      directory.forgetWhenClosed(whenClosed);
      remove();
    }
  }

  /** <i>Linux:</i> convert_arg. */
  private static int eventsOf(int dn) {
    int events = 0;
    if ((dn & Fcntl.DN_ACCESS) != 0) {
      events |= Inotify.IN_ACCESS;
    }
    if ((dn & Fcntl.DN_MODIFY) != 0) {
      events |= Inotify.IN_MODIFY;
    }
    if ((dn & Fcntl.DN_CREATE) != 0) {
      events |= Inotify.IN_CREATE | Inotify.IN_MOVED_TO;
    }
    if ((dn & Fcntl.DN_DELETE) != 0) {
      events |= Inotify.IN_DELETE | Inotify.IN_MOVED_FROM;
    }
    if ((dn & Fcntl.DN_RENAME) != 0) {
      events |= Inotify.IN_MOVED_FROM;
    }
    if ((dn & Fcntl.DN_ATTRIB) != 0) {
      events |= Inotify.IN_ATTRIB;
    }
    return events;
  }

  @Override
  public void ignored() {
    directory.forgetWhenClosed(whenClosed);
    remove();
  }
}
