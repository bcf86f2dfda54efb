package dev.svc0.arm64.interp;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Everything an instruction can read or change, before or after it: {@code struct state} of the
 * runner.
 */
final class State {
  static final long CODE = 0x10000000L;
  static final long SCRATCH = 0x20000000L;
  static final long WINDOW = SCRATCH + 0x8000;
  static final int REGION_BYTES = 0x10000;
  static final int SLOT = 0x400;
  static final int BATCH = 64;
  static final int BYTES = 33 * 8 + 16 + 64 * 8 + 32 * 8;

  final long[] x = new long[31];
  final long[] v = new long[64];
  final long[] memory = new long[32];
  long sp;
  long pc;

  /** The instruction before, the signal that ended it after. */
  int insn;

  int nzcv;
  int fpcr;
  int fpsr;

  /** Where the instruction of a case lies. */
  static long slot(int index) {
    return CODE + (long) (index % BATCH) * SLOT + SLOT / 2;
  }

  void write(ByteBuffer to) {
    for (long value : x) {
      to.putLong(value);
    }
    to.putLong(sp).putLong(pc).putInt(insn).putInt(nzcv).putInt(fpcr).putInt(fpsr);
    for (long value : v) {
      to.putLong(value);
    }
    for (long value : memory) {
      to.putLong(value);
    }
  }

  static State read(ByteBuffer from) {
    State state = new State();
    for (int i = 0; i < state.x.length; i++) {
      state.x[i] = from.getLong();
    }
    state.sp = from.getLong();
    state.pc = from.getLong();
    state.insn = from.getInt();
    state.nzcv = from.getInt();
    state.fpcr = from.getInt();
    state.fpsr = from.getInt();
    for (int i = 0; i < state.v.length; i++) {
      state.v[i] = from.getLong();
    }
    for (int i = 0; i < state.memory.length; i++) {
      state.memory[i] = from.getLong();
    }
    return state;
  }

  /** A few bits that almost surely differ when anything differs. */
  int digest() {
    ByteBuffer buffer = ByteBuffer.allocate(BYTES);
    write(buffer);
    CRC32 crc = new CRC32();
    crc.update(buffer.array());
    return (int) crc.getValue() & 0xffff;
  }

  /** What differs from another state, in words; empty when nothing does. */
  String difference(State other) {
    StringBuilder text = new StringBuilder();
    diff(text, "signal", insn, other.insn);
    diff(text, "pc", pc, other.pc);
    for (int i = 0; i < x.length; i++) {
      diff(text, "x" + i, x[i], other.x[i]);
    }
    diff(text, "sp", sp, other.sp);
    diff(text, "nzcv", nzcv, other.nzcv);
    diff(text, "fpcr", fpcr, other.fpcr);
    diff(text, "fpsr", fpsr, other.fpsr);
    for (int i = 0; i < v.length; i++) {
      diff(text, "v" + i / 2 + (i % 2 == 0 ? ".lo" : ".hi"), v[i], other.v[i]);
    }
    for (int i = 0; i < memory.length; i++) {
      diff(text, "mem+" + i * 8, memory[i], other.memory[i]);
    }
    return text.toString();
  }

  private static void diff(StringBuilder text, String what, long ours, long theirs) {
    if (ours != theirs) {
      text.append(String.format(" %s: ours %x theirs %x;", what, ours, theirs));
    }
  }

  /** Registers as text, to read a failure by. */
  String describe(int register) {
    return String.format(
        "v%d=%016x:%016x x%d=%x",
        register, v[2 * register + 1], v[2 * register], register, register < 31 ? x[register] : sp);
  }

  boolean sameAs(State other) {
    return difference(other).isEmpty() && Arrays.equals(x, other.x);
  }
}
