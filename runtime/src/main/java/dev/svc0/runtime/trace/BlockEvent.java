package dev.svc0.runtime.trace;

/**
 * The fields of a point that is about a bio or a request.
 *
 * @param sector first sector of 512 bytes
 * @param bytes length
 * @param opf operation and flags, as in {@code bi_opf}
 * @param major of the device
 * @param minor of the device
 * @param errno 0, or the error as a positive number
 * @param lastOperation the last operation that wrote the data, 0 when there is no other
 * @param identity the same for all points of one bio or request that follow each other in time
 */
public record BlockEvent(
    long sector,
    long bytes,
    int opf,
    int major,
    int minor,
    int errno,
    long lastOperation,
    long identity) {
  /** The kernel's numbers of operations, and what else the letters need. */
  private static final int OP_MASK = 0xff;

  /** Operation in the low byte; the flags above it. */
  public static final int SYNC = 1 << 8;

  public static final int META = 1 << 9;
  public static final int PREFLUSH = 1 << 11;
  public static final int FUA = 1 << 12;
  public static final int RAHEAD = 1 << 13;

  /** The field with the last operation that wrote the data. */
  static final String LAST_OPERATION = "last_op";

  /** From an event about a bio or a request. */
  public static BlockEvent of(CallNode.Event event) {
    int device = (int) event.value("dev");
    return new BlockEvent(
        event.value("sector"),
        event.value("bytes"),
        (int) event.value("rwbs"),
        device >>> 20,
        device & 0xfffff,
        (int) -event.value("error"),
        event.value(LAST_OPERATION),
        event.value("id"));
  }

  /** Whether an event is about a bio or a request. */
  public static boolean is(CallNode.Event event) {
    return event.point().field("rwbs") != null;
  }

  /** Length in sectors. */
  public long sectors() {
    return bytes >>> 9;
  }

  /** The kernel's number of the operation: 0 read, 1 write, 2 flush, 3 discard, 9 write zeroes. */
  public int operationCode() {
    return opf & OP_MASK;
  }

  /** Whether data goes to the device. */
  public boolean isWrite() {
    return (opf & 1) != 0;
  }

  /** Whether a flag is set. */
  public boolean has(int flag) {
    return (opf & flag) != 0;
  }

  /** Operation and flags in the kernel's letters: {@code WS}, {@code FWFS}, {@code RA}. */
  public String rwbs() {
    StringBuilder letters = new StringBuilder();
    if ((opf & PREFLUSH) != 0) {
      letters.append('F');
    }
    letters.append(
        switch (opf & OP_MASK) {
          case 0 -> "R";
          case 1, 9 -> "W";
          case 2 -> "F";
          case 3 -> "D";
          default -> "N";
        });
    append(letters, FUA, 'F');
    append(letters, RAHEAD, 'A');
    append(letters, SYNC, 'S');
    append(letters, META, 'M');
    return letters.toString();
  }

  private void append(StringBuilder letters, int flag, char letter) {
    if ((opf & flag) != 0) {
      letters.append(letter);
    }
  }
}
