package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.get;
import static dev.svc0.arm64.interp.Fields.is64;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.rn;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.isa.A64;

/** Conversions between scalar formats, and with general registers. */
final class FpConvert {
  private FpConvert() {}

  static void execute(Cpu cpu, int insn, int number) {
    if (number == A64.FCVT) {
      precision(cpu, insn);
      return;
    }
    int size = FpArithmetic.size(cpu, insn);
    FpFormat format = FpFormat.ofSize(size);
    boolean wide = is64(insn);
    boolean fixed = number >= A64.SCVTF_gpr_fix;
    int fractionBits = fixed ? 64 - bits(insn, 10, 6) : 0;
    if (fixed && !wide && fractionBits > 32) {
      throw Exceptions.undefined(cpu);
    }
    boolean unsigned = bits(insn, 16, 1) != 0;
    boolean toFloat =
        number == A64.SCVTF_gpr
            || number == A64.UCVTF_gpr
            || number == A64.SCVTF_gpr_fix
            || number == A64.UCVTF_gpr_fix;
    if (toFloat) {
      long value = get(cpu, rn(insn));
      if (!wide) {
        value = unsigned ? value & 0xffffffffL : (int) value;
      }
      int mode = FpState.roundingMode(cpu);
      boolean plain = fractionBits == 0 && (!unsigned || value >= 0);
      long result =
          plain
              ? Fp.fromLong(cpu, value, size, mode)
              : SoftConvert.fromFixed(cpu, format, value, fractionBits, unsigned, mode);
      Fields.setVector(cpu, rd(insn), result, 0);
      return;
    }
    long a = FpArithmetic.scalar(cpu, rn(insn), size);
    int width = wide ? 64 : 32;
    if (number == A64.FCVTZS_gpr) {
      Fields.set(cpu, rd(insn), Fp.toSigned(cpu, a, size, width));
      return;
    }
    int mode = roundingMode(number);
    Fields.set(
        cpu, rd(insn), SoftConvert.toFixed(cpu, format, a, fractionBits, unsigned, mode, width));
  }

  private static int roundingMode(int number) {
    return switch (number) {
      case A64.FCVTNS_gpr, A64.FCVTNU_gpr -> FpState.ROUND_NEAREST;
      case A64.FCVTAS_gpr, A64.FCVTAU_gpr -> FpState.ROUND_AWAY;
      case A64.FCVTPS_gpr, A64.FCVTPU_gpr -> FpState.ROUND_UP;
      case A64.FCVTMS_gpr, A64.FCVTMU_gpr -> FpState.ROUND_DOWN;
      default -> FpState.ROUND_ZERO;
    };
  }

  /** FCVT: types are 0 single, 1 double, 3 half. */
  private static void precision(Cpu cpu, int insn) {
    int from = bits(insn, 22, 2);
    int to = bits(insn, 15, 2);
    if (from == to || from == 2 || to == 2) {
      throw Exceptions.undefined(cpu);
    }
    FpFormat source = format(from);
    long a = Fields.low(cpu, rn(insn)) & (source.signBit << 1) - 1;
    long result = SoftConvert.convert(cpu, source, format(to), a, FpState.roundingMode(cpu));
    Fields.setVector(cpu, rd(insn), result, 0);
  }

  private static FpFormat format(int type) {
    return type == 0 ? FpFormat.SINGLE : type == 1 ? FpFormat.DOUBLE : FpFormat.HALF;
  }
}
