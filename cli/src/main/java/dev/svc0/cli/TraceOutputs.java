package dev.svc0.cli;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.format.BlkTrace;
import dev.svc0.runtime.trace.format.ChromeTrace;
import dev.svc0.runtime.trace.format.FoldedStacks;
import dev.svc0.runtime.trace.format.FunctionGraph;
import dev.svc0.runtime.trace.format.HtmlReport;
import dev.svc0.runtime.trace.format.PerfettoTrace;
import dev.svc0.runtime.trace.format.ProgramSource;
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

  /** Operations of the calls that are shown; found when first needed. */
  private @Nullable Set<Long> operations;

  private final @Nullable ProgramSource program;

  /** Of a program whose file, when it is one of the host, gives addresses their names and lines. */
  TraceOutputs(TraceCapture capture, List<String> calls, Path program) {
    this.capture = capture;
    this.calls = calls;
    this.program = Files.isRegularFile(program) ? read(program) : null;
  }

  private static @Nullable ProgramSource read(Path program) {
    try {
      return ProgramSource.of(Files.readAllBytes(program));
    } catch (IOException e) {
      // It has run, so it was readable; if it no longer is, addresses stay numbers.
      return null;
    }
  }

  /** Writes the call graph to a file, or to standard output. */
  void graph(@Nullable Path file, boolean operations) throws IOException {
    FunctionGraph.Options options = FunctionGraph.Options.defaults(PREFIX).only(this::isShown);
    if (operations) {
      options = options.withOperations();
    }
    if (file == null) {
      Writer out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
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
    Writer out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
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
      case CHROME -> {
        try (Writer out = Files.newBufferedWriter(target)) {
          ChromeTrace.write(capture, PREFIX, out);
        }
      }
      case PERFETTO -> {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
          PerfettoTrace.write(capture, PREFIX, out);
        }
      }
      case FOLDED -> {
        try (Writer out = Files.newBufferedWriter(target)) {
          FoldedStacks.write(capture, PREFIX, out);
        }
      }
      case BLKTRACE -> BlkTrace.write(capture, Files.createDirectories(target));
    }
  }

  /** Writes the report. */
  void html(Path file, String title) throws IOException {
    try (Writer out = Files.newBufferedWriter(file)) {
      HtmlReport.Options options = HtmlReport.Options.defaults(title, PREFIX);
      HtmlReport.write(capture, program == null ? options : options.locating(program::at), out);
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
