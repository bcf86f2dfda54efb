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

/** Conversions and rounding of vector elements. */
final class SimdConvert {
  private SimdConvert() {}

  static void execute(Cpu cpu, int insn, int number) {
    boolean scalar = bit(insn, 28) != 0;
    boolean full = bit(insn, 30) != 0;
    switch (number) {
      case A64.FCVTL -> lengthen(cpu, insn);
      case A64.FCVTN -> narrow(cpu, insn, bit(insn, 22) + 1, FpState.roundingMode(cpu), false);
      case A64.FCVTXN_v -> narrow(cpu, insn, 2, FpState.ROUND_ODD, false);
      case A64.FCVTXN_s -> narrow(cpu, insn, 2, FpState.ROUND_ODD, true);
      default -> {
        boolean fixed = number <= A64.FCVTZU_fix_s;
        int size = fixed ? fixedSize(cpu, insn) : 2 + bit(insn, 22);
        int fractionBits = fixed ? (16 << size) - bits(insn, 16, 7) : 0;
        if (size == 3 && !full && !scalar) {
          throw Exceptions.undefined(cpu);
        }
        elements(cpu, insn, number, size, fractionBits, scalar, full);
      }
    }
  }

  /** Size by the highest bit of immh; half precision is not implemented. */
  private static int fixedSize(Cpu cpu, int insn) {
    int immh = bits(insn, 19, 4);
    if (immh < 4) {
      throw Exceptions.undefined(cpu);
    }
    return immh < 8 ? 2 : 3;
  }

  private static void elements(
      Cpu cpu, int insn, int number, int size, int fractionBits, boolean scalar, boolean full) {
    int n = rn(insn);
    int d = rd(insn);
    if (scalar) {
      long a = low(cpu, n) & Lanes.mask(size);
      Fields.setVector(cpu, d, element(cpu, insn, number, size, fractionBits, a), 0);
      return;
    }
    long nHigh = high(cpu, n);
    long lowResult = half(cpu, insn, number, size, fractionBits, low(cpu, n));
    long highResult = full ? half(cpu, insn, number, size, fractionBits, nHigh) : 0;
    Fields.setVector(cpu, d, lowResult, highResult);
  }

  private static long half(Cpu cpu, int insn, int number, int size, int fractionBits, long a) {
    if (size == 3) {
      return element(cpu, insn, number, 3, fractionBits, a);
    }
    return element(cpu, insn, number, 2, fractionBits, a & 0xffffffffL)
        | element(cpu, insn, number, 2, fractionBits, a >>> 32) << 32;
  }

  private static long element(Cpu cpu, int insn, int number, int size, int fractionBits, long a) {
    FpFormat format = FpFormat.ofSize(size);
    boolean unsigned = bit(insn, 29) != 0;
    switch (number) {
      case A64.SCVTF_fix_v, A64.SCVTF_fix_s, A64.SCVTF_v, A64.SCVTF_si:
        return fromInteger(cpu, format, Lanes.signExtend(a, size), fractionBits, false);
      case A64.UCVTF_fix_v, A64.UCVTF_fix_s, A64.UCVTF_v, A64.UCVTF_si:
        return fromInteger(cpu, format, a, fractionBits, true);
      case A64.FRINTN_v, A64.FRINTM_v, A64.FRINTP_v, A64.FRINTZ_v, A64.FRINTA_v, A64.FRINTX_v:
      case A64.FRINTI_v:
        return SoftConvert.roundToInteger(
            cpu, format, a, roundingMode(cpu, number), number == A64.FRINTX_v);
      default:
        int mode = roundingMode(cpu, number);
        return SoftConvert.toFixed(cpu, format, a, fractionBits, unsigned, mode, 8 << size);
    }
  }

  private static long fromInteger(
      Cpu cpu, FpFormat format, long value, int fractionBits, boolean unsigned) {
    int mode = FpState.roundingMode(cpu);
    return SoftConvert.fromFixed(cpu, format, value, fractionBits, unsigned, mode);
  }

  private static int roundingMode(Cpu cpu, int number) {
    return switch (number) {
      case A64.FCVTNS_v, A64.FCVTNS_si, A64.FCVTNU_v, A64.FCVTNU_si, A64.FRINTN_v ->
          FpState.ROUND_NEAREST;
      case A64.FCVTAS_v, A64.FCVTAS_si, A64.FCVTAU_v, A64.FCVTAU_si, A64.FRINTA_v ->
          FpState.ROUND_AWAY;
      case A64.FCVTPS_v, A64.FCVTPS_si, A64.FCVTPU_v, A64.FCVTPU_si, A64.FRINTP_v ->
          FpState.ROUND_UP;
      case A64.FCVTMS_v, A64.FCVTMS_si, A64.FCVTMU_v, A64.FCVTMU_si, A64.FRINTM_v ->
          FpState.ROUND_DOWN;
      case A64.FRINTX_v, A64.FRINTI_v -> FpState.roundingMode(cpu);
      default -> FpState.ROUND_ZERO;
    };
  }

  private static void lengthen(Cpu cpu, int insn) {
    long source = bit(insn, 30) != 0 ? high(cpu, rn(insn)) : low(cpu, rn(insn));
    int size = 1 + bit(insn, 22);
    FpFormat from = FpFormat.ofSize(size);
    FpFormat to = FpFormat.ofSize(size + 1);
    int mode = FpState.roundingMode(cpu);
    for (int half = 0; half < 2; half++) {
      long value = 0;
      for (int at = 0; at < 32; at += 8 << size) {
        long element = Lanes.of(source, at + (half << 5), size);
        value |= SoftConvert.convert(cpu, from, to, element, mode) << 2 * at;
      }
      cpu.v[(rd(insn) << 1) + half] = value;
    }
  }

  /** Elements of size + 1 become elements of size. */
  private static void narrow(Cpu cpu, int insn, int size, int mode, boolean scalar) {
    FpFormat from = FpFormat.ofSize(size + 1);
    FpFormat to = FpFormat.ofSize(size);
    long result = 0;
    int count = scalar ? 1 : 8 >>> size;
    for (int i = 0; i < count; i++) {
      long wide = Lanes.get(cpu, rn(insn), size + 1, i);
      result |= SoftConvert.convert(cpu, from, to, wide, mode) << (i << size + 3);
    }
    SimdShift.setNarrow(cpu, insn, rd(insn), result, scalar);
  }
}
