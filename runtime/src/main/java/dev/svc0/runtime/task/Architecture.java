package dev.svc0.runtime.task;

import dev.svc0.runtime.mm.MemoryManager;

/** What the kernel core asks of an architecture. */
public interface Architecture {
  /** What uname(2) calls the machine, for example {@code aarch64}. */
  String machine();

  /** The text of /proc/cpuinfo for a number of processors. */
  String cpuinfo(int cpus);

  /** Registers for a new task, all zero. */
  ThreadContext newContext(MemoryManager mm);
}
