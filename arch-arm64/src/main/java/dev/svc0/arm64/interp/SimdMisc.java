package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bit;
import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.high;
import static dev.svc0.arm64.interp.Fields.low;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.rn;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.isa.A64;

/** Integer operations on one vector, and reductions of a vector to an element. */
final class SimdMisc {
  private SimdMisc() {}

  static void execute(Cpu cpu, int insn, int number) {
    int size = bits(insn, 22, 2);
    boolean scalar = bit(insn, 28) != 0;
    boolean full = bit(insn, 30) != 0;
    if (number >= A64.SADDLV) {
      acrossLanes(cpu, insn, number, size, full);
      return;
    }
    if (!allowed(number, size, scalar, full)) {
      throw Exceptions.undefined(cpu);
    }
    int n = rn(insn);
    int d = rd(insn);
    switch (number) {
      case A64.XTN_v,
          A64.SQXTN_v,
          A64.SQXTN_s,
          A64.SQXTUN_v,
          A64.SQXTUN_s,
          A64.UQXTN_v,
          A64.UQXTN_s ->
          narrow(cpu, insn, number, size, scalar);
      case A64.SHLL_v -> shiftLong(cpu, insn, size);
      default -> {
        if (scalar) {
          long mask = Lanes.mask(size);
          long result = element(cpu, number, size, low(cpu, n) & mask, low(cpu, d) & mask);
          Fields.setVector(cpu, d, result & mask, 0);
          return;
        }
        long lowResult = half(cpu, number, size, low(cpu, n), low(cpu, d));
        long highResult = full ? half(cpu, number, size, high(cpu, n), high(cpu, d)) : 0;
        Fields.setVector(cpu, d, lowResult, highResult);
      }
    }
  }

  static boolean allowed(int number, int size, boolean scalar, boolean full) {
    return switch (number) {
      case A64.NOT_v, A64.RBIT_v -> true;
      case A64.REV64_v,
          A64.SADDLP_v,
          A64.UADDLP_v,
          A64.SADALP_v,
          A64.UADALP_v,
          A64.CLS_v,
          A64.CLZ_v,
          A64.XTN_v,
          A64.SQXTN_v,
          A64.SQXTN_s,
          A64.SQXTUN_v,
          A64.SQXTUN_s,
          A64.UQXTN_v,
          A64.UQXTN_s,
          A64.SHLL_v ->
          size != 3;
      case A64.REV16_v, A64.CNT_v -> size == 0;
      case A64.REV32_v -> size < 2;
      case A64.SUQADD_s, A64.USQADD_s, A64.SQABS_s, A64.SQNEG_s -> true;
      default -> scalar ? size == 3 : size != 3 || full;
    };
  }

  /** A half of the result, where it depends on the same half of the operands only. */
  static long half(Cpu cpu, int number, int size, long a, long old) {
    switch (number) {
      case A64.NOT_v:
        return ~a;
      case A64.CMEQ0_v:
        return Swar.equalZero(a, size);
      case A64.RBIT_v:
        return Long.reverseBytes(Long.reverse(a));
      case A64.REV64_v:
        return reverse(a, size, 3);
      case A64.REV32_v:
        return reverse(a, size, 2);
      case A64.REV16_v:
        return reverse(a, size, 1);
      case A64.SADDLP_v, A64.SADALP_v:
        return pairs(a, number == A64.SADALP_v ? old : 0, size, true);
      case A64.UADDLP_v, A64.UADALP_v:
        return pairs(a, number == A64.UADALP_v ? old : 0, size, false);
      default:
        long mask = Lanes.mask(size);
        long result = 0;
        for (int at = 0; at < 64; at += 8 << size) {
          result |= (element(cpu, number, size, a >>> at & mask, old >>> at & mask) & mask) << at;
        }
        return result;
    }
  }

  /** Reverses the elements in each container of 1 &lt;&lt; container bytes. */
  private static long reverse(long a, int size, int container) {
    long result = 0;
    int flip = (8 << container) - (8 << size);
    for (int at = 0; at < 64; at += 8 << size) {
      result |= Lanes.of(a, at, size) << (at ^ flip);
    }
    return result;
  }

  /** Sums of neighbours at twice the size, on top of an accumulator. */
  private static long pairs(long a, long accumulator, int size, boolean signed) {
    long result = 0;
    int width = 8 << size;
    for (int at = 0; at < 64; at += 2 * width) {
      long sum =
          signed
              ? Lanes.ofSigned(a, at, size) + Lanes.ofSigned(a, at + width, size)
              : Lanes.of(a, at, size) + Lanes.of(a, at + width, size);
      result |= (sum + Lanes.of(accumulator, at, size + 1) & Lanes.mask(size + 1)) << at;
    }
    return result;
  }

  /** One element; operands are zero-extended. */
  private static long element(Cpu cpu, int number, int size, long a, long old) {
    long s = Lanes.signExtend(a, size);
    int unused = 64 - (8 << size);
    return switch (number) {
      case A64.CLS_v -> Long.numberOfLeadingZeros(s ^ s >> 63) - 1 - unused;
      case A64.CLZ_v -> Long.numberOfLeadingZeros(a) - unused;
      case A64.CNT_v -> Long.bitCount(a);
      case A64.ABS_v, A64.ABS_s -> Math.abs(s);
      case A64.NEG_v, A64.NEG_s -> -s;
      case A64.CMGT0_v, A64.CMGT0_s -> s > 0 ? -1 : 0;
      case A64.CMGE0_v, A64.CMGE0_s -> s >= 0 ? -1 : 0;
      case A64.CMEQ0_v, A64.CMEQ0_s -> s == 0 ? -1 : 0;
      case A64.CMLE0_v, A64.CMLE0_s -> s <= 0 ? -1 : 0;
      case A64.CMLT0_v, A64.CMLT0_s -> s < 0 ? -1 : 0;
      case A64.SQABS_v, A64.SQABS_s -> s < 0 ? Saturate.subtract(cpu, 0, s, size) : s;
      case A64.SQNEG_v, A64.SQNEG_s -> Saturate.subtract(cpu, 0, s, size);
      case A64.SUQADD_v, A64.SUQADD_s ->
          Saturate.addUnsignedToSigned(cpu, Lanes.signExtend(old, size), a, size);
      default -> Saturate.addSignedToUnsigned(cpu, old, s, size);
    };
  }

  private static void narrow(Cpu cpu, int insn, int number, int size, boolean scalar) {
    long result = 0;
    int count = scalar ? 1 : 8 >>> size;
    for (int i = 0; i < count; i++) {
      long wide = Lanes.get(cpu, rn(insn), size + 1, i);
      long signed = Lanes.signExtend(wide, size + 1);
      long narrowed =
          switch (number) {
            case A64.XTN_v -> wide;
            case A64.SQXTN_v, A64.SQXTN_s -> Saturate.signed(cpu, signed, size);
            case A64.SQXTUN_v, A64.SQXTUN_s -> Saturate.toUnsigned(cpu, signed, size);
            default -> Saturate.unsigned(cpu, wide, size);
          };
      result |= (narrowed & Lanes.mask(size)) << (i << size + 3);
    }
    SimdShift.setNarrow(cpu, insn, rd(insn), result, scalar);
  }

  /** SHLL: widens and shifts by the size of an element. */
  private static void shiftLong(Cpu cpu, int insn, int size) {
    long source = bit(insn, 30) != 0 ? high(cpu, rn(insn)) : low(cpu, rn(insn));
    int width = 8 << size;
    for (int half = 0; half < 2; half++) {
      long value = 0;
      for (int at = 0; at < 32; at += width) {
        value |= Lanes.of(source, at + (half << 5), size) << 2 * at + width;
      }
      cpu.v[(rd(insn) << 1) + half] = value;
    }
  }

  private static void acrossLanes(Cpu cpu, int insn, int number, int size, boolean full) {
    if (size == 3 || size == 2 && !full) {
      throw Exceptions.undefined(cpu);
    }
    int n = rn(insn);
    boolean signed = number == A64.SADDLV || number == A64.SMAXV || number == A64.SMINV;
    long result = lane(cpu, n, size, 0, signed);
    for (int i = 1; i < Lanes.count(size, full); i++) {
      long next = lane(cpu, n, size, i, signed);
      result =
          switch (number) {
            case A64.SMAXV, A64.UMAXV -> Math.max(result, next);
            case A64.SMINV, A64.UMINV -> Math.min(result, next);
            default -> result + next;
          };
    }
    boolean widens = number == A64.SADDLV || number == A64.UADDLV;
    long mask = Lanes.mask(widens ? size + 1 : size);
    Fields.setVector(cpu, rd(insn), result & mask, 0);
  }

  private static long lane(Cpu cpu, int register, int size, int index, boolean signed) {
    return signed
        ? Lanes.getSigned(cpu, register, size, index)
        : Lanes.get(cpu, register, size, index);
  }
}
