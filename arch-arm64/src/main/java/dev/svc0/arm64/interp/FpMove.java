package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.rm;
import static dev.svc0.arm64.interp.Fields.rn;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.isa.A64;

/** Moves between general and vector registers, sign operations, immediates, select. */
final class FpMove {
  private FpMove() {}

  static void execute(Cpu cpu, int insn, int number) {
    int n = rn(insn);
    int d = rd(insn);
    switch (number) {
      case A64.FMOV_w_s -> Fields.set(cpu, d, Fields.low(cpu, n) & 0xffffffffL);
      case A64.FMOV_x_d -> Fields.set(cpu, d, Fields.low(cpu, n));
      case A64.FMOV_x_vhi -> Fields.set(cpu, d, Fields.high(cpu, n));
      case A64.FMOV_s_w -> Fields.setVector(cpu, d, Fields.get(cpu, n) & 0xffffffffL, 0);
      case A64.FMOV_d_x -> Fields.setVector(cpu, d, Fields.get(cpu, n), 0);
      case A64.FMOV_vhi_x -> cpu.v[(d << 1) + 1] = Fields.get(cpu, n);
      default -> scalar(cpu, insn, number);
    }
  }

  private static void scalar(Cpu cpu, int insn, int number) {
    int size = FpArithmetic.size(cpu, insn);
    long sign = FpFormat.ofSize(size).signBit;
    long a = FpArithmetic.scalar(cpu, rn(insn), size);
    long result =
        switch (number) {
          case A64.FMOV_s -> a;
          case A64.FABS_s -> a & ~sign;
          case A64.FNEG_s -> a ^ sign;
          case A64.FMOV_imm_s -> expandImmediate(bits(insn, 13, 8), size);
          default ->
              Alu.holds(bits(insn, 12, 4), cpu.nzcv) ? a : FpArithmetic.scalar(cpu, rm(insn), size);
        };
    Fields.setVector(cpu, rd(insn), result, 0);
  }

  /** VFPExpandImm. */
  static long expandImmediate(int imm8, int size) {
    FpFormat format = FpFormat.ofSize(size);
    int b = imm8 >>> 6 & 1;
    // Exponent: NOT(b), b repeated, two bits of the immediate.
    int exponent = b == 1 ? format.bias - 3 : format.bias + 1;
    exponent = (exponent & ~3) | imm8 >>> 4 & 3;
    long fraction = (long) (imm8 & 15) << format.fractionBits - 4;
    return format.signed(imm8 >>> 7 != 0, (long) exponent << format.fractionBits | fraction);
  }
}
