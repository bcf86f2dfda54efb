package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TracedMethod;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A capture as a Perfetto trace (protocol buffers): a track a thread with a slice a call, a track a
 * device with a slice a bio, a flow an operation from its system call to its bios.
 *
 * <p><i>Source:</i> perfetto.dev, "Synthetic TrackEvent"; field numbers of {@code TracePacket},
 * {@code TrackEvent}, {@code TrackDescriptor}.
 */
public final class PerfettoTrace {
  private static final int TRACE_PACKET = 1;
  private static final int PACKET_TIMESTAMP = 8;
  private static final int PACKET_SEQUENCE = 10;
  private static final int PACKET_TRACK_EVENT = 11;
  private static final int PACKET_SEQUENCE_FLAGS = 13;
  private static final int PACKET_DROPPED = 42;
  private static final int PACKET_TRACK_DESCRIPTOR = 60;
  private static final int EVENT_ANNOTATION = 4;
  private static final int EVENT_TYPE = 9;
  private static final int EVENT_TRACK = 11;
  private static final int EVENT_NAME = 23;
  private static final int EVENT_FLOW = 47;
  private static final int EVENT_FLOW_END = 48;
  private static final int TYPE_BEGIN = 1;
  private static final int TYPE_END = 2;
  private static final int TYPE_INSTANT = 3;
  private static final int ANNOTATION_INT = 4;
  private static final int ANNOTATION_TEXT = 6;
  private static final int ANNOTATION_NAME = 10;

  /** Tracks of devices have numbers from here on; those of threads are smaller. */
  private static final long DEVICE_TRACKS = 1L << 40;

  private final OutputStream out;
  private final String systemCallPrefix;
  private final Set<Long> operations = new HashSet<>();
  private boolean first = true;

  private PerfettoTrace(OutputStream out, String systemCallPrefix) {
    this.out = out;
    this.systemCallPrefix = systemCallPrefix;
  }

  /** Writes a capture. */
  public static void write(TraceCapture capture, String systemCallPrefix, OutputStream out)
      throws IOException {
    PerfettoTrace trace = new PerfettoTrace(out, systemCallPrefix);
    List<CallTree.Root> roots = CallTree.roots(capture);
    Set<Integer> described = new HashSet<>();
    for (CallTree.Root root : roots) {
      if (described.add(root.thread())) {
        trace.thread(root, capture.dropped(root.thread()) + capture.overwritten(root.thread()));
      }
      trace.node(root, root.node());
    }
    Set<Long> devices = new HashSet<>();
    for (BioSpan bio : BioSpan.of(roots)) {
      trace.bio(bio, devices);
    }
  }

  private void thread(CallTree.Root root, long lost) throws IOException {
    Proto thread = new Proto().number(1, root.pid()).number(2, root.tid()).text(5, root.comm());
    Proto descriptor =
        new Proto()
            .number(1, track(root))
            .text(2, root.comm() + '-' + root.tid())
            .message(4, thread);
    Proto packet = new Proto().message(PACKET_TRACK_DESCRIPTOR, descriptor);
    if (lost > 0) {
      packet.number(PACKET_DROPPED, 1);
    }
    packet(packet);
  }

  private static long track(CallTree.Root root) {
    return root.thread() + 1L;
  }

  private void node(CallTree.Root root, CallNode node) throws IOException {
    switch (node) {
      case Call call -> call(root, call);
      case CallNode.Event event ->
          event(
              event.time(),
              new Proto()
                  .number(EVENT_TYPE, TYPE_INSTANT)
                  .number(EVENT_TRACK, track(root))
                  .text(EVENT_NAME, PointText.of(event))
                  .message(EVENT_ANNOTATION, number("op", event.operation())));
      case CallNode.Gap gap ->
          event(
              gap.time(),
              new Proto()
                  .number(EVENT_TYPE, TYPE_INSTANT)
                  .number(EVENT_TRACK, track(root))
                  .text(EVENT_NAME, gap.count() + " events lost"));
    }
  }

  private void call(CallTree.Root root, Call call) throws IOException {
    TracedMethod method = call.method();
    Proto begin =
        new Proto()
            .number(EVENT_TYPE, TYPE_BEGIN)
            .number(EVENT_TRACK, track(root))
            .text(EVENT_NAME, method.shownName(systemCallPrefix))
            .message(EVENT_ANNOTATION, number("op", call.operation()))
            .message(EVENT_ANNOTATION, text("layer", method.layer().name()));
    if (call.exception() != null) {
      begin.message(EVENT_ANNOTATION, text("exception", call.exception()));
    } else if (call.ended() && method.result() == TracedMethod.Result.VALUE) {
      begin.message(EVENT_ANNOTATION, number("result", call.result()));
    }
    if (method.systemCall()) {
      operations.add(call.operation());
      begin.fixed(EVENT_FLOW, call.operation());
    }
    event(call.time(), begin);
    for (CallNode child : call.children()) {
      node(root, child);
    }
    if (call.ended()) {
      event(call.end(), new Proto().number(EVENT_TYPE, TYPE_END).number(EVENT_TRACK, track(root)));
    }
  }

  /** A bio on a track of its own below its device's, for bios of one device overlap. */
  private void bio(BioSpan bio, Set<Long> devices) throws IOException {
    long device = DEVICE_TRACKS + ((long) bio.block().major() << 20 | bio.block().minor());
    if (devices.add(device)) {
      packet(
          new Proto()
              .message(
                  PACKET_TRACK_DESCRIPTOR,
                  new Proto().number(1, device).text(2, "device " + bio.device())));
    }
    long track = DEVICE_TRACKS * 2 + devices.size() + bio.queued().time();
    packet(
        new Proto()
            .message(
                PACKET_TRACK_DESCRIPTOR,
                new Proto().number(1, track).text(2, "bios").number(5, device)));
    Proto begin =
        new Proto()
            .number(EVENT_TYPE, TYPE_BEGIN)
            .number(EVENT_TRACK, track)
            .text(EVENT_NAME, bio.text())
            .message(EVENT_ANNOTATION, number("op", bio.queued().operation()))
            .message(EVENT_ANNOTATION, number("last_op", bio.block().lastOperation()))
            .message(EVENT_ANNOTATION, number("bytes", bio.block().bytes()));
    if (operations.contains(bio.queued().operation())) {
      begin.fixed(EVENT_FLOW_END, bio.queued().operation());
    }
    event(bio.queued().time(), begin);
    CallNode.Event end = bio.ended();
    if (end != null) {
      event(end.time(), new Proto().number(EVENT_TYPE, TYPE_END).number(EVENT_TRACK, track));
    }
  }

  private static Proto number(String name, long value) {
    return new Proto().text(ANNOTATION_NAME, name).number(ANNOTATION_INT, value);
  }

  private static Proto text(String name, String value) {
    return new Proto().text(ANNOTATION_NAME, name).text(ANNOTATION_TEXT, value);
  }

  private void event(long time, Proto event) throws IOException {
    packet(new Proto().number(PACKET_TIMESTAMP, time).message(PACKET_TRACK_EVENT, event));
  }

  private void packet(Proto packet) throws IOException {
    packet.number(PACKET_SEQUENCE, 1);
    if (first) {
      packet.number(PACKET_SEQUENCE_FLAGS, 1);
      first = false;
    }
    new Proto().message(TRACE_PACKET, packet).writeTo(out);
  }
}
