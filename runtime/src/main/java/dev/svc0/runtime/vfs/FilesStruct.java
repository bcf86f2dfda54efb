package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A table of file descriptors, shared by threads (CLONE_FILES). <i>Linux:</i> {@code files_struct}.
 *
 * <p>Readers take no lock. The table grows by being replaced; changes are made under the monitor.
 */
@Traced(layer = Traced.Layer.VFS)
public final class FilesStruct {
  private static final int FIRST_CAPACITY = 64;

  /** What nr_open allows: no descriptor at or above. */
  public static final int NR_OPEN = 1 << 20;

  private volatile AtomicReferenceArray<@Nullable File> table =
      new AtomicReferenceArray<>(FIRST_CAPACITY);

  /** A bit a descriptor: taken. Protected by the monitor. */
  private long[] taken = new long[FIRST_CAPACITY / 64];

  /** A bit a descriptor: close on execve. Protected by the monitor. */
  private long[] closeOnExec = new long[FIRST_CAPACITY / 64];

  private final AtomicInteger users = new AtomicInteger(1);

  /** The file of a descriptor, or null. No reference is taken. */
  public @Nullable File lookup(int fd) {
    AtomicReferenceArray<@Nullable File> now = table;
    return fd >= 0 && fd < now.length() ? now.get(fd) : null;
  }

  /**
   * The file of a descriptor with a reference, or null; also null for one opened with O_PATH. The
   * caller gives it back with {@link File#put}. <i>Linux:</i> fdget.
   */
  @Traced("fdget")
  public @Nullable File fdget(int fd) {
    return getUnlessPath(fd);
  }

  /** The same, for who locks its position too. */
  @Nullable File getUnlessPath(int fd) {
    File file = fdgetRaw(fd);
    if (file != null && file.hasMode(File.FMODE_PATH)) {
      file.put();
      return null;
    }
    return file;
  }

  /** As {@link #fdget}, and O_PATH ones too. */
  public @Nullable File fdgetRaw(int fd) {
    while (true) {
      File file = lookup(fd);
      if (file == null || file.tryGet()) {
        return file;
      }
      Thread.onSpinWait(); // it is being closed: the slot changes now
    }
  }

  /**
   * Takes the lowest free descriptor from {@code from} on without a file yet; −EMFILE at the limit.
   */
  public synchronized int reserve(int from, boolean cloexec, long limit) {
    long bound = Long.compareUnsigned(limit, NR_OPEN) < 0 ? limit : NR_OPEN;
    int fd = nextFree(from);
    if (fd >= bound) {
      return -Errno.EMFILE;
    }
    ensure(fd);
    taken[fd >> 6] |= 1L << fd;
    setCloexecBit(fd, cloexec);
    return fd;
  }

  /** Gives a reserved descriptor back. */
  public synchronized void unreserve(int fd) {
    taken[fd >> 6] &= ~(1L << fd);
  }

  /** Puts a file at a reserved descriptor; takes over the caller's reference. */
  public synchronized void publish(int fd, File file) {
    table.set(fd, file);
  }

  /** Puts a file at the lowest free descriptor from {@code from} on; −EMFILE above the limit. */
  public synchronized int install(File file, int from, boolean cloexec, long limit) {
    int fd = reserve(from, cloexec, limit);
    if (fd >= 0) {
      publish(fd, file);
    }
    return fd;
  }

  /**
   * Puts a file at a descriptor; what was there is returned for the caller to close. −EBUSY, in the
   * sense of {@link #isReserved}, is the caller's to check.
   */
  public synchronized @Nullable File replace(int fd, File file, boolean cloexec) {
    ensure(fd);
    taken[fd >> 6] |= 1L << fd;
    setCloexecBit(fd, cloexec);
    return table.getAndSet(fd, file);
  }

  /** Whether an open of another thread is about to fill the descriptor. */
  public synchronized boolean isReserved(int fd) {
    return fd < table.length() && (taken[fd >> 6] & 1L << fd) != 0 && table.get(fd) == null;
  }

  /** Takes the file of a descriptor out; null when there is none. */
  public synchronized @Nullable File remove(int fd) {
    if (fd < 0 || fd >= table.length()) {
      return null;
    }
    File was = table.getAndSet(fd, null);
    if (was != null) {
      taken[fd >> 6] &= ~(1L << fd);
      setCloexecBit(fd, false);
    }
    return was;
  }

  /** Whether a descriptor closes on execve. */
  public synchronized boolean closeOnExec(int fd) {
    return fd >= 0 && fd < table.length() && (closeOnExec[fd >> 6] & 1L << fd) != 0;
  }

  /** Sets whether it does. */
  public synchronized void setCloseOnExec(int fd, boolean value) {
    if (lookup(fd) != null) {
      setCloexecBit(fd, value);
    }
  }

  /**
   * The first descriptor at or above one that is in use; −1 for none. For close_range and /proc.
   */
  public synchronized int nextUsed(int from) {
    AtomicReferenceArray<@Nullable File> now = table;
    for (int fd = Math.max(from, 0); fd < now.length(); fd++) {
      if (now.get(fd) != null) {
        return fd;
      }
    }
    return -1;
  }

  /**
   * Closes a file that was at a descriptor of this table: flush, locks of this process, reference.
   * <i>Linux:</i> filp_close.
   */
  public long filpClose(File file, Caller caller) {
    long result = 0;
    if (!file.hasMode(File.FMODE_PATH)) {
      result = file.operations().flush(file, caller);
      FileLocks.locksRemovePosix(file, this);
    }
    file.put();
    return result;
  }

  /** A copy for a child: the same files, counted once more. */
  public synchronized FilesStruct copy() {
    FilesStruct child = new FilesStruct();
    AtomicReferenceArray<@Nullable File> now = table;
    AtomicReferenceArray<@Nullable File> copy = new AtomicReferenceArray<>(now.length());
    child.taken = new long[taken.length];
    child.closeOnExec = closeOnExec.clone();
    for (int fd = 0; fd < now.length(); fd++) {
      File file = now.get(fd);
      if (file != null) {
        copy.set(fd, file.get());
        child.taken[fd >> 6] |= 1L << fd;
      }
    }
    child.table = copy;
    return child;
  }

  /** Closes what closes on execve. */
  public void closeOnExecAll(Caller caller) {
    for (int fd = nextUsed(0); fd >= 0; fd = nextUsed(fd + 1)) {
      if (closeOnExec(fd)) {
        close(fd, caller);
      }
    }
  }

  /** Closes everything: the last thread is gone. */
  public void closeAll(Caller caller) {
    for (int fd = nextUsed(0); fd >= 0; fd = nextUsed(fd + 1)) {
      close(fd, caller);
    }
  }

  private void close(int fd, Caller caller) {
    File file = remove(fd);
    if (file != null) {
      filpClose(file, caller);
    }
  }

  /** Whether more than one thread uses it. */
  public boolean isShared() {
    return users.get() > 1;
  }

  /** One more user of the table. */
  public FilesStruct retain() {
    users.incrementAndGet();
    return this;
  }

  /** One user less; the last one closes everything. */
  public void release(Caller caller) {
    if (users.decrementAndGet() == 0) {
      closeAll(caller);
    }
  }

  private int nextFree(int from) {
    int word = from >> 6;
    if (word >= taken.length) {
      return from;
    }
    long free = ~taken[word] & -1L << from;
    while (free == 0) {
      word++;
      if (word >= taken.length) {
        return word << 6;
      }
      free = ~taken[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(free);
  }

  private void setCloexecBit(int fd, boolean value) {
    if (value) {
      closeOnExec[fd >> 6] |= 1L << fd;
    } else {
      closeOnExec[fd >> 6] &= ~(1L << fd);
    }
  }

  private void ensure(int fd) {
    AtomicReferenceArray<@Nullable File> now = table;
    if (fd < now.length()) {
      return;
    }
    int capacity = Math.max(Integer.highestOneBit(fd) << 1, FIRST_CAPACITY);
    AtomicReferenceArray<@Nullable File> bigger = new AtomicReferenceArray<>(capacity);
    for (int i = 0; i < now.length(); i++) {
      bigger.set(i, now.get(i));
    }
    taken = Arrays.copyOf(taken, capacity / 64);
    closeOnExec = Arrays.copyOf(closeOnExec, capacity / 64);
    table = bigger;
  }
}
