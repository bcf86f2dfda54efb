package dev.svc0.cli;

import java.util.Locale;

/** What a trace can be written as. */
enum TraceFormat {
  /** The call graph of all that was asked for, with operation ids. */
  GRAPH,
  /** The report. */
  HTML,
  /** JSON for chrome://tracing and Perfetto's viewer. */
  CHROME,
  /** Perfetto's own. */
  PERFETTO,
  /** Self time by stack, for flame graphs. */
  FOLDED,
  /** Binary files for blkparse and btt, one a device, in a folder. */
  BLKTRACE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
