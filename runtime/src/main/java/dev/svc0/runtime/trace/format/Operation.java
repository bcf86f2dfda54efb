package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.trace.Call;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an operation: the system call that a bio, a dirty page or anything else goes
 * back to.
 *
 * <p>Filled while a capture is read; what was not recorded stays empty.
 */
public final class Operation {
  private static final int NO_CALL = -1;

  private final long id;
  private final int pid;
  private final int tid;
  private final String comm;
  private int number = NO_CALL;
  private String call = "";
  private String arguments = "";
  private String resultText = "";
  private String path = "";
  private String stack = "";
  private long userPc;
  private long start;
  private long end = Long.MIN_VALUE;
  private long result;
  private @Nullable Call graph;

  Operation(long id, CallOwner owner, long start) {
    this.id = id;
    this.pid = owner.pid();
    this.tid = owner.tid();
    this.comm = owner.comm();
    this.start = start;
  }

  /** Who calls. */
  record CallOwner(int pid, int tid, String comm) {}

  void enter(int nr, long pc, long time) {
    number = nr;
    userPc = pc;
    start = time;
  }

  void asked(String name, String args) {
    call = name;
    arguments = args;
  }

  void answered(String args, String text) {
    arguments = args;
    resultText = text;
  }

  void exit(long value, long time) {
    result = value;
    end = time;
  }

  void at(long pc) {
    userPc = userPc == 0 ? pc : userPc;
  }

  void graph(Call handler) {
    graph = handler;
    call = call.isEmpty() ? handler.method().name() : call;
    if (end == Long.MIN_VALUE && handler.ended()) {
      exit(handler.result(), handler.end());
      start = handler.time();
    }
    at(handler.userPc());
  }

  void path(String text) {
    path = path.isEmpty() ? text : path;
  }

  void stack(String text) {
    stack = text;
  }

  /** Its id. */
  public long id() {
    return id;
  }

  public int pid() {
    return pid;
  }

  public int tid() {
    return tid;
  }

  public String comm() {
    return comm;
  }

  /** Number of the call; −1 when it was not recorded. */
  public int number() {
    return number;
  }

  /** Name of the call; empty when it was not recorded. */
  public String call() {
    return call;
  }

  /** Arguments in words; empty when they were not recorded. */
  public String arguments() {
    return arguments;
  }

  /** The result in words; empty when it was not recorded. */
  public String resultText() {
    return resultText;
  }

  /** Path of the file it worked on; empty when there is none. */
  public String path() {
    return path;
  }

  /** Address after the svc; 0 when it was not recorded. */
  public long userPc() {
    return userPc;
  }

  /** Addresses after the calls on the program's stack, innermost first; 0 long when not wanted. */
  public long[] stack() {
    if (stack.isEmpty()) {
      return new long[0];
    }
    String[] parts = stack.split(" ");
    long[] addresses = new long[parts.length];
    for (int i = 0; i < parts.length; i++) {
      addresses[i] = Long.parseUnsignedLong(parts[i], 16);
    }
    return addresses;
  }

  /** When it began. */
  public long start() {
    return start;
  }

  /** When it ended; meaningless unless {@link #ended}. */
  public long end() {
    return end;
  }

  /** Whether its end was recorded. */
  public boolean ended() {
    return end != Long.MIN_VALUE;
  }

  /** Ticks; 0 unless {@link #ended}. */
  public long duration() {
    return ended() ? end - start : 0;
  }

  /** What it returned; meaningless unless {@link #ended}. */
  public long result() {
    return result;
  }

  /** Whether it ended with −errno. */
  public boolean failed() {
    return ended() && result < 0 && result >= -4095;
  }

  /** The handler's call with all inside, when functions were traced. */
  public @Nullable Call graph() {
    return graph;
  }

  /** For example {@code pwrite64(3, "…", 4096, 0)}. */
  public String text() {
    return (call.isEmpty() ? "system call " + number : call) + '(' + arguments + ')';
  }
}
