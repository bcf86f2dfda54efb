package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.cpu.GuestMemory;
import dev.svc0.arm64.decode.LogicalImmediate;
import dev.svc0.arm64.decode.Op;
import dev.svc0.runtime.mm.MemoryManager;

/**
 * The operations that are executed less often, and the accesses of {@link Frequent} that need the
 * memory manager. None of them branches.
 */
final class Uncommon {
  private Uncommon() {}

  /**
   * Executes one.
   *
   * @param d the decoded instruction
   * @param pc its address
   * @return false, and nothing is done, when {@link Frequent} executes it: another thread may have
   *     decoded it since that was left
   */
  static boolean execute(Cpu cpu, long[] x, long d, long pc) {
    int a = (int) (d >>> 9) & 63;
    int b = (int) (d >>> 15) & 63;
    int c = (int) (d >>> 21) & 63;
    int e = (int) (d >>> 27) & 31;
    int imm = (int) (d >> 32);
    long address;
    long value;
    switch ((int) d & 511) {
      case Op.SEMANTICS:
        cpu.pc = pc;
        A64Semantics.execute(cpu, imm, a | b << 6);
        return true;
      case Op.ADDSI64:
        x[a] = addFlags64(cpu, x[b], imm);
        return true;
      case Op.ADDSI32:
        x[a] = addFlags32(cpu, (int) x[b], imm);
        return true;
      case Op.ORRI32:
        x[a] = (x[b] | LogicalImmediate.mask(imm)) & 0xffffffffL;
        return true;
      case Op.EORI64:
        x[a] = x[b] ^ LogicalImmediate.mask(imm);
        return true;
      case Op.EORI32:
        x[a] = (x[b] ^ LogicalImmediate.mask(imm)) & 0xffffffffL;
        return true;
      case Op.MOVK32:
        x[a] = (x[a] & ~(0xffffL << (e << 4)) | (long) imm << (e << 4)) & 0xffffffffL;
        return true;
      case Op.EXTR64:
        x[a] = DpImmediate.extract(x[b], x[c], imm, true);
        return true;
      case Op.LOGIC64:
        x[a] = logic64(x[b], x[c], imm);
        return true;
      case Op.LOGIC32:
        x[a] = logic32(x[b], x[c], imm);
        return true;
      case Op.ANDS64:
        x[a] = logicFlags64(cpu, logic64(x[b], x[c], imm));
        return true;
      case Op.ANDS32:
        x[a] = logicFlags32(cpu, logic32(x[b], x[c], imm));
        return true;
      case Op.ADDS64:
        x[a] = addFlags64(cpu, x[b], x[c] << imm);
        return true;
      case Op.ADDS32:
        x[a] = addFlags32(cpu, (int) x[b], (int) x[c] << imm);
        return true;
      case Op.ADDX64:
        x[a] = x[b] + Alu.extend(x[c], e, imm);
        return true;
      case Op.SUBX64:
        x[a] = x[b] - Alu.extend(x[c], e, imm);
        return true;
      case Op.ADC64:
        x[a] = x[b] + x[c] + (cpu.nzcv >>> 1 & 1);
        return true;
      case Op.ADCS64:
        x[a] = DpRegister.addsCarry(cpu, x[b], x[c], cpu.nzcv >>> 1 & 1, true);
        return true;
      case Op.SBCS64:
        x[a] = DpRegister.addsCarry(cpu, x[b], ~x[c], cpu.nzcv >>> 1 & 1, true);
        return true;
      case Op.CSINC64:
        x[a] = Alu.holds(e, cpu.nzcv) ? x[b] : x[c] + 1;
        return true;
      case Op.CSINV64:
        x[a] = Alu.holds(e, cpu.nzcv) ? x[b] : ~x[c];
        return true;
      case Op.CSINV32:
        x[a] = (Alu.holds(e, cpu.nzcv) ? x[b] : ~x[c]) & 0xffffffffL;
        return true;
      case Op.CSNEG64:
        x[a] = Alu.holds(e, cpu.nzcv) ? x[b] : -x[c];
        return true;
      case Op.CSNEG32:
        x[a] = (Alu.holds(e, cpu.nzcv) ? x[b] : -x[c]) & 0xffffffffL;
        return true;
      case Op.ASRV64:
        x[a] = x[b] >> x[c];
        return true;
      case Op.ASRV32:
        x[a] = (int) x[b] >> x[c] & 0xffffffffL;
        return true;
      case Op.RORV64:
        x[a] = Long.rotateRight(x[b], (int) x[c]);
        return true;
      case Op.RORV32:
        x[a] = Integer.rotateRight((int) x[b], (int) x[c]) & 0xffffffffL;
        return true;
      case Op.UDIV64:
        x[a] = Alu.udiv64(x[b], x[c]);
        return true;
      case Op.UDIV32:
        x[a] = Alu.udiv32(x[b], x[c]);
        return true;
      case Op.SDIV64:
        x[a] = Alu.sdiv64(x[b], x[c]);
        return true;
      case Op.SDIV32:
        x[a] = Alu.sdiv32(x[b], x[c]);
        return true;
      case Op.CLZ64:
        x[a] = Long.numberOfLeadingZeros(x[b]);
        return true;
      case Op.CLZ32:
        x[a] = Integer.numberOfLeadingZeros((int) x[b]);
        return true;
      case Op.RBIT64:
        x[a] = Long.reverse(x[b]);
        return true;
      case Op.RBIT32:
        x[a] = Integer.reverse((int) x[b]) & 0xffffffffL;
        return true;
      case Op.REV64:
        x[a] = Long.reverseBytes(x[b]);
        return true;
      case Op.REV32:
        x[a] = Integer.reverseBytes((int) x[b]) & 0xffffffffL;
        return true;
      case Op.MADD32:
        x[a] = x[imm] + x[b] * x[c] & 0xffffffffL;
        return true;
      case Op.MSUB32:
        x[a] = x[imm] - x[b] * x[c] & 0xffffffffL;
        return true;
      case Op.SMADDL:
        x[a] = x[imm] + (long) (int) x[b] * (int) x[c];
        return true;
      case Op.UMADDL:
        x[a] = x[imm] + (x[b] & 0xffffffffL) * (x[c] & 0xffffffffL);
        return true;
      case Op.SMULH:
        x[a] = Math.multiplyHigh(x[b], x[c]);
        return true;
      case Op.UMULH:
        x[a] = Math.unsignedMultiplyHigh(x[b], x[c]);
        return true;
      case Op.LDR64:
        x[a] = GuestMemory.load64(cpu, base(cpu, x[b], e) + imm);
        return true;
      case Op.LDR32:
        x[a] = GuestMemory.load32(cpu, base(cpu, x[b], e) + imm);
        return true;
      case Op.LDR16:
        x[a] = GuestMemory.load16(cpu, base(cpu, x[b], e) + imm);
        return true;
      case Op.LDR8:
        x[a] = GuestMemory.load8(cpu, base(cpu, x[b], e) + imm);
        return true;
      case Op.LDRS32_64:
        x[a] = (int) GuestMemory.load32(cpu, base(cpu, x[b], e) + imm);
        return true;
      case Op.STR64:
        GuestMemory.store64(cpu, base(cpu, x[b], e) + imm, x[a]);
        return true;
      case Op.STR32:
        GuestMemory.store32(cpu, base(cpu, x[b], e) + imm, x[a]);
        return true;
      case Op.STR16:
        GuestMemory.store16(cpu, base(cpu, x[b], e) + imm, x[a]);
        return true;
      case Op.STR8:
        GuestMemory.store8(cpu, base(cpu, x[b], e) + imm, x[a]);
        return true;
      case Op.LDR64_R:
        x[a] = GuestMemory.load64(cpu, x[b] + Alu.extend(x[c], e, imm));
        return true;
      case Op.LDR32_R:
        x[a] = GuestMemory.load32(cpu, x[b] + Alu.extend(x[c], e, imm));
        return true;
      case Op.LDR16_R:
        x[a] = GuestMemory.load16(cpu, x[b] + Alu.extend(x[c], e, imm));
        return true;
      case Op.LDR8_R:
        x[a] = GuestMemory.load8(cpu, x[b] + Alu.extend(x[c], e, imm));
        return true;
      case Op.STR64_R:
        GuestMemory.store64(cpu, x[b] + Alu.extend(x[c], e, imm), x[a]);
        return true;
      case Op.LDR64_W:
        address = base(cpu, x[b], e);
        value = GuestMemory.load64(cpu, address + (imm * c));
        x[b] = address + imm;
        x[a] = value;
        return true;
      case Op.LDR8_W:
        address = base(cpu, x[b], e);
        value = GuestMemory.load8(cpu, address + imm * c);
        x[b] = address + imm;
        x[a] = value;
        return true;
      case Op.STR64_W:
        address = base(cpu, x[b], e);
        GuestMemory.store64(cpu, address + imm * c, x[a]);
        x[b] = address + imm;
        return true;
      case Op.LDP64:
        loadPair64(cpu, base(cpu, x[b], e) + imm, a, c);
        return true;
      case Op.STP64:
        storePair64(cpu, base(cpu, x[b], e) + imm, x[a], x[c]);
        return true;
      case Op.LDP64_POST:
        loadPairWriteBack(cpu, b, imm, base(cpu, x[b], e), a, c);
        return true;
      case Op.STP64_PRE:
        storePair64(cpu, base(cpu, x[b], e) + imm, x[a], x[c]);
        x[b] += imm;
        return true;
      case Op.LDRS16_64:
        x[a] = (short) GuestMemory.load16(cpu, base(cpu, x[b], e) + imm);
        return true;
      case Op.LDRS8_64:
        x[a] = (byte) GuestMemory.load8(cpu, base(cpu, x[b], e) + imm);
        return true;
      case Op.LDRS16_32:
        x[a] = (short) GuestMemory.load16(cpu, base(cpu, x[b], e) + imm) & 0xffffffffL;
        return true;
      case Op.LDRS8_32:
        x[a] = (byte) GuestMemory.load8(cpu, base(cpu, x[b], e) + imm) & 0xffffffffL;
        return true;
      case Op.LDRS32_64_R:
        x[a] = (int) GuestMemory.load32(cpu, x[b] + Alu.extend(x[c], e, imm));
        return true;
      case Op.STR32_R:
        GuestMemory.store32(cpu, x[b] + Alu.extend(x[c], e, imm), x[a]);
        return true;
      case Op.STR16_R:
        GuestMemory.store16(cpu, x[b] + Alu.extend(x[c], e, imm), x[a]);
        return true;
      case Op.STR8_R:
        GuestMemory.store8(cpu, x[b] + Alu.extend(x[c], e, imm), x[a]);
        return true;
      case Op.LDR32_W:
        address = base(cpu, x[b], e);
        value = GuestMemory.load32(cpu, address + imm * c);
        x[b] = address + imm;
        x[a] = value;
        return true;
      case Op.LDR16_W:
        address = base(cpu, x[b], e);
        value = GuestMemory.load16(cpu, address + imm * c);
        x[b] = address + imm;
        x[a] = value;
        return true;
      case Op.STR32_W:
        address = base(cpu, x[b], e);
        GuestMemory.store32(cpu, address + imm * c, x[a]);
        x[b] = address + imm;
        return true;
      case Op.STR16_W:
        address = base(cpu, x[b], e);
        GuestMemory.store16(cpu, address + imm * c, x[a]);
        x[b] = address + imm;
        return true;
      case Op.STR8_W:
        address = base(cpu, x[b], e);
        GuestMemory.store8(cpu, address + imm * c, x[a]);
        x[b] = address + imm;
        return true;
      case Op.LDR64_L:
        x[a] = GuestMemory.load64(cpu, pc + imm);
        return true;
      case Op.LDP64_PRE:
        loadPairWriteBack(cpu, b, imm, base(cpu, x[b], e) + imm, a, c);
        return true;
      case Op.STP64_POST:
        storePair64(cpu, base(cpu, x[b], e), x[a], x[c]);
        x[b] += imm;
        return true;
      case Op.LDP32:
        loadPair32(cpu, base(cpu, x[b], e) + imm, a, c);
        return true;
      case Op.STP32:
        storePair32(cpu, base(cpu, x[b], e) + imm, x[a], x[c]);
        return true;
      case Op.LDRQ:
        SimdLoadStore.loadQuad(cpu, base(cpu, x[b], e) + imm, a);
        return true;
      case Op.STRQ:
        SimdLoadStore.storeQuad(cpu, base(cpu, x[b], e) + imm, a);
        return true;
      case Op.LDRD:
        SimdLoadStore.loadDouble(cpu, base(cpu, x[b], e) + imm, a);
        return true;
      case Op.STRD:
        GuestMemory.store64(cpu, base(cpu, x[b], e) + imm, cpu.v[a]);
        return true;
      case Op.LDPQ:
        SimdLoadStore.loadQuadPair(cpu, base(cpu, x[b], e) + imm, a, c);
        return true;
      case Op.STPQ:
        SimdLoadStore.storeQuadPair(cpu, base(cpu, x[b], e) + imm, a, c);
        return true;
      case Op.LDPD:
        SimdLoadStore.loadDoublePair(cpu, base(cpu, x[b], e) + imm, a, c);
        return true;
      case Op.STPD:
        storePair64(cpu, base(cpu, x[b], e) + imm, cpu.v[a], cpu.v[c]);
        return true;
      case Op.LDV_R:
        SimdLoadStore.load(cpu, x[b] + Alu.extend(x[c], e, imm & 7), a >>> 1, imm >>> 8);
        return true;
      case Op.STV_R:
        SimdLoadStore.store(cpu, x[b] + Alu.extend(x[c], e, imm & 7), a >>> 1, imm >>> 8);
        return true;
      case Op.LDV_W:
        address = base(cpu, x[b], e);
        SimdLoadStore.load(cpu, address + imm * (c & 1), a >>> 1, c >>> 1);
        x[b] = address + imm;
        return true;
      case Op.STV_W:
        address = base(cpu, x[b], e);
        SimdLoadStore.store(cpu, address + imm * (c & 1), a >>> 1, c >>> 1);
        x[b] = address + imm;
        return true;
      case Op.LDRS_V:
        value = GuestMemory.load32(cpu, base(cpu, x[b], e) + imm);
        setScalar(cpu, a, value);
        return true;
      case Op.STRS_V:
        GuestMemory.store32(cpu, base(cpu, x[b], e) + imm, cpu.v[a]);
        return true;
      case Op.FADD:
        setScalar(cpu, a, Fp.add(cpu, scalar(cpu, b, e), scalar(cpu, c, e), e));
        return true;
      case Op.FSUB:
        setScalar(cpu, a, Fp.subtract(cpu, scalar(cpu, b, e), scalar(cpu, c, e), e));
        return true;
      case Op.FMUL:
        setScalar(cpu, a, Fp.multiply(cpu, scalar(cpu, b, e), scalar(cpu, c, e), e));
        return true;
      case Op.FDIV:
        setScalar(cpu, a, Fp.divide(cpu, scalar(cpu, b, e), scalar(cpu, c, e), e));
        return true;
      case Op.FMADD:
        setScalar(cpu, a, multiplyAdd(cpu, b, c, imm, e));
        return true;
      case Op.FCMP:
        compare(cpu, b, c, imm, e);
        return true;
      case Op.FMOV64:
        setScalar(cpu, a, cpu.v[b]);
        return true;
      case Op.FMOV_GV:
        x[a] = cpu.v[b];
        return true;
      case Op.FMOV_VG:
        setScalar(cpu, a, x[b]);
        return true;
      case Op.AND_V:
        setVector(cpu, a, cpu.v[b] & cpu.v[c], cpu.v[b + 1] & cpu.v[c + 1] & -imm);
        return true;
      case Op.ORR_V:
        setVector(cpu, a, cpu.v[b] | cpu.v[c], (cpu.v[b + 1] | cpu.v[c + 1]) & -imm);
        return true;
      case Op.EOR_V:
        setVector(cpu, a, cpu.v[b] ^ cpu.v[c], (cpu.v[b + 1] ^ cpu.v[c + 1]) & -imm);
        return true;
      default:
        if (Frequent.lacks((int) d & 511)) {
          throw new IllegalStateException("operation " + (d & 511));
        }
        return false;
    }
  }

  /** A base address; with a mask of 15 it is SP and must be aligned. */
  private static long base(Cpu cpu, long value, int mask) {
    if ((value & mask) != 0) {
      throw Exceptions.spAlignment(cpu);
    }
    return value;
  }

  private static long addFlags64(Cpu cpu, long a, long b) {
    long r = a + b;
    cpu.nzcv = Alu.addFlags64(a, b, r);
    return r;
  }

  private static long addFlags32(Cpu cpu, int a, int b) {
    int r = a + b;
    cpu.nzcv = Alu.addFlags32(a, b, r);
    return r & 0xffffffffL;
  }

  private static long logicFlags64(Cpu cpu, long r) {
    cpu.nzcv = Alu.logicFlags64(r);
    return r;
  }

  private static long logicFlags32(Cpu cpu, long r) {
    cpu.nzcv = Alu.logicFlags32((int) r);
    return r & 0xffffffffL;
  }

  private static long logic64(long a, long b, int how) {
    return combine(a, Alu.shift64(b, how >>> 8 & 3, how & 63), how);
  }

  private static long logic32(long a, long b, int how) {
    return combine(a, Alu.shift32(b, how >>> 8 & 3, how & 31), how) & 0xffffffffL;
  }

  private static long combine(long a, long shifted, int how) {
    long b = shifted ^ -(how >>> 10 & 1);
    return switch (how >>> 12) {
      case 1 -> a | b;
      case 2 -> a ^ b;
      default -> a & b;
    };
  }

  private static void loadPairWriteBack(
      Cpu cpu, int base, int offset, long address, int first, int second) {
    long low = GuestMemory.load64(cpu, address);
    long high = GuestMemory.load64(cpu, address + 8);
    cpu.x[base] += offset;
    cpu.x[first] = low;
    cpu.x[second] = high;
  }

  private static void loadPair64(Cpu cpu, long address, int first, int second) {
    long low = GuestMemory.load64(cpu, address);
    long high = GuestMemory.load64(cpu, address + 8);
    cpu.x[first] = low;
    cpu.x[second] = high;
  }

  private static void storePair64(Cpu cpu, long address, long low, long high) {
    GuestMemory.hostAddress(cpu, address, 16, MemoryManager.PERM_WRITE);
    GuestMemory.store64(cpu, address, low);
    GuestMemory.store64(cpu, address + 8, high);
  }

  private static void loadPair32(Cpu cpu, long address, int first, int second) {
    long low = GuestMemory.load32(cpu, address);
    long high = GuestMemory.load32(cpu, address + 4);
    cpu.x[first] = low;
    cpu.x[second] = high;
  }

  private static void storePair32(Cpu cpu, long address, long low, long high) {
    GuestMemory.hostAddress(cpu, address, 8, MemoryManager.PERM_WRITE);
    GuestMemory.store32(cpu, address, low);
    GuestMemory.store32(cpu, address + 4, high);
  }

  private static long scalar(Cpu cpu, int at, int size) {
    return size == 3 ? cpu.v[at] : cpu.v[at] & 0xffffffffL;
  }

  private static void setScalar(Cpu cpu, int at, long value) {
    cpu.v[at] = value;
    cpu.v[at + 1] = 0;
  }

  private static void setVector(Cpu cpu, int at, long low, long high) {
    cpu.v[at] = low;
    cpu.v[at + 1] = high;
  }

  private static long multiplyAdd(Cpu cpu, int left, int right, int addend, int how) {
    int size = how & 3;
    long a = scalar(cpu, left, size);
    long c = scalar(cpu, addend, size);
    return Fp.multiplyAdd(
        cpu,
        (how & 8) != 0 ? Fp.negate(c, size) : c,
        (how & 4) != 0 ? Fp.negate(a, size) : a,
        scalar(cpu, right, size),
        size);
  }

  private static void compare(Cpu cpu, int left, int right, int withZero, int how) {
    int size = how & 3;
    long b = withZero != 0 ? 0 : scalar(cpu, right, size);
    cpu.nzcv = Fp.compare(cpu, scalar(cpu, left, size), b, size, (how & 4) != 0);
  }
}
