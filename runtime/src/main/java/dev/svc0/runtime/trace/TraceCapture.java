package dev.svc0.runtime.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a session recorded, as it was recorded: binary records in the order of each thread, and the
 * tables to read them with. Immutable; any thread.
 */
public final class TraceCapture {
  private final List<RingImage> rings;
  private final List<TracedMethod> methods;
  private final List<String> exceptions;
  private final long startedMillis;
  private final String unit;
  private final List<String> failures;
  private final @Nullable Set<Long> accepted;
  private final long from;

  TraceCapture(
      List<RingImage> rings,
      List<TracedMethod> methods,
      List<String> exceptions,
      long startedMillis,
      String unit,
      List<String> failures,
      @Nullable Set<Long> accepted) {
    this(rings, methods, exceptions, startedMillis, unit, failures, accepted, Long.MIN_VALUE);
  }

  private TraceCapture(
      List<RingImage> rings,
      List<TracedMethod> methods,
      List<String> exceptions,
      long startedMillis,
      String unit,
      List<String> failures,
      @Nullable Set<Long> accepted,
      long from) {
    this.rings = List.copyOf(rings);
    this.methods = methods;
    this.exceptions = exceptions;
    this.startedMillis = startedMillis;
    this.unit = unit;
    this.failures = failures;
    this.accepted = accepted;
    this.from = from;
  }

  /** The same without what was over before a time. */
  public TraceCapture since(long time) {
    return new TraceCapture(
        rings, methods, exceptions, startedMillis, unit, failures, accepted, time);
  }

  /** Whether something outermost belongs to what was asked for. */
  boolean wants(CallTree.Root root) {
    long end = root.node() instanceof Call call && call.ended() ? call.end() : root.node().time();
    if (end < from) {
      return false;
    }
    Set<Long> operations = accepted;
    return operations == null
        || root.pid() != 0
        || root.node() instanceof CallNode.Gap
        || !Collections.disjoint(CallTree.operations(root), operations);
  }

  /** Number of threads that recorded something. */
  public int threads() {
    return rings.size();
  }

  /** The records of one thread, from the first that is still there. */
  public TraceReader read(int thread) {
    return new TraceReader(rings.get(thread), methods, exceptions);
  }

  /** Records of all threads. */
  public long records() {
    return rings.stream().mapToLong(RingImage::records).sum();
  }

  /** Records that were not kept, over all threads: found no room, or were overwritten. */
  public long lost() {
    return rings.stream().mapToLong(RingImage::lost).sum();
  }

  /** Records that one thread could not keep because there was no room. */
  public long dropped(int thread) {
    return rings.get(thread).dropped();
  }

  /** Records of one thread that newer ones replaced. */
  public long overwritten(int thread) {
    return rings.get(thread).overwritten();
  }

  /** One sentence that every output shows: {@code complete}, or what is missing. */
  public String verdict() {
    List<String> parts = new ArrayList<>();
    if (lost() > 0) {
      parts.add(lost() + " events lost");
    }
    if (!failures.isEmpty()) {
      parts.add("not traced: " + String.join("; ", failures));
    }
    return parts.isEmpty() ? "complete" : String.join("; ", parts);
  }

  /** When it started: milliseconds since 1970. */
  public long startedMillis() {
    return startedMillis;
  }

  /** Unit of the times in records. */
  public String unit() {
    return unit;
  }
}
