package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The names that were looked up, found and not found, bounded in number. <i>Linux:</i> fs/dcache.c.
 *
 * <p>When there are too many, entries without users are forgotten, those not used lately first (a
 * clock with a second chance). A name in use is never forgotten: open files, working directories
 * and walks hold the inode.
 */
final class DentryCache {
  private static final int NAME_MAX = 255;
  private static final int BATCH = 256;

  private final int limit;
  private final Queue<Dentry> clock = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger dropped = new AtomicInteger();
  private final AtomicLong renames = new AtomicLong();

  DentryCache(int limit) {
    this.limit = limit;
  }

  /**
   * The entry of a name, positive or negative; asks the file system if it is not known.
   *
   * @return null with −errno in error[0]
   */
  @Nullable Dentry lookup(Dentry parent, Inode directory, String name, long[] error) {
    Dentry cached = lookupFast(parent, directory, name);
    return cached != null ? cached : lookupSlow(parent, directory, name, error);
  }

  /** The entry of a name if it is cached and still holds. */
  @Nullable Dentry lookupFast(Dentry parent, Inode directory, String name) {
    Dentry cached = parent.children.get(name);
    if (cached == null) {
      return null;
    }
    if (parent.superBlock().revalidates && !directory.operations().revalidate(directory, cached)) {
      dropTree(cached);
      return null;
    }
    if (!cached.referenced) {
      cached.referenced = true;
    }
    return cached;
  }

  private @Nullable Dentry lookupSlow(Dentry parent, Inode directory, String name, long[] error) {
    if (name.length() > NAME_MAX) {
      error[0] = -Errno.ENAMETOOLONG;
      return null;
    }
    directory.lock.writeLock().lock();
    try {
      if (directory.hasFlag(Inode.S_DEAD)) {
        error[0] = -Errno.ENOENT;
        return null;
      }
      Dentry cached = lookupFast(parent, directory, name);
      if (cached != null) {
        return cached;
      }
      Dentry entry = Dentry.allocate(parent, name);
      long result = directory.operations().lookup(directory, entry);
      if (result != 0) {
        error[0] = result;
        return null;
      }
      add(entry);
      return entry;
    } finally {
      directory.lock.writeLock().unlock();
    }
  }

  /** Caches a new entry; under its directory's lock. */
  void add(Dentry entry) {
    entry.rehash();
    clock.add(entry);
    count.incrementAndGet();
  }

  /** Forgets an entry and lets go of its inode. */
  void drop(Dentry entry) {
    if (entry.unhash()) {
      Inode inode = entry.inode();
      if (inode != null) {
        inode.put();
      }
      if (dropped.incrementAndGet() > Math.max(BATCH, count.get() / 2)) {
        sweep();
      }
    }
  }

  /** Lets go of entries that are out of the cache, and so of what their inodes keep alive. */
  private void sweep() {
    dropped.set(0);
    clock.removeIf(entry -> {
      boolean out = !entry.isHashed();
      if (out) {
        count.decrementAndGet();
      }
      return out;
    });
  }

  /** Forgets the entries of a directory that no longer hold; under its lock. */
  void dropStale(Dentry parent, Predicate<Dentry> stale) {
    for (Dentry child : parent.children.values()) {
      if (stale.test(child)) {
        dropTree(child);
      }
    }
  }

  /** Forgets an entry and everything cached below it. */
  void dropTree(Dentry top) {
    for (Dentry child : top.children.values()) {
      dropTree(child);
    }
    drop(top);
  }

  /** Forgets what is too much. Called without locks. */
  void shrink() {
    if (count.get() <= limit) {
      return;
    }
    for (int i = 0; i < BATCH; i++) {
      Dentry entry = clock.poll();
      if (entry == null) {
        return;
      }
      if (!entry.isHashed() || prune(entry)) {
        count.decrementAndGet();
      } else {
        clock.add(entry);
      }
    }
  }

  private boolean prune(Dentry entry) {
    if (entry.referenced) {
      entry.referenced = false;
      return false;
    }
    if (!entry.children.isEmpty() || entry.mounts.get() != 0) {
      return false;
    }
    Inode inode = entry.inode();
    synchronized (entry) {
      // Who removed the name meanwhile lets go of its reference himself.
      if (!entry.isHashed()) {
        return true;
      }
      if (inode != null && !inode.freezeLast()) {
        return false;
      }
      entry.unhash();
    }
    if (inode != null) {
      inode.superBlock().evictInode(inode);
    }
    return true;
  }

  /** A rename begins or ends: whoever builds a path meanwhile begins anew. */
  void renameStep() {
    renames.incrementAndGet();
  }

  /** Changes with each rename; odd while one is under way. */
  long renameSequence() {
    return renames.get();
  }
}
