package dev.svc0.fs.procfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FilesStruct;
import dev.svc0.runtime.vfs.FsStruct;
import dev.svc0.runtime.vfs.Path;
import dev.svc0.runtime.vfs.ProcessInfo;
import dev.svc0.runtime.vfs.ProcessTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The nodes of /proc/PID, and of its threads. */
final class ProcPid {
  private static final int MAX_DIGITS = 9;

  private final ProcessTable table;
  private final MountText mounts;

  ProcPid(ProcessTable table, MountText mounts) {
    this.table = table;
    this.mounts = mounts;
  }

  /** The number a name stands for; −1 when it is none. */
  static int number(String name) {
    boolean plain = !name.isEmpty() && name.length() <= MAX_DIGITS;
    for (int i = 0; plain && i < name.length(); i++) {
      plain = name.charAt(i) >= '0' && name.charAt(i) <= '9';
    }
    boolean leadingZero = plain && name.length() > 1 && name.charAt(0) == '0';
    return plain && !leadingZero ? Integer.parseInt(name) : -1;
  }

  ProcNode directory(ProcessInfo process) {
    int pid = process.pid();
    BooleanSupplier alive = () -> process.equals(table.process(pid));
    ProcNode.Common common = new ProcNode.Common(0555, process::cred, alive);
    List<ProcNode.Entry> entries = new ArrayList<>(common(process, pid, common));
    entries.add(
        new ProcNode.Entry(
            "task",
            new ProcNode.Directory(
                common, name -> thread(process, name, common), () -> threads(process, common))));
    return ProcNode.Directory.of(common, entries);
  }

  private @Nullable ProcNode thread(ProcessInfo process, String name, ProcNode.Common common) {
    int tid = number(name);
    return hasThread(process, tid) ? threadDirectory(process, tid, common) : null;
  }

  private static boolean hasThread(ProcessInfo process, int tid) {
    return Arrays.stream(process.threads()).anyMatch(one -> one == tid);
  }

  private List<ProcNode.Entry> threads(ProcessInfo process, ProcNode.Common common) {
    List<ProcNode.Entry> result = new ArrayList<>();
    for (int tid : process.threads()) {
      result.add(new ProcNode.Entry(Integer.toString(tid), threadDirectory(process, tid, common)));
    }
    return result;
  }

  private ProcNode threadDirectory(ProcessInfo process, int tid, ProcNode.Common whole) {
    ProcNode.Common common =
        new ProcNode.Common(0555, whole.ownerOf(), () -> hasThread(process, tid));
    return ProcNode.Directory.of(common, common(process, tid, common));
  }

  /** What processes and threads have alike. */
  private List<ProcNode.Entry> common(ProcessInfo process, int tid, ProcNode.Common owner) {
    ProcNode.Common readable = owner.withMode(0444);
    ProcNode.Common secret = owner.withMode(0400);
    return List.of(
        text("cmdline", readable, c -> ProcessText.cmdline(process)),
        new ProcNode.Entry(
            "comm",
            new ProcNode.Text(
                owner.withMode(0644),
                c -> process.comm(tid) + "\n",
                (name, caller) -> setComm(process, tid, name, caller))),
        link("cwd", owner, () -> pathOf(process, FsStruct::workingDirectory)),
        text("environ", secret, c -> ProcessText.environ(process)),
        link("exe", owner, process::executable),
        new ProcNode.Entry("fd", fds(process, owner)),
        new ProcNode.Entry("fdinfo", fdinfos(process, owner)),
        text("io", secret, c -> ProcessText.io(process)),
        text("limits", readable, c -> ProcessText.limits(process)),
        text("maps", readable, c -> ProcessText.maps(process)),
        text("mountinfo", readable, mounts::mountinfo),
        text("mounts", readable, mounts::mounts),
        text("oom_score_adj", owner.withMode(0444), c -> "0\n"),
        link("root", owner, () -> pathOf(process, FsStruct::root)),
        text("smaps", readable, c -> MemoryText.smaps(process)),
        text("smaps_rollup", readable, c -> MemoryText.rollup(process)),
        text("stat", readable, c -> ProcessText.stat(process, tid)),
        text("statm", readable, c -> ProcessText.statm(process)),
        text("status", readable, c -> ProcessText.status(process, tid)));
  }

  private static ProcNode.Entry text(
      String name, ProcNode.Common common, Function<Caller, String> content) {
    return new ProcNode.Entry(name, new ProcNode.Text(common, content, null));
  }

  private static ProcNode.Entry link(
      String name, ProcNode.Common common, Supplier<@Nullable Path> target) {
    return new ProcNode.Entry(name, new ProcNode.MagicLink(common.withMode(0777), target));
  }

  private static @Nullable Path pathOf(ProcessInfo process, Function<FsStruct, Path> which) {
    FsStruct fs = process.fs();
    return fs == null ? null : which.apply(fs);
  }

  private static @Nullable File fileOf(ProcessInfo process, int fd) {
    FilesStruct files = process.files();
    return files == null || fd < 0 ? null : files.lookup(fd);
  }

  private static long setComm(ProcessInfo process, int tid, String name, Caller caller) {
    if (process.pid() != caller.pid()) {
      return -Errno.EINVAL;
    }
    process.setComm(tid, name.endsWith("\n") ? name.substring(0, name.length() - 1) : name);
    return 0;
  }

  /** Makes the node of a descriptor. */
  @FunctionalInterface
  private interface PerFd {
    ProcNode of(int fd, File file, ProcNode.Common common);
  }

  private static ProcNode fds(ProcessInfo process, ProcNode.Common owner) {
    return perFd(
        process,
        owner,
        (fd, file, common) -> {
          int read = file.hasMode(File.FMODE_READ) ? 0500 : 0;
          int write = file.hasMode(File.FMODE_WRITE) ? 0300 : 0;
          return new ProcNode.MagicLink(
              common.withMode(read | write),
              () -> fileOf(process, fd) == file ? file.path() : null);
        });
  }

  private static ProcNode fdinfos(ProcessInfo process, ProcNode.Common owner) {
    return perFd(
        process,
        owner,
        (fd, file, common) ->
            new ProcNode.Text(
                common.withMode(0400), c -> ProcessText.fdinfo(process, fd, file), null));
  }

  private static ProcNode perFd(ProcessInfo process, ProcNode.Common owner, PerFd perFd) {
    return new ProcNode.Directory(
        owner.withMode(0500),
        name -> {
          int fd = number(name);
          File file = fileOf(process, fd);
          return file == null ? null : perFd.of(fd, file, fdCommon(process, fd, file, owner));
        },
        () -> {
          List<ProcNode.Entry> result = new ArrayList<>();
          FilesStruct files = process.files();
          if (files == null) {
            return result;
          }
          for (int fd = files.nextUsed(0); fd >= 0; fd = files.nextUsed(fd + 1)) {
            File file = files.lookup(fd);
            if (file != null) {
              ProcNode node = perFd.of(fd, file, fdCommon(process, fd, file, owner));
              result.add(new ProcNode.Entry(Integer.toString(fd), node));
            }
          }
          return result;
        });
  }

  private static ProcNode.Common fdCommon(
      ProcessInfo process, int fd, File file, ProcNode.Common owner) {
    Supplier<Cred> ownerOf = owner.ownerOf();
    return new ProcNode.Common(0500, ownerOf, () -> fileOf(process, fd) == file);
  }
}
