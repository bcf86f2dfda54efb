package dev.svc0.cli;

import java.util.Locale;

/** What a trace can be written as. */
enum TraceFormat {
  /** The call graph of all that was asked for, with operation ids. */
  GRAPH(Needs.FUNCTIONS),
  /** The report. */
  HTML(Needs.FUNCTIONS),
  /** For each bio the write that caused it, for each failed call where the error came from. */
  CAUSES(Needs.FUNCTIONS),
  /** JSON for chrome://tracing and Perfetto's viewer. */
  CHROME(Needs.FUNCTIONS),
  /** Perfetto's own. */
  PERFETTO(Needs.FUNCTIONS),
  /** Self time by stack, for flame graphs. */
  FOLDED(Needs.FUNCTIONS),
  /** The same as a picture. */
  FLAMEGRAPH(Needs.FUNCTIONS),
  /** One JSON object a line; with functions when --layer, --function or --graph ask for them. */
  JSONL(Needs.EVENTS),
  /** System calls as strace prints them. */
  STRACE(Needs.EVENTS),
  /** Calls, errors and time by system call, as strace -c. */
  SUMMARY(Needs.EVENTS),
  /** Binary files for blkparse and btt, one a device, in a folder. */
  BLKTRACE(Needs.EVENTS),
  /** Events for the tools of the JDK. */
  JFR(Needs.EVENTS);

  private enum Needs {
    FUNCTIONS,
    EVENTS
  }

  private final Needs needs;

  TraceFormat(Needs needs) {
    this.needs = needs;
  }

  /** Whether it shows functions, and not tracepoints alone. */
  boolean needsFunctions() {
    return needs == Needs.FUNCTIONS;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
