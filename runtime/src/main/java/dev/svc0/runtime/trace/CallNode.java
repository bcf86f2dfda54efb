package dev.svc0.runtime.trace;

import java.util.List;

/** Something in a call tree. */
public sealed interface CallNode permits Call, CallNode.Event, CallNode.Gap {
  /** When it happened or began. */
  long time();

  /** Number, within its thread, of the record that says so. */
  long record();

  /** A point that was reached; the operation is the one that caused the subject. */
  record Event(
      long time,
      long record,
      long operation,
      TracePoint point,
      List<Long> slots,
      List<String> texts)
      implements CallNode {
    /** The value of a field that is a number; 0 when the point has no such field. */
    public long value(String name) {
      TraceField field = point.field(name);
      return field == null || field.kind() == TraceField.Kind.TEXT ? 0 : value(field);
    }

    /** The value of a field that is a number. */
    public long value(TraceField field) {
      int slot = field.offset() / Long.BYTES;
      return slot < slots.size() ? field.of(slots.get(slot)) : 0;
    }

    /** The value of a field that is a text; empty when it is missing. */
    public String text(String name) {
      TraceField field = point.field(name);
      return field == null || field.kind() == TraceField.Kind.NUMBER ? "" : text(field);
    }

    /** The value of a field that is a text; empty when it is missing. */
    public String text(TraceField field) {
      return field.offset() < texts.size() ? texts.get(field.offset()) : "";
    }
  }

  /** Here so many records are missing. */
  record Gap(long time, long record, long count) implements CallNode {}
}
