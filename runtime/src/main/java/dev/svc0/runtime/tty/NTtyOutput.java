package dev.svc0.runtime.tty;

import static dev.svc0.runtime.abi.Termios.*;

/**
 * Output half of the line discipline: what OPOST means, the column, and the echo. Everything under
 * the terminal's monitor.
 */
final class NTtyOutput {
  private static final int TAB_WIDTH = 8;
  private static final int ECHO_BYTES = 4096;

  /** So much echo is shown even while more is typed. */
  private static final int ECHO_WATERMARK = 256;

  private static final byte[] SPACES = "        ".getBytes(java.nio.charset.StandardCharsets.UTF_8);
  private static final int CONTINUATION_MASK = 0xc0;
  private static final int CONTINUATION = 0x80;

  private final TtyDriver driver;
  private final byte[] one = new byte[2];
  private KTermios termios;

  /** Echo on its way to the driver, processed. A typed signal takes it back. */
  private final byte[] pending = new byte[ECHO_BYTES];

  private int pendingBytes;

  /** The column before what is pending. */
  private int columnBefore;

  /** What is processed is echo. */
  private boolean echoing;

  /** Where the cursor is. */
  int column;

  boolean stopped;

  NTtyOutput(TtyDriver driver, KTermios termios) {
    this.driver = driver;
    this.termios = termios;
  }

  void setTermios(KTermios now) {
    termios = now;
  }

  private int room() {
    if (echoing) {
      return ECHO_BYTES - pendingBytes;
    }
    return stopped ? 0 : driver.writeRoom();
  }

  private void send(byte[] bytes, int count) {
    if (echoing) {
      System.arraycopy(bytes, 0, pending, pendingBytes, count);
      pendingBytes += count;
    } else {
      driver.write(bytes, 0, count);
    }
  }

  /** Writes as much as there is room for; how many bytes it took. */
  int write(byte[] bytes, int offset, int count) {
    flushEcho();
    if (pendingBytes > 0 || stopped) {
      return 0;
    }
    if (!termios.output(OPOST)) {
      return driver.write(bytes, offset, count);
    }
    int done = 0;
    while (done < count) {
      int plain = plainRun(bytes, offset + done, count - done);
      if (plain > 0) {
        int taken = driver.write(bytes, offset + done, plain);
        column += columns(bytes, offset + done, taken);
        done += taken;
        if (taken < plain) {
          break;
        }
      } else if (process(bytes[offset + done] & 0xff)) {
        done++;
      } else {
        break;
      }
    }
    return done;
  }

  /** Bytes at the start that output processing leaves as they are. */
  private int plainRun(byte[] bytes, int offset, int count) {
    if (termios.output(OLCUC)) {
      return 0;
    }
    int run = 0;
    while (run < count && !isControl(bytes[offset + run] & 0xff)) {
      run++;
    }
    return run;
  }

  private int columns(byte[] bytes, int offset, int count) {
    int result = 0;
    for (int i = 0; i < count; i++) {
      result += isContinuation(bytes[offset + i] & 0xff) ? 0 : 1;
    }
    return result;
  }

  /** One byte through OPOST; false when there is no room. <i>Linux:</i> do_output_char. */
  private boolean process(int c) {
    int room = room();
    if (room < 1) {
      return false;
    }
    switch (c) {
      case '\n' -> {
        if (termios.output(ONLRET)) {
          column = 0;
        }
        if (termios.output(ONLCR)) {
          if (room < 2) {
            return false;
          }
          column = 0;
          return put('\r', '\n');
        }
      }
      case '\r' -> {
        if (termios.output(ONOCR) && column == 0) {
          return true;
        }
        if (termios.output(OCRNL)) {
          if (termios.output(ONLRET)) {
            column = 0;
          }
          return put('\n');
        }
        column = 0;
      }
      case '\t' -> {
        int spaces = TAB_WIDTH - column % TAB_WIDTH;
        if ((termios.oflag & TABDLY) == XTABS) {
          if (room < spaces) {
            return false;
          }
          column += spaces;
          send(SPACES, spaces);
          return true;
        }
        column += spaces;
      }
      case '\b' -> column = Math.max(0, column - 1);
      default -> {
        int shown = termios.output(OLCUC) && c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
        if (!isControl(shown) && !isContinuation(shown)) {
          column++;
        }
        return put(shown);
      }
    }
    return put(c);
  }

  private boolean put(int c) {
    one[0] = (byte) c;
    send(one, 1);
    return true;
  }

  private boolean put(int first, int second) {
    one[0] = (byte) first;
    one[1] = (byte) second;
    send(one, 2);
    return true;
  }

  /** Echoes a byte, as if a program had written it; it is lost when too much echo waits. */
  void echoRaw(int c) {
    if (pendingBytes == 0) {
      columnBefore = column;
    } else if (pendingBytes >= ECHO_WATERMARK) {
      flushEcho();
    }
    echoing = true;
    if (room() > 0) {
      if (termios.output(OPOST)) {
        process(c);
      } else {
        put(c);
      }
    }
    echoing = false;
  }

  /** Echoes a byte so that control characters can be seen: ^C. */
  void echo(int c) {
    if (termios.local(ECHOCTL) && isControl(c) && c != '\t') {
      echoRaw('^');
      echoRaw(c ^ 0x40);
    } else {
      echoRaw(c);
    }
  }

  /** Shows the echo there is room for. */
  void flushEcho() {
    if (pendingBytes == 0 || stopped) {
      return;
    }
    int done = driver.write(pending, 0, pendingBytes);
    System.arraycopy(pending, done, pending, 0, pendingBytes - done);
    pendingBytes -= done;
  }

  /** Takes back the echo that was not shown yet. */
  void dropEcho() {
    if (pendingBytes > 0) {
      pendingBytes = 0;
      column = columnBefore;
    }
  }

  static boolean isControl(int c) {
    return c < ' ' || c == 127;
  }

  /** Whether it is a later byte of a character in UTF-8. */
  boolean isContinuation(int c) {
    return termios.input(IUTF8) && (c & CONTINUATION_MASK) == CONTINUATION;
  }
}
