package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bit;
import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.get;
import static dev.svc0.arm64.interp.Fields.is64;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.rm;
import static dev.svc0.arm64.interp.Fields.rn;
import static dev.svc0.arm64.interp.Fields.set;
import static dev.svc0.arm64.interp.Fields.setOrSp;
import static dev.svc0.arm64.interp.Fields.signedBits;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.decode.LogicalImmediate;
import dev.svc0.arm64.isa.A64;

/** Data processing with immediates. <i>Source:</i> Arm ARM, C4.1.92. */
final class DpImmediate {
  private DpImmediate() {}

  static void execute(Cpu cpu, int insn, int number) {
    boolean wide = is64(insn);
    switch (number) {
      case A64.ADR -> set(cpu, rd(insn), cpu.pc + pcOffset(insn));
      case A64.ADRP -> set(cpu, rd(insn), (cpu.pc & ~4095L) + (pcOffset(insn) << 12));
      case A64.ADD_imm -> setOrSp(cpu, rd(insn), cpu.x[rn(insn)] + immediate12(insn), wide);
      case A64.SUB_imm -> setOrSp(cpu, rd(insn), cpu.x[rn(insn)] - immediate12(insn), wide);
      case A64.ADDS_imm ->
          set(cpu, rd(insn), DpRegister.adds(cpu, cpu.x[rn(insn)], immediate12(insn), wide), wide);
      case A64.SUBS_imm ->
          set(cpu, rd(insn), DpRegister.subs(cpu, cpu.x[rn(insn)], immediate12(insn), wide), wide);
      case A64.AND_imm -> setOrSp(cpu, rd(insn), get(cpu, rn(insn)) & mask(cpu, insn), wide);
      case A64.ORR_imm -> setOrSp(cpu, rd(insn), get(cpu, rn(insn)) | mask(cpu, insn), wide);
      case A64.EOR_imm -> setOrSp(cpu, rd(insn), get(cpu, rn(insn)) ^ mask(cpu, insn), wide);
      case A64.ANDS_imm ->
          set(
              cpu,
              rd(insn),
              DpRegister.logic(cpu, get(cpu, rn(insn)) & mask(cpu, insn), wide),
              wide);
      case A64.MOVN ->
          set(cpu, rd(insn), ~((long) bits(insn, 5, 16) << wideShift(cpu, insn)), wide);
      case A64.MOVZ -> set(cpu, rd(insn), (long) bits(insn, 5, 16) << wideShift(cpu, insn), wide);
      case A64.MOVK -> {
        int shift = wideShift(cpu, insn);
        long kept = get(cpu, rd(insn)) & ~(0xffffL << shift);
        set(cpu, rd(insn), kept | (long) bits(insn, 5, 16) << shift, wide);
      }
      case A64.SBFM, A64.BFM, A64.UBFM -> bitfield(cpu, insn, number);
      case A64.EXTR -> extract(cpu, insn);
      default -> throw Exceptions.undefined(cpu);
    }
  }

  static long pcOffset(int insn) {
    return (long) signedBits(insn, 5, 19) << 2 | bits(insn, 29, 2);
  }

  static long immediate12(int insn) {
    return (long) bits(insn, 10, 12) << 12 * bit(insn, 22);
  }

  private static int wideShift(Cpu cpu, int insn) {
    if (!is64(insn) && bit(insn, 22) != 0) {
      throw Exceptions.undefined(cpu);
    }
    return bits(insn, 21, 2) << 4;
  }

  private static long mask(Cpu cpu, int insn) {
    long mask = LogicalImmediate.mask(bits(insn, 10, 13));
    if (mask == 0 || !is64(insn) && bit(insn, 22) != 0) {
      throw Exceptions.undefined(cpu);
    }
    return mask;
  }

  private static void bitfield(Cpu cpu, int insn, int number) {
    boolean wide = is64(insn);
    int n = bit(insn, 22);
    int immr = bits(insn, 16, 6);
    int imms = bits(insn, 10, 6);
    if (n != (wide ? 1 : 0) || !wide && ((immr | imms) & 32) != 0) {
      throw Exceptions.undefined(cpu);
    }
    int size = wide ? 64 : 32;
    int width = imms >= immr ? imms - immr + 1 : imms + 1;
    int from = imms >= immr ? immr : 0;
    int to = imms >= immr ? 0 : size - immr;
    long ones = width == 64 ? -1 : (1L << width) - 1;
    long field = get(cpu, rn(insn)) >>> from & ones;
    long result;
    if (number == A64.UBFM) {
      result = field << to;
    } else if (number == A64.SBFM) {
      result = field << 64 - width >> 64 - width << to;
    } else {
      result = get(cpu, rd(insn)) & ~(ones << to) | field << to;
    }
    set(cpu, rd(insn), result, wide);
  }

  private static void extract(Cpu cpu, int insn) {
    boolean wide = is64(insn);
    int lsb = bits(insn, 10, 6);
    if (bit(insn, 22) != (wide ? 1 : 0) || !wide && lsb >= 32) {
      throw Exceptions.undefined(cpu);
    }
    set(cpu, rd(insn), extract(get(cpu, rn(insn)), get(cpu, rm(insn)), lsb, wide));
  }

  /** EXTR: bits from the concatenation high:low. */
  static long extract(long high, long low, int lsb, boolean wide) {
    if (!wide) {
      return (high << 32 | low & 0xffffffffL) >>> lsb & 0xffffffffL;
    }
    return lsb == 0 ? low : high << 64 - lsb | low >>> lsb;
  }
}
