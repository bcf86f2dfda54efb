package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bit;
import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.get;
import static dev.svc0.arm64.interp.Fields.high;
import static dev.svc0.arm64.interp.Fields.low;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.rm;
import static dev.svc0.arm64.interp.Fields.rn;
import static dev.svc0.arm64.interp.Fields.set;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.isa.A64;

/** Copies, permutes, table lookups and immediates of vectors. */
public final class SimdCopy {
  private SimdCopy() {}

  static void execute(Cpu cpu, int insn, int number) {
    if (number <= A64.DUP_s) {
      copy(cpu, insn, number);
      return;
    }
    switch (number) {
      case A64.EXT -> extract(cpu, insn);
      case A64.TBL, A64.TBX -> table(cpu, insn, number == A64.TBX);
      case A64.MODIMM -> immediate(cpu, insn);
      default -> permute(cpu, insn, number);
    }
  }

  private static void copy(Cpu cpu, int insn, int number) {
    int imm5 = rm(insn);
    int size = Integer.numberOfTrailingZeros(imm5);
    int index = imm5 >>> size + 1;
    boolean full = bit(insn, 30) != 0;
    int d = rd(insn);
    int n = rn(insn);
    if (size > 3) {
      throw Exceptions.undefined(cpu);
    }
    switch (number) {
      case A64.DUP_s -> Fields.setVector(cpu, d, Lanes.get(cpu, n, size, index), 0);
      case A64.DUP_elem -> duplicate(cpu, d, Lanes.get(cpu, n, size, index), size, full);
      case A64.DUP_gpr -> duplicate(cpu, d, get(cpu, n) & Lanes.mask(size), size, full);
      case A64.INS_gpr -> Lanes.set(cpu, d, size, index, get(cpu, n));
      case A64.INS_elem ->
          Lanes.set(cpu, d, size, index, Lanes.get(cpu, n, size, bits(insn, 11, 4) >>> size));
      case A64.UMOV -> {
        if (full != (size == 3)) {
          throw Exceptions.undefined(cpu);
        }
        set(cpu, d, Lanes.get(cpu, n, size, index));
      }
      default -> {
        if (size == 3 || size == 2 && !full) {
          throw Exceptions.undefined(cpu);
        }
        set(cpu, d, Lanes.signExtend(Lanes.get(cpu, n, size, index), size), full);
      }
    }
  }

  private static void duplicate(Cpu cpu, int d, long element, int size, boolean full) {
    if (size == 3 && !full) {
      throw Exceptions.undefined(cpu);
    }
    long all = Alu.replicate(element, 8 << size);
    Fields.setVector(cpu, d, all, full ? all : 0);
  }

  private static void extract(Cpu cpu, int insn) {
    boolean full = bit(insn, 30) != 0;
    int position = bits(insn, 11, 4);
    if (!full && position >= 8) {
      throw Exceptions.undefined(cpu);
    }
    long nLow = low(cpu, rn(insn));
    long mLow = low(cpu, rm(insn));
    int shift = (position & 7) << 3;
    if (!full) {
      Fields.setVector(cpu, rd(insn), funnel(nLow, mLow, shift), 0);
      return;
    }
    long nHigh = high(cpu, rn(insn));
    long mHigh = high(cpu, rm(insn));
    if (position < 8) {
      Fields.setVector(cpu, rd(insn), funnel(nLow, nHigh, shift), funnel(nHigh, mLow, shift));
    } else {
      Fields.setVector(cpu, rd(insn), funnel(nHigh, mLow, shift), funnel(mLow, mHigh, shift));
    }
  }

  /** The 64 bits of high:low from a bit position below 64. */
  private static long funnel(long low, long high, int shift) {
    return shift == 0 ? low : low >>> shift | high << 64 - shift;
  }

  private static void table(Cpu cpu, int insn, boolean keep) {
    boolean full = bit(insn, 30) != 0;
    int registers = bits(insn, 13, 2) + 1;
    int m = rm(insn);
    long lowResult = lookUp(cpu, insn, registers, low(cpu, m), low(cpu, rd(insn)), keep);
    long highResult = 0;
    if (full) {
      highResult = lookUp(cpu, insn, registers, high(cpu, m), high(cpu, rd(insn)), keep);
    }
    Fields.setVector(cpu, rd(insn), lowResult, highResult);
  }

  private static long lookUp(
      Cpu cpu, int insn, int registers, long indices, long old, boolean keep) {
    long result = 0;
    for (int shift = 0; shift < 64; shift += 8) {
      int index = (int) (indices >>> shift) & 255;
      long value = keep ? old >>> shift & 255 : 0;
      if (index < registers << 4) {
        value = Lanes.get(cpu, rn(insn) + (index >>> 4) & 31, 0, index & 15);
      }
      result |= value << shift;
    }
    return result;
  }

  private static void permute(Cpu cpu, int insn, int number) {
    boolean full = bit(insn, 30) != 0;
    int size = bits(insn, 22, 2);
    if (size == 3 && !full) {
      throw Exceptions.undefined(cpu);
    }
    int count = Lanes.count(size, full);
    int n = rn(insn);
    int m = rm(insn);
    long lowResult = 0;
    long highResult = 0;
    for (int i = 0; i < count; i++) {
      int from = source(number, i, count);
      long element =
          Lanes.get(cpu, from >= count ? m : n, size, from >= count ? from - count : from);
      int at = i << size + 3;
      if (at < 64) {
        lowResult |= element << at;
      } else {
        highResult |= element << at;
      }
    }
    Fields.setVector(cpu, rd(insn), lowResult, highResult);
  }

  /** Which element of the concatenation of both operands a result element is. */
  private static int source(int number, int i, int count) {
    int half = count >>> 1;
    return switch (number) {
      case A64.UZP1 -> 2 * i;
      case A64.UZP2 -> 2 * i + 1;
      case A64.TRN1 -> (i & 1) == 0 ? i : i - 1 + count;
      case A64.TRN2 -> (i & 1) == 0 ? i + 1 : i + count;
      case A64.ZIP1 -> (i >>> 1) + ((i & 1) == 0 ? 0 : count);
      default -> half + (i >>> 1) + ((i & 1) == 0 ? 0 : count);
    };
  }

  private static void immediate(Cpu cpu, int insn) {
    int op = bit(insn, 29);
    int cmode = bits(insn, 12, 4);
    int imm8 = bits(insn, 16, 3) << 5 | bits(insn, 5, 5);
    boolean full = bit(insn, 30) != 0;
    if (cmode == 15 && op == 1 && !full) {
      throw Exceptions.undefined(cpu);
    }
    long value = expand(op, cmode, imm8);
    int d = rd(insn);
    boolean modifies = cmode < 12 && (cmode & 1) != 0;
    if (!modifies) {
      long written = op == 1 && cmode < 14 ? ~value : value;
      Fields.setVector(cpu, d, written, full ? written : 0);
    } else if (op == 0) {
      Fields.setVector(cpu, d, low(cpu, d) | value, full ? high(cpu, d) | value : 0);
    } else {
      Fields.setVector(cpu, d, low(cpu, d) & ~value, full ? high(cpu, d) & ~value : 0);
    }
  }

  /** AdvSIMDExpandImm. */
  public static long expand(int op, int cmode, int imm8) {
    if (cmode < 8) {
      return Alu.replicate((long) imm8 << (cmode >>> 1 << 3), 32);
    }
    if (cmode < 12) {
      return Alu.replicate((long) imm8 << ((cmode >>> 1 & 1) << 3), 16);
    }
    if (cmode < 14) {
      return Alu.replicate((cmode & 1) == 0 ? imm8 << 8 | 0xffL : imm8 << 16 | 0xffffL, 32);
    }
    if (cmode == 14) {
      return op == 0 ? Alu.replicate(imm8, 8) : spread(imm8);
    }
    return op == 0
        ? Alu.replicate(FpMove.expandImmediate(imm8, 2), 32)
        : FpMove.expandImmediate(imm8, 3);
  }

  /** Each bit becomes a byte of ones or zeros. */
  private static long spread(int imm8) {
    long result = 0;
    for (int i = 0; i < 8; i++) {
      result |= (imm8 >>> i & 1) != 0 ? 0xffL << (i << 3) : 0;
    }
    return result;
  }
}
