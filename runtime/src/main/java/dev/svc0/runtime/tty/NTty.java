package dev.svc0.runtime.tty;

import static dev.svc0.runtime.abi.Termios.*;

import dev.svc0.runtime.abi.Signals;

/**
 * The line discipline N_TTY: turns received bytes into lines, echo and signals. Everything under
 * the terminal's monitor. <i>Linux:</i> drivers/tty/n_tty.c.
 */
final class NTty {
  /** Bytes that can wait to be read. */
  static final int BUFFER = 4096;

  private static final int MASK = BUFFER - 1;
  private static final int SEVEN_BITS = 0x7f;

  /** Stands in the buffer for an end of file. */
  private static final byte END_OF_FILE = 0;

  private final NTtyOutput output;
  private final TtyDriver driver;
  private final NTtyEraser eraser;
  private KTermios termios;

  private final byte[] buffer = new byte[BUFFER];

  /** Where lines end; the byte there is the last of the line, or {@link #END_OF_FILE}. */
  private final boolean[] lineEnd = new boolean[BUFFER];

  /** Positions that only grow: read ≤ end of complete lines ≤ received. */
  private long tail;

  private long canonHead;
  private long head;

  private boolean literalNext;

  /** Signals that were typed, bit n−1 for signal n; taken by {@link #takeSignals}. */
  private long typedSignals;

  NTty(TtyDriver driver, KTermios termios) {
    this.driver = driver;
    this.termios = termios;
    output = new NTtyOutput(driver, termios);
    eraser = new NTtyEraser(this, output, termios);
  }

  NTtyOutput output() {
    return output;
  }

  // Positions, for the eraser.

  long head() {
    return head;
  }

  void setHead(long position) {
    head = position;
  }

  long canonHead() {
    return canonHead;
  }

  int at(long position) {
    return buffer[(int) position & MASK] & 0xff;
  }

  /** New settings. What was typed so far becomes a line when line editing ends or begins. */
  void setTermios(KTermios now) {
    boolean was = termios.local(ICANON);
    termios = now;
    output.setTermios(now);
    eraser.setTermios(now);
    if (was != now.local(ICANON)) {
      for (long at = tail; at < head; at++) {
        lineEnd[(int) at & MASK] = false;
      }
      if (now.local(ICANON) && head > tail) {
        lineEnd[(int) (head - 1) & MASK] = true;
        canonHead = head;
      } else {
        canonHead = tail;
      }
      literalNext = false;
      eraser.forget();
    }
    if (!now.input(IXON) && output.stopped) {
      start();
    }
  }

  /** Bytes of input that would be taken now. */
  int receiveRoom() {
    int left = (int) (BUFFER - 1 - (head - tail));
    if (left <= 0 && termios.local(ICANON) && canonHead == tail) {
      return 1; // a line that is too long must still be able to end
    }
    return Math.max(left, 0);
  }

  /** Takes typed bytes; how many. */
  int receive(byte[] bytes, int offset, int count) {
    int done = 0;
    while (done < count && receiveRoom() > 0) {
      receive(bytes[offset + done++] & 0xff);
    }
    output.flushEcho();
    return done;
  }

  private void receive(int received) {
    int c = received;
    if (termios.input(ISTRIP)) {
      c &= SEVEN_BITS;
    }
    if (termios.input(IUCLC) && termios.local(IEXTEN) && c >= 'A' && c <= 'Z') {
      c += 'a' - 'A';
    }
    if (literalNext) {
      literalNext = false;
      put(c, false);
      return;
    }
    if (flowControl(c) || signalCharacter(c)) {
      return;
    }
    if (c == '\r') {
      if (termios.input(IGNCR)) {
        return;
      }
      c = termios.input(ICRNL) ? '\n' : c;
    } else if (c == '\n' && termios.input(INLCR)) {
      c = '\r';
    }
    if (!termios.local(ICANON) || !canonical(c)) {
      put(c, c == '\n' && received != '\n');
    }
  }

  /**
   * An ordinary byte: echo and keep.
   *
   * @param madeNewline it was typed as something else
   */
  private void put(int c, boolean madeNewline) {
    if (termios.local(ECHO)) {
      eraser.finish();
      if (madeNewline) {
        output.echoRaw(c);
      } else {
        if (head == canonHead) {
          eraser.lineStarts();
        }
        output.echo(c);
      }
    }
    if (receiveSpace() > 0) {
      buffer[(int) head & MASK] = (byte) c;
      lineEnd[(int) head & MASK] = false;
      head++;
    }
  }

  private long receiveSpace() {
    return BUFFER - 1 - (head - tail);
  }

  private boolean flowControl(int c) {
    if (!termios.input(IXON)) {
      return false;
    }
    if (termios.is(c, VSTART)) {
      start();
      return true;
    }
    if (termios.is(c, VSTOP)) {
      stop();
      return true;
    }
    if (output.stopped && termios.input(IXANY)) {
      start();
    }
    return false;
  }

  /** Output waits: ^S, TCOOFF. */
  void stop() {
    if (!output.stopped) {
      output.stopped = true;
      driver.packetEvent(dev.svc0.runtime.abi.Ioctl.TIOCPKT_STOP);
    }
  }

  /** Output goes on: ^Q, TCOON. */
  void start() {
    if (output.stopped) {
      output.stopped = false;
      output.flushEcho();
      driver.packetEvent(dev.svc0.runtime.abi.Ioctl.TIOCPKT_START);
    }
  }

  private boolean signalCharacter(int c) {
    if (!termios.local(ISIG)) {
      return false;
    }
    if (termios.is(c, VINTR)) {
      signal(Signals.SIGINT);
    } else if (termios.is(c, VQUIT)) {
      signal(Signals.SIGQUIT);
    } else if (termios.is(c, VSUSP)) {
      signal(Signals.SIGTSTP);
    } else {
      return false;
    }
    if (termios.input(IXON)) {
      start();
    }
    if (termios.local(ECHO)) {
      output.echo(c);
    }
    return true;
  }

  /** A signal for the foreground, which clears both directions unless NOFLSH says no. */
  void signal(int number) {
    typedSignals |= 1L << number - 1;
    if (!termios.local(NOFLSH)) {
      output.dropEcho();
      driver.flushBuffer();
      flush();
    }
  }

  /** What was typed since the last call, bit n−1 for signal n. */
  long takeSignals() {
    long result = typedSignals;
    typedSignals = 0;
    return result;
  }

  /** Line editing; false when the byte is an ordinary one. */
  private boolean canonical(int c) {
    boolean extended = termios.local(IEXTEN);
    if (termios.is(c, VERASE) || termios.is(c, VKILL) || termios.is(c, VWERASE) && extended) {
      eraser.erase(c);
      return true;
    }
    if (termios.is(c, VLNEXT) && extended) {
      literalNext = true;
      if (termios.local(ECHO)) {
        eraser.finish();
        if (termios.local(ECHOCTL)) {
          output.echoRaw('^');
          output.echoRaw('\b');
        }
      }
      return true;
    }
    if (termios.is(c, VREPRINT) && termios.local(ECHO) && extended) {
      reprint(c);
      return true;
    }
    if (c == '\n') {
      if (termios.local(ECHO) || termios.local(ECHONL)) {
        output.echoRaw('\n');
      }
      endLine((byte) c);
      return true;
    }
    if (termios.is(c, VEOF)) {
      endLine(END_OF_FILE);
      return true;
    }
    if (termios.is(c, VEOL) || termios.is(c, VEOL2) && extended) {
      if (termios.local(ECHO)) {
        if (head == canonHead) {
          eraser.lineStarts();
        }
        output.echo(c);
      }
      endLine((byte) c);
      return true;
    }
    return false;
  }

  private void reprint(int c) {
    eraser.finish();
    output.echo(c);
    output.echoRaw('\n');
    eraser.lineStarts();
    for (long at = canonHead; at < head; at++) {
      output.echo(at(at));
    }
  }

  private void endLine(byte last) {
    buffer[(int) head & MASK] = last;
    lineEnd[(int) head & MASK] = true;
    head++;
    canonHead = head;
    eraser.forget();
  }

  /** Throws away what was typed: TCIFLUSH. */
  void flush() {
    tail = head;
    canonHead = head;
    literalNext = false;
    eraser.forget();
    driver.unthrottle();
    driver.packetEvent(dev.svc0.runtime.abi.Ioctl.TIOCPKT_FLUSHREAD);
  }

  /** Bytes a read could get now: FIONREAD. */
  int available() {
    if (!termios.local(ICANON)) {
      return (int) (head - tail);
    }
    int result = 0;
    for (long at = tail; at < canonHead; at++) {
      result += lineEnd[(int) at & MASK] && buffer[(int) at & MASK] == END_OF_FILE ? 0 : 1;
    }
    return result;
  }

  /** Whether a read of at least so many bytes (or a line) can be answered. */
  boolean hasInput(int atLeast) {
    return termios.local(ICANON) ? canonHead > tail : head - tail >= atLeast;
  }

  /**
   * Takes input: up to the end of one line, or what is there.
   *
   * @return bytes; 0 for an end of file
   */
  int read(byte[] to, int offset, int count) {
    int done = termios.local(ICANON) ? readLine(to, offset, count) : readRaw(to, offset, count);
    driver.unthrottle();
    return done;
  }

  private int readRaw(byte[] to, int offset, int count) {
    int done = (int) Math.min(count, head - tail);
    for (int i = 0; i < done; i++) {
      to[offset + i] = buffer[(int) (tail + i) & MASK];
    }
    tail += done;
    canonHead = Math.max(canonHead, tail);
    return done;
  }

  private int readLine(byte[] to, int offset, int count) {
    int done = 0;
    while (tail < canonHead) {
      int at = (int) tail & MASK;
      boolean end = lineEnd[at];
      if (end && buffer[at] == END_OF_FILE) {
        tail++; // also behind a read that was filled exactly
        return done;
      }
      if (done == count) {
        return done;
      }
      to[offset + done++] = buffer[at];
      tail++;
      if (end) {
        return done;
      }
    }
    return done;
  }
}
