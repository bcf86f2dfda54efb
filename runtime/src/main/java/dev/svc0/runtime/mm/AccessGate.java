package dev.svc0.runtime.mm;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * All who store through permissions of one address space, and how to be sure that none of them
 * still acts on a permission that was taken away. <i>Linux:</i> {@code flush_tlb_range}.
 */
final class AccessGate {
  /** Held for reading around a check and a store of the kernel. */
  private final StampedLock kernelStores = new StampedLock();

  /** Replaced as a whole, by writers that hold this. */
  private volatile WindowUser[] users = {};

  synchronized void add(WindowUser user) {
    WindowUser[] old = users;
    WindowUser[] all = Arrays.copyOf(old, old.length + 1);
    all[old.length] = user;
    users = all;
  }

  synchronized void remove(WindowUser user) {
    users = Arrays.stream(users).filter(u -> u != user).toArray(WindowUser[]::new);
  }

  /** The current thread's own entry, if it is inside. */
  @Nullable WindowUser currentInside() {
    for (WindowUser user : users) {
      if (user.isCurrentThread()) {
        return user.isInside() ? user : null;
      }
    }
    return null;
  }

  long beginStore() {
    return kernelStores.readLock();
  }

  void endStore(long stamp) {
    kernelStores.unlockRead(stamp);
  }

  /**
   * Waits for every store that may have seen the permissions of before. The caller is not inside.
   * Short: nobody blocks between the check and the store.
   */
  void flush() {
    VarHandle.fullFence();
    WindowUser[] all = users;
    if (all.length > 1 || all.length == 1 && !all[0].isCurrentThread()) {
      MemoryBarrier.onOtherThreads();
    }
    long[] observed = new long[all.length];
    for (int i = 0; i < all.length; i++) {
      observed[i] = all[i].isCurrentThread() ? 0 : all[i].observe();
      all[i].request(observed[i]);
    }
    for (int i = 0; i < all.length; i++) {
      all[i].awaitLeave(observed[i]);
    }
    kernelStores.unlockWrite(kernelStores.writeLock());
  }
}
