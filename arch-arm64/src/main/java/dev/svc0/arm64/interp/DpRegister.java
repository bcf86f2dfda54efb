package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bit;
import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.get;
import static dev.svc0.arm64.interp.Fields.is64;
import static dev.svc0.arm64.interp.Fields.ra;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.rm;
import static dev.svc0.arm64.interp.Fields.rn;
import static dev.svc0.arm64.interp.Fields.set;
import static dev.svc0.arm64.interp.Fields.setOrSp;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.isa.A64;

/** Data processing with registers. <i>Source:</i> Arm ARM, C4.1.95. */
final class DpRegister {
  private static final int[] CRC32_TABLE = Alu.crcTable(0xedb88320);
  private static final int[] CRC32C_TABLE = Alu.crcTable(0x82f63b78);

  private DpRegister() {}

  static void execute(Cpu cpu, int insn, int number) {
    if (number <= A64.BICS_sr) {
      logical(cpu, insn, number);
    } else if (number <= A64.SUBS_er) {
      addSubtract(cpu, insn, number);
    } else if (number <= A64.CCMP_imm) {
      carryAndCompare(cpu, insn, number);
    } else if (number <= A64.RORV) {
      selectDivideShift(cpu, insn, number);
    } else if (number <= A64.REV64) {
      oneSource(cpu, insn, number);
    } else {
      multiplyAndCrc(cpu, insn, number);
    }
  }

  private static void logical(Cpu cpu, int insn, int number) {
    boolean wide = is64(insn);
    int amount = bits(insn, 10, 6);
    if (!wide && amount >= 32) {
      throw Exceptions.undefined(cpu);
    }
    long a = get(cpu, rn(insn));
    long b = shifted(get(cpu, rm(insn)), bits(insn, 22, 2), amount, wide);
    long result =
        switch (number) {
          case A64.AND_sr -> a & b;
          case A64.BIC_sr -> a & ~b;
          case A64.ORR_sr -> a | b;
          case A64.ORN_sr -> a | ~b;
          case A64.EOR_sr -> a ^ b;
          case A64.EON_sr -> a ^ ~b;
          case A64.ANDS_sr -> logic(cpu, a & b, wide);
          default -> logic(cpu, a & ~b, wide);
        };
    set(cpu, rd(insn), result, wide);
  }

  private static long shifted(long value, int type, int amount, boolean wide) {
    return wide ? Alu.shift64(value, type, amount) : Alu.shift32(value, type, amount);
  }

  private static void addSubtract(Cpu cpu, int insn, int number) {
    boolean wide = is64(insn);
    boolean extended = number >= A64.ADD_er;
    int amount = bits(insn, 10, extended ? 3 : 6);
    int type = bits(insn, 22, 2);
    if (extended ? amount > 4 : type == 3 || !wide && amount >= 32) {
      throw Exceptions.undefined(cpu);
    }
    long m = get(cpu, rm(insn));
    long b = extended ? Alu.extend(m, bits(insn, 13, 3), amount) : shifted(m, type, amount, wide);
    long a = extended ? cpu.x[rn(insn)] : get(cpu, rn(insn));
    int rd = rd(insn);
    switch (number) {
      case A64.ADD_sr -> set(cpu, rd, a + b, wide);
      case A64.SUB_sr -> set(cpu, rd, a - b, wide);
      case A64.ADD_er -> setOrSp(cpu, rd, a + b, wide);
      case A64.SUB_er -> setOrSp(cpu, rd, a - b, wide);
      case A64.ADDS_sr, A64.ADDS_er -> set(cpu, rd, adds(cpu, a, b, wide), wide);
      default -> set(cpu, rd, subs(cpu, a, b, wide), wide);
    }
  }

  /** a + b with flags. */
  static long adds(Cpu cpu, long a, long b, boolean wide) {
    long r = a + b;
    cpu.nzcv = wide ? Alu.addFlags64(a, b, r) : Alu.addFlags32((int) a, (int) b, (int) r);
    return r;
  }

  /** a − b with flags. */
  static long subs(Cpu cpu, long a, long b, boolean wide) {
    long r = a - b;
    cpu.nzcv = wide ? Alu.subFlags64(a, b, r) : Alu.subFlags32((int) a, (int) b, (int) r);
    return r;
  }

  /** Flags of a logical operation. */
  static long logic(Cpu cpu, long r, boolean wide) {
    cpu.nzcv = wide ? Alu.logicFlags64(r) : Alu.logicFlags32((int) r);
    return r;
  }

  private static void carryAndCompare(Cpu cpu, int insn, int number) {
    boolean wide = is64(insn);
    long a = get(cpu, rn(insn));
    int carry = cpu.nzcv >>> 1 & 1;
    switch (number) {
      case A64.ADC -> set(cpu, rd(insn), a + get(cpu, rm(insn)) + carry, wide);
      case A64.SBC -> set(cpu, rd(insn), a - get(cpu, rm(insn)) - 1 + carry, wide);
      case A64.ADCS -> set(cpu, rd(insn), addsCarry(cpu, a, get(cpu, rm(insn)), carry, wide), wide);
      case A64.SBCS ->
          set(cpu, rd(insn), addsCarry(cpu, a, ~get(cpu, rm(insn)), carry, wide), wide);
      default -> {
        boolean immediate = number == A64.CCMN_imm || number == A64.CCMP_imm;
        long b = immediate ? rm(insn) : get(cpu, rm(insn));
        if (!Alu.holds(bits(insn, 12, 4), cpu.nzcv)) {
          cpu.nzcv = insn & 15;
        } else if (number == A64.CCMN_imm || number == A64.CCMN_reg) {
          adds(cpu, a, b, wide);
        } else {
          subs(cpu, a, b, wide);
        }
      }
    }
  }

  /** AddWithCarry. */
  static long addsCarry(Cpu cpu, long a, long b, int carry, boolean wide) {
    long r = a + b + carry;
    cpu.nzcv = wide ? Alu.addFlags64(a, b, r) : Alu.addFlags32((int) a, (int) b, (int) r);
    return r;
  }

  private static void selectDivideShift(Cpu cpu, int insn, int number) {
    boolean wide = is64(insn);
    long a = get(cpu, rn(insn), wide);
    long b = get(cpu, rm(insn), wide);
    boolean holds = number <= A64.CSNEG && Alu.holds(bits(insn, 12, 4), cpu.nzcv);
    int amount = (int) b & (wide ? 63 : 31);
    long result =
        switch (number) {
          case A64.CSEL -> holds ? a : b;
          case A64.CSINC -> holds ? a : b + 1;
          case A64.CSINV -> holds ? a : ~b;
          case A64.CSNEG -> holds ? a : -b;
          case A64.UDIV -> Alu.udiv64(a, b);
          case A64.SDIV -> wide ? Alu.sdiv64(a, b) : Alu.sdiv32(a, b);
          case A64.LSLV -> shifted(a, 0, amount, wide);
          case A64.LSRV -> shifted(a, 1, amount, wide);
          case A64.ASRV -> shifted(a, 2, amount, wide);
          default -> shifted(a, 3, amount, wide);
        };
    set(cpu, rd(insn), result, wide);
  }

  private static void oneSource(Cpu cpu, int insn, int number) {
    boolean wide = is64(insn);
    long a = get(cpu, rn(insn));
    long result =
        switch (number) {
          case A64.RBIT -> wide ? Long.reverse(a) : Integer.reverse((int) a);
          case A64.REV16 -> Alu.rev16(a);
          case A64.REV32 -> Alu.rev32(a);
          case A64.REV64 -> Long.reverseBytes(a);
          case A64.CLZ ->
              wide ? Long.numberOfLeadingZeros(a) : Integer.numberOfLeadingZeros((int) a);
          default -> wide ? countSigns(a) : countSigns((int) a) - 32;
        };
    set(cpu, rd(insn), result, wide);
  }

  /** CLS: leading bits equal to the sign, without the sign itself. */
  private static int countSigns(long value) {
    return Long.numberOfLeadingZeros(value ^ value >> 63) - 1;
  }

  private static void multiplyAndCrc(Cpu cpu, int insn, int number) {
    boolean wide = is64(insn);
    long n = get(cpu, rn(insn));
    long m = get(cpu, rm(insn));
    long a = get(cpu, ra(insn));
    long un = n & 0xffffffffL;
    long um = m & 0xffffffffL;
    long result =
        switch (number) {
          case A64.MADD -> a + n * m;
          case A64.MSUB -> a - n * m;
          case A64.SMADDL -> a + (long) (int) n * (int) m;
          case A64.SMSUBL -> a - (long) (int) n * (int) m;
          case A64.UMADDL -> a + un * um;
          case A64.UMSUBL -> a - un * um;
          case A64.SMULH -> Math.multiplyHigh(n, m);
          case A64.UMULH -> Math.unsignedMultiplyHigh(n, m);
          default -> crc(cpu, insn, number, n, m);
        };
    set(cpu, rd(insn), result, wide && number < A64.CRC32);
  }

  private static long crc(Cpu cpu, int insn, int number, long accumulator, long data) {
    int size = bits(insn, 10, 2);
    if ((bit(insn, 31) != 0) != (size == 3)) {
      throw Exceptions.undefined(cpu);
    }
    int[] table = number == A64.CRC32 ? CRC32_TABLE : CRC32C_TABLE;
    return Alu.crc32((int) accumulator, data, 1 << size, table);
  }
}
