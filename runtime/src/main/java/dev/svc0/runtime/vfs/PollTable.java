package dev.svc0.runtime.vfs;

import dev.svc0.runtime.sched.WaitQueue;

/** Collects the wait queues that make a poll worth repeating. */
@FunctionalInterface
public interface PollTable {
  /** Wants to hear of wake-ups of this queue. */
  void add(WaitQueue queue);
}
