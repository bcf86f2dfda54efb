package dev.svc0.fs.procfs;

import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.mm.PageUse;
import dev.svc0.runtime.mm.VmArea;
import dev.svc0.runtime.mm.VmAreaUse;
import dev.svc0.runtime.vfs.ProcessInfo;
import java.util.List;
import java.util.Locale;

/** The mappings of a process as text. <i>Linux:</i> fs/proc/task_mmu.c. */
final class MemoryText {
  private static final int NAME_COLUMN = 73;
  private static final int PAGE_KIB = 4;

  private MemoryText() {}

  /** The line of maps, which is the first of each mapping in smaps too. */
  static void header(StringBuilder text, VmArea area) {
    int prot = area.prot();
    String line =
        String.format(
            Locale.ROOT,
            "%08x-%08x %c%c%c%c %08x %02x:%02x %d ",
            area.start(),
            area.end(),
            (prot & MmapConstants.PROT_READ) != 0 ? 'r' : '-',
            (prot & MmapConstants.PROT_WRITE) != 0 ? 'w' : '-',
            (prot & MmapConstants.PROT_EXEC) != 0 ? 'x' : '-',
            area.shared() ? 's' : 'p',
            area.offsetBytes(),
            area.device() >>> 20,
            area.device() & 0xfffff,
            area.inode());
    text.append(line);
    if (!area.name().isEmpty()) {
      text.append(" ".repeat(Math.max(0, NAME_COLUMN - line.length())));
      text.append(area.name().replace("\n", "\\012"));
    }
    text.append('\n');
  }

  private static List<VmAreaUse> uses(ProcessInfo process) {
    MemoryManager memory = process.memory();
    return memory == null ? List.of() : memory.areaUses();
  }

  static String smaps(ProcessInfo process) {
    StringBuilder text = new StringBuilder();
    for (VmAreaUse one : uses(process)) {
      header(text, one.area());
      kib(text, "Size", one.area().end() - one.area().start() >> 10);
      kib(text, "KernelPageSize", PAGE_KIB);
      kib(text, "MMUPageSize", PAGE_KIB);
      fields(text, one.use(), false);
      text.append(String.format(Locale.ROOT, "%-16s%8d%n", "THPeligible:", 0));
      text.append("VmFlags: ").append(one.flags()).append('\n');
    }
    return text.toString();
  }

  /** Nothing for a process without memory, as a kernel thread. */
  static String rollup(ProcessInfo process) {
    List<VmAreaUse> all = uses(process);
    StringBuilder text = new StringBuilder();
    if (!all.isEmpty()) {
      long start = all.getFirst().area().start();
      long end = all.getLast().area().end();
      header(text, new VmArea(start, end, 0, false, 0, 0, 0, "[rollup]"));
      PageUse sum = new PageUse();
      all.forEach(one -> sum.add(one.use()));
      fields(text, sum, true);
    }
    return text.toString();
  }

  /** What both have. Nothing here is swapped, merged, huge or freed lazily. */
  private static void fields(StringBuilder text, PageUse use, boolean rollup) {
    bytes(text, "Rss", use.resident());
    bytes(text, "Pss", use.proportional());
    bytes(text, "Pss_Dirty", use.proportionalDirty());
    if (rollup) {
      bytes(text, "Pss_Anon", use.proportionalAnonymous());
      bytes(text, "Pss_File", use.proportionalFile());
      bytes(text, "Pss_Shmem", use.proportionalShmem());
    }
    bytes(text, "Shared_Clean", use.sharedClean());
    bytes(text, "Shared_Dirty", use.sharedDirty());
    bytes(text, "Private_Clean", use.privateClean());
    bytes(text, "Private_Dirty", use.privateDirty());
    bytes(text, "Referenced", use.referenced());
    bytes(text, "Anonymous", use.anonymous());
    kib(text, "KSM", 0);
    kib(text, "LazyFree", 0);
    kib(text, "AnonHugePages", 0);
    kib(text, "ShmemPmdMapped", 0);
    kib(text, "FilePmdMapped", 0);
    kib(text, "Shared_Hugetlb", 0);
    kib(text, "Private_Hugetlb", 0);
    kib(text, "Swap", 0);
    kib(text, "SwapPss", 0);
    bytes(text, "Locked", use.proportionalLocked());
  }

  private static void bytes(StringBuilder text, String name, long bytes) {
    kib(text, name, bytes >> 10);
  }

  private static void kib(StringBuilder text, String name, long kib) {
    text.append(String.format(Locale.ROOT, "%-16s%8d kB%n", name + ":", kib));
  }
}
