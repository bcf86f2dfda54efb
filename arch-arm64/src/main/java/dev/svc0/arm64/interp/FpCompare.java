package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.rm;
import static dev.svc0.arm64.interp.Fields.rn;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.isa.A64;

/** Scalar compares that set the flags. */
final class FpCompare {
  private FpCompare() {}

  static void execute(Cpu cpu, int insn, int number) {
    int size = FpArithmetic.size(cpu, insn);
    boolean withZero = number == A64.FCMP_zero || number == A64.FCMPE_zero;
    boolean conditional = number == A64.FCCMP || number == A64.FCCMPE;
    boolean signalAll = number == A64.FCMPE || number == A64.FCMPE_zero || number == A64.FCCMPE;
    if (conditional && !Alu.holds(bits(insn, 12, 4), cpu.nzcv)) {
      cpu.nzcv = insn & 15;
      return;
    }
    long a = FpArithmetic.scalar(cpu, rn(insn), size);
    long b = withZero ? 0 : FpArithmetic.scalar(cpu, rm(insn), size);
    cpu.nzcv = Fp.compare(cpu, a, b, size, signalAll);
  }
}
