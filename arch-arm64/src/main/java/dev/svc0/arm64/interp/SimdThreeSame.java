package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bit;
import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.high;
import static dev.svc0.arm64.interp.Fields.low;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.rm;
import static dev.svc0.arm64.interp.Fields.rn;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.isa.A64;

/** Integer operations on two vectors of elements of one size. */
final class SimdThreeSame {
  private SimdThreeSame() {}

  static void execute(Cpu cpu, int insn, int number) {
    if (number >= A64.AND_v && number <= A64.BIF_v) {
      logical(cpu, insn, number);
      return;
    }
    int size = bits(insn, 22, 2);
    boolean scalar = bit(insn, 28) != 0;
    boolean full = bit(insn, 30) != 0;
    int n = rn(insn);
    int d = rd(insn);
    if (number == A64.ADDP_s) {
      check(cpu, size == 3);
      Fields.setVector(cpu, d, low(cpu, n) + high(cpu, n), 0);
      return;
    }
    check(cpu, allowed(number, size, scalar, full));
    int m = rm(insn);
    if (isPairwise(number)) {
      pairwise(cpu, insn, number, size, full);
    } else if (scalar) {
      long a = low(cpu, n) & Lanes.mask(size);
      long b = low(cpu, m) & Lanes.mask(size);
      long old = low(cpu, d) & Lanes.mask(size);
      Fields.setVector(cpu, d, element(cpu, number, size, a, b, old) & Lanes.mask(size), 0);
    } else {
      long lowResult = half(cpu, number, size, low(cpu, n), low(cpu, m), low(cpu, d));
      long highResult = 0;
      if (full) {
        highResult = half(cpu, number, size, high(cpu, n), high(cpu, m), high(cpu, d));
      }
      Fields.setVector(cpu, d, lowResult, highResult);
    }
  }

  private static void check(Cpu cpu, boolean allowed) {
    if (!allowed) {
      throw Exceptions.undefined(cpu);
    }
  }

  static boolean allowed(int number, int size, boolean scalar, boolean full) {
    return switch (number) {
      case A64.SQADD_s,
          A64.UQADD_s,
          A64.SQSUB_s,
          A64.UQSUB_s,
          A64.SQSHL_s,
          A64.UQSHL_s,
          A64.SQRSHL_s,
          A64.UQRSHL_s ->
          true;
      case A64.SQDMULH_v,
          A64.SQDMULH_s,
          A64.SQRDMULH_v,
          A64.SQRDMULH_s,
          A64.SQRDMLAH_v,
          A64.SQRDMLAH_s,
          A64.SQRDMLSH_v,
          A64.SQRDMLSH_s ->
          size == 1 || size == 2;
      case A64.PMUL_v -> size == 0;
      case A64.SHADD_v,
          A64.UHADD_v,
          A64.SRHADD_v,
          A64.URHADD_v,
          A64.SHSUB_v,
          A64.UHSUB_v,
          A64.SMAX_v,
          A64.SMIN_v,
          A64.UMAX_v,
          A64.UMIN_v,
          A64.SMAXP_v,
          A64.SMINP_v,
          A64.UMAXP_v,
          A64.UMINP_v,
          A64.SABD_v,
          A64.UABD_v,
          A64.SABA_v,
          A64.UABA_v,
          A64.MUL_v,
          A64.MLA_v,
          A64.MLS_v ->
          size != 3;
      default -> scalar ? size == 3 : size != 3 || full;
    };
  }

  private static void logical(Cpu cpu, int insn, int number) {
    boolean full = bit(insn, 30) != 0;
    int n = rn(insn);
    int m = rm(insn);
    int d = rd(insn);
    long lowResult = logical(number, low(cpu, n), low(cpu, m), low(cpu, d));
    long highResult = full ? logical(number, high(cpu, n), high(cpu, m), high(cpu, d)) : 0;
    Fields.setVector(cpu, d, lowResult, highResult);
  }

  private static long logical(int number, long a, long b, long old) {
    return switch (number) {
      case A64.AND_v -> a & b;
      case A64.BIC_v -> a & ~b;
      case A64.ORR_v -> a | b;
      case A64.ORN_v -> a | ~b;
      case A64.EOR_v -> a ^ b;
      case A64.BSL_v -> a & old | b & ~old;
      case A64.BIT_v -> a & b | old & ~b;
      default -> a & ~b | old & b;
    };
  }

  static long half(Cpu cpu, int number, int size, long a, long b, long old) {
    switch (number) {
      case A64.ADD_v:
        return Swar.add(a, b, size);
      case A64.SUB_v:
        return Swar.subtract(a, b, size);
      case A64.CMEQ_v:
        return Swar.equalZero(a ^ b, size);
      case A64.CMTST_v:
        return ~Swar.equalZero(a & b, size);
      default:
        break;
    }
    long mask = Lanes.mask(size);
    long result = 0;
    for (int at = 0; at < 64; at += 8 << size) {
      long r = element(cpu, number, size, a >>> at & mask, b >>> at & mask, old >>> at & mask);
      result |= (r & mask) << at;
    }
    return result;
  }

  /** One element; operands are zero-extended. */
  private static long element(Cpu cpu, int number, int size, long a, long b, long old) {
    long sa = Lanes.signExtend(a, size);
    long sb = Lanes.signExtend(b, size);
    return switch (number) {
      case A64.ADD_v, A64.ADD_s -> a + b;
      case A64.SUB_v, A64.SUB_s -> a - b;
      case A64.MUL_v -> a * b;
      case A64.MLA_v -> old + a * b;
      case A64.MLS_v -> old - a * b;
      case A64.CMEQ_v, A64.CMEQ_s -> a == b ? -1 : 0;
      case A64.CMGT_v, A64.CMGT_s -> sa > sb ? -1 : 0;
      case A64.CMGE_v, A64.CMGE_s -> sa >= sb ? -1 : 0;
      case A64.CMHI_v, A64.CMHI_s -> Long.compareUnsigned(a, b) > 0 ? -1 : 0;
      case A64.CMHS_v, A64.CMHS_s -> Long.compareUnsigned(a, b) >= 0 ? -1 : 0;
      case A64.CMTST_v, A64.CMTST_s -> (a & b) != 0 ? -1 : 0;
      case A64.SMAX_v -> Math.max(sa, sb);
      case A64.SMIN_v -> Math.min(sa, sb);
      case A64.UMAX_v -> Math.max(a, b);
      case A64.UMIN_v -> Math.min(a, b);
      case A64.SABD_v -> Math.abs(sa - sb);
      case A64.UABD_v -> Math.abs(a - b);
      case A64.SABA_v -> old + Math.abs(sa - sb);
      case A64.UABA_v -> old + Math.abs(a - b);
      case A64.SHADD_v -> sa + sb >> 1;
      case A64.UHADD_v -> a + b >> 1;
      case A64.SRHADD_v -> sa + sb + 1 >> 1;
      case A64.URHADD_v -> a + b + 1 >> 1;
      case A64.SHSUB_v -> sa - sb >> 1;
      case A64.UHSUB_v -> a - b >> 1;
      case A64.PMUL_v -> PolynomialMultiply.bytes(a, b);
      default -> saturating(cpu, number, size, a, b, old);
    };
  }

  private static long saturating(Cpu cpu, int number, int size, long a, long b, long old) {
    long sa = Lanes.signExtend(a, size);
    long sb = Lanes.signExtend(b, size);
    return switch (number) {
      case A64.SQADD_v, A64.SQADD_s -> Saturate.add(cpu, sa, sb, size);
      case A64.SQSUB_v, A64.SQSUB_s -> Saturate.subtract(cpu, sa, sb, size);
      case A64.UQADD_v, A64.UQADD_s -> Saturate.addUnsigned(cpu, a, b, size);
      case A64.UQSUB_v, A64.UQSUB_s -> Saturate.subtractUnsigned(cpu, a, b);
      case A64.SSHL_v, A64.SSHL_s -> ShiftByRegister.signed(sa, (byte) b, false);
      case A64.SRSHL_v, A64.SRSHL_s -> ShiftByRegister.signed(sa, (byte) b, true);
      case A64.USHL_v, A64.USHL_s -> ShiftByRegister.unsigned(a, (byte) b, false);
      case A64.URSHL_v, A64.URSHL_s -> ShiftByRegister.unsigned(a, (byte) b, true);
      case A64.SQSHL_v, A64.SQSHL_s -> ShiftByRegister.saturating(cpu, sa, (byte) b, size, false);
      case A64.SQRSHL_v, A64.SQRSHL_s -> ShiftByRegister.saturating(cpu, sa, (byte) b, size, true);
      case A64.UQSHL_v, A64.UQSHL_s ->
          ShiftByRegister.saturatingUnsigned(cpu, a, (byte) b, size, false);
      case A64.UQRSHL_v, A64.UQRSHL_s ->
          ShiftByRegister.saturatingUnsigned(cpu, a, (byte) b, size, true);
      case A64.SQDMULH_v, A64.SQDMULH_s -> doublingHigh(cpu, sa, sb, size, false);
      case A64.SQRDMULH_v, A64.SQRDMULH_s -> doublingHigh(cpu, sa, sb, size, true);
      default -> {
        boolean subtract = number == A64.SQRDMLSH_v || number == A64.SQRDMLSH_s;
        long accumulator = Lanes.signExtend(old, size);
        yield roundingAccumulate(cpu, accumulator, sa, sb, size, subtract);
      }
    };
  }

  /** SQDMULH, SQRDMULH: the high half of the doubled product. */
  static long doublingHigh(Cpu cpu, long a, long b, int size, boolean rounds) {
    int width = 8 << size;
    long product = a * b + (rounds ? 1L << width - 2 : 0);
    return Saturate.signed(cpu, product >> width - 1, size);
  }

  /** SQRDMLAH, SQRDMLSH: the same added to or subtracted from an accumulator, rounded once. */
  static long roundingAccumulate(
      Cpu cpu, long accumulator, long a, long b, int size, boolean subtract) {
    int width = 8 << size;
    long product = subtract ? -(a * b) : a * b;
    long sum = (accumulator << width - 1) + product + (1L << width - 2);
    return Saturate.signed(cpu, sum >> width - 1, size);
  }

  static boolean isPairwise(int number) {
    return switch (number) {
      case A64.ADDP_v, A64.SMAXP_v, A64.SMINP_v, A64.UMAXP_v, A64.UMINP_v -> true;
      default -> false;
    };
  }

  private static void pairwise(Cpu cpu, int insn, int number, int size, boolean full) {
    int count = Lanes.count(size, full);
    long[] result = {0, 0};
    for (int i = 0; i < count; i++) {
      int from = 2 * i;
      int register = from < count ? rn(insn) : rm(insn);
      int index = from < count ? from : from - count;
      long a = Lanes.get(cpu, register, size, index);
      long b = Lanes.get(cpu, register, size, index + 1);
      int at = i << size + 3;
      result[at >>> 6] |= (element(cpu, plain(number), size, a, b, 0) & Lanes.mask(size)) << at;
    }
    Fields.setVector(cpu, rd(insn), result[0], result[1]);
  }

  private static int plain(int pairwise) {
    return switch (pairwise) {
      case A64.ADDP_v -> A64.ADD_v;
      case A64.SMAXP_v -> A64.SMAX_v;
      case A64.SMINP_v -> A64.SMIN_v;
      case A64.UMAXP_v -> A64.UMAX_v;
      default -> A64.UMIN_v;
    };
  }
}
