package dev.svc0.runtime.trace;

/**
 * The 64 bytes of a record, little-endian: when, for which operation, what, and five slots whose
 * meaning depends on the kind.
 */
final class RecordLayout {
  static final int BYTES = 64;
  static final int SHIFT = 6;

  /** Ticks of the session's clock, 64 bits. */
  static final int TIME = 0;

  /** The operation the thread worked for, or the one that caused the subject; 64 bits. */
  static final int OPERATION = 8;

  /** Method id (ENTER, EXIT, THROW) or number of the point (POINT); 32 bits. */
  static final int ID = 16;

  /** Nesting of traced calls, 16 bits. */
  static final int DEPTH = 20;

  /**
   * One of the kinds below, 8 bits; above it 8 bits: of a POINT how many MORE records follow, of an
   * ENTER whether it has arguments.
   */
  static final int KIND = 22;

  /** Of an ENTER: the slots are arguments. */
  static final int WITH_ARGUMENTS = 1 << 8;

  /** Five slots of 64 bits. */
  static final int SLOTS = 24;

  static final int SLOT_COUNT = 5;

  /** What the slots hold together. */
  static final int PAYLOAD_BYTES = SLOT_COUNT * Long.BYTES;

  /** So many MORE records can follow a POINT. */
  static final int MOST_MORE = 255;

  /** A method was entered; slots: its arguments, when they are recorded. */
  static final int ENTER = 1;

  /** A method returned; slot 0: its result. */
  static final int EXIT = 2;

  /** A method ended by an exception; slot 0: id of the exception's class. */
  static final int THROW = 3;

  /** Something known happened; slots: as its {@link TracePoint} says. */
  static final int POINT = 4;

  /**
   * Who the thread is from here on; slots 0, 1: name; slot 2: pid in the high half, tid in the low.
   */
  static final int TASK = 5;

  /** Slot 0: how many records before this one could not be kept. */
  static final int LOST = 6;

  /** An operation begins; slot 0: where in the program it was asked for. */
  static final int BEGIN = 7;

  /** Belongs to the POINT before it: five slots more, or 40 bytes of its texts. */
  static final int MORE = 8;

  private RecordLayout() {}
}
