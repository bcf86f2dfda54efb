package dev.svc0.fs.procfs;

import dev.svc0.runtime.net.Net;
import dev.svc0.runtime.net.NetTables;
import dev.svc0.runtime.vfs.Vfs;
import java.util.List;
import java.util.function.Supplier;

/** The files of /proc/net. */
final class NetText {
  private final Net net;

  NetText(Vfs vfs) {
    net = Net.of(vfs);
  }

  private static ProcNode.Entry text(String name, Supplier<String> content) {
    return new ProcNode.Entry(
        name, new ProcNode.Text(ProcNode.Common.ofRoot(0444), caller -> content.get(), null));
  }

  ProcNode.Entry directory() {
    List<ProcNode.Entry> files =
        List.of(
            text("dev", NetTables::devices),
            text("route", NetTables::routes),
            text("tcp", () -> NetTables.tcp(net)),
            text("tcp6", () -> NetTables.tcp6(net)),
            text("udp", () -> NetTables.udp(net)),
            text("udp6", () -> NetTables.udp6(net)),
            text("unix", () -> NetTables.unix(net)));
    return new ProcNode.Entry("net", ProcNode.Directory.of(ProcNode.Common.ofRoot(0555), files));
  }

  /** What /proc/sys/net has. */
  static ProcNode.Entry settings() {
    ProcNode.Entry somaxconn = text("somaxconn", () -> "4096\n");
    ProcNode.Entry core =
        new ProcNode.Entry(
            "core", ProcNode.Directory.of(ProcNode.Common.ofRoot(0555), List.of(somaxconn)));
    return new ProcNode.Entry(
        "net", ProcNode.Directory.of(ProcNode.Common.ofRoot(0555), List.of(core)));
  }
}
