package dev.svc0.arm64.fidelity;

/** The document that shows the table and the reasons. */
final class Document {
  private Document() {}

  static String of(String table, Differences differences, String tracepoints) {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        # How close the function graphs are to the kernel's

        Written by `FidelityTest` with `-Dsvc0.goldens=update`; not by hand. For each scenario a program makes
        the same system calls that were recorded with ftrace's `function_graph` on Linux 6.18.15 (Debian,
        arm64). Both graphs are sequences of entries and exits, first of the calling task, then of the journal's
        thread, then of the others that work for it; what is called or not depending on which thread was faster (waiting for a page,
        waking the waiter) is in neither. A share is the length of the longest common subsequence divided by the length of one
        of the two, the ends of calls counted like their beginnings. No function is there only to be seen: each
        name stands on a method that does that work. The last two columns are without the differences that the last
        table explains: each is a function, or one where another calls it (`caller/function`), or its second call
        there (`#2`), with all that is inside where `{}` follows. The recording of `ext4_buffered_1MiB` ends after
        14 of its 256 blocks, so ours has many more calls.

        """);
    out.append(table);
    out.append(
        """

        ## Order of tracepoints

        The same for names of tracepoints, against a recording of Linux 6.18.44 on x86-64 with a loop device:
        all of the calling task in order, then those of workers and interrupts, then those of the journal's thread.
        Names that only one of the two has are left out. That kernel makes delayed blocks unwritten and converts them
        in a worker behind the write (12 tracepoints; here the commit waits for the data), its loop device had no
        scheduler (`block_rq_insert`), and it does not tell of the end of each bio in a request
        (`block_bio_complete`).

        """);
    out.append(tracepoints);
    out.append("\n## Different on purpose\n\n| scenarios | function | reason |\n|---|---|---|\n");
    for (Differences.Difference one : differences.all()) {
      out.append("| `%s` | `%s` | %s |\n".formatted(one.scenarios(), one.function(), one.reason()));
    }
    return out.toString();
  }
}
