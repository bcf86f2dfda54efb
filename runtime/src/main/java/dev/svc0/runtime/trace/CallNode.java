package dev.svc0.runtime.trace;

import java.util.List;

/** Something in a call tree. */
public sealed interface CallNode permits Call, CallNode.Event, CallNode.Gap {
  /** When it happened or began. */
  long time();

  /** Number, within its thread, of the record that says so. */
  long record();

  /** A point that was reached; the operation is the one that caused the subject. */
  record Event(long time, long record, long operation, TracePoint point, List<Long> slots)
      implements CallNode {}

  /** Here so many records are missing. */
  record Gap(long time, long record, long count) implements CallNode {}
}
