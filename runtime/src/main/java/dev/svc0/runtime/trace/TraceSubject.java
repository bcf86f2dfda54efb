package dev.svc0.runtime.trace;

/**
 * Something that passes through traced methods and can say what a {@link TracePoint} records of it:
 * a bio, a request. The methods are called on the traced thread and must not block or allocate.
 */
public interface TraceSubject {
  /** The operation that caused it; 0 for none. */
  long traceOperation();

  /**
   * The value of a slot, 0 … 4, as the point's fields declare it; the status is added to slot 2.
   */
  long traceSlot(int slot);
}
