package dev.svc0.fs.procfs;

import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.ProcessInfo;
import dev.svc0.runtime.vfs.ProcessTable;
import dev.svc0.runtime.vfs.Vfs;
import java.util.Locale;

/** Texts about the machine. */
final class SystemText {
  /** Clock ticks a second in texts (USER_HZ). */
  static final long USER_HZ = 100;

  private static final long NANOS_PER_TICK = 1_000_000_000 / USER_HZ;
  private static final long KIB_PER_PAGE = 4;

  private final Vfs vfs;
  private final ProcessTable table;

  SystemText(Vfs vfs, ProcessTable table) {
    this.vfs = vfs;
    this.table = table;
  }

  static long ticks(long nanos) {
    return nanos / NANOS_PER_TICK;
  }

  String cpuinfo() {
    return table.cpuinfo();
  }

  int cpus() {
    long count = table.cpuinfo().lines().filter(line -> line.startsWith("processor")).count();
    return (int) Math.max(count, 1);
  }

  /** Processor time of all processes: user in [0], system in [1]. */
  private long[] cpuNanos() {
    long[] sum = new long[2];
    for (int pid : table.pids()) {
      ProcessInfo process = table.process(pid);
      if (process != null) {
        long[] own = process.cpuNanos();
        sum[0] += own[0];
        sum[1] += own[1];
      }
    }
    return sum;
  }

  String uptime() {
    long[] used = cpuNanos();
    long idle = Math.max(0, table.uptimeNanos() * cpus() - used[0] - used[1]);
    return String.format(Locale.ROOT, "%.2f %.2f%n", table.uptimeNanos() / 1e9, idle / 1e9);
  }

  String loadavg() {
    int threads = 0;
    int last = 0;
    for (int pid : table.pids()) {
      ProcessInfo process = table.process(pid);
      threads += process == null ? 0 : process.threads().length;
      last = pid;
    }
    return "0.00 0.00 0.00 1/" + threads + " " + last + "\n";
  }

  String meminfo() {
    long[] memory = table.memory();
    long total = memory[0] >>> 10;
    long free = memory[1] >>> 10;
    long cached = vfs.frames().usedPages() * KIB_PER_PAGE;
    long anonymous = Math.max(0, total - free - cached);
    StringBuilder text = new StringBuilder();
    line(text, "MemTotal", total);
    line(text, "MemFree", free);
    line(text, "MemAvailable", free + cached);
    line(text, "Buffers", 0);
    line(text, "Cached", cached);
    line(text, "SwapCached", 0);
    line(text, "Active", anonymous);
    line(text, "Inactive", cached);
    line(text, "SwapTotal", 0);
    line(text, "SwapFree", 0);
    line(text, "Dirty", vfs.writeback().dirtyPages() * KIB_PER_PAGE);
    line(text, "Writeback", vfs.writeback().writebackPages() * KIB_PER_PAGE);
    line(text, "AnonPages", anonymous);
    line(text, "Mapped", 0);
    line(text, "Shmem", 0);
    line(text, "CommitLimit", total);
    line(text, "Committed_AS", anonymous);
    return text.toString();
  }

  private static void line(StringBuilder text, String name, long kibibytes) {
    text.append(String.format(Locale.ROOT, "%-15s %8d kB%n", name + ":", kibibytes));
  }

  String stat() {
    long[] used = cpuNanos();
    int running = 0;
    for (int pid : table.pids()) {
      ProcessInfo process = table.process(pid);
      running += process != null && process.state(pid) == 'R' ? 1 : 0;
    }
    int cpus = cpus();
    long idle = Math.max(0, table.uptimeNanos() * cpus - used[0] - used[1]);
    StringBuilder text = new StringBuilder();
    cpuLine(text, "cpu ", used[0], used[1], idle);
    for (int cpu = 0; cpu < cpus; cpu++) {
      cpuLine(text, "cpu" + cpu, used[0] / cpus, used[1] / cpus, idle / cpus);
    }
    text.append("intr 0\nctxt 0\nbtime ").append(table.bootSeconds());
    text.append("\nprocesses ").append(table.pids().length);
    text.append("\nprocs_running ").append(Math.max(running, 1));
    return text.append("\nprocs_blocked 0\n").toString();
  }

  private static void cpuLine(StringBuilder text, String name, long user, long system, long idle) {
    text.append(name).append(' ').append(ticks(user)).append(" 0 ").append(ticks(system));
    text.append(' ').append(ticks(idle)).append(" 0 0 0 0 0 0\n");
  }

  String vmstat() {
    return "nr_free_pages "
        + (vfs.frames().limitPages() - vfs.frames().usedPages())
        + "\nnr_dirty "
        + vfs.writeback().dirtyPages()
        + "\n";
  }

  String diskstats() {
    StringBuilder text = new StringBuilder();
    for (BlockDevice device : vfs.devices().all()) {
      text.append(device.stats().line(device));
    }
    return text.toString();
  }

  String partitions() {
    StringBuilder text = new StringBuilder("major minor  #blocks  name\n\n");
    for (BlockDevice device : vfs.devices().all()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%4d  %7d %10d %s%n",
              device.major(),
              device.minor(),
              device.sizeBytes() >>> 10,
              device.name()));
    }
    return text.toString();
  }

  String devices() {
    return "Character devices:\n  1 mem\n  5 /dev/tty\n  5 /dev/console\n\nBlock devices:\n";
  }

  String filesystems() {
    StringBuilder text = new StringBuilder();
    for (FileSystemType type : vfs.types()) {
      text.append(type.requiresDevice() ? "" : "nodev").append('\t').append(type.name());
      text.append('\n');
    }
    return text.toString();
  }
}
