package dev.svc0.fs.procfs;

import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Ipc;
import dev.svc0.runtime.ipc.IpcText;
import dev.svc0.runtime.ipc.PosixQueues;
import dev.svc0.runtime.mm.HostRandom;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.ProcessInfo;
import dev.svc0.runtime.vfs.ProcessTable;
import dev.svc0.runtime.vfs.Vfs;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The nodes of /proc itself and of /proc/sys. */
final class ProcRoot {
  private static final int READABLE = 0444;

  private final ProcessTable table;
  private final SystemText system;
  private final ProcPid processes;
  private final List<ProcNode.Entry> fixed;
  private final NetText net;
  private final IpcText ipc;
  private final WritebackSettings dirty;
  private final String bootId = HostRandom.uuid().toString();

  ProcRoot(Vfs vfs, ProcessTable table) {
    this.table = table;
    this.system = new SystemText(vfs, table);
    this.processes = new ProcPid(table, new MountText(vfs));
    this.net = new NetText(vfs);
    this.ipc = new IpcText(vfs);
    this.dirty = new WritebackSettings(vfs);
    this.fixed = fixedEntries();
  }

  ProcNode node() {
    return new ProcNode.Directory(ProcNode.Common.ofRoot(0555), this::find, this::list);
  }

  private @Nullable ProcNode find(String name) {
    for (ProcNode.Entry entry : fixed) {
      if (entry.name().equals(name)) {
        return entry.node();
      }
    }
    int id = ProcPid.number(name);
    ProcessInfo process = id < 0 ? null : table.process(id);
    return process == null ? null : processes.directory(process);
  }

  private List<ProcNode.Entry> list() {
    List<ProcNode.Entry> result = new ArrayList<>(fixed);
    for (int pid : table.pids()) {
      ProcessInfo process = table.process(pid);
      if (process != null) {
        result.add(new ProcNode.Entry(Integer.toString(pid), processes.directory(process)));
      }
    }
    return result;
  }

  private static ProcNode.Entry text(String name, Supplier<String> content) {
    return new ProcNode.Entry(
        name, new ProcNode.Text(ProcNode.Common.ofRoot(READABLE), caller -> content.get(), null));
  }

  private static ProcNode.Entry link(String name, String target) {
    return new ProcNode.Entry(
        name, new ProcNode.NameLink(ProcNode.Common.ofRoot(0777), caller -> target));
  }

  private static ProcNode.Entry directory(String name, ProcNode.Entry... entries) {
    return new ProcNode.Entry(
        name, ProcNode.Directory.of(ProcNode.Common.ofRoot(0555), List.of(entries)));
  }

  private List<ProcNode.Entry> fixedEntries() {
    return List.of(
        text("cmdline", () -> "svc0\n"),
        text("cpuinfo", system::cpuinfo),
        text("devices", system::devices),
        text("diskstats", system::diskstats),
        text("filesystems", system::filesystems),
        text("loadavg", system::loadavg),
        text("meminfo", system::meminfo),
        link("mounts", "self/mounts"),
        text("partitions", system::partitions),
        new ProcNode.Entry(
            "self",
            new ProcNode.NameLink(
                ProcNode.Common.ofRoot(0777), caller -> Integer.toString(caller.pid()))),
        text("stat", system::stat),
        text("swaps", () -> "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"),
        net.directory(),
        directory("sys", kernelDirectory(), vmDirectory(), fsDirectory(), NetText.settings()),
        directory(
            "sysvipc",
            text("msg", ipc::queues),
            text("sem", ipc::semaphores),
            text("shm", ipc::segments)),
        new ProcNode.Entry(
            "thread-self",
            new ProcNode.NameLink(ProcNode.Common.ofRoot(0777), ProcRoot::threadSelf)),
        text("uptime", system::uptime),
        text("version", () -> table.version() + "\n"),
        text("vmstat", system::vmstat));
  }

  private static String threadSelf(Caller caller) {
    int tid = ThreadState.current().tid;
    return caller.pid() + "/task/" + (tid == 0 ? caller.pid() : tid);
  }

  private ProcNode.Entry kernelDirectory() {
    return directory(
        "kernel",
        text("cap_last_cap", () -> Capability.CAP_LAST_CAP + "\n"),
        text("hostname", () -> table.hostname() + "\n"),
        text("msgmax", () -> Ipc.MSGMAX + "\n"),
        text("msgmnb", () -> Ipc.MSGMNB + "\n"),
        text("msgmni", () -> Ipc.MSGMNI + "\n"),
        text("ngroups_max", () -> "65536\n"),
        text("osrelease", () -> table.release() + "\n"),
        text("ostype", () -> "Linux\n"),
        text("pid_max", () -> table.pidMax() + "\n"),
        directory(
            "random",
            text("boot_id", () -> bootId + "\n"),
            text("entropy_avail", () -> "256\n"),
            text("poolsize", () -> "256\n"),
            text("uuid", () -> HostRandom.uuid() + "\n")),
        text("sem", IpcText::semaphoreLimits),
        text("shmall", IpcText::sharedMemoryLimit),
        text("shmmax", IpcText::sharedMemoryLimit),
        text("shmmni", () -> Ipc.SHMMNI + "\n"));
  }

  private ProcNode.Entry vmDirectory() {
    return directory(
        "vm",
        dirty.background(),
        dirty.expire(),
        dirty.ratio(),
        dirty.interval(),
        dirty.dropCaches(),
        text("max_map_count", () -> "65530\n"),
        text("mmap_min_addr", () -> "4096\n"),
        text("overcommit_memory", () -> "0\n"),
        text("overcommit_ratio", () -> "50\n"),
        text("swappiness", () -> "60\n"));
  }

  private static ProcNode.Entry fsDirectory() {
    return directory(
        "fs",
        text("dir-notify-enable", () -> "1\n"),
        text("file-max", () -> "1048576\n"),
        directory(
            "mqueue",
            text("msg_default", () -> PosixQueues.MSG_DEFAULT + "\n"),
            text("msg_max", () -> PosixQueues.MSG_MAX + "\n"),
            text("msgsize_default", () -> PosixQueues.MSGSIZE_DEFAULT + "\n"),
            text("msgsize_max", () -> PosixQueues.MSGSIZE_MAX + "\n"),
            text("queues_max", () -> PosixQueues.QUEUES_MAX + "\n")),
        text("nr_open", () -> "1048576\n"),
        text("pipe-max-size", () -> "1048576\n"),
        text("protected_hardlinks", () -> "0\n"),
        text("protected_symlinks", () -> "0\n"));
  }
}
