package dev.svc0.runtime.task;

import org.jspecify.annotations.Nullable;

/** One thread's place in a futex queue; a thread waits for one futex at a time. */
final class FutexQ {
  final Task task;

  /** Links and key are protected by the bucket's monitor; the bucket changes by requeue. */
  @Nullable FutexQ next;

  @Nullable Object space;
  long offset;
  int bitset;
  volatile FutexTable.@Nullable Bucket bucket;
  volatile boolean woken;

  FutexQ(Task task) {
    this.task = task;
  }

  boolean matches(Object otherSpace, long otherOffset) {
    return space == otherSpace && offset == otherOffset;
  }
}
