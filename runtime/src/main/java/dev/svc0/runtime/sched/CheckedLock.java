package dev.svc0.runtime.sched;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A lock that tells {@link LockOrder} who takes it. */
final class CheckedLock extends ReentrantLock {
  private static final long serialVersionUID = 1;

  private final LockClass lockClass;

  CheckedLock(LockClass lockClass) {
    this.lockClass = lockClass;
  }

  @Override
  public void lock() {
    if (!isHeldByCurrentThread()) {
      LockOrder.beforeWaiting(lockClass);
    }
    super.lock();
    LockOrder.taken(lockClass);
  }

  @Override
  public void lockInterruptibly() throws InterruptedException {
    if (!isHeldByCurrentThread()) {
      LockOrder.beforeWaiting(lockClass);
    }
    super.lockInterruptibly();
    LockOrder.taken(lockClass);
  }

  @Override
  public boolean tryLock() {
    return LockOrder.takenIf(super.tryLock(), lockClass);
  }

  @Override
  public boolean tryLock(long timeout, TimeUnit unit) throws InterruptedException {
    return LockOrder.takenIf(super.tryLock(timeout, unit), lockClass);
  }

  @Override
  public void unlock() {
    super.unlock();
    LockOrder.released(lockClass);
  }
}
