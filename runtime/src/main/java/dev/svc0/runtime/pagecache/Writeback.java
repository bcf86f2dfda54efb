package dev.svc0.runtime.pagecache;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.sched.KernelThread;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.trace.event.WritebackTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Brings dirty owners and their folios to the store: in the background when too much is dirty, by
 * age, and when asked. One a kernel, with a thread of its own, which sleeps while nothing is dirty.
 * <i>Linux:</i> fs/fs-writeback.c, mm/page-writeback.c.
 *
 * <p>Owners stand on one list in the order in which they became dirty. An owner being written
 * stands on none, and goes back to its end if it is dirty again or still.
 *
 * <p><i>Locks:</i> the object's monitor protects the lists. No I/O is started with it held.
 */
@Traced(layer = Traced.Layer.PAGECACHE)
public final class Writeback implements AutoCloseable {
  private static final long EXPIRE_NANOS = 30_000_000_000L;
  private static final long INTERVAL_NANOS = 5_000_000_000L;

  private static final long CHUNK_PAGES = 1024;
  private static final long RETRY_NANOS = 100_000_000L;
  private static final long PAUSE_MILLIS = 10;

  private final AtomicLong dirtyPages = new AtomicLong();
  private final AtomicLong writebackPages = new AtomicLong();
  private final FolioLru lru = new FolioLru(this);
  private final KernelThread flusher;

  private volatile long expireNanos = EXPIRE_NANOS;
  private volatile long intervalNanos = INTERVAL_NANOS;
  private volatile long backgroundLimit;
  private volatile long hardLimit;
  private int throttled;
  private volatile boolean hasThrottled;

  private @Nullable DirtyEntry head;
  private @Nullable DirtyEntry tail;
  private final List<DirtyEntry> syncing = new ArrayList<>();
  private final List<AddressSpace> underWriteback = new ArrayList<>();
  private long pagesWanted;
  private boolean closed;
  private @Nullable Throwable death;

  /** Starts the flusher. */
  public Writeback() {
    flusher = new KernelThread(this::run, "flush");
    flusher.start();
  }

  /** The folios that can be reclaimed. */
  FolioLru lru() {
    return lru;
  }

  /**
   * Sets above how many dirty pages the flusher starts, and above how many writers wait for it.
   * Unset, they are 10 % and 20 % of the page frames.
   */
  public void setDirtyLimits(long backgroundPages, long hardPages) {
    backgroundLimit = backgroundPages;
    hardLimit = hardPages;
  }

  /**
   * Sets how old dirty data gets before it is written, and how often the flusher looks; at first 30
   * s and 5 s. <i>Linux:</i> dirty_expire_centisecs, dirty_writeback_centisecs.
   */
  public void setAges(long newExpireNanos, long newIntervalNanos) {
    expireNanos = newExpireNanos;
    intervalNanos = newIntervalNanos;
    synchronized (this) {
      notifyAll();
    }
  }

  /** Above how many dirty pages the flusher starts, in a kernel of so many frames. */
  public long backgroundLimit(FrameAllocator frames) {
    return hardLimit == 0 ? Math.max(frames.limitPages() / 10, 1) : backgroundLimit;
  }

  /** Above how many dirty pages writers wait, in a kernel of so many frames. */
  public long hardLimit(FrameAllocator frames) {
    return hardLimit == 0 ? Math.max(frames.limitPages() / 5, 2) : hardLimit;
  }

  /** How old dirty data gets, see {@link #setAges}. */
  public long expireNanos() {
    return expireNanos;
  }

  /** How often the flusher looks, see {@link #setAges}. */
  public long intervalNanos() {
    return intervalNanos;
  }

  /** Gives up every clean folio that nobody uses. <i>Linux:</i> drop_caches. */
  public void dropClean(FrameAllocator frames) {
    lru.dropClean(frames);
  }

  /** Puts an owner on the dirty list. Called by {@link PageCacheOwner#markDirty}. */
  public void addDirty(PageCacheOwner owner, AddressSpace mapping) {
    DirtyEntry entry = mapping.dirtyEntry;
    if (WritebackTrace.writebackMarkInodeDirtyOn()) {
      WritebackTrace.writebackMarkInodeDirty(
          owner.traceDevice(), owner.traceInode(), entry.state, 0);
    }
    if ((entry.state & (DirtyEntry.QUEUED | DirtyEntry.REDIRTIED)) == 0) {
      queueOrRemember(entry);
    }
  }

  private synchronized void queueOrRemember(DirtyEntry entry) {
    if ((entry.state & DirtyEntry.SYNCING) != 0) {
      setState(entry, entry.state | DirtyEntry.REDIRTIED);
    } else if ((entry.state & DirtyEntry.QUEUED) == 0) {
      entry.dirtiedNanos = System.nanoTime();
      inodeIoListMoveLocked(entry);
    }
  }

  @Traced("inode_io_list_move_locked")
  private void inodeIoListMoveLocked(DirtyEntry entry) {
    setState(entry, entry.state | DirtyEntry.QUEUED);
    entry.previous = tail;
    entry.next = null;
    if (tail != null) {
      tail.next = entry;
    } else {
      head = entry;
      wbWakeupDelayed();
    }
    tail = entry;
  }

  /** The first owner became dirty: the flusher must look again after its interval. */
  @Traced("wb_wakeup_delayed")
  private void wbWakeupDelayed() {
    notifyAll();
  }

  /** Puts an owner that has more to write in front, so that the round goes on with it. */
  private void requeueFirst(DirtyEntry entry) {
    setState(entry, entry.state | DirtyEntry.QUEUED);
    entry.roundNanos--;
    entry.next = head;
    entry.previous = null;
    if (head != null) {
      head.previous = entry;
    } else {
      tail = entry;
    }
    head = entry;
  }

  private static void setState(DirtyEntry entry, int state) {
    entry.state = state;
  }

  private void unlink(DirtyEntry entry) {
    if (entry.previous != null) {
      entry.previous.next = entry.next;
    } else {
      head = entry.next;
    }
    if (entry.next != null) {
      entry.next.previous = entry.previous;
    } else {
      tail = entry.previous;
    }
    entry.next = null;
    entry.previous = null;
    setState(entry, entry.state & ~DirtyEntry.QUEUED);
  }

  /** Takes an owner off every list, waiting for a write of it that is under way. */
  public void forget(PageCacheOwner owner) {
    DirtyEntry entry = owner.mapping().dirtyEntry;
    if (entry.state == 0) {
      return;
    }
    synchronized (this) {
      while ((entry.state & DirtyEntry.SYNCING) != 0) {
        sleep(0);
      }
      if ((entry.state & DirtyEntry.QUEUED) != 0) {
        unlink(entry);
      }
    }
  }

  /** Slows a writer down when too much is dirty. */
  @Traced("balance_dirty_pages_ratelimited")
  public void balanceDirtyPagesRatelimited(AddressSpace mapping) {
    balanceDirtyPagesRatelimitedFlags(mapping);
  }

  /** The work of {@link #balanceDirtyPagesRatelimited}. */
  @Traced("balance_dirty_pages_ratelimited_flags")
  public void balanceDirtyPagesRatelimitedFlags(AddressSpace mapping) {
    if (hardLimit == 0) {
      setDirtyLimits(backgroundLimit(mapping.frames()), hardLimit(mapping.frames()));
    }
    if (dirtyPages.get() + writebackPages.get() > backgroundLimit) {
      balanceDirtyPages();
    }
  }

  @Traced("balance_dirty_pages")
  private void balanceDirtyPages() {
    if (ThreadState.current().memalloc) {
      return;
    }
    if (dirtyPages.get() > backgroundLimit) {
      wakeFlusher(0);
    }
    if (dirtyPages.get() + writebackPages.get() <= hardLimit) {
      return;
    }
    WritebackTrace.balanceDirtyPages(0, hardLimit, dirtyPages.get(), PAUSE_MILLIS);
    ThreadState.flushPlugBeforeSleep();
    synchronized (this) {
      hasThrottled = ++throttled > 0;
      try {
        while (dirtyPages.get() + writebackPages.get() > hardLimit && hasWork()) {
          notifyAll();
          sleep(PAUSE_MILLIS);
        }
      } finally {
        hasThrottled = --throttled > 0;
      }
    }
  }

  /** Whether there is anything a throttled writer can wait for. */
  private boolean hasWork() {
    return !closed && (head != null || !syncing.isEmpty() || writebackPages.get() > 0);
  }

  /** Has the flusher write at least so many pages, or what is above the background limit for 0. */
  synchronized void wakeFlusher(long pages) {
    pagesWanted = Math.max(pagesWanted, pages);
    notifyAll();
  }

  /** Waits a little, or until some write is complete. */
  void awaitProgress(long millis) {
    ThreadState.flushPlugBeforeSleep();
    synchronized (this) {
      hasThrottled = ++throttled > 0;
      try {
        sleep(millis);
      } finally {
        hasThrottled = --throttled > 0;
      }
    }
  }

  /** Waits on the monitor; a host interrupt is a wake-up like any other. */
  private void sleep(long millis) {
    if (death != null) {
      throw new IllegalStateException("the flusher died", death);
    }
    try {
      wait(millis);
    } catch (InterruptedException e) {
      // The caller looks again.
    }
  }

  void accountDirtied(int pages) {
    dirtyPages.addAndGet(pages);
  }

  void accountCleaned(int pages) {
    dirtyPages.addAndGet(-pages);
  }

  void accountWriteback(int pages) {
    writebackPages.addAndGet(pages);
    if (pages < 0 && hasThrottled) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  @Traced("sb_mark_inode_writeback")
  synchronized void markInodeWriteback(AddressSpace mapping) {
    if (!mapping.dirtyEntry.underWriteback) {
      mapping.dirtyEntry.underWriteback = true;
      underWriteback.add(mapping);
    }
  }

  @Traced("sb_clear_inode_writeback")
  synchronized void clearInodeWriteback(AddressSpace mapping) {
    if (mapping.dirtyEntry.underWriteback && !mapping.hasWriteback()) {
      mapping.dirtyEntry.underWriteback = false;
      underWriteback.remove(mapping);
    }
  }

  /** Writes one owner: its pages, then its attributes. 0 or −errno. */
  @Traced("writeback_single_inode")
  public long writeOwner(PageCacheOwner owner, AddressSpace mapping, WritebackControl control) {
    DirtyEntry entry = mapping.dirtyEntry;
    synchronized (this) {
      while ((entry.state & DirtyEntry.SYNCING) != 0) {
        if (control.syncMode == WritebackControl.SyncMode.NONE) {
          return 0;
        }
        sleep(0);
      }
      beginSync(entry);
    }
    try {
      return writebackSingleInode(owner, mapping, control);
    } finally {
      endSync(entry, control);
    }
  }

  private void beginSync(DirtyEntry entry) {
    if ((entry.state & DirtyEntry.QUEUED) != 0) {
      unlink(entry);
    }
    entry.state = DirtyEntry.SYNCING;
    syncing.add(entry);
  }

  private void endSync(DirtyEntry entry, WritebackControl control) {
    boolean dirty = entry.mapping.hasDirty();
    synchronized (this) {
      boolean again = (entry.state & DirtyEntry.REDIRTIED) != 0;
      entry.state = 0;
      syncing.remove(entry);
      if (dirty && control.nrToWrite <= 0) {
        requeueFirst(entry);
      } else if (again || dirty) {
        entry.dirtiedNanos = System.nanoTime();
        inodeIoListMoveLocked(entry);
      }
      notifyAll();
    }
  }

  @Traced("__writeback_single_inode")
  private static long writebackSingleInode(
      PageCacheOwner owner, AddressSpace mapping, WritebackControl control) {
    if (WritebackTrace.writebackSingleInodeStartOn()) {
      WritebackTrace.writebackSingleInodeStart(
          owner.traceDevice(), owner.traceInode(), mapping.dirtyEntry.state, control.nrToWrite);
    }
    long before = control.nrToWrite;
    long error = PageWriteback.doWritepages(mapping, control);
    if (control.syncMode == WritebackControl.SyncMode.ALL) {
      long waited = Filemap.filemapFdatawaitRange(mapping, 0, Long.MAX_VALUE);
      error = error == 0 ? waited : error;
    }
    long attributes = owner.writeAttributes(control);
    if (WritebackTrace.writebackSingleInodeOn()) {
      WritebackTrace.writebackSingleInode(
          owner.traceDevice(),
          owner.traceInode(),
          mapping.dirtyEntry.state,
          before - control.nrToWrite);
    }
    return error == 0 ? attributes : error;
  }

  /** Writes every dirty owner that the filter accepts and waits. The first error, or 0. */
  @Traced("sync_inodes_sb")
  public long sync(Predicate<PageCacheOwner> which) {
    List<AddressSpace> dirty = matching(which);
    for (AddressSpace mapping : dirty) {
      writeOwner(mapping.host(), mapping, new WritebackControl());
    }
    long error = 0;
    for (AddressSpace mapping : dirty) {
      WritebackControl control = new WritebackControl();
      control.syncMode = WritebackControl.SyncMode.ALL;
      long result = writeOwner(mapping.host(), mapping, control);
      error = error == 0 ? result : error;
    }
    for (AddressSpace mapping : busy(which)) {
      long result = Filemap.filemapFdatawaitRange(mapping, 0, Long.MAX_VALUE);
      error = error == 0 ? result : error;
    }
    return error;
  }

  /** Owners on the dirty list, and those that some thread is writing. */
  private synchronized List<AddressSpace> matching(Predicate<PageCacheOwner> which) {
    List<AddressSpace> result = new ArrayList<>();
    for (DirtyEntry entry = head; entry != null; entry = entry.next) {
      if (which.test(entry.mapping.host())) {
        result.add(entry.mapping);
      }
    }
    for (DirtyEntry entry : syncing) {
      if (which.test(entry.mapping.host())) {
        result.add(entry.mapping);
      }
    }
    return result;
  }

  private synchronized List<AddressSpace> busy(Predicate<PageCacheOwner> which) {
    return underWriteback.stream().filter(mapping -> which.test(mapping.host())).toList();
  }

  /** Dirty pages now, over all files. */
  public long dirtyPages() {
    return dirtyPages.get();
  }

  /** Pages being written now, over all files. */
  public long writebackPages() {
    return writebackPages.get();
  }

  private void run() {
    ThreadState.current().memalloc = true;
    try {
      wbWorkfn();
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        death = e;
        notifyAll();
      }
      throw e;
    }
  }

  private void wbWorkfn() {
    while (true) {
      long deadline;
      synchronized (this) {
        deadline = System.nanoTime() + intervalNanos;
        while (!closed && pagesWanted == 0 && !overBackground() && waiting(deadline)) {
          sleep(head == null ? 0 : millisUntil(deadline));
          if (head == null) {
            deadline = System.nanoTime() + intervalNanos;
          }
        }
        if (closed) {
          return;
        }
      }
      if (wbWriteback() == 0) {
        pauseAfterNothing();
      }
    }
  }

  private boolean overBackground() {
    return head != null && hardLimit != 0 && dirtyPages.get() > backgroundLimit;
  }

  private boolean waiting(long deadline) {
    return head == null || System.nanoTime() - deadline < 0;
  }

  private static long millisUntil(long deadline) {
    return Math.max((deadline - System.nanoTime()) / 1_000_000, 1);
  }

  /** Nothing could be written although there was a wish: what is busy now is not for a moment. */
  private synchronized void pauseAfterNothing() {
    if (!closed && (overBackground() || pagesWanted > 0)) {
      pagesWanted = 0;
      sleep(RETRY_NANOS / 1_000_000);
    }
  }

  /** One round over the list; the number of pages it wrote. */
  @Traced("wb_writeback")
  private long wbWriteback() {
    long now = System.nanoTime();
    long written = 0;
    WritebackTrace.writebackStart(0, pagesWanted, 0);
    AddressSpace mapping = nextToWrite(now);
    while (mapping != null) {
      written += flush(mapping);
      mapping = nextToWrite(now);
    }
    WritebackTrace.writebackWritten(0, written, 0);
    synchronized (this) {
      pagesWanted = Math.max(pagesWanted - written, 0);
      if (head == null) {
        pagesWanted = 0;
      }
    }
    return written;
  }

  private long flush(AddressSpace mapping) {
    WritebackControl control = new WritebackControl();
    control.nrToWrite = CHUNK_PAGES;
    control.forBackground = true;
    writeOwner(mapping.host(), mapping, control); // errors were noted where they happened
    return CHUNK_PAGES - control.nrToWrite;
  }

  /** The oldest owner, if it is to be written now and was not yet looked at in this round. */
  private synchronized @Nullable AddressSpace nextToWrite(long roundNanos) {
    DirtyEntry oldest = head;
    if (closed || oldest == null || oldest.roundNanos == roundNanos) {
      return null;
    }
    boolean old = System.nanoTime() - oldest.dirtiedNanos >= expireNanos;
    if (!old && pagesWanted == 0 && !overBackground()) {
      return null;
    }
    oldest.roundNanos = roundNanos;
    return oldest.mapping;
  }

  /** Stops the flusher; nothing is written. Whoever wants the data synced it before. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (flusher.isAlive()) {
      try {
        flusher.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
