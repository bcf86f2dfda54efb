package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.trace.BlockEvent;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceCapture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * A capture as a JFR file with the events {@code svc0.Trace}, {@code svc0.Syscall} and {@code
 * svc0.Bio}. They are written when the trace is over: their own time is that of the writing, {@code
 * began} and {@code took} are those of the trace.
 */
public final class JfrRecording {
  /** The capture as a whole. */
  @Name("svc0.Trace")
  @Label("Trace")
  @Category("svc0")
  @StackTrace(false)
  static final class TraceEvent extends Event {
    @Label("Verdict")
    String verdict = "";

    @Label("Records")
    long records;

    @Label("Lost")
    long lost;
  }

  /** A system call. */
  @Name("svc0.Syscall")
  @Label("System Call")
  @Category("svc0")
  @StackTrace(false)
  static final class SyscallEvent extends Event {
    @Label("Began")
    @Description("Since the first record")
    @Timespan(Timespan.NANOSECONDS)
    long began;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;

    @Label("Operation")
    long operation;

    @Label("Process Id")
    int pid;

    @Label("Thread Id")
    int tid;

    @Label("Command")
    String comm = "";

    @Label("Call")
    String call = "";

    @Label("Arguments")
    String arguments = "";

    @Label("Result")
    long result;

    @Label("Path")
    String path = "";

    @Label("Location")
    String location = "";
  }

  /** A bio. */
  @Name("svc0.Bio")
  @Label("Bio")
  @Category("svc0")
  @StackTrace(false)
  static final class BioEvent extends Event {
    @Label("Began")
    @Description("Since the first record")
    @Timespan(Timespan.NANOSECONDS)
    long began;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;

    @Label("Operation")
    @Description("The first write that it carries")
    long operation;

    @Label("Last Operation")
    @Description("The last write that it carries, when that is another one")
    long lastOperation;

    @Label("Device")
    String device = "";

    @Label("Kind")
    String rwbs = "";

    @Label("Sector")
    long sector;

    @Label("Bytes")
    long bytes;

    @Label("Error")
    int error;
  }

  private JfrRecording() {}

  /** Writes a capture. */
  public static void write(TraceCapture capture, Locations locations, Path file)
      throws IOException {
    List<CallTree.Root> roots = CallTree.roots(capture);
    long origin = roots.isEmpty() ? 0 : roots.getFirst().node().time();
    Operations operations = Operations.of(capture);
    Locations named = locations.in(operations);
    try (Recording recording = new Recording()) {
      recording.enable("svc0.*").withoutThreshold();
      recording.setToDisk(true);
      recording.start();
      TraceEvent trace = new TraceEvent();
      trace.verdict = capture.verdict();
      trace.records = capture.records();
      trace.lost = capture.lost();
      trace.commit();
      operations.calls().forEach(one -> syscall(one, origin, named));
      BioSpan.of(roots).forEach(bio -> bio(bio, origin));
      recording.stop();
      recording.dump(file);
    }
  }

  private static void syscall(Operation one, long origin, Locations locations) {
    SyscallEvent event = new SyscallEvent();
    event.began = one.start() - origin;
    event.took = one.duration();
    event.operation = one.id();
    event.pid = one.pid();
    event.tid = one.tid();
    event.comm = one.comm();
    event.call = one.call();
    event.arguments = one.arguments();
    event.result = one.result();
    event.path = one.path();
    event.location = one.userPc() == 0 ? "" : locations.at(one.pid(), one.userPc());
    event.commit();
  }

  private static void bio(BioSpan bio, long origin) {
    BlockEvent block = bio.block();
    CallNode.Event end = bio.ended();
    BioEvent event = new BioEvent();
    event.began = bio.queued().time() - origin;
    event.took = end == null ? -1 : end.time() - bio.queued().time();
    event.operation = bio.queued().operation();
    event.lastOperation = block.lastOperation();
    event.device = bio.device();
    event.rwbs = block.rwbs();
    event.sector = block.sector();
    event.bytes = block.bytes();
    event.error = end == null ? 0 : BlockEvent.of(end).errno();
    event.commit();
  }
}
