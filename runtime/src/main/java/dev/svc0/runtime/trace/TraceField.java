package dev.svc0.runtime.trace;

import dev.svc0.annotation.Tracepoint;

/**
 * A field of a {@link TracePoint}.
 *
 * @param name as in the kernel
 * @param show how it is shown
 * @param kind what it is
 * @param offset of a number, in bytes from the first slot; of a text, its index among the texts
 * @param bytes size of a number; 0 for a text
 */
public record TraceField(String name, Tracepoint.Show show, Kind kind, int offset, int bytes) {
  /** What a field is. */
  public enum Kind {
    NUMBER,
    TEXT
  }

  /** A number. */
  public static TraceField number(String name, Tracepoint.Show show, int offset, int bytes) {
    return new TraceField(name, show, Kind.NUMBER, offset, bytes);
  }

  /** A text. */
  public static TraceField text(String name, int index) {
    return new TraceField(name, Tracepoint.Show.DECIMAL, Kind.TEXT, index, 0);
  }

  /** The value of a number in a slot's 64 bits: signed, unless it is shown otherwise. */
  long of(long slot) {
    if (bytes == Long.BYTES) {
      return slot;
    }
    int bits = bytes * Byte.SIZE;
    long raw = slot >>> offset % Long.BYTES * Byte.SIZE;
    boolean signed = show == Tracepoint.Show.DECIMAL || show == Tracepoint.Show.RESULT;
    int rest = Long.SIZE - bits;
    return signed ? raw << rest >> rest : raw << rest >>> rest;
  }
}
