package dev.svc0.cli;

import dev.svc0.runtime.pagecache.Writeback;
import dev.svc0.runtime.task.KernelOptions;
import java.util.List;
import java.util.Map;

/** The limits of a kernel that {@code --kernel-option} sets, under the names of /proc/sys. */
final class KernelTuning {
  private static final String THREADS = "kernel.threads-max";
  private static final String BACKGROUND = "vm.dirty_background_bytes";
  private static final String DIRTY = "vm.dirty_bytes";
  private static final String EXPIRE = "vm.dirty_expire_centisecs";
  private static final String INTERVAL = "vm.dirty_writeback_centisecs";
  static final List<String> NAMES = List.of(THREADS, BACKGROUND, DIRTY, EXPIRE, INTERVAL);

  private static final long PAGE_SIZE = 4096;
  private static final long NANOS_PER_CENTISECOND = 10_000_000;

  private final Map<String, String> values;

  KernelTuning(Map<String, String> values) {
    this.values = values;
    for (String name : values.keySet()) {
      if (!NAMES.contains(name)) {
        throw MachineOptions.usage(
            "there is no --kernel-option " + name + "; there are " + String.join(", ", NAMES));
      }
    }
  }

  private long get(String name, long otherwise) {
    String text = values.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      long value = Long.parseLong(text);
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message for every wrong form
    }
    throw MachineOptions.usage(
        "--kernel-option " + name + " takes a number above 0, not '" + text + "'");
  }

  /** What the kernel is built with. */
  KernelOptions apply(KernelOptions options) {
    return options.withMaxTasks((int) Math.min(get(THREADS, options.maxTasks()), 1 << 20));
  }

  /** What write-back is told once the kernel is there; defaults as in Linux. */
  void apply(Writeback writeback, long pageCacheBytes) {
    if (values.containsKey(BACKGROUND) || values.containsKey(DIRTY)) {
      long dirty = get(DIRTY, pageCacheBytes / 5);
      long background = Math.min(get(BACKGROUND, pageCacheBytes / 10), dirty / 2);
      writeback.setDirtyLimits(Math.max(1, background / PAGE_SIZE), Math.max(2, dirty / PAGE_SIZE));
    }
    if (values.containsKey(EXPIRE) || values.containsKey(INTERVAL)) {
      writeback.setAges(
          get(EXPIRE, 3000) * NANOS_PER_CENTISECOND, get(INTERVAL, 500) * NANOS_PER_CENTISECOND);
    }
  }
}
