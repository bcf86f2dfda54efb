package dev.svc0.runtime.trace;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.sched.ThreadState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What woven methods call. Public because they are in other packages; of no use to anybody else.
 */
public final class Tracer {
  /** Stands in a thread's slot while its ring is being made, so that nothing it runs is traced. */
  private static final Object JOINING = new Object();

  private static volatile @Nullable TraceSession active;

  private Tracer() {}

  static void activate(@Nullable TraceSession session) {
    active = session;
  }

  /** The session that records now, or null. */
  static @Nullable TraceSession active() {
    return active;
  }

  /** A woven method begins. The ring goes to {@link #exit}; null when nothing is recorded. */
  public static @Nullable TraceRing enter(int method) {
    TraceRing ring = ring();
    if (ring != null) {
      ring.enter(method);
    }
    return ring;
  }

  /** The same with arguments. */
  public static @Nullable TraceRing enter(int method, long a0, long a1, long a2, long a3, long a4) {
    TraceRing ring = ring();
    if (ring != null) {
      ring.enter(method, a0, a1, a2, a3, a4);
    }
    return ring;
  }

  /** The same for a method that was woven when it was built: it records if a session wants it. */
  public static @Nullable TraceRing enterBuilt(
      int method, long a0, long a1, long a2, long a3, long a4) {
    TraceSession session = active;
    if (session == null || !session.wantsBuilt(method)) {
      return null;
    }
    return session.recordsArguments() ? enter(method, a0, a1, a2, a3, a4) : enter(method);
  }

  /**
   * The number of a method that was woven when it was built; a bootstrap method for constants.
   *
   * @param function the name that a trace shows
   * @param systemCall 1 for the handler of a system call
   * @param arguments names of parameters, with commas
   */
  public static int methodId(
      MethodHandles.Lookup lookup,
      String constantName,
      Class<?> constantType,
      String function,
      String layer,
      int systemCall,
      String className,
      String methodName,
      String descriptor,
      String arguments,
      String result) {
    return MethodTable.intern(
            className + '.' + methodName + descriptor,
            id ->
                new TracedMethod(
                    id,
                    function,
                    Traced.Layer.valueOf(layer),
                    systemCall == 1,
                    className,
                    methodName,
                    descriptor,
                    arguments.isEmpty() ? List.of() : List.of(arguments.split(",")),
                    TracedMethod.Result.valueOf(result)))
        .id();
  }

  /** A woven method ends. */
  public static void exit(
      @Nullable TraceRing ring, int method, long result, @Nullable Throwable thrown) {
    if (ring == null) {
      return;
    }
    if (thrown == null) {
      ring.exit(method, result);
    } else {
      ring.thrown(method, thrown);
    }
  }

  /** What a slot shows of a reference: whether it is null. */
  public static long reference(@Nullable Object value) {
    return value == null ? 0 : 1;
  }

  /** The calling thread's ring, or null when nothing is recorded. */
  static @Nullable TraceRing ring() {
    ThreadState state = ThreadState.current();
    return state.traceRing instanceof TraceRing ring ? ring : join(state);
  }

  private static @Nullable TraceRing join(ThreadState state) {
    TraceSession session = active;
    if (session == null || state.traceRing == JOINING) {
      return null;
    }
    state.traceRing = JOINING;
    TraceRing ring = null;
    try {
      ring = session.newRing(state);
    } finally {
      state.traceRing = ring;
    }
    VarHandle.fullFence();
    if (ring != null && !ring.isOpen()) { // closed before it was there to be found
      state.traceRing = null;
      return null;
    }
    return ring;
  }
}
