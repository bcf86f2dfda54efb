package dev.svc0.fs.jbd2;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.sched.KernelThread;
import dev.svc0.runtime.sched.ThreadState;
import org.jspecify.annotations.Nullable;

/** The thread that commits: when asked, and when a transaction gets too old. */
@Traced(layer = Traced.Layer.JOURNAL)
final class CommitThread {
  private final Journal journal;
  private final KernelThread thread;
  private boolean ending;
  private volatile @Nullable Throwable death;

  CommitThread(Journal journal) {
    this.journal = journal;
    thread = new KernelThread(this::run, "jbd2/" + journal.device.name());
  }

  void start() {
    thread.start();
  }

  /** Commits what there is, and ends the thread. */
  void end() {
    journal.lock.lock();
    try {
      ending = true;
      journal.commitWanted.signalAll();
    } finally {
      journal.lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable cause = death;
    if (cause != null) {
      throw new IllegalStateException("the journal's thread of this file system failed", cause);
    }
  }

  private void run() {
    ThreadState.current().memalloc = true; // memory is freed by committing
    try {
      kjournald();
    } catch (RuntimeException | Error e) {
      death = e;
      journal.commitDied();
      throw e;
    }
  }

  @Traced("kjournald2")
  private void kjournald() {
    while (waitForWork()) {
      journal.commit.commitTransaction();
    }
  }

  /** Waits until the running transaction is to be committed; false: the journal ends. */
  private boolean waitForWork() {
    journal.lock.lock();
    try {
      while (true) {
        Transaction now = journal.running;
        if (now == null && ending) {
          return false;
        }
        if (now != null && (ending || journal.commitRequest == now.tid)) {
          journal.commitRequest = now.tid;
          return true;
        }
        long left = now == null ? 0 : now.expiresNanos - System.nanoTime();
        if (now != null && left <= 0) {
          journal.commitRequest = now.tid;
          return true;
        }
        sleep(now != null, left);
      }
    } finally {
      journal.lock.unlock();
    }
  }

  private void sleep(boolean timed, long nanos) {
    try {
      if (timed) {
        long unused = journal.commitWanted.awaitNanos(nanos);
      } else {
        journal.commitWanted.await();
      }
    } catch (InterruptedException e) {
      // A host interrupt is a wake-up like any other: the caller looks again.
    }
  }
}
