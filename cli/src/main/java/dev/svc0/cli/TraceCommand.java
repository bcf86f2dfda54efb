package dev.svc0.cli;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TraceSelection;
import dev.svc0.runtime.trace.TraceSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a program and records what every layer does for it. */
@Command(
    name = "trace",
    description = "Run a program, traced from its system calls to the block driver.",
    footer = {
      "",
      "Examples:",
      "  svc0 trace --graph --image disk.img:/mnt ./prog",
      "  svc0 trace --graph --call write ./prog",
      "  svc0 trace --html report.html --image disk.img:/mnt ./prog",
      "",
      "The program's own output goes to standard output; the graph goes there too, after the program",
      "has ended, or to the file that --out names."
    })
final class TraceCommand implements Callable<Integer> {
  final MachineOptions machine = new MachineOptions();

  @Option(names = "--graph", description = "Print the call graph, as the kernel's function_graph.")
  boolean graph;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a report: timeline, graph, latencies, disk; one file, opens offline.")
  @Nullable Path html;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the graph to a file instead of standard output.")
  @Nullable Path out;

  @Option(
      names = "--format",
      paramLabel = "FORMAT=FILE",
      description =
          "Write the trace in this format too; may be given several times: ${COMPLETION-CANDIDATES}."
              + " For blktrace FILE is a folder.")
  Map<TraceFormat, Path> formats = new LinkedHashMap<>();

  @Option(
      names = "--call",
      paramLabel = "NAME",
      split = ",",
      description =
          "Show only these system calls, and what the kernel's own threads do (default: the write"
              + " family and the syncs; 'all' for every call).")
  List<String> calls = new ArrayList<>();

  @Option(
      names = "--layer",
      split = ",",
      paramLabel = "LAYER",
      description = "Trace only these layers: ${COMPLETION-CANDIDATES}.")
  List<Traced.Layer> layers = new ArrayList<>();

  @Option(
      names = "--function",
      split = ",",
      paramLabel = "PATTERN",
      description = "Trace only functions with these names; * stands for anything.")
  List<String> functions = new ArrayList<>();

  @Option(names = "--operations", description = "Show the id of the operation behind each call.")
  boolean operations;

  @Parameters(arity = "1..*", paramLabel = "PROGRAM [ARG…]", description = "What to run.")
  List<String> command = new ArrayList<>();

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if (!graph && html == null && formats.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "Say what to make of the trace: --graph, --html FILE, --format FORMAT=FILE");
    }
    TraceCapture capture;
    int status;
    try (Session session = new Session(machine, command);
        TraceSession trace = TraceSession.start(selection())) {
      status = session.run();
      session.close(); // the last write-back belongs to the trace
      capture = trace.stop();
    }
    TraceOutputs outputs = new TraceOutputs(capture, calls, Path.of(command.getFirst()));
    if (graph) {
      outputs.graph(out, operations);
    }
    if (html != null) {
      outputs.html(html, String.join(" ", command));
    }
    for (Map.Entry<TraceFormat, Path> format : formats.entrySet()) {
      outputs.write(format.getKey(), format.getValue());
    }
    if (capture.lost() > 0) {
      System.err.println("svc0: " + capture.verdict());
    }
    return status;
  }

  private TraceSelection selection() {
    TraceSelection selection = TraceSelection.everything();
    selection =
        layers.isEmpty()
            ? withoutEntry(selection)
            : selection.inLayers(layers.toArray(Traced.Layer[]::new));
    if (!functions.isEmpty()) {
      selection = selection.named(functions.toArray(String[]::new));
    }
    return selection;
  }

  /** Without the entry code, which is the same around every call. */
  static TraceSelection withoutEntry(TraceSelection selection) {
    return selection.inLayers(
        EnumSet.complementOf(EnumSet.of(Traced.Layer.ENTRY, Traced.Layer.INHERIT))
            .toArray(Traced.Layer[]::new));
  }
}
