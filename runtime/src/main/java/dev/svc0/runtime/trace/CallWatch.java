package dev.svc0.runtime.trace;

import dev.svc0.runtime.sched.ThreadState;
import org.jspecify.annotations.Nullable;

/**
 * What is decided on one thread call by call, when a session has {@link CallRules}: its system call
 * under way, and the time of its functions by layer.
 */
final class CallWatch {
  private final TraceSession session;
  private final CallRules rules;
  private final ThreadState thread;
  private final CallFacts facts = new CallFacts();

  /** Adds up times of functions; null when nobody wants to know. */
  private final LayerTimes.@Nullable Sums sums;

  /** Whether the thread is inside a system call whose records may be taken back. */
  private boolean inCall;

  private long start;

  CallWatch(TraceSession session, CallRules rules, ThreadState thread) {
    this.session = session;
    this.rules = rules;
    this.thread = thread;
    this.sums = rules.layers() == null ? null : rules.layers().newThread();
  }

  /** Outside system calls nothing of a program's thread is recorded. */
  boolean isMuted() {
    return !inCall && thread.pid != 0;
  }

  boolean isInCall() {
    return inCall;
  }

  /** Whether functions leave records, and not their times alone. */
  boolean keepsFunctions() {
    return !rules.addsUpOnly();
  }

  /** A system call begins. */
  void begin(int number, long argument0, long argument2, long now) {
    inCall = true;
    start = now;
    facts.pid = thread.pid;
    facts.tid = thread.tid;
    facts.comm = thread.comm;
    facts.operation = thread.operationId;
    facts.number = number;
    facts.argument0 = argument0;
    facts.argument2 = argument2;
    facts.path = "";
  }

  /** The system call works on a file. */
  void path(String path) {
    if (inCall && facts.path.isEmpty()) {
      facts.path = path;
    }
  }

  /** The system call has ended; whether its records stay. */
  boolean end(long result, long now) {
    inCall = false;
    facts.result = result;
    facts.ticks = now - start;
    boolean wanted = rules.where() == null || rules.where().test(facts);
    if (wanted && rules.histogram() != null) {
      rules.histogram().add(facts);
    }
    boolean kept = wanted && rules.recording() == CallRules.Recording.KEPT;
    if (kept) {
      session.accept(facts.operation);
    }
    return kept;
  }

  /** Whether the call that has ended is the one that a flight recording waits for. */
  boolean isAwaited() {
    return rules.when() != null && rules.when().test(facts);
  }

  void enter(int depth, long now) {
    if (sums != null) {
      sums.enter(depth, now);
    }
  }

  void exit(int depth, int method, long now) {
    if (sums != null) {
      sums.exit(depth, MethodTable.layer(method), now);
    }
  }
}
