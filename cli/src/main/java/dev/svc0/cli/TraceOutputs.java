package dev.svc0.cli;

import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.format.FunctionGraph;
import dev.svc0.runtime.trace.format.HtmlReport;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes a capture in the forms that were asked for. */
final class TraceOutputs {
  /** What stands before the name of a system call's handler on arm64. */
  static final String PREFIX = "__arm64_sys_";

  private static final Set<String> WRITES =
      Set.of(
          "write", "writev", "pwrite64", "pwritev", "pwritev2", "fsync", "fdatasync", "sync",
          "syncfs", "sync_file_range", "msync", "sendfile", "splice", "copy_file_range", "ftruncate",
          "fallocate");

  private final TraceCapture capture;
  private final List<String> calls;

  TraceOutputs(TraceCapture capture, List<String> calls) {
    this.capture = capture;
    this.calls = calls;
  }

  /** Writes the call graph to a file, or to standard output. */
  void graph(@Nullable Path file, boolean operations) throws IOException {
    FunctionGraph.Options options = FunctionGraph.Options.defaults(PREFIX).only(this::isShown);
    if (operations) {
      options = options.withOperations();
    }
    if (file == null) {
      Writer out =
          new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
      FunctionGraph.write(capture, options, out);
      out.flush();
    } else {
      try (Writer out = Files.newBufferedWriter(file)) {
        FunctionGraph.write(capture, options, out);
      }
    }
  }

  /**
   * Writes the graph of one call that reached a driver, with what the kernel's own threads did for it:
   * the first such call of that name.
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
            .only(
                root ->
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

  /** Writes the report. */
  void html(Path file, String title) throws IOException {
    try (Writer out = Files.newBufferedWriter(file)) {
      HtmlReport.write(capture, HtmlReport.Options.defaults(title, PREFIX), out);
    }
  }

  /** The calls asked for, and what the kernel's own threads do. */
  private boolean isShown(CallTree.Root root) {
    if (calls.contains("all") || root.pid() == 0) {
      return true;
    }
    if (!(root.node() instanceof Call call) || !call.method().systemCall()) {
      return false;
    }
    String name = call.method().name();
    return calls.isEmpty() ? WRITES.contains(name) : calls.contains(name);
  }
}
