package dev.svc0.cli;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.trace.CallFacts;
import dev.svc0.runtime.trace.CallHistogram;
import dev.svc0.runtime.trace.CallPredicate;
import dev.svc0.runtime.trace.CallRules;
import dev.svc0.runtime.trace.LayerTimes;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TraceClock;
import dev.svc0.runtime.trace.TraceSession;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say how a trace is recorded. */
final class TraceRecording {
  /** Where times come from. */
  enum Clock {
    nanos,
    instructions
  }

  @Option(
      names = "--clock",
      paramLabel = "CLOCK",
      defaultValue = "nanos",
      description =
          "Times in records: ${COMPLETION-CANDIDATES}. Instructions are those that the program has"
              + " executed, the same in each run; they are counted by the interpreter. Files get"
              + " their times from them too, a nanosecond each from 2025-01-01 on; sleeps, timeouts"
              + " and the clocks that a program asks stay the host's. A disk in a file then works"
              + " while who asked waits. So what a program with one thread does, and what it causes"
              + " in every layer on its own thread, is traced the same byte for byte; not the"
              + " kernel's own threads, nor --args, which show addresses of the host.")
  Clock clock = Clock.nanos;

  @Option(
      names = "--where",
      paramLabel = "CONDITION",
      description =
          "Record only system calls for which this holds, and what they cause: for example"
              + " 'path~/mnt/* && result<0 && duration>1ms'. Keys: pid tid comm op call fd path size"
              + " result duration.")
  @Nullable String where;

  @Option(
      names = "--hist",
      paramLabel = "KEY[:VALUE]",
      description =
          "Count system calls by call, comm, pid, path, fd or error, with a histogram of their"
              + " duration (or size, or result) on standard error; with layer, how long each layer"
              + " took for itself. Alone, it records nothing.")
  @Nullable String histogram;

  @Option(
      names = "--flight",
      paramLabel = "MS",
      description =
          "Keep only the last milliseconds, and end the recording when a system call fulfils --when.")
  @Nullable Integer flight;

  @Option(
      names = "--when",
      paramLabel = "CONDITION",
      description = "The system call that ends a --flight recording.")
  @Nullable String when;

  @Option(
      names = "--spool",
      paramLabel = "FOLDER",
      description =
          "Keep records in a file of a folder while recording, not in memory: for long recordings."
              + " The file goes when the outputs are written.")
  @Nullable Path spool;

  private @Nullable CallHistogram counts;
  private @Nullable LayerTimes layers;

  /** Whether something counts without a recording. */
  boolean onlyCounts(boolean hasOutputs) {
    return histogram != null && !hasOutputs;
  }

  /** Whether what is counted needs functions. */
  boolean countsLayers() {
    return "layer".equals(histogram);
  }

  /** How a session records; nothing when only counts are wanted. */
  TraceSession.Options options(SyscallDispatch table, boolean hasOutputs) {
    if ((flight == null) != (when == null)) {
      throw new CommandException(
          CommandException.USAGE, "--flight and --when belong together: how much, and until what");
    }
    CallRules rules = CallRules.none();
    if (where != null) {
      rules = rules.where(condition("--where", where, table));
    }
    if (when != null) {
      rules = rules.until(condition("--when", when, table));
    }
    CallRules.Recording kept =
        onlyCounts(hasOutputs) ? CallRules.Recording.DROPPED : CallRules.Recording.KEPT;
    if (countsLayers()) {
      layers = new LayerTimes();
      rules = rules.addingUp(layers, kept);
    } else if (histogram != null) {
      counts = histogram(histogram, table);
      rules = rules.counting(counts, kept);
    }
    TraceSession.Options options = TraceSession.Options.defaults().withCalls(rules);
    if (clock == Clock.instructions) {
      options = options.withClock(TraceClock.INSTRUCTIONS);
    }
    if (spool != null) {
      if (where != null || histogram != null || flight != null) {
        throw new CommandException(
            CommandException.USAGE, "--spool goes with none of --where, --hist and --flight");
      }
      return options.spoolingTo(spool);
    }
    return flight == null ? options : options.keeping(TraceSession.Options.Keep.NEWEST);
  }

  /**
   * Translated code counts no instructions: a clock of them needs the interpreter. Files get their
   * times from it too: whether a write changes a time decides what it calls.
   */
  void chooseEngine(MachineOptions machine) {
    if (clock == Clock.instructions) {
      if (machine.engine != null && !machine.engine.equals("interp")) {
        throw new CommandException(
            CommandException.USAGE, "--clock instructions goes with --engine interp only");
      }
      machine.engine = "interp";
      machine.instructionTime = true;
    }
  }

  /** For a program that runs already. */
  void requireEngine(MachineOptions machine) {
    if (clock == Clock.instructions && !"interp".equals(machine.engine)) {
      throw new CommandException(
          CommandException.USAGE,
          "--clock instructions needs a program that was started with --engine interp");
    }
  }

  private static Predicate<CallFacts> condition(String option, String text, SyscallDispatch table) {
    try {
      return CallPredicate.parse(text, name -> numberOf(table, name));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CommandException(CommandException.USAGE, option + ": " + e.getMessage());
    }
  }

  private static int numberOf(SyscallDispatch table, String name) {
    return table.all().stream()
        .filter(call -> call.name().equals(name))
        .mapToInt(SyscallInfo::nr)
        .findFirst()
        .orElse(-1);
  }

  private static CallHistogram histogram(String text, SyscallDispatch table) {
    String[] parts = text.split(":", 2);
    Function<CallFacts, String> key =
        switch (parts[0]) {
          case "call" -> facts -> nameOf(table, facts.number());
          case "comm" -> CallFacts::comm;
          case "pid" -> facts -> Integer.toString(facts.pid());
          case "path" -> CallFacts::path;
          case "fd" -> facts -> Integer.toString(facts.fd());
          case "error" -> TraceRecording::error;
          default ->
              throw new CommandException(
                  CommandException.USAGE,
                  "--hist: no key "
                      + parts[0]
                      + "; there are call, comm, pid, path, fd, error, layer");
        };
    String what = parts.length == 1 ? "duration" : parts[1];
    ToLongFunction<CallFacts> value =
        switch (what) {
          case "duration" -> CallFacts::duration;
          case "size" -> CallFacts::size;
          case "result" -> CallFacts::result;
          default ->
              throw new CommandException(
                  CommandException.USAGE, "--hist: no value " + what + "; duration, size, result");
        };
    return new CallHistogram("system calls by " + parts[0] + ": " + what, key, value);
  }

  private static String nameOf(SyscallDispatch table, int number) {
    SyscallInfo info = table.info(number);
    return info == null ? Integer.toString(number) : info.name();
  }

  private static String error(CallFacts facts) {
    long result = facts.result();
    return result < 0 && result >= -4095 ? Errno.nameOf((int) -result) : "0";
  }

  /** The part of a capture that was asked for, after saying what was counted. */
  TraceCapture finish(TraceCapture capture, TraceRun run, PrintStream err) throws IOException {
    if (counts != null) {
      counts.write(err);
    }
    if (layers != null) {
      layers.write(err);
    }
    if (flight == null) {
      return capture;
    }
    if (run.triggered().isEmpty()) {
      err.println("svc0: --when never held: this is the end of the trace");
      return capture;
    }
    return capture.since(run.triggered().getAsLong() - flight * 1_000_000L);
  }
}
