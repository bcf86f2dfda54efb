package dev.svc0.runtime.trace;

import dev.svc0.runtime.sched.ThreadState;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
  private static final long SPOOL_BYTES_PER_THREAD = 16L << 20;

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
   * @param spool a folder for a file that takes the records; null for a recording that stays in
   *     memory
   */
  public record Options(
      long maxBytesPerThread,
      long maxBytes,
      Keep keepNewest,
      TraceClock clock,
      EventSelection events,
      CallRules calls,
      @Nullable Path spool) {
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
          CallRules.none(),
          null);
    }

    /** The same with other limits of memory. */
    public Options withMemory(long perThread, long inAll) {
      return new Options(perThread, inAll, keepNewest, clock, events, calls, spool);
    }

    /** The same with another choice of what a full ring keeps. */
    public Options keeping(Keep keep) {
      return new Options(maxBytesPerThread, maxBytes, keep, clock, events, calls, spool);
    }

    /** The same with another clock. */
    public Options withClock(TraceClock other) {
      return new Options(maxBytesPerThread, maxBytes, keepNewest, other, events, calls, spool);
    }

    /** The same with other tracepoints. */
    public Options withEvents(EventSelection other) {
      return new Options(maxBytesPerThread, maxBytes, keepNewest, clock, other, calls, spool);
    }

    /**
     * The same with rules for system calls; they need the tracepoints of {@code raw_syscalls}, and
     * for paths those of {@code vfs}.
     */
    public Options withCalls(CallRules rules) {
      return new Options(maxBytesPerThread, maxBytes, keepNewest, clock, events, rules, spool);
    }

    /**
     * The same with records that go to a file in a folder while they are made: memory is needed for
     * 16 MiB a thread only, however long it takes. Not together with rules for system calls, which
     * take records back, nor with keeping the newest.
     */
    public Options spoolingTo(Path folder) {
      return new Options(
          Math.min(maxBytesPerThread, SPOOL_BYTES_PER_THREAD),
          maxBytes,
          keepNewest,
          clock,
          events,
          calls,
          folder);
    }
  }

  private final Options options;
  private final @Nullable Attachment attachment;
  private final @Nullable TraceSelection functions;
  private final @Nullable TraceSpool spool;

  /** Of methods that were woven when they were built, by id: 1 wanted, 2 not, 0 not known yet. */
  private volatile byte[] built = new byte[0];

  private final long startedMillis = System.currentTimeMillis();
  private final List<TraceRing> rings = new ArrayList<>();
  private final Set<Long> accepted = ConcurrentHashMap.newKeySet();
  private volatile long triggered = Long.MIN_VALUE;
  private long chunksLeft;

  /** No thread comes to it any more. */
  private boolean over;

  private @Nullable TraceCapture capture;

  private TraceSession(
      Options options, @Nullable TraceSelection functions, @Nullable Attachment attachment) {
    this.functions = functions;
    this.options = options;
    this.attachment = attachment;
    this.chunksLeft = options.maxBytes / TraceRing.CHUNK_BYTES;
    if (options.spool != null && (!options.calls.isEmpty() || keepsNewest())) {
      throw new IllegalArgumentException(
          "records that may be taken back or overwritten cannot go to a file");
    }
    this.spool = options.spool == null ? null : TraceSpool.in(options.spool);
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
    return start(new TraceSession(options, null, null));
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
    return start(new TraceSession(options, selection, new Attachment(instrumentation, selection)));
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
      SleepPoints.follow();
      return session;
    }
  }

  /** Stops recording, takes the advice out, and returns what was recorded. Idempotent. */
  public TraceCapture stop() {
    synchronized (SWITCH) {
      TraceCapture done = capture;
      if (done == null) {
        TracePoint.known().forEach(point -> point.set(false));
        SleepPoints.follow();
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
      over = true;
      rings.forEach(TraceRing::close);
      List<RingImage> images = images();
      return new TraceCapture(
          images,
          MethodTable.all(),
          MethodTable.throwables(),
          startedMillis,
          options.clock.unit(),
          failures(),
          options.calls.where() == null ? null : Set.copyOf(accepted));
    }
  }

  private List<RingImage> images() {
    TraceSpool file = spool;
    if (file == null) {
      return rings.stream().map(ring -> ring.image(List.of())).toList();
    }
    file.end();
    List<RingImage> images = rings.stream().map(ring -> ring.image(file.chunksOf(ring))).toList();
    file.close();
    return images;
  }

  private List<String> failures() {
    List<String> all = new ArrayList<>(attachment == null ? List.of() : attachment.failures());
    String failure = spool == null ? null : spool.failure();
    if (failure != null) {
      all.add(failure);
    }
    return all;
  }

  /** Whether a method that was woven when it was built records. */
  boolean wantsBuilt(int method) {
    byte[] known = built;
    int answer = method < known.length ? known[method] : 0;
    return (answer == 0 ? decide(method) : answer) == 1;
  }

  private synchronized int decide(int method) {
    TraceSelection selection = functions;
    TracedMethod of = MethodTable.all().get(method);
    boolean wanted =
        selection != null
            && (selection.matchesMethod(of.className(), of.methodName())
                || selection.matches(of.className(), of.name(), of.layer(), List.of()));
    byte[] grown = Arrays.copyOf(built, Math.max(built.length, method + 1));
    grown[method] = (byte) (wanted ? 1 : 2);
    built = grown;
    return grown[method];
  }

  boolean recordsArguments() {
    return functions != null && functions.arguments();
  }

  boolean hasSpool() {
    return spool != null;
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
        over = true;
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

  /** A ring for a thread that comes to the session for the first time; null when it is over. */
  @Nullable TraceRing newRing(ThreadState thread) {
    int chunks = (int) Math.clamp(options.maxBytesPerThread / TraceRing.CHUNK_BYTES, 1, 1 << 20);
    synchronized (rings) {
      if (over) {
        return null;
      }
      TraceRing ring = new TraceRing(this, thread, rings.size(), chunks);
      rings.add(ring);
      if (spool != null) {
        spool.add(ring);
      }
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
