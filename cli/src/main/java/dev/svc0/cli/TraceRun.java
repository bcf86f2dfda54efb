package dev.svc0.cli;

import dev.svc0.runtime.syscall.SyscallHooks;
import dev.svc0.runtime.syscall.decode.CallDecoder;
import dev.svc0.runtime.syscall.decode.TracedCalls;
import dev.svc0.runtime.trace.EventSelection;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TraceClock;
import dev.svc0.runtime.trace.TraceSelection;
import dev.svc0.runtime.trace.TraceSession;
import dev.svc0.runtime.trace.format.Locations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The recording of one session of the machine: tracepoints, and functions if wanted. */
final class TraceRun implements AutoCloseable {
  /** What every output needs: calls in words, files, bios, programs. */
  private static final String[] USUAL = {
    "raw_syscalls:sys_*",
    "user_map",
    "vfs:*",
    "sched:sched_process_*",
    "signal:*",
    "writeback_folio_*",
    "block_bio_*",
    "block_getrq",
    "block_split",
    "block_rq_*"
  };

  /** Who sleeps when; by a clock that does not show how long, that is chance. */
  private static final String[] SLEEPS = {"sched:sched_switch", "sched:sched_waking"};

  private final Session session;
  private EventSelection events = EventSelection.of(USUAL);
  private TraceSession.Options options = TraceSession.Options.defaults();
  private int stringLimit = CallDecoder.DEFAULT_LIMIT;
  private boolean paths;
  private @Nullable TraceSession trace;
  private SyscallHooks.@Nullable Registration calls;

  private TraceRun(Session session) {
    this.session = session;
  }

  /** Of a machine that has booted. */
  static TraceRun of(Session session) {
    return new TraceRun(session);
  }

  /** With these tracepoints too. */
  TraceRun withEvents(EventSelection more) {
    events = events.and(more);
    return this;
  }

  /** With paths behind descriptors. */
  TraceRun withPaths() {
    paths = true;
    return this;
  }

  /** So many bytes of a buffer are shown. */
  TraceRun withStringLimit(int bytes) {
    stringLimit = bytes;
    return this;
  }

  /** Recorded in another way. */
  TraceRun withOptions(TraceSession.Options other) {
    options = other;
    return this;
  }

  /** Begins, with functions if a selection is given. */
  TraceRun start(@Nullable TraceSelection functions) {
    CallDecoder decoder = new CallDecoder(session.machine().dispatch(), stringLimit);
    calls =
        TracedCalls.attach(
            session.machine().dispatch(), paths ? decoder.withPaths() : decoder, number -> true);
    boolean timed = options.clock() == TraceClock.NANOS;
    TraceSession.Options wanted =
        options.withEvents(timed ? events.and(EventSelection.of(SLEEPS)) : events);
    if (functions != null) {
      AgentLoader.ensure();
    }
    trace = functions == null ? TraceSession.start(wanted) : TraceSession.start(functions, wanted);
    return this;
  }

  /** When the call came that a flight recording waits for; empty if it has not. */
  OptionalLong triggered() {
    return trace == null ? OptionalLong.empty() : trace.triggered();
  }

  /** Ends; what was recorded. */
  TraceCapture stop() {
    TraceSession running = trace;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    if (calls != null) {
      calls.close();
    }
    return running.stop();
  }

  @Override
  public void close() {
    if (trace != null) {
      stop();
    }
  }

  /** Names of addresses, from files of the host: the program, and those of a root that is one. */
  static Locations locations(MachineOptions machine, Path program) {
    String root = machine.root;
    return Locations.of(path -> {
      boolean isProgram = path.equals("/bin/" + program.getFileName());
      if (root == null && !isProgram) {
        return null;
      }
      Path host = root == null ? program : Path.of(root).resolve(path.substring(1));
      return Files.isRegularFile(host) ? read(host) : null;
    });
  }

  private static byte @Nullable [] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      return null; // addresses stay numbers
    }
  }
}
