package dev.svc0.runtime.sched;

/**
 * Work that a thread holds back to merge it. It must be let go before the thread sleeps, because
 * what the thread waits for may be in it. <i>Linux:</i> {@code blk_plug}.
 */
public interface Plug {
  /** Lets everything held back go. */
  void flush();
}
