package dev.svc0.runtime.trace;

/**
 * The layout of records, little-endian: one unit of 32 bytes with when, for which operation, what,
 * and the first slot; then as many units as the header says, with four slots or 32 bytes of texts
 * each. A record does not cross the end of a chunk.
 */
final class RecordLayout {
  /** Bytes of a unit. */
  static final int BYTES = 32;

  static final int SHIFT = 5;

  /** Ticks of the session's clock, 64 bits. */
  static final int TIME = 0;

  /** The operation the thread worked for, or the one that caused the subject; 64 bits. */
  static final int OPERATION = 8;

  /**
   * The header: 24 bits of an id (of a method or a point), 8 of a kind, 16 of the nesting of traced
   * calls, 16 that say how many units follow.
   */
  static final int HEADER = 16;

  /** The first slot, 64 bits; the others are in the units that follow. */
  static final int SLOT = 24;

  /** Slots in each unit that follows. */
  static final int MORE_SLOTS = BYTES / Long.BYTES;

  static final int KIND_SHIFT = 24;
  static final int DEPTH_SHIFT = 32;
  static final int MORE_SHIFT = 48;
  private static final int ID_MASK = (1 << KIND_SHIFT) - 1;

  /** So many units can follow a record for its texts. */
  static final int MOST_TEXT = 320;

  /** A method was entered; slots: its first five arguments, when they are recorded. */
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

  /** Nothing: the next record stands at the beginning of the next chunk. */
  static final int PAD = 8;

  private RecordLayout() {}

  static long header(int kind, int id, int depth, int more) {
    return id
        | (long) kind << KIND_SHIFT
        | (depth & 0xffffL) << DEPTH_SHIFT
        | (long) more << MORE_SHIFT;
  }

  static int id(long header) {
    return (int) header & ID_MASK;
  }

  static int kind(long header) {
    return (int) (header >>> KIND_SHIFT) & 0xff;
  }

  static int depth(long header) {
    return (int) (header >>> DEPTH_SHIFT) & 0xffff;
  }

  static int more(long header) {
    return (int) (header >>> MORE_SHIFT);
  }
}
