package dev.svc0.runtime.tty;

import static dev.svc0.runtime.abi.Termios.*;

import dev.svc0.runtime.abi.TermioLayout;
import dev.svc0.runtime.abi.Termios2Layout;
import dev.svc0.runtime.abi.TermiosLayout;
import dev.svc0.runtime.mm.UserMemory;

/** Settings of a terminal. <i>Linux:</i> {@code ktermios}. */
final class KTermios {
  private static final int STANDARD_SPEED = 38400;

  /** ^C ^\ DEL ^U ^D 0 1 0 ^Q ^S ^Z 0 ^R ^O ^W ^V 0, as every terminal starts with. */
  private static final byte[] INITIAL_CHARACTERS = {
    3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0
  };

  /** Control characters in {@code struct termio}. */
  private static final int NCC = 8;

  int iflag;
  int oflag;
  int cflag;
  int lflag;
  byte line;
  final byte[] characters = new byte[NCCS];
  int inputSpeed = STANDARD_SPEED;
  int outputSpeed = STANDARD_SPEED;

  /** <i>Linux:</i> tty_std_termios. */
  static KTermios standard() {
    KTermios result = new KTermios();
    result.iflag = ICRNL | IXON;
    result.oflag = OPOST | ONLCR;
    result.cflag = B38400 | CS8 | CREAD | HUPCL;
    result.lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN;
    System.arraycopy(INITIAL_CHARACTERS, 0, result.characters, 0, NCCS);
    return result;
  }

  KTermios copy() {
    KTermios result = new KTermios();
    result.iflag = iflag;
    result.oflag = oflag;
    result.cflag = cflag;
    result.lflag = lflag;
    result.line = line;
    System.arraycopy(characters, 0, result.characters, 0, NCCS);
    result.inputSpeed = inputSpeed;
    result.outputSpeed = outputSpeed;
    return result;
  }

  boolean input(int flag) {
    return (iflag & flag) != 0;
  }

  boolean output(int flag) {
    return (oflag & flag) != 0;
  }

  boolean local(int flag) {
    return (lflag & flag) != 0;
  }

  /** A control character, 0…255; 0 means disabled for all but VMIN and VTIME. */
  int character(int index) {
    return characters[index] & 0xff;
  }

  /** Whether a received byte is the control character, which must not be disabled. */
  boolean is(int received, int index) {
    return received == character(index) && character(index) != 0;
  }

  /** Reads {@code struct termios} over these settings. */
  void readFrom(UserMemory memory, long address) {
    iflag = memory.readInt(address + TermiosLayout.c_iflag);
    oflag = memory.readInt(address + TermiosLayout.c_oflag);
    cflag = memory.readInt(address + TermiosLayout.c_cflag);
    lflag = memory.readInt(address + TermiosLayout.c_lflag);
    line = memory.readByte(address + TermiosLayout.c_line);
    for (int i = 0; i < NCCS; i++) {
      characters[i] = memory.readByte(address + TermiosLayout.c_cc + i);
    }
  }

  /** Reads {@code struct termio}, which has the lower halves, over these settings. */
  void readOldFrom(UserMemory memory, long address) {
    iflag = lower(iflag, memory.readShort(address + TermioLayout.c_iflag));
    oflag = lower(oflag, memory.readShort(address + TermioLayout.c_oflag));
    cflag = lower(cflag, memory.readShort(address + TermioLayout.c_cflag));
    lflag = lower(lflag, memory.readShort(address + TermioLayout.c_lflag));
    line = memory.readByte(address + TermioLayout.c_line);
    for (int i = 0; i < NCC; i++) {
      characters[i] = memory.readByte(address + TermioLayout.c_cc + i);
    }
  }

  private static int lower(int all, short half) {
    return all & 0xffff0000 | half & 0xffff;
  }

  /** Writes {@code struct termio}. */
  void writeOldTo(UserMemory memory, long address) {
    memory.writeShort(address + TermioLayout.c_iflag, (short) iflag);
    memory.writeShort(address + TermioLayout.c_oflag, (short) oflag);
    memory.writeShort(address + TermioLayout.c_cflag, (short) cflag);
    memory.writeShort(address + TermioLayout.c_lflag, (short) lflag);
    memory.writeByte(address + TermioLayout.c_line, line);
    for (int i = 0; i < NCC; i++) {
      memory.writeByte(address + TermioLayout.c_cc + i, characters[i]);
    }
  }

  /** Reads {@code struct termios2} over these settings. */
  void readFrom2(UserMemory memory, long address) {
    readFrom(memory, address);
    inputSpeed = memory.readInt(address + Termios2Layout.c_ispeed);
    outputSpeed = memory.readInt(address + Termios2Layout.c_ospeed);
  }

  /** Writes {@code struct termios}. */
  void writeTo(UserMemory memory, long address) {
    memory.writeInt(address + TermiosLayout.c_iflag, iflag);
    memory.writeInt(address + TermiosLayout.c_oflag, oflag);
    memory.writeInt(address + TermiosLayout.c_cflag, cflag);
    memory.writeInt(address + TermiosLayout.c_lflag, lflag);
    memory.writeByte(address + TermiosLayout.c_line, line);
    for (int i = 0; i < NCCS; i++) {
      memory.writeByte(address + TermiosLayout.c_cc + i, characters[i]);
    }
  }

  /** Writes {@code struct termios2}. */
  void writeTo2(UserMemory memory, long address) {
    writeTo(memory, address);
    memory.writeInt(address + Termios2Layout.c_ispeed, inputSpeed);
    memory.writeInt(address + Termios2Layout.c_ospeed, outputSpeed);
  }
}
