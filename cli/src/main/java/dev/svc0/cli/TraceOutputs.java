package dev.svc0.cli;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.trace.BlockEvent;
import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.EventSelection;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.format.BioText;
import dev.svc0.runtime.trace.format.BlkTrace;
import dev.svc0.runtime.trace.format.ChromeTrace;
import dev.svc0.runtime.trace.format.FlameGraph;
import dev.svc0.runtime.trace.format.FoldedStacks;
import dev.svc0.runtime.trace.format.FunctionGraph;
import dev.svc0.runtime.trace.format.HtmlReport;
import dev.svc0.runtime.trace.format.JfrRecording;
import dev.svc0.runtime.trace.format.JsonLines;
import dev.svc0.runtime.trace.format.Locations;
import dev.svc0.runtime.trace.format.PerfettoTrace;
import dev.svc0.runtime.trace.format.StraceText;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes a capture in the forms that were asked for. */
final class TraceOutputs {
  /** What stands before the name of a system call's handler on arm64. */
  static final String PREFIX = "__arm64_sys_";

  /** The name that stands for standard error. */
  static final Path STANDARD_ERROR = Path.of("-");

  private static final Set<String> WRITES =
      Set.of(
          "write",
          "writev",
          "pwrite64",
          "pwritev",
          "pwritev2",
          "fsync",
          "fdatasync",
          "sync",
          "syncfs",
          "sync_file_range",
          "msync",
          "sendfile",
          "splice",
          "copy_file_range",
          "ftruncate",
          "fallocate");

  private final TraceCapture capture;
  private final List<String> calls;
  private final Console console;

  /** Operations of the calls that are shown; found when first needed. */
  private @Nullable Set<Long> operations;

  private final Locations locations;
  private StraceText.Options strace = StraceText.Options.defaults();
  private EventSelection events = EventSelection.none();

  /**
   * Outputs of a capture.
   *
   * @param calls names of the system calls that graphs show
   * @param locations what addresses of the program are called
   * @param console where text goes that is for no file
   */
  TraceOutputs(TraceCapture capture, List<String> calls, Locations locations, Console console) {
    this.capture = capture;
    this.console = console;
    this.calls = calls;
    this.locations = locations;
  }

  /** How the text of strace looks. */
  TraceOutputs withStrace(StraceText.Options options) {
    strace = options;
    return this;
  }

  /** Tracepoints that graphs show beside those of bios and requests. */
  TraceOutputs withEvents(EventSelection selection) {
    events = selection;
    return this;
  }

  /** Writes the call graph to a file, or to standard output. */
  void graph(@Nullable Path file, boolean operations) throws IOException {
    FunctionGraph.Options options =
        FunctionGraph.Options.defaults(PREFIX)
            .only(this::isShown)
            .showing(event -> BlockEvent.is(event) || events.matches(event.point()));
    if (operations) {
      options = options.withOperations();
    }
    if (file == null) {
      Writer out =
          new BufferedWriter(new OutputStreamWriter(console.out(), StandardCharsets.UTF_8));
      FunctionGraph.write(capture, options, out);
      out.flush();
    } else {
      try (Writer out = Files.newBufferedWriter(file)) {
        FunctionGraph.write(capture, options, out);
      }
    }
  }

  /**
   * Writes the graph of one call that reached a driver, with what the kernel's own threads did for
   * it: the first such call of that name.
   */
  void graphOfOne(String name) throws IOException {
    CallTree.Root shown = null;
    for (CallTree.Root root : CallTree.roots(capture)) {
      if (shown == null
          && root.node() instanceof Call call
          && call.method().systemCall()
          && call.method().name().equals(name)
          && reaches(call, "submit_bio")) {
        shown = root;
      }
    }
    if (!(shown != null && shown.node() instanceof Call call)) {
      return;
    }
    CallTree.Root one = shown;
    FunctionGraph.Options options =
        FunctionGraph.Options.defaults(PREFIX)
            .only(root ->
                root.thread() == one.thread() && root.node().time() == call.time()
                    || root.pid() == 0
                        && root.node().time() >= call.time()
                        && root.node().time() < call.end());
    Writer out = new BufferedWriter(new OutputStreamWriter(console.out(), StandardCharsets.UTF_8));
    FunctionGraph.write(capture, options, out);
    out.flush();
  }

  private static boolean reaches(Call call, String function) {
    for (CallNode child : call.children()) {
      if (child instanceof Call inner
          && (inner.method().name().equals(function) || reaches(inner, function))) {
        return true;
      }
    }
    return false;
  }

  /** Writes a file, or for blktrace files in a folder, in a format of another tool. */
  void write(TraceFormat format, Path target) throws IOException {
    switch (format) {
      case GRAPH -> graph(target, true);
      case HTML -> html(target, target.toString());
      case PERFETTO -> {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
          PerfettoTrace.write(capture, PREFIX, out);
        }
      }
      case BLKTRACE -> BlkTrace.write(capture, Files.createDirectories(target));
      case JFR -> JfrRecording.write(capture, locations, target);
      case CAUSES, CHROME, FOLDED, FLAMEGRAPH, JSONL, STRACE, SUMMARY -> {
        if (target.equals(STANDARD_ERROR)) {
          Writer out = new OutputStreamWriter(console.err(), StandardCharsets.UTF_8);
          text(format, out);
          out.flush();
        } else {
          try (Writer out = Files.newBufferedWriter(target)) {
            text(format, out);
          }
        }
      }
    }
  }

  private void text(TraceFormat format, Writer out) throws IOException {
    switch (format) {
      case CAUSES -> BioText.write(capture, locations, out);
      case CHROME -> ChromeTrace.write(capture, PREFIX, out);
      case FOLDED -> FoldedStacks.write(capture, PREFIX, out);
      case FLAMEGRAPH -> FlameGraph.write(capture, PREFIX, out);
      case JSONL -> JsonLines.write(capture, out);
      case STRACE -> StraceText.write(capture, strace, out);
      case SUMMARY -> StraceText.writeSummary(capture, strace.calls(), out);
      default -> throw new IllegalArgumentException(format + " is not text");
    }
  }

  /** Writes the report. */
  void html(Path file, String title) throws IOException {
    try (Writer out = Files.newBufferedWriter(file)) {
      HtmlReport.write(
          capture, HtmlReport.Options.defaults(title, PREFIX).locating(locations), out);
    }
  }

  /** The calls asked for, and what the kernel's own threads do for them. */
  private boolean isShown(CallTree.Root root) {
    if (calls.contains("all")) {
      return true;
    }
    if (root.pid() == 0) {
      return !Collections.disjoint(CallTree.operations(root), shownOperations());
    }
    return isShownCall(root);
  }

  private Set<Long> shownOperations() {
    Set<Long> known = operations;
    if (known == null) {
      Set<Long> found = new HashSet<>();
      CallTree.below(CallTree.roots(capture), Traced.Layer.ENTRY).stream()
          .filter(root -> root.pid() != 0 && isShownCall(root))
          .forEach(root -> found.addAll(CallTree.operations(root)));
      operations = known = found;
    }
    return known;
  }

  private boolean isShownCall(CallTree.Root root) {
    if (!(root.node() instanceof Call call) || !call.method().systemCall()) {
      return false;
    }
    String name = call.method().name();
    return calls.isEmpty() ? WRITES.contains(name) : calls.contains(name);
  }
}
