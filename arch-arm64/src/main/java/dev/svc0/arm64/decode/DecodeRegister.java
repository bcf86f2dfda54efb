package dev.svc0.arm64.decode;

import static dev.svc0.arm64.decode.PreDecoder.base;
import static dev.svc0.arm64.decode.PreDecoder.field;
import static dev.svc0.arm64.decode.PreDecoder.pack;
import static dev.svc0.arm64.decode.PreDecoder.read;
import static dev.svc0.arm64.decode.PreDecoder.write;

import dev.svc0.arm64.isa.A64;

/** Operations for data processing with registers; 0 where there is none. */
final class DecodeRegister {
  private DecodeRegister() {}

  static long decode(int insn, int number) {
    if (number <= A64.BICS_sr) {
      return logical(insn, number);
    }
    if (number <= A64.SUBS_sr) {
      return addSubtract(insn, number);
    }
    if (number <= A64.SUBS_er) {
      return extended(insn, number);
    }
    if (number <= A64.CCMP_imm) {
      return carryAndCompare(insn, number);
    }
    return plain(insn, operation(number, insn < 0));
  }

  private static long plain(int insn, int op) {
    if (op == 0) {
      return 0;
    }
    boolean selects = op >= Op.CSEL64 && op <= Op.CSNEG32;
    int e = selects ? field(insn, 12, 4) : 0;
    return pack(op, write(insn), read(insn, 5), read(insn, 16), e, read(insn, 10));
  }

  private static int operation(int number, boolean wide) {
    return switch (number) {
      case A64.CSEL -> wide ? Op.CSEL64 : Op.CSEL32;
      case A64.CSINC -> wide ? Op.CSINC64 : Op.CSINC32;
      case A64.CSINV -> wide ? Op.CSINV64 : Op.CSINV32;
      case A64.CSNEG -> wide ? Op.CSNEG64 : Op.CSNEG32;
      case A64.UDIV -> wide ? Op.UDIV64 : Op.UDIV32;
      case A64.SDIV -> wide ? Op.SDIV64 : Op.SDIV32;
      case A64.LSLV -> wide ? Op.LSLV64 : Op.LSLV32;
      case A64.LSRV -> wide ? Op.LSRV64 : Op.LSRV32;
      case A64.ASRV -> wide ? Op.ASRV64 : Op.ASRV32;
      case A64.RORV -> wide ? Op.RORV64 : Op.RORV32;
      case A64.RBIT -> wide ? Op.RBIT64 : Op.RBIT32;
      case A64.CLZ -> wide ? Op.CLZ64 : Op.CLZ32;
      case A64.REV64 -> Op.REV64;
      case A64.REV32 -> wide ? 0 : Op.REV32;
      case A64.MADD -> wide ? Op.MADD64 : Op.MADD32;
      case A64.MSUB -> wide ? Op.MSUB64 : Op.MSUB32;
      case A64.SMADDL -> Op.SMADDL;
      case A64.UMADDL -> Op.UMADDL;
      case A64.SMULH -> Op.SMULH;
      case A64.UMULH -> Op.UMULH;
      default -> 0;
    };
  }

  private static long logical(int insn, int number) {
    boolean wide = insn < 0;
    int amount = field(insn, 10, 6);
    int type = field(insn, 22, 2);
    if (!wide && amount >= 32) {
      return 0;
    }
    int operation = field(insn, 29, 2);
    int inversion = field(insn, 21, 1);
    int op;
    if (operation == 3) {
      op = wide ? Op.ANDS64 : Op.ANDS32;
    } else if (amount != 0 || inversion != 0) {
      op = wide ? Op.LOGIC64 : Op.LOGIC32;
    } else if (number == A64.AND_sr) {
      op = wide ? Op.AND64 : Op.AND32;
    } else if (number == A64.EOR_sr) {
      op = wide ? Op.EOR64 : Op.EOR32;
    } else if (field(insn, 5, 5) == 31) {
      op = wide ? Op.MOV64 : Op.MOV32;
    } else {
      op = wide ? Op.ORR64 : Op.ORR32;
    }
    int how = amount | type << 8 | inversion << 10 | operation << 12;
    return pack(op, write(insn), read(insn, 5), read(insn, 16), 0, how);
  }

  private static long addSubtract(int insn, int number) {
    boolean wide = insn < 0;
    int amount = field(insn, 10, 6);
    if (field(insn, 22, 2) != 0 || !wide && amount >= 32) {
      return 0;
    }
    int op =
        switch (number) {
          case A64.ADD_sr -> wide ? Op.ADD64 : Op.ADD32;
          case A64.ADDS_sr -> wide ? Op.ADDS64 : Op.ADDS32;
          case A64.SUB_sr -> wide ? Op.SUB64 : Op.SUB32;
          default -> wide ? Op.SUBS64 : Op.SUBS32;
        };
    return pack(op, write(insn), read(insn, 5), read(insn, 16), 0, amount);
  }

  private static long extended(int insn, int number) {
    int amount = field(insn, 10, 3);
    boolean plainForm = number == A64.ADD_er || number == A64.SUB_er;
    if (insn >= 0 || amount > 4 || !plainForm) {
      return 0;
    }
    int op = number == A64.ADD_er ? Op.ADDX64 : Op.SUBX64;
    return pack(op, insn & 31, base(insn), read(insn, 16), field(insn, 13, 3), amount);
  }

  private static long carryAndCompare(int insn, int number) {
    boolean wide = insn < 0;
    return switch (number) {
      case A64.ADC -> wide ? plain(insn, Op.ADC64) : 0;
      case A64.ADCS -> wide ? plain(insn, Op.ADCS64) : 0;
      case A64.SBCS -> wide ? plain(insn, Op.SBCS64) : 0;
      case A64.CCMP_imm -> compare(insn, wide ? Op.CCMPI64 : Op.CCMPI32, field(insn, 16, 5));
      case A64.CCMP_reg -> compare(insn, wide ? Op.CCMP64 : Op.CCMP32, read(insn, 16));
      default -> 0;
    };
  }

  private static long compare(int insn, int op, int second) {
    return pack(op, 0, read(insn, 5), second, field(insn, 12, 4), insn & 15);
  }
}
