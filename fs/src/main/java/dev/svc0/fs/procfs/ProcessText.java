package dev.svc0.fs.procfs;

import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.mm.VmArea;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FilesStruct;
import dev.svc0.runtime.vfs.FsStruct;
import dev.svc0.runtime.vfs.ProcessInfo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Texts about one process or thread. */
final class ProcessText {
  /** The texts of stat show the first 31 signals. */
  private static final long SMALL_SIGNALS = 0x7fffffff;

  private ProcessText() {}

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static String cmdline(ProcessInfo process) {
    return text(process.commandLine());
  }

  static String environ(ProcessInfo process) {
    return text(process.environment());
  }

  static String fdinfo(ProcessInfo process, int fd, File file) {
    FilesStruct files = process.files();
    int cloexec = files != null && files.closeOnExec(fd) ? Fcntl.O_CLOEXEC : 0;
    return String.format(
        Locale.ROOT,
        "pos:\t%d%nflags:\t0%o%nmnt_id:\t%d%nino:\t%d%n",
        file.position,
        file.flags | cloexec,
        file.path().mount().id(),
        file.inode().number());
  }

  private static List<VmArea> areas(ProcessInfo process) {
    MemoryManager memory = process.memory();
    return memory == null ? List.of() : memory.areas();
  }

  static String maps(ProcessInfo process) {
    StringBuilder text = new StringBuilder();
    areas(process).forEach(area -> MemoryText.header(text, area));
    return text.toString();
  }

  private static long virtualPages(ProcessInfo process) {
    long pages = 0;
    for (VmArea area : areas(process)) {
      pages += area.end() - area.start() >>> 12;
    }
    return pages;
  }

  private static long residentPages(ProcessInfo process) {
    MemoryManager memory = process.memory();
    return memory == null ? 0 : memory.residentPages();
  }

  static String statm(ProcessInfo process) {
    long resident = residentPages(process);
    return virtualPages(process) + " " + resident + " 0 0 0 " + resident + " 0\n";
  }

  /** 52 fields, counted from 1 as in the manual; those not known are 0. */
  static String stat(ProcessInfo process, int tid) {
    long[] cpu = process.cpuNanos();
    long[] sets = process.signalSets(tid);
    String[] fields = new String[53];
    Arrays.fill(fields, "0");
    fields[1] = Integer.toString(tid);
    fields[2] = "(" + process.comm(tid) + ")";
    fields[3] = String.valueOf(process.state(tid));
    fields[4] = Integer.toString(process.parentPid());
    fields[5] = Integer.toString(process.processGroup());
    fields[6] = Integer.toString(process.session());
    int[] terminal = process.terminal();
    fields[7] = Integer.toString(encodeDevice(terminal[0]));
    fields[8] = Integer.toString(terminal[1]);
    fields[14] = Long.toString(SystemText.ticks(cpu[0]));
    fields[15] = Long.toString(SystemText.ticks(cpu[1]));
    fields[18] = "20";
    fields[20] = Integer.toString(process.threads().length);
    fields[22] = Long.toString(SystemText.ticks(process.startNanos()));
    fields[23] = Long.toString(virtualPages(process) << 12);
    fields[24] = Long.toString(residentPages(process));
    fields[25] = Long.toUnsignedString(process.limit(Rlimits.RLIMIT_RSS)[0]);
    fields[31] = Long.toString(sets[0] & SMALL_SIGNALS);
    fields[32] = Long.toString(sets[1] & SMALL_SIGNALS);
    fields[33] = Long.toString(sets[2] & SMALL_SIGNALS);
    fields[34] = Long.toString(sets[3] & SMALL_SIGNALS);
    fields[38] = Integer.toString(Signals.SIGCHLD);
    return String.join(" ", Arrays.asList(fields).subList(1, fields.length)) + "\n";
  }

  /** <i>Linux:</i> new_encode_dev. */
  private static int encodeDevice(int device) {
    int minor = device & 0xfffff;
    return minor & 0xff | device >>> 20 << 8 | (minor & ~0xff) << 12;
  }

  static String status(ProcessInfo process, int tid) {
    Cred cred = process.cred();
    FsStruct fs = process.fs();
    StringBuilder text = new StringBuilder();
    char state = process.state(tid);
    text.append("Name:\t").append(process.comm(tid));
    if (fs != null) {
      text.append(String.format(Locale.ROOT, "%nUmask:\t%04o", fs.umask));
    }
    text.append("\nState:\t").append(state).append(stateName(state));
    text.append("\nTgid:\t").append(process.pid());
    text.append("\nNgid:\t0\nPid:\t").append(tid);
    text.append("\nPPid:\t").append(process.parentPid());
    text.append("\nTracerPid:\t0");
    ids(text, "Uid", cred.uid(), cred.euid(), cred.suid(), cred.fsuid());
    ids(text, "Gid", cred.gid(), cred.egid(), cred.sgid(), cred.fsgid());
    text.append("\nFDSize:\t64\nGroups:\t");
    for (int group : cred.groups()) {
      text.append(Integer.toUnsignedString(group)).append(' ');
    }
    text.append("\nVmPeak:\t").append(kib(virtualPages(process)));
    text.append("\nVmSize:\t").append(kib(virtualPages(process)));
    text.append("\nVmHWM:\t").append(kib(residentPages(process)));
    text.append("\nVmRSS:\t").append(kib(residentPages(process)));
    text.append("\nThreads:\t").append(process.threads().length);
    long[] sets = process.signalSets(tid);
    set(text, "SigPnd", sets[0]);
    set(text, "SigBlk", sets[1]);
    set(text, "SigIgn", sets[2]);
    set(text, "SigCgt", sets[3]);
    set(text, "CapInh", cred.inheritable());
    set(text, "CapPrm", cred.permitted());
    set(text, "CapEff", cred.effective());
    text.append("\nvoluntary_ctxt_switches:\t0\nnonvoluntary_ctxt_switches:\t0\n");
    return text.toString();
  }

  private static String stateName(char state) {
    return switch (state) {
      case 'R' -> " (running)";
      case 'S' -> " (sleeping)";
      case 'T' -> " (stopped)";
      default -> " (zombie)";
    };
  }

  private static String kib(long pages) {
    return String.format(Locale.ROOT, "%8d kB", pages << 2);
  }

  private static void ids(StringBuilder text, String name, int real, int eff, int saved, int fs) {
    text.append('\n').append(name).append(":\t").append(Integer.toUnsignedString(real));
    text.append('\t').append(Integer.toUnsignedString(eff));
    text.append('\t').append(Integer.toUnsignedString(saved));
    text.append('\t').append(Integer.toUnsignedString(fs));
  }

  private static void set(StringBuilder text, String name, long bits) {
    text.append(String.format(Locale.ROOT, "%n%s:\t%016x", name, bits));
  }

  private static final String[] IO_NAMES = {
    "rchar", "wchar", "syscr", "syscw", "read_bytes", "write_bytes", "cancelled_write_bytes"
  };

  static String io(ProcessInfo process) {
    StringBuilder text = new StringBuilder();
    long[] counters = process.io();
    for (int i = 0; i < IO_NAMES.length; i++) {
      text.append(IO_NAMES[i]).append(": ").append(counters[i]).append('\n');
    }
    return text.toString();
  }

  private static final String[] LIMIT_NAMES = {
    "Max cpu time",
    "Max file size",
    "Max data size",
    "Max stack size",
    "Max core file size",
    "Max resident set",
    "Max processes",
    "Max open files",
    "Max locked memory",
    "Max address space",
    "Max file locks",
    "Max pending signals",
    "Max msgqueue size",
    "Max nice priority",
    "Max realtime priority",
    "Max realtime timeout"
  };
  private static final String[] LIMIT_UNITS = {
    "seconds",
    "bytes",
    "bytes",
    "bytes",
    "bytes",
    "bytes",
    "processes",
    "files",
    "bytes",
    "bytes",
    "locks",
    "signals",
    "bytes",
    "",
    "",
    "us"
  };

  static String limits(ProcessInfo process) {
    StringBuilder text = new StringBuilder();
    String row = "%-25s %-20s %-20s %-10s%n";
    text.append(String.format(Locale.ROOT, row, "Limit", "Soft Limit", "Hard Limit", "Units"));
    for (int i = 0; i < LIMIT_NAMES.length; i++) {
      String soft = limit(process.limit(i)[0]);
      String hard = limit(process.limit(i)[1]);
      text.append(String.format(Locale.ROOT, row, LIMIT_NAMES[i], soft, hard, LIMIT_UNITS[i]));
    }
    return text.toString();
  }

  private static String limit(long value) {
    return value == Rlimits.RLIM_INFINITY ? "unlimited" : Long.toUnsignedString(value);
  }
}
