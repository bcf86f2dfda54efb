package dev.svc0.runtime.tty;

/**
 * What stands behind a terminal. All methods are called with the terminal's monitor held and must
 * not block. <i>Linux:</i> {@code tty_operations}.
 */
public interface TtyDriver {
  /** Bytes that {@link #write} would take now. */
  int writeRoom();

  /** Takes processed output; how many bytes it took. */
  int write(byte[] bytes, int offset, int count);

  /** Bytes taken and not yet delivered: TIOCOUTQ. */
  int charsInBuffer();

  /** Throws away what was not yet delivered: TCOFLUSH, and a typed interrupt. */
  void flushBuffer();

  /** There is room for input again after {@link Tty#receive} took less than it was given. */
  void unthrottle();

  /** Output was stopped or goes on; or input was flushed. For packet mode. */
  default void packetEvent(int statusBits) {}
}
