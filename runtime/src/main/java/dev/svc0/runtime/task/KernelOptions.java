package dev.svc0.runtime.task;

import java.time.InstantSource;

/**
 * What a kernel is built with.
 *
 * @param hostname what uname(2) answers as node name
 * @param memoryBytes memory for programs; more is refused with ENOMEM
 * @param pageCacheBytes memory for the page cache and shared memory
 * @param maxTasks threads that may exist at a time; more is refused with EAGAIN
 * @param cpus processors that programs see
 * @param clock the wall clock
 * @param fileClock what files get as times; the wall clock unless it is said otherwise
 */
public record KernelOptions(
    String hostname,
    long memoryBytes,
    long pageCacheBytes,
    int maxTasks,
    int cpus,
    InstantSource clock,
    InstantSource fileClock) {

  private static final long MEBIBYTE = 1L << 20;

  /** 1 GiB for programs, 256 MiB of page cache, 4,096 tasks, the host's processors and clock. */
  public static KernelOptions defaults() {
    return new KernelOptions(
        "svc0",
        1024 * MEBIBYTE,
        256 * MEBIBYTE,
        4096,
        Runtime.getRuntime().availableProcessors(),
        InstantSource.system(),
        InstantSource.system());
  }

  /** Whether its wall clock is the host's. */
  public boolean hasHostClock() {
    return clock.equals(InstantSource.system());
  }

  /** With another node name. */
  public KernelOptions withHostname(String name) {
    return new KernelOptions(name, memoryBytes, pageCacheBytes, maxTasks, cpus, clock, fileClock);
  }

  /** With another bound of programs' memory. */
  public KernelOptions withMemoryBytes(long bytes) {
    return new KernelOptions(hostname, bytes, pageCacheBytes, maxTasks, cpus, clock, fileClock);
  }

  /** With another bound of the page cache. */
  public KernelOptions withPageCacheBytes(long bytes) {
    return new KernelOptions(hostname, memoryBytes, bytes, maxTasks, cpus, clock, fileClock);
  }

  /** With another bound of tasks. */
  public KernelOptions withMaxTasks(int tasks) {
    return new KernelOptions(hostname, memoryBytes, pageCacheBytes, tasks, cpus, clock, fileClock);
  }

  /** With another number of processors. */
  public KernelOptions withCpus(int count) {
    return new KernelOptions(
        hostname, memoryBytes, pageCacheBytes, maxTasks, count, clock, fileClock);
  }

  /** With another clock, for files too. */
  public KernelOptions withClock(InstantSource source) {
    return new KernelOptions(hostname, memoryBytes, pageCacheBytes, maxTasks, cpus, source, source);
  }

  /** With another clock for the times of files alone. */
  public KernelOptions withFileClock(InstantSource source) {
    return new KernelOptions(hostname, memoryBytes, pageCacheBytes, maxTasks, cpus, clock, source);
  }
}
