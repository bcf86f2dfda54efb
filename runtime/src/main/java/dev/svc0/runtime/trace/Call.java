package dev.svc0.runtime.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call of a traced method with what happened inside: the records of a thread as a tree. */
public final class Call implements CallNode {
  private final TracedMethod method;
  private final long start;
  private final long operation;
  private final List<Long> arguments;
  private final long record;
  private final long userPc;
  private final List<CallNode> children = new ArrayList<>();
  private long end = -1;
  private long result;
  private @Nullable String exception;
  private boolean ended;

  Call(TraceRecord.Enter enter, long record, long userPc) {
    this.record = record;
    this.userPc = userPc;
    this.method = enter.method();
    this.start = enter.time();
    this.operation = enter.operation();
    this.arguments = enter.arguments();
  }

  void add(CallNode child) {
    children.add(child);
  }

  void end(long time, long value) {
    ended = true;
    end = time;
    result = value;
  }

  void endByException(long time, String name) {
    ended = true;
    end = time;
    exception = name;
  }

  /** What was called. */
  public TracedMethod method() {
    return method;
  }

  /** When it began. */
  @Override
  public long time() {
    return start;
  }

  /** Whether its end was recorded. */
  public boolean ended() {
    return ended;
  }

  /** Number, within its thread, of the record of its beginning. */
  @Override
  public long record() {
    return record;
  }

  /** When it ended; meaningless unless {@link #ended}. */
  public long end() {
    return end;
  }

  /** Ticks from begin to end; 0 unless {@link #ended}. */
  public long duration() {
    return ended ? end - start : 0;
  }

  /** The operation it worked for when it began; 0 for none. */
  public long operation() {
    return operation;
  }

  /** Where in the program its operation was asked for, after the svc; 0 when no program did. */
  public long userPc() {
    return userPc;
  }

  /** The first five arguments, when they were recorded. */
  public List<Long> arguments() {
    return arguments;
  }

  /** Whether arguments were recorded. */
  public boolean hasArguments() {
    return !arguments.isEmpty() && !method.arguments().isEmpty();
  }

  /** Names of the recorded arguments: the first five parameters. */
  public List<String> argumentNames() {
    List<String> names = method.arguments();
    return names.subList(0, Math.min(names.size(), arguments.size()));
  }

  /** What it returned, widened; meaningless unless {@link #ended} without exception. */
  public long result() {
    return result;
  }

  /** Simple name of the exception that ended it, or null. */
  public @Nullable String exception() {
    return exception;
  }

  /** Calls and points inside it, in order. */
  public List<CallNode> children() {
    return Collections.unmodifiableList(children);
  }
}
