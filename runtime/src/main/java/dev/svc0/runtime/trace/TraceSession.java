package dev.svc0.runtime.trace;

import dev.svc0.runtime.sched.ThreadState;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One recording: from {@link #start} to {@link #stop} the selected methods of the whole JVM write
 * records. One at a time.
 */
public final class TraceSession implements AutoCloseable {
  private static final long CHUNK_BYTES = (long) TraceRing.CHUNK_RECORDS << RecordLayout.SHIFT;

  /** Held while a session starts or stops. */
  private static final Object SWITCH = new Object();

  /**
   * How a session records.
   *
   * @param maxBytesPerThread memory of one ring, at least one chunk of 256 KiB
   * @param maxBytes memory of all rings together
   * @param keepNewest whether a full ring forgets its oldest records, or does not take new ones
   * @param clock where times come from
   * @param events which tracepoints are recorded
   * @param calls what is decided when a system call returns
   */
  public record Options(
      long maxBytesPerThread,
      long maxBytes,
      Keep keepNewest,
      TraceClock clock,
      EventSelection events,
      CallRules calls) {
    /** What a full ring keeps. */
    public enum Keep {
      /** The beginning: later records are dropped and counted. */
      OLDEST,
      /** The end: older records are overwritten and counted. */
      NEWEST
    }

    /**
     * 256 MiB a thread, 1 GiB in all, the beginning kept, nanoseconds, the block layer's points.
     */
    public static Options defaults() {
      return new Options(
          256L << 20,
          1L << 30,
          Keep.OLDEST,
          TraceClock.NANOS,
          EventSelection.of("block_bio_*", "block_getrq", "block_rq_*"),
          CallRules.none());
    }

    /** The same with other limits of memory. */
    public Options withMemory(long perThread, long inAll) {
      return new Options(perThread, inAll, keepNewest, clock, events, calls);
    }

    /** The same with another choice of what a full ring keeps. */
    public Options keeping(Keep keep) {
      return new Options(maxBytesPerThread, maxBytes, keep, clock, events, calls);
    }

    /** The same with another clock. */
    public Options withClock(TraceClock other) {
      return new Options(maxBytesPerThread, maxBytes, keepNewest, other, events, calls);
    }

    /** The same with other tracepoints. */
    public Options withEvents(EventSelection other) {
      return new Options(maxBytesPerThread, maxBytes, keepNewest, clock, other, calls);
    }

    /**
     * The same with rules for system calls; they need the tracepoints of {@code raw_syscalls}, and
     * for paths those of {@code vfs}.
     */
    public Options withCalls(CallRules rules) {
      return new Options(maxBytesPerThread, maxBytes, keepNewest, clock, events, rules);
    }
  }

  private final Options options;
  private final @Nullable Attachment attachment;
  private final long startedMillis = System.currentTimeMillis();
  private final List<TraceRing> rings = new ArrayList<>();
  private final Set<Long> accepted = ConcurrentHashMap.newKeySet();
  private volatile long triggered = Long.MIN_VALUE;
  private long chunksLeft;
  private @Nullable TraceCapture capture;

  private TraceSession(Options options, @Nullable Attachment attachment) {
    this.options = options;
    this.attachment = attachment;
    this.chunksLeft = options.maxBytes / CHUNK_BYTES;
  }

  /** Starts recording with the default options. */
  public static TraceSession start(TraceSelection selection) {
    return start(selection, Options.defaults());
  }

  /**
   * Starts recording tracepoints alone: no class is changed, and the JVM needs no means for that.
   *
   * @throws IllegalStateException when a session is running
   */
  public static TraceSession start(Options options) {
    return start(new TraceSession(options, null));
  }

  /**
   * Starts recording.
   *
   * @throws IllegalStateException when a session is running, when the JVM was started without the
   *     means (see {@link TraceAgent}), or when a class could not be woven
   */
  public static TraceSession start(TraceSelection selection, Options options) {
    Instrumentation instrumentation = TraceAgent.instrumentation();
    if (instrumentation == null) {
      throw new IllegalStateException(
          "this JVM cannot be traced: start it with the svc0 launcher, or with -javaagent");
    }
    return start(new TraceSession(options, new Attachment(instrumentation, selection)));
  }

  private static TraceSession start(TraceSession session) {
    List<TracePoint> points = TracePoint.all();
    synchronized (SWITCH) {
      if (Tracer.active() != null) {
        throw new IllegalStateException("a trace is being recorded already");
      }
      if (session.attachment != null) {
        session.attachment.attach();
      }
      Tracer.activate(session);
      points.forEach(point -> point.set(session.wants(point)));
      return session;
    }
  }

  /** Stops recording, takes the advice out, and returns what was recorded. Idempotent. */
  public TraceCapture stop() {
    synchronized (SWITCH) {
      TraceCapture done = capture;
      if (done == null) {
        TracePoint.known().forEach(point -> point.set(false));
        Tracer.activate(null);
        done = closeRings();
        capture = done;
        if (attachment != null) {
          attachment.detach();
        }
      }
      return done;
    }
  }

  /** Stops recording. */
  @Override
  public void close() {
    stop();
  }

  private TraceCapture closeRings() {
    synchronized (rings) {
      List<TraceRing.Image> images = new ArrayList<>();
      for (TraceRing ring : rings) {
        ring.close();
        images.add(ring.image());
      }
      return new TraceCapture(
          images,
          MethodTable.all(),
          MethodTable.throwables(),
          startedMillis,
          options.clock.unit(),
          attachment == null ? List.of() : attachment.failures(),
          options.calls.where() == null ? null : Set.copyOf(accepted));
    }
  }

  boolean wants(TracePoint point) {
    return options.events.matches(point);
  }

  @Nullable CallRules rules() {
    return options.calls.isEmpty() ? null : options.calls;
  }

  /** The records of an operation are kept. */
  void accept(long operation) {
    if (options.calls.where() != null) {
      accepted.add(operation);
    }
  }

  /** The call that a flight recording waits for has come: what was recorded until now stays. */
  void trigger(long time) {
    synchronized (rings) {
      if (triggered == Long.MIN_VALUE) {
        triggered = time;
        Tracer.activate(null);
        rings.forEach(TraceRing::close);
      }
    }
  }

  /** When the call came that a flight recording waits for; empty while it has not. */
  public OptionalLong triggered() {
    return triggered == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(triggered);
  }

  TraceClock clock() {
    return options.clock;
  }

  boolean keepsNewest() {
    return options.keepNewest == Options.Keep.NEWEST;
  }

  /** A ring for a thread that comes to the session for the first time. */
  TraceRing newRing(ThreadState thread) {
    int chunks = (int) Math.clamp(options.maxBytesPerThread / CHUNK_BYTES, 1, 1 << 20);
    synchronized (rings) {
      TraceRing ring = new TraceRing(this, thread, rings.size(), chunks);
      rings.add(ring);
      return ring;
    }
  }

  /** Takes one chunk from what is left of the session's memory. */
  boolean takeChunk() {
    synchronized (rings) {
      if (chunksLeft == 0) {
        return false;
      }
      chunksLeft--;
      return true;
    }
  }
}
