package dev.svc0.cli;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.trace.EventSelection;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TraceSelection;
import dev.svc0.runtime.trace.format.Locations;
import dev.svc0.runtime.trace.format.StraceText;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a program, or takes one that runs, and records what every layer does for it. */
@Command(
    name = "trace",
    description = "Run a program, traced from its system calls to the block driver.",
    footer = {
      "",
      "Examples:",
      "  svc0 trace --graph --image disk.img:/mnt ./prog",
      "  svc0 trace --graph --call write ./prog",
      "  svc0 trace --html report.html --image disk.img:/mnt ./prog",
      "  svc0 trace --format causes=- --stack --image disk.img:/mnt ./prog",
      "  svc0 trace --format strace=- -T -y ./prog",
      "  svc0 trace --format jsonl=out.jsonl --format jfr=out.jfr -e 'jbd2:*,ext4:*' ./prog",
      "  svc0 trace --where 'path~/mnt/* && duration>1ms' --graph ./prog",
      "  svc0 trace --hist call ./prog",
      "  svc0 trace --hist layer ./prog",
      "  svc0 trace --flight 50 --when 'result<0' --html report.html ./prog",
      "  svc0 trace --pid 4711 --for 10 --html report.html",
      "  svc0 trace --list",
      "",
      "The program's own output goes to standard output; the graph goes there too, after the program",
      "has ended, or to the file that --out names."
    })
final class TraceCommand implements Callable<Integer> {
  final MachineOptions machine = new MachineOptions();

  @Mixin TraceRecording recording = new TraceRecording();

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
              + " For blktrace FILE is a folder; for text - is standard error.")
  Map<TraceFormat, Path> formats = new LinkedHashMap<>();

  @Option(
      names = "--list",
      description = "List the tracepoints with their fields; -e chooses, --json for programs.")
  boolean list;

  @Option(names = "--json", description = "With --list: as JSON.")
  boolean json;

  @Option(
      names = "-e",
      split = ",",
      paramLabel = "EVENT",
      description =
          "Record these tracepoints too: a name, system:name, or a pattern with *. With"
              + " trace=CALL[,…]: strace and summary show only these system calls.")
  List<String> events = new ArrayList<>();

  @Option(names = "-T", description = "With --format strace: the time of each call.")
  boolean times;

  @Option(names = "-y", description = "Show the path behind each file descriptor.")
  boolean paths;

  @Option(
      names = "-s",
      paramLabel = "BYTES",
      defaultValue = "32",
      description = "Show so many bytes of a buffer (default: ${DEFAULT-VALUE}).")
  int stringLimit = 32;

  @Option(names = "-f", description = "As strace: threads and children too. Always so here.")
  boolean follow;

  @Option(
      names = "-c",
      description = "Print calls, errors and time by system call to standard error at the end.")
  boolean summary;

  @Option(
      names = "--stack",
      description = "Record the program's stack at each system call, by its frame pointers.")
  boolean stack;

  @Option(names = "--args", description = "Record the functions' arguments too, by name.")
  boolean arguments;

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

  @Option(
      names = "--class",
      split = ",",
      paramLabel = "PATTERN",
      description = "Trace only functions of these Java classes; * stands for anything.")
  List<String> classes = new ArrayList<>();

  @Option(
      names = "--annotation",
      split = ",",
      paramLabel = "NAME",
      description =
          "Trace only methods with one of these annotations, for example SyscallDefine or one of"
              + " your own.")
  List<String> annotations = new ArrayList<>();

  @Option(
      names = "--method",
      split = ",",
      paramLabel = "PATTERN",
      description =
          "Trace these Java methods too, which have no kernel function's name: for example"
              + " 'dev.svc0.fs.ext4.Ext4Groups.*'.")
  List<String> methods = new ArrayList<>();

  @Option(
      names = "--pid",
      paramLabel = "PID",
      description =
          "Record a program that another svc0 run of yours runs, by the process id of that svc0,"
              + " until it ends or this command is interrupted. With no other program.")
  long pid;

  @Option(names = "--for", paramLabel = "SECONDS", description = "With --pid: so long.")
  double seconds;

  @Option(names = "--operations", description = "Show the id of the operation behind each call.")
  boolean operations;

  @Parameters(arity = "0..*", paramLabel = "PROGRAM [ARG…]", description = "What to run.")
  List<String> command = new ArrayList<>();

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Where text goes; of the other terminal when a program is recorded that runs already. */
  private Console console = Console.own();

  /** The program that runs already, for a command from another terminal; else null. */
  private TraceRequests.@Nullable Target target;

  /** What relative names of files begin with. */
  private Path folder = Path.of("");

  /** Records for a command in another terminal; its exit status. */
  static int record(TraceWire.Request request, TraceRequests.Target target) {
    TraceCommand command = new TraceCommand();
    command.target = target;
    command.folder = request.folder();
    try (PrintStream out = target.wire().stream(TraceWire.Kind.OUT);
        PrintStream err = target.wire().stream(TraceWire.Kind.ERR)) {
      command.console = new Console(out, err);
      CommandLine line = new CommandLine(command);
      Svc0.configure(line, new Svc0());
      line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
      return line.execute(request.arguments().toArray(String[]::new));
    }
  }

  @Override
  public Integer call() throws IOException {
    if (list) {
      EventSelection wanted = events.isEmpty() ? EventSelection.of("*") : chosenEvents();
      if (json) {
        TraceList.json(wanted, System.out);
      } else {
        TraceList.text(wanted, System.out);
      }
      return 0;
    }
    checkUsage();
    TraceRequests.Target running = target;
    if (running != null) {
      return record(running);
    }
    if (pid != 0) {
      List<String> all = spec.root().commandLine().getParseResult().originalArgs();
      return new TraceAttach(pid, seconds).run(all.subList(all.indexOf("trace") + 1, all.size()));
    }
    TraceCapture capture;
    int status;
    recording.chooseEngine(machine);
    try (Session session = new Session(machine, command);
        TraceRun trace = run(session)) {
      status = session.run();
      session.close(); // the last write-back belongs to the trace
      capture = recording.finish(trace.stop(), trace, console.err());
    }
    write(capture, TraceRun.locations(machine, Path.of(command.getFirst())));
    return status;
  }

  private int record(TraceRequests.Target running) throws IOException {
    Session session = running.session();
    recording.requireEngine(session.options());
    TraceCapture capture;
    try (TraceRun trace = run(session)) {
      if (!running.record()) {
        return 0;
      }
      capture = recording.finish(trace.stop(), trace, console.err());
    } catch (IllegalStateException e) { // another trace is being recorded
      throw new CommandException(CommandException.FAILED, e.getMessage());
    }
    command = session.command();
    write(capture, TraceRun.locations(session.options(), Path.of(command.getFirst())));
    return 0;
  }

  private void checkUsage() {
    if (pid != 0 && !command.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--pid records what runs already: name no other program");
    }
    if (pid == 0 && seconds != 0) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--for goes with --pid only");
    }
    if (pid == 0 && command.isEmpty()) {
      throw new CommandLine.ParameterException(spec.commandLine(), "Say what to run");
    }
    TraceChecks.events(events.subList(0, firstTraced()));
    TraceChecks.calls("--call", calls, machine);
    TraceChecks.calls("-e trace=", straceCalls(), machine);
    Stream.of(html, out).filter(Objects::nonNull).map(folder::resolve).forEach(TraceChecks::file);
    formats.values().stream().map(folder::resolve).forEach(TraceChecks::file);
    if (!hasOutputs() && recording.histogram == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "Say what to make of the trace: --graph, --html FILE, --format FORMAT=FILE, -c, --hist");
    }
  }

  private boolean hasOutputs() {
    return graph || html != null || !formats.isEmpty() || summary;
  }

  private TraceRun run(Session session) {
    TraceRun run =
        TraceRun.of(session)
            .withOptions(recording.options(session.machine().dispatch(), hasOutputs()))
            .withEvents(chosenEvents())
            .withStringLimit(stringLimit);
    if (stack) {
      run.withEvents(EventSelection.of("user_stack"));
    }
    if (paths) {
      run.withPaths();
    }
    return run.start(needsFunctions() ? selection() : null);
  }

  /** Tracepoints alone cost less, and change no class. */
  private boolean needsFunctions() {
    return graph
        || recording.countsLayers()
        || html != null
        || !layers.isEmpty()
        || !functions.isEmpty()
        || !classes.isEmpty()
        || !annotations.isEmpty()
        || !methods.isEmpty()
        || formats.keySet().stream().anyMatch(TraceFormat::needsFunctions);
  }

  private void write(TraceCapture capture, Locations locations) throws IOException {
    StraceText.Options strace =
        new StraceText.Options(
            times ? StraceText.Options.Times.SHOWN : StraceText.Options.Times.HIDDEN,
            Set.copyOf(straceCalls()),
            TraceOutputs.STANDARD_ERROR.equals(formats.get(TraceFormat.STRACE))
                ? StraceText.Options.Tasks.BRACKETED
                : StraceText.Options.Tasks.NUMBERED);
    TraceOutputs outputs =
        new TraceOutputs(capture, calls, locations, console)
            .withStrace(strace)
            .withEvents(chosenEvents());
    if (graph) {
      outputs.graph(out == null ? null : folder.resolve(out), operations);
    }
    if (html != null) {
      outputs.html(folder.resolve(html), String.join(" ", command));
    }
    for (Map.Entry<TraceFormat, Path> format : formats.entrySet()) {
      Path file = format.getValue();
      outputs.write(
          format.getKey(), file.equals(TraceOutputs.STANDARD_ERROR) ? file : folder.resolve(file));
    }
    if (summary) {
      outputs.write(TraceFormat.SUMMARY, TraceOutputs.STANDARD_ERROR);
    }
    if (capture.lost() > 0) {
      console.err().println("svc0: " + capture.verdict());
    }
  }

  /** Of {@code -e} what names tracepoints. */
  private EventSelection chosenEvents() {
    int first = firstTraced();
    return EventSelection.of(events.subList(0, first).toArray(String[]::new));
  }

  /** Of {@code -e trace=…} the system calls. */
  private List<String> straceCalls() {
    return events.subList(firstTraced(), events.size()).stream()
        .map(name -> name.replaceFirst("^trace=", ""))
        .toList();
  }

  private int firstTraced() {
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).startsWith("trace=")) {
        return i;
      }
    }
    return events.size();
  }

  private TraceSelection selection() {
    TraceSelection selection = TraceSelection.everything();
    selection =
        layers.isEmpty()
            ? annotations.isEmpty() ? withoutEntry(selection) : selection
            : selection.inLayers(layers.toArray(Traced.Layer[]::new));
    if (!functions.isEmpty()) {
      selection = selection.named(functions.toArray(String[]::new));
    }
    if (!classes.isEmpty()) {
      selection = selection.inClasses(classes.toArray(String[]::new));
    }
    if (!annotations.isEmpty()) {
      selection = selection.annotated(annotations.toArray(String[]::new));
    }
    if (!methods.isEmpty()) {
      selection = selection.andMethods(methods.toArray(String[]::new));
    }
    return arguments ? selection.withArguments() : selection;
  }

  /** Without the entry code, which is the same around every call. */
  static TraceSelection withoutEntry(TraceSelection selection) {
    return selection.inLayers(
        EnumSet.complementOf(EnumSet.of(Traced.Layer.ENTRY, Traced.Layer.INHERIT))
            .toArray(Traced.Layer[]::new));
  }
}
