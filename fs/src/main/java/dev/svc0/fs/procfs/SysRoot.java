package dev.svc0.fs.procfs;

import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.vfs.ProcessTable;
import dev.svc0.runtime.vfs.Vfs;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What programs look for in /sys: disks and processors. The links go where Linux has them. */
final class SysRoot {
  private static final String VIRTUAL_BLOCK = "devices/virtual/block/";

  private final Vfs vfs;

  SysRoot(Vfs vfs) {
    this.vfs = vfs;
  }

  ProcNode node() {
    return folder(
        links("block", BlockDevice::name, "../"),
        folder("class", links("block", BlockDevice::name, "../../")),
        folder("dev", links("block", SysRoot::number, "../../"), folder("char")),
        folder("devices", folder("system", processors()), folder("virtual", disks())),
        folder("fs"),
        folder("kernel"));
  }

  static ProcNode.Entry text(String name, Supplier<String> content) {
    return new ProcNode.Entry(
        name, new ProcNode.Text(ProcNode.Common.ofRoot(0444), caller -> content.get(), null));
  }

  static ProcNode.Entry number(String name, Supplier<Number> content) {
    return text(name, () -> content.get() + "\n");
  }

  static ProcNode folder(ProcNode.Entry... entries) {
    return ProcNode.Directory.of(ProcNode.Common.ofRoot(0755), List.of(entries));
  }

  static ProcNode.Entry folder(String name, ProcNode.Entry... entries) {
    return new ProcNode.Entry(name, folder(entries));
  }

  private static String number(BlockDevice disk) {
    return disk.major() + ":" + disk.minor();
  }

  /** A folder with something for each disk there is now. */
  private ProcNode.Entry eachDisk(
      String name, Function<BlockDevice, String> nameOf, Function<BlockDevice, ProcNode> nodeOf) {
    Function<String, @Nullable ProcNode> find =
        wanted -> {
          for (BlockDevice disk : vfs.devices().all()) {
            if (nameOf.apply(disk).equals(wanted)) {
              return nodeOf.apply(disk);
            }
          }
          return null;
        };
    Supplier<List<ProcNode.Entry>> list =
        () -> {
          List<ProcNode.Entry> all = new ArrayList<>();
          for (BlockDevice disk : vfs.devices().all()) {
            all.add(new ProcNode.Entry(nameOf.apply(disk), nodeOf.apply(disk)));
          }
          return all;
        };
    return new ProcNode.Entry(
        name, new ProcNode.Directory(ProcNode.Common.ofRoot(0755), find, list));
  }

  private ProcNode.Entry links(String name, Function<BlockDevice, String> nameOf, String up) {
    return eachDisk(
        name,
        nameOf,
        disk ->
            new ProcNode.NameLink(
                ProcNode.Common.ofRoot(0777), caller -> up + VIRTUAL_BLOCK + disk.name()));
  }

  private ProcNode.Entry disks() {
    return eachDisk("block", BlockDevice::name, SysBlock::of);
  }

  private ProcNode.Entry processors() {
    int count = new SystemText(vfs, table()).cpus();
    String range = count == 1 ? "0\n" : "0-" + (count - 1) + "\n";
    List<ProcNode.Entry> entries = new ArrayList<>();
    for (int cpu = 0; cpu < count; cpu++) {
      entries.add(processor(cpu));
    }
    entries.add(text("kernel_max", () -> "511\n"));
    entries.add(text("offline", () -> "\n"));
    entries.add(text("online", () -> range));
    entries.add(text("possible", () -> range));
    entries.add(text("present", () -> range));
    return folder("cpu", entries.toArray(ProcNode.Entry[]::new));
  }

  private ProcessTable table() {
    ProcessTable table = vfs.processes();
    if (table == null) {
      throw new IllegalStateException("/sys shows processors, and there is no kernel that has any");
    }
    return table;
  }

  private static ProcNode.Entry processor(int cpu) {
    String mask = Long.toHexString(1L << cpu) + "\n";
    return folder(
        "cpu" + cpu,
        folder(
            "topology",
            number("core_id", () -> cpu),
            text("core_cpus", () -> mask),
            text("core_siblings", () -> mask),
            text("thread_siblings", () -> mask),
            text("thread_siblings_list", () -> cpu + "\n"),
            text("physical_package_id", () -> "0\n")));
  }
}
