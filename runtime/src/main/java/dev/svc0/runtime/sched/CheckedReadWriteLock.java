package dev.svc0.runtime.sched;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A lock for readers and writers that tells {@link LockOrder} who takes it. */
final class CheckedReadWriteLock extends ReentrantReadWriteLock {
  private static final long serialVersionUID = 1;

  private final Read read;
  private final Write write;

  CheckedReadWriteLock(LockClass lockClass) {
    read = new Read(this, lockClass);
    write = new Write(this, lockClass);
  }

  @Override
  public ReentrantReadWriteLock.ReadLock readLock() {
    return read;
  }

  @Override
  public ReentrantReadWriteLock.WriteLock writeLock() {
    return write;
  }

  private boolean isHeld() {
    return isWriteLockedByCurrentThread() || getReadHoldCount() > 0;
  }

  private static final class Read extends ReentrantReadWriteLock.ReadLock {
    private static final long serialVersionUID = 1;

    private final CheckedReadWriteLock whole;
    private final LockClass lockClass;

    Read(CheckedReadWriteLock whole, LockClass lockClass) {
      super(whole);
      this.whole = whole;
      this.lockClass = lockClass;
    }

    @Override
    public void lock() {
      if (!whole.isHeld()) {
        LockOrder.beforeWaiting(lockClass);
      }
      super.lock();
      LockOrder.taken(lockClass);
    }

    @Override
    public boolean tryLock() {
      return LockOrder.takenIf(super.tryLock(), lockClass);
    }

    @Override
    public void unlock() {
      super.unlock();
      LockOrder.released(lockClass);
    }
  }

  private static final class Write extends ReentrantReadWriteLock.WriteLock {
    private static final long serialVersionUID = 1;

    private final CheckedReadWriteLock whole;
    private final LockClass lockClass;

    Write(CheckedReadWriteLock whole, LockClass lockClass) {
      super(whole);
      this.whole = whole;
      this.lockClass = lockClass;
    }

    @Override
    public void lock() {
      if (!whole.isHeld()) {
        LockOrder.beforeWaiting(lockClass);
      }
      super.lock();
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
}
