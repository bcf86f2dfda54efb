package dev.svc0.runtime.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/** The order of locks is noticed before two threads ever meet. */
class LockOrderTest {
  private static void nested(Lock outer, Lock inner) {
    outer.lock();
    inner.lock();
    inner.unlock();
    outer.unlock();
  }

  @Test
  void anInversionOverAThirdLockIsFound() {
    assertThat(LockOrder.ENABLED).as("surefire sets svc0.lockOrder").isTrue();
    Lock pipe = LockOrder.lock(LockClass.PIPE);
    Lock disk = LockOrder.readWriteLock(LockClass.DISK).readLock();
    Lock map = LockOrder.readWriteLock(LockClass.MEMORY_MAP).writeLock();
    nested(pipe, disk);
    nested(disk, map);
    nested(pipe, map);
    assertThat(LockOrder.violations()).noneMatch(text -> text.contains("PIPE taken"));
    nested(map, pipe);
    assertThat(LockOrder.violations())
        .anyMatch(text -> text.startsWith("PIPE taken with MEMORY_MAP held"));
  }

  @Test
  void theDeclaredOrderNeedsNoSecondThread() {
    Lock inode = LockOrder.readWriteLock(LockClass.INODE).writeLock();
    Lock position = LockOrder.lock(LockClass.FILE_POSITION);
    nested(position, inode);
    nested(inode, position);
    assertThat(LockOrder.violations())
        .anyMatch(text -> text.startsWith("FILE_POSITION taken with INODE held"));
  }

  @Test
  void takingAgainAndTryingOrderNothing() {
    Lock blocks = LockOrder.readWriteLock(LockClass.FILE_BLOCKS).writeLock();
    Lock free = LockOrder.lock(LockClass.ALLOCATION);
    nested(blocks, free);
    free.lock();
    assertThat(blocks.tryLock()).isTrue();
    free.lock();
    blocks.lock();
    blocks.unlock();
    free.unlock();
    blocks.unlock();
    free.unlock();
    assertThat(LockOrder.violations()).noneMatch(text -> text.contains("ALLOCATION held"));
  }
}
