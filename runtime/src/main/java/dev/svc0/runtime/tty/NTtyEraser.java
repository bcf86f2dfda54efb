package dev.svc0.runtime.tty;

import static dev.svc0.runtime.abi.Termios.*;

/**
 * Taking back what was typed on a line: a character, a word, all of it; and what that looks like.
 * Everything under the terminal's monitor. <i>Linux:</i> eraser in drivers/tty/n_tty.c.
 */
final class NTtyEraser {
  private static final int TAB_WIDTH = 8;

  private final NTty line;
  private final NTtyOutput output;
  private KTermios termios;

  /** Column at which the line that is being typed began. */
  private int startColumn;

  /** Between the slashes of ECHOPRT. */
  private boolean erasing;

  NTtyEraser(NTty line, NTtyOutput output, KTermios termios) {
    this.line = line;
    this.output = output;
    this.termios = termios;
  }

  void setTermios(KTermios now) {
    termios = now;
  }

  void forget() {
    erasing = false;
  }

  /** The next byte is the first of a line. */
  void lineStarts() {
    startColumn = output.column;
  }

  /** Ends a sequence of bytes shown while they were taken back. */
  void finish() {
    if (erasing) {
      output.echoRaw('/');
      erasing = false;
    }
  }

  /** A character that takes back was typed. */
  void erase(int c) {
    if (line.head() == line.canonHead()) {
      return;
    }
    boolean word = termios.is(c, VWERASE) && termios.local(IEXTEN) && !termios.is(c, VERASE);
    boolean all = !word && !termios.is(c, VERASE);
    if (all && !showsKill(c)) {
      return;
    }
    boolean seenLetters = false;
    while (line.head() > line.canonHead()) {
      long at = lastCharacter();
      int first = line.at(at);
      if (output.isContinuation(first)) {
        break; // the rest of a character that began on another line
      }
      if (word) {
        boolean letter = Character.isLetterOrDigit(first) && first < 128 || first == '_';
        if (!letter && seenLetters) {
          break;
        }
        seenLetters |= letter;
      }
      long end = line.head();
      line.setHead(at);
      if (termios.local(ECHO)) {
        show(c, at, end, first, word || all);
      }
      if (!word && !all) {
        break;
      }
    }
    if (line.head() == line.canonHead() && termios.local(ECHO)) {
      finish();
    }
  }

  private long lastCharacter() {
    long at = line.head() - 1;
    while (at > line.canonHead() && output.isContinuation(line.at(at))) {
      at--;
    }
    return at;
  }

  /** Whether the bytes of a killed line vanish one by one; otherwise it is done here. */
  private boolean showsKill(int c) {
    if (!termios.local(ECHO)) {
      line.setHead(line.canonHead());
      return false;
    }
    if (termios.local(ECHOK) && termios.local(ECHOKE) && termios.local(ECHOE)) {
      return true;
    }
    line.setHead(line.canonHead());
    finish();
    output.echo(c);
    if (termios.local(ECHOK)) {
      output.echoRaw('\n');
    }
    return false;
  }

  private void show(int typed, long at, long end, int first, boolean many) {
    if (termios.local(ECHOPRT)) {
      if (!erasing) {
        output.echoRaw('\\');
        erasing = true;
      }
      output.echo(first);
      for (long i = at + 1; i < end; i++) {
        output.echoRaw(line.at(i));
      }
    } else if (!many && !termios.local(ECHOE)) {
      output.echo(typed);
    } else if (first == '\t') {
      for (int back = tabWidthAt(at); back > 0; back--) {
        output.echoRaw('\b');
      }
    } else {
      if (NTtyOutput.isControl(first) && termios.local(ECHOCTL)) {
        wipe();
      }
      if (!NTtyOutput.isControl(first) || termios.local(ECHOCTL)) {
        wipe();
      }
    }
  }

  private void wipe() {
    output.echoRaw('\b');
    output.echoRaw(' ');
    output.echoRaw('\b');
  }

  /** How many columns a tab at this place of the line fills. */
  private int tabWidthAt(long position) {
    int column = startColumn;
    for (long at = line.canonHead(); at < position; at++) {
      int c = line.at(at);
      if (c == '\t') {
        column += TAB_WIDTH - column % TAB_WIDTH;
      } else if (NTtyOutput.isControl(c)) {
        column += termios.local(ECHOCTL) ? 2 : 0;
      } else if (!output.isContinuation(c)) {
        column++;
      }
    }
    return TAB_WIDTH - column % TAB_WIDTH;
  }
}
