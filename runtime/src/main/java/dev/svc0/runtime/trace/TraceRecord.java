package dev.svc0.runtime.trace;

import java.util.List;

/** One record, decoded. */
public sealed interface TraceRecord {
  /** When, in ticks of the session's clock. */
  long time();

  /** A method begins. */
  record Enter(long time, long operation, int depth, TracedMethod method, List<Long> arguments)
      implements TraceRecord {}

  /** A method returned. */
  record Exit(long time, long operation, int depth, TracedMethod method, long result)
      implements TraceRecord {}

  /** A method ended by an exception, of which the simple class name is kept. */
  record Thrown(long time, long operation, int depth, TracedMethod method, String exception)
      implements TraceRecord {}

  /** Something known happened; the operation is the one that caused the subject. */
  record Point(long time, long operation, TracePoint point, List<Long> slots, List<String> texts)
      implements TraceRecord {}

  /** Who the thread is from here on. */
  record Task(long time, String comm, int pid, int tid) implements TraceRecord {}

  /** An operation begins that was asked for at an address of the program. */
  record Begin(long time, long operation, long userPc) implements TraceRecord {}

  /** So many records before this one could not be kept. */
  record Lost(long time, long count) implements TraceRecord {}
}
