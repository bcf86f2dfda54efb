package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Engine;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.cpu.GuestAbort;
import dev.svc0.arm64.cpu.GuestMemory;
import dev.svc0.arm64.decode.CodePage;
import dev.svc0.arm64.decode.LogicalImmediate;
import dev.svc0.arm64.decode.Op;
import dev.svc0.runtime.mm.MemoryManager;
import org.jspecify.annotations.Nullable;

/**
 * Executes pre-decoded instructions one by one.
 *
 * <p>{@link #execute} is one switch in one method, because the JVM then keeps its few variables in
 * registers. It must stay below 8,000 bytes of bytecode: HotSpot never compiles a larger one. A
 * test asserts that.
 */
public final class Interpreter implements Engine {
  private static final int PAGE_SHIFT = 12;
  private static final long PAGE_MASK = 4095;

  @Override
  public int run(Cpu cpu) {
    // An exception return opens the exclusive monitor.
    cpu.exclusiveAddress = -1;
    cpu.enterWindow();
    try {
      return runInside(cpu);
    } finally {
      cpu.leaveWindow();
    }
  }

  private static int runInside(Cpu cpu) {
    while (true) {
      long pc = cpu.pc;
      if (cpu.requestPending() && cpu.takeRequests()) {
        return Cpu.VECTOR_IRQ;
      }
      CodePage page = enter(cpu, pc);
      if (page == null) {
        return Cpu.VECTOR_SYNC;
      }
      int first = (int) (pc & PAGE_MASK) >>> 2;
      int vector = execute(cpu, page, pc & ~PAGE_MASK, first, Integer.MAX_VALUE);
      if (vector != 0) {
        return vector;
      }
    }
  }

  /**
   * Executes for another engine, which has entered the window: until control leaves the page, a
   * number of branches was taken, a marked instruction ({@link CodePage#mark}) is reached, or an
   * exception is taken.
   *
   * @return the vector, or 0 to go on at {@code cpu.pc}
   */
  public static int step(Cpu cpu, int branches) {
    long pc = cpu.pc;
    CodePage page = enter(cpu, pc);
    return page == null
        ? Cpu.VECTOR_SYNC
        : execute(cpu, page, pc & ~PAGE_MASK, (int) (pc & PAGE_MASK) >>> 2, branches);
  }

  /** The decoded page that a program counter lies in, or null when fetching takes an exception. */
  private static @Nullable CodePage enter(Cpu cpu, long pc) {
    if ((pc & 3) != 0) {
      Exceptions.pcAlignment(cpu, pc);
      return null;
    }
    CodePage page = cpu.code().find(pc);
    if (page != null) {
      return page;
    }
    return fetchable(cpu, pc) != 0 ? cpu.code().add(pc) : null;
  }

  /** The host address that an instruction is fetched from; 0: that takes an exception. */
  private static long fetchable(Cpu cpu, long pc) {
    while (true) {
      long host = GuestMemory.hostOfPermitted(cpu, pc, MemoryManager.PERM_EXEC);
      if (host != 0) {
        return host;
      }
      int fault = cpu.mm().handleFault(pc, MemoryManager.PERM_EXEC);
      if (fault != MemoryManager.FAULT_RESOLVED) {
        Exceptions.instructionAbort(cpu, pc, fault);
        return 0;
      }
    }
  }

  /** Decodes one instruction in place. False: fetching it takes an exception. */
  private static boolean decode(Cpu cpu, CodePage page, long pc) {
    long host = fetchable(cpu, pc);
    if (host == 0) {
      return false;
    }
    page.decode((int) (pc & PAGE_MASK) >>> 2, host);
    return true;
  }

  /**
   * Executes from an instruction of a page until control leaves the page, so many branches were
   * taken, or an exception is taken.
   *
   * @return the vector, or 0 to go on at {@code cpu.pc}
   */
  @SuppressWarnings(
      "LabelledBreakTarget") // every taken branch leaves the switch for one common end
  private static int execute(Cpu cpu, CodePage page, long base, int first, int branches) {
    long[] x = cpu.x;
    long[] ops = page.ops;
    int start = first;
    int i = first;
    int left = branches;
    try {
      while (true) {
        long d = ops[i++];
        int a = (int) (d >>> 9) & 63;
        int b = (int) (d >>> 15) & 63;
        int c = (int) (d >>> 21) & 63;
        int e = (int) (d >>> 27) & 31;
        int imm = (int) (d >> 32);
        long address;
        long value;
        int target;
        branch:
        {
          switch ((int) d & 511) {
            case Op.DECODE:
              i--;
              cpu.pc = base + ((long) i << 2);
              if (!decode(cpu, page, cpu.pc)) {
                cpu.retired += i - start;
                return Cpu.VECTOR_SYNC;
              }
              if (page.isDead()) {
                cpu.retired += i - start;
                return 0;
              }
              continue;
            case Op.UNIT:
              cpu.pc = base + ((long) (i - 1) << 2);
              cpu.retired += i - 1 - start;
              return 0;
            case Op.NEXT_PAGE:
              cpu.pc = base + CodePage.SIZE * 4;
              cpu.retired += i - 1 - start;
              return 0;
            case Op.SVC:
              cpu.pc = base + ((long) i << 2);
              cpu.retired += i - start;
              Exceptions.svc(cpu, imm);
              return Cpu.VECTOR_SYNC;
            case Op.SEMANTICS:
              cpu.pc = base + ((long) (i - 1) << 2);
              A64Semantics.execute(cpu, imm, a | b << 6);
              continue;
            case Op.ADDI64:
              x[a] = x[b] + imm;
              continue;
            case Op.ADDI32:
              x[a] = x[b] + imm & 0xffffffffL;
              continue;
            case Op.ADDSI64:
              x[a] = addFlags64(cpu, x[b], imm);
              continue;
            case Op.ADDSI32:
              x[a] = addFlags32(cpu, (int) x[b], imm);
              continue;
            case Op.SUBSI64:
              x[a] = subFlags64(cpu, x[b], imm);
              continue;
            case Op.SUBSI32:
              x[a] = subFlags32(cpu, (int) x[b], imm);
              continue;
            case Op.ANDI:
              x[a] = x[b] & LogicalImmediate.mask(imm);
              continue;
            case Op.ORRI64:
              x[a] = x[b] | LogicalImmediate.mask(imm);
              continue;
            case Op.ORRI32:
              x[a] = (x[b] | LogicalImmediate.mask(imm)) & 0xffffffffL;
              continue;
            case Op.EORI64:
              x[a] = x[b] ^ LogicalImmediate.mask(imm);
              continue;
            case Op.EORI32:
              x[a] = (x[b] ^ LogicalImmediate.mask(imm)) & 0xffffffffL;
              continue;
            case Op.ANDSI64:
              x[a] = logicFlags64(cpu, x[b] & LogicalImmediate.mask(imm));
              continue;
            case Op.ANDSI32:
              x[a] = logicFlags32(cpu, x[b] & LogicalImmediate.mask(imm));
              continue;
            case Op.MOVI:
              x[a] = (long) imm << (e << 4);
              continue;
            case Op.MOVNI64:
              x[a] = ~((long) imm << (e << 4));
              continue;
            case Op.MOVNI32:
              x[a] = ~((long) imm << (e << 4)) & 0xffffffffL;
              continue;
            case Op.MOVK64:
              x[a] = x[a] & ~(0xffffL << (e << 4)) | (long) imm << (e << 4);
              continue;
            case Op.MOVK32:
              x[a] = (x[a] & ~(0xffffL << (e << 4)) | (long) imm << (e << 4)) & 0xffffffffL;
              continue;
            case Op.ADR:
              x[a] = base + ((long) (i - 1) << 2) + imm;
              continue;
            case Op.ADRP:
              x[a] = base + ((long) imm << 12);
              continue;
            case Op.UBFM64:
              x[a] = x[b] << c >>> imm;
              continue;
            case Op.UBFM32:
              x[a] = ((int) x[b] << c >>> imm) & 0xffffffffL;
              continue;
            case Op.SBFM64:
              x[a] = x[b] << c >> imm;
              continue;
            case Op.SBFM32:
              x[a] = ((int) x[b] << c >> imm) & 0xffffffffL;
              continue;
            case Op.EXTR64:
              x[a] = DpImmediate.extract(x[b], x[c], imm, true);
              continue;
            case Op.EXTR32:
              x[a] = (x[b] << 32 | x[c] & 0xffffffffL) >>> imm & 0xffffffffL;
              continue;
            case Op.MOV64:
              x[a] = x[c];
              continue;
            case Op.MOV32:
              x[a] = x[c] & 0xffffffffL;
              continue;
            case Op.AND64:
              x[a] = x[b] & x[c];
              continue;
            case Op.AND32:
              x[a] = (x[b] & x[c]) & 0xffffffffL;
              continue;
            case Op.ORR64:
              x[a] = x[b] | x[c];
              continue;
            case Op.ORR32:
              x[a] = (x[b] | x[c]) & 0xffffffffL;
              continue;
            case Op.EOR64:
              x[a] = x[b] ^ x[c];
              continue;
            case Op.EOR32:
              x[a] = (x[b] ^ x[c]) & 0xffffffffL;
              continue;
            case Op.LOGIC64:
              x[a] = logic64(x[b], x[c], imm);
              continue;
            case Op.LOGIC32:
              x[a] = logic32(x[b], x[c], imm);
              continue;
            case Op.ANDS64:
              x[a] = logicFlags64(cpu, logic64(x[b], x[c], imm));
              continue;
            case Op.ANDS32:
              x[a] = logicFlags32(cpu, logic32(x[b], x[c], imm));
              continue;
            case Op.ADD64:
              x[a] = x[b] + (x[c] << imm);
              continue;
            case Op.ADD32:
              x[a] = x[b] + (x[c] << imm) & 0xffffffffL;
              continue;
            case Op.SUB64:
              x[a] = x[b] - (x[c] << imm);
              continue;
            case Op.SUB32:
              x[a] = x[b] - (x[c] << imm) & 0xffffffffL;
              continue;
            case Op.ADDS64:
              x[a] = addFlags64(cpu, x[b], x[c] << imm);
              continue;
            case Op.ADDS32:
              x[a] = addFlags32(cpu, (int) x[b], (int) x[c] << imm);
              continue;
            case Op.SUBS64:
              x[a] = subFlags64(cpu, x[b], x[c] << imm);
              continue;
            case Op.SUBS32:
              x[a] = subFlags32(cpu, (int) x[b], (int) x[c] << imm);
              continue;
            case Op.ADDX64:
              x[a] = x[b] + Alu.extend(x[c], e, imm);
              continue;
            case Op.SUBX64:
              x[a] = x[b] - Alu.extend(x[c], e, imm);
              continue;
            case Op.ADC64:
              x[a] = x[b] + x[c] + (cpu.nzcv >>> 1 & 1);
              continue;
            case Op.ADCS64:
              x[a] = DpRegister.addsCarry(cpu, x[b], x[c], cpu.nzcv >>> 1 & 1, true);
              continue;
            case Op.SBCS64:
              x[a] = DpRegister.addsCarry(cpu, x[b], ~x[c], cpu.nzcv >>> 1 & 1, true);
              continue;
            case Op.CCMPI64:
              ccmp64(cpu, e, x[b], c, imm);
              continue;
            case Op.CCMPI32:
              ccmp32(cpu, e, (int) x[b], c, imm);
              continue;
            case Op.CCMP64:
              ccmp64(cpu, e, x[b], x[c], imm);
              continue;
            case Op.CCMP32:
              ccmp32(cpu, e, (int) x[b], (int) x[c], imm);
              continue;
            case Op.CSEL64:
              x[a] = Alu.holds(e, cpu.nzcv) ? x[b] : x[c];
              continue;
            case Op.CSEL32:
              x[a] = (Alu.holds(e, cpu.nzcv) ? x[b] : x[c]) & 0xffffffffL;
              continue;
            case Op.CSINC64:
              x[a] = Alu.holds(e, cpu.nzcv) ? x[b] : x[c] + 1;
              continue;
            case Op.CSINC32:
              x[a] = (Alu.holds(e, cpu.nzcv) ? x[b] : x[c] + 1) & 0xffffffffL;
              continue;
            case Op.CSINV64:
              x[a] = Alu.holds(e, cpu.nzcv) ? x[b] : ~x[c];
              continue;
            case Op.CSINV32:
              x[a] = (Alu.holds(e, cpu.nzcv) ? x[b] : ~x[c]) & 0xffffffffL;
              continue;
            case Op.CSNEG64:
              x[a] = Alu.holds(e, cpu.nzcv) ? x[b] : -x[c];
              continue;
            case Op.CSNEG32:
              x[a] = (Alu.holds(e, cpu.nzcv) ? x[b] : -x[c]) & 0xffffffffL;
              continue;
            case Op.LSLV64:
              x[a] = x[b] << x[c];
              continue;
            case Op.LSLV32:
              x[a] = (int) x[b] << x[c] & 0xffffffffL;
              continue;
            case Op.LSRV64:
              x[a] = x[b] >>> x[c];
              continue;
            case Op.LSRV32:
              x[a] = (int) x[b] >>> x[c] & 0xffffffffL;
              continue;
            case Op.ASRV64:
              x[a] = x[b] >> x[c];
              continue;
            case Op.ASRV32:
              x[a] = (int) x[b] >> x[c] & 0xffffffffL;
              continue;
            case Op.RORV64:
              x[a] = Long.rotateRight(x[b], (int) x[c]);
              continue;
            case Op.RORV32:
              x[a] = Integer.rotateRight((int) x[b], (int) x[c]) & 0xffffffffL;
              continue;
            case Op.UDIV64:
              x[a] = Alu.udiv64(x[b], x[c]);
              continue;
            case Op.UDIV32:
              x[a] = Alu.udiv32(x[b], x[c]);
              continue;
            case Op.SDIV64:
              x[a] = Alu.sdiv64(x[b], x[c]);
              continue;
            case Op.SDIV32:
              x[a] = Alu.sdiv32(x[b], x[c]);
              continue;
            case Op.CLZ64:
              x[a] = Long.numberOfLeadingZeros(x[b]);
              continue;
            case Op.CLZ32:
              x[a] = Integer.numberOfLeadingZeros((int) x[b]);
              continue;
            case Op.RBIT64:
              x[a] = Long.reverse(x[b]);
              continue;
            case Op.RBIT32:
              x[a] = Integer.reverse((int) x[b]) & 0xffffffffL;
              continue;
            case Op.REV64:
              x[a] = Long.reverseBytes(x[b]);
              continue;
            case Op.REV32:
              x[a] = Integer.reverseBytes((int) x[b]) & 0xffffffffL;
              continue;
            case Op.MADD64:
              x[a] = x[imm] + x[b] * x[c];
              continue;
            case Op.MADD32:
              x[a] = x[imm] + x[b] * x[c] & 0xffffffffL;
              continue;
            case Op.MSUB64:
              x[a] = x[imm] - x[b] * x[c];
              continue;
            case Op.MSUB32:
              x[a] = x[imm] - x[b] * x[c] & 0xffffffffL;
              continue;
            case Op.SMADDL:
              x[a] = x[imm] + (long) (int) x[b] * (int) x[c];
              continue;
            case Op.UMADDL:
              x[a] = x[imm] + (x[b] & 0xffffffffL) * (x[c] & 0xffffffffL);
              continue;
            case Op.SMULH:
              x[a] = Math.multiplyHigh(x[b], x[c]);
              continue;
            case Op.UMULH:
              x[a] = Math.unsignedMultiplyHigh(x[b], x[c]);
              continue;
            case Op.LDR64:
              x[a] = GuestMemory.load64(cpu, base(cpu, x[b], e) + imm);
              continue;
            case Op.LDR32:
              x[a] = GuestMemory.load32(cpu, base(cpu, x[b], e) + imm);
              continue;
            case Op.LDR16:
              x[a] = GuestMemory.load16(cpu, base(cpu, x[b], e) + imm);
              continue;
            case Op.LDR8:
              x[a] = GuestMemory.load8(cpu, base(cpu, x[b], e) + imm);
              continue;
            case Op.LDRS32_64:
              x[a] = (int) GuestMemory.load32(cpu, base(cpu, x[b], e) + imm);
              continue;
            case Op.LDRS16_64:
              x[a] = (short) GuestMemory.load16(cpu, base(cpu, x[b], e) + imm);
              continue;
            case Op.LDRS8_64:
              x[a] = (byte) GuestMemory.load8(cpu, base(cpu, x[b], e) + imm);
              continue;
            case Op.LDRS16_32:
              x[a] = (short) GuestMemory.load16(cpu, base(cpu, x[b], e) + imm) & 0xffffffffL;
              continue;
            case Op.LDRS8_32:
              x[a] = (byte) GuestMemory.load8(cpu, base(cpu, x[b], e) + imm) & 0xffffffffL;
              continue;
            case Op.STR64:
              GuestMemory.store64(cpu, base(cpu, x[b], e) + imm, x[a]);
              continue;
            case Op.STR32:
              GuestMemory.store32(cpu, base(cpu, x[b], e) + imm, x[a]);
              continue;
            case Op.STR16:
              GuestMemory.store16(cpu, base(cpu, x[b], e) + imm, x[a]);
              continue;
            case Op.STR8:
              GuestMemory.store8(cpu, base(cpu, x[b], e) + imm, x[a]);
              continue;
            case Op.LDR64_R:
              x[a] = GuestMemory.load64(cpu, x[b] + Alu.extend(x[c], e, imm));
              continue;
            case Op.LDR32_R:
              x[a] = GuestMemory.load32(cpu, x[b] + Alu.extend(x[c], e, imm));
              continue;
            case Op.LDR16_R:
              x[a] = GuestMemory.load16(cpu, x[b] + Alu.extend(x[c], e, imm));
              continue;
            case Op.LDR8_R:
              x[a] = GuestMemory.load8(cpu, x[b] + Alu.extend(x[c], e, imm));
              continue;
            case Op.LDRS32_64_R:
              x[a] = (int) GuestMemory.load32(cpu, x[b] + Alu.extend(x[c], e, imm));
              continue;
            case Op.STR64_R:
              GuestMemory.store64(cpu, x[b] + Alu.extend(x[c], e, imm), x[a]);
              continue;
            case Op.STR32_R:
              GuestMemory.store32(cpu, x[b] + Alu.extend(x[c], e, imm), x[a]);
              continue;
            case Op.STR16_R:
              GuestMemory.store16(cpu, x[b] + Alu.extend(x[c], e, imm), x[a]);
              continue;
            case Op.STR8_R:
              GuestMemory.store8(cpu, x[b] + Alu.extend(x[c], e, imm), x[a]);
              continue;
            case Op.LDR64_W:
              address = base(cpu, x[b], e);
              value = GuestMemory.load64(cpu, address + imm * c);
              x[b] = address + imm;
              x[a] = value;
              continue;
            case Op.LDR32_W:
              address = base(cpu, x[b], e);
              value = GuestMemory.load32(cpu, address + imm * c);
              x[b] = address + imm;
              x[a] = value;
              continue;
            case Op.LDR16_W:
              address = base(cpu, x[b], e);
              value = GuestMemory.load16(cpu, address + imm * c);
              x[b] = address + imm;
              x[a] = value;
              continue;
            case Op.LDR8_W:
              address = base(cpu, x[b], e);
              value = GuestMemory.load8(cpu, address + imm * c);
              x[b] = address + imm;
              x[a] = value;
              continue;
            case Op.STR64_W:
              address = base(cpu, x[b], e);
              GuestMemory.store64(cpu, address + imm * c, x[a]);
              x[b] = address + imm;
              continue;
            case Op.STR32_W:
              address = base(cpu, x[b], e);
              GuestMemory.store32(cpu, address + imm * c, x[a]);
              x[b] = address + imm;
              continue;
            case Op.STR16_W:
              address = base(cpu, x[b], e);
              GuestMemory.store16(cpu, address + imm * c, x[a]);
              x[b] = address + imm;
              continue;
            case Op.STR8_W:
              address = base(cpu, x[b], e);
              GuestMemory.store8(cpu, address + imm * c, x[a]);
              x[b] = address + imm;
              continue;
            case Op.LDR64_L:
              x[a] = GuestMemory.load64(cpu, base + ((long) (i - 1) << 2) + imm);
              continue;
            case Op.LDP64:
              loadPair64(cpu, base(cpu, x[b], e) + imm, a, c);
              continue;
            case Op.STP64:
              storePair64(cpu, base(cpu, x[b], e) + imm, x[a], x[c]);
              continue;
            case Op.LDP64_PRE:
              loadPairWriteBack(cpu, b, imm, base(cpu, x[b], e) + imm, a, c);
              continue;
            case Op.LDP64_POST:
              loadPairWriteBack(cpu, b, imm, base(cpu, x[b], e), a, c);
              continue;
            case Op.STP64_PRE:
              storePair64(cpu, base(cpu, x[b], e) + imm, x[a], x[c]);
              x[b] += imm;
              continue;
            case Op.STP64_POST:
              storePair64(cpu, base(cpu, x[b], e), x[a], x[c]);
              x[b] += imm;
              continue;
            case Op.LDP32:
              loadPair32(cpu, base(cpu, x[b], e) + imm, a, c);
              continue;
            case Op.STP32:
              storePair32(cpu, base(cpu, x[b], e) + imm, x[a], x[c]);
              continue;
            case Op.LDRQ:
              SimdLoadStore.loadQuad(cpu, base(cpu, x[b], e) + imm, a);
              continue;
            case Op.STRQ:
              SimdLoadStore.storeQuad(cpu, base(cpu, x[b], e) + imm, a);
              continue;
            case Op.LDRD:
              SimdLoadStore.loadDouble(cpu, base(cpu, x[b], e) + imm, a);
              continue;
            case Op.STRD:
              GuestMemory.store64(cpu, base(cpu, x[b], e) + imm, cpu.v[a]);
              continue;
            case Op.LDPQ:
              SimdLoadStore.loadQuadPair(cpu, base(cpu, x[b], e) + imm, a, c);
              continue;
            case Op.STPQ:
              SimdLoadStore.storeQuadPair(cpu, base(cpu, x[b], e) + imm, a, c);
              continue;
            case Op.LDPD:
              SimdLoadStore.loadDoublePair(cpu, base(cpu, x[b], e) + imm, a, c);
              continue;
            case Op.STPD:
              storePair64(cpu, base(cpu, x[b], e) + imm, cpu.v[a], cpu.v[c]);
              continue;
            case Op.NOP:
              continue;
            case Op.MRS_TPIDR:
              x[a] = cpu.tpidr;
              continue;
            case Op.LDV_R:
              SimdLoadStore.load(cpu, x[b] + Alu.extend(x[c], e, imm & 7), a >>> 1, imm >>> 8);
              continue;
            case Op.STV_R:
              SimdLoadStore.store(cpu, x[b] + Alu.extend(x[c], e, imm & 7), a >>> 1, imm >>> 8);
              continue;
            case Op.LDV_W:
              address = base(cpu, x[b], e);
              SimdLoadStore.load(cpu, address + imm * (c & 1), a >>> 1, c >>> 1);
              x[b] = address + imm;
              continue;
            case Op.STV_W:
              address = base(cpu, x[b], e);
              SimdLoadStore.store(cpu, address + imm * (c & 1), a >>> 1, c >>> 1);
              x[b] = address + imm;
              continue;
            case Op.LDRS_V:
              value = GuestMemory.load32(cpu, base(cpu, x[b], e) + imm);
              setScalar(cpu, a, value);
              continue;
            case Op.STRS_V:
              GuestMemory.store32(cpu, base(cpu, x[b], e) + imm, cpu.v[a]);
              continue;
            case Op.FADD:
              setScalar(cpu, a, Fp.add(cpu, scalar(cpu, b, e), scalar(cpu, c, e), e));
              continue;
            case Op.FSUB:
              setScalar(cpu, a, Fp.subtract(cpu, scalar(cpu, b, e), scalar(cpu, c, e), e));
              continue;
            case Op.FMUL:
              setScalar(cpu, a, Fp.multiply(cpu, scalar(cpu, b, e), scalar(cpu, c, e), e));
              continue;
            case Op.FDIV:
              setScalar(cpu, a, Fp.divide(cpu, scalar(cpu, b, e), scalar(cpu, c, e), e));
              continue;
            case Op.FMADD:
              setScalar(cpu, a, multiplyAdd(cpu, b, c, imm, e));
              continue;
            case Op.FCMP:
              compare(cpu, b, c, imm, e);
              continue;
            case Op.FMOV64:
              setScalar(cpu, a, cpu.v[b]);
              continue;
            case Op.FMOV_GV:
              x[a] = cpu.v[b];
              continue;
            case Op.FMOV_VG:
              setScalar(cpu, a, x[b]);
              continue;
            case Op.AND_V:
              setVector(cpu, a, cpu.v[b] & cpu.v[c], cpu.v[b + 1] & cpu.v[c + 1] & -imm);
              continue;
            case Op.ORR_V:
              setVector(cpu, a, cpu.v[b] | cpu.v[c], (cpu.v[b + 1] | cpu.v[c + 1]) & -imm);
              continue;
            case Op.EOR_V:
              setVector(cpu, a, cpu.v[b] ^ cpu.v[c], (cpu.v[b + 1] ^ cpu.v[c + 1]) & -imm);
              continue;
            case Op.B:
              break branch;
            case Op.BL:
              x[30] = base + ((long) i << 2);
              break branch;
            case Op.BCOND:
              if (Alu.holds(e, cpu.nzcv)) {
                break branch;
              }
              continue;
            case Op.CMPI64_B:
              i++;
              subFlags64(cpu, x[b], imm & 4095);
              if (Alu.holds(e, cpu.nzcv)) {
                imm >>= 12;
                break branch;
              }
              continue;
            case Op.CMPI32_B:
              i++;
              subFlags32(cpu, (int) x[b], imm & 4095);
              if (Alu.holds(e, cpu.nzcv)) {
                imm >>= 12;
                break branch;
              }
              continue;
            case Op.CMP64_B:
              i++;
              subFlags64(cpu, x[b], x[c]);
              if (Alu.holds(e, cpu.nzcv)) {
                break branch;
              }
              continue;
            case Op.CMP32_B:
              i++;
              subFlags32(cpu, (int) x[b], (int) x[c]);
              if (Alu.holds(e, cpu.nzcv)) {
                break branch;
              }
              continue;
            case Op.CBZ64:
              if (x[b] == 0) {
                break branch;
              }
              continue;
            case Op.CBNZ64:
              if (x[b] != 0) {
                break branch;
              }
              continue;
            case Op.CBZ32:
              if ((int) x[b] == 0) {
                break branch;
              }
              continue;
            case Op.CBNZ32:
              if ((int) x[b] != 0) {
                break branch;
              }
              continue;
            case Op.TBZ:
              if ((x[b] >>> c & 1) == 0) {
                break branch;
              }
              continue;
            case Op.TBNZ:
              if ((x[b] >>> c & 1) != 0) {
                break branch;
              }
              continue;
            case Op.BLR:
              address = x[b];
              x[30] = base + ((long) i << 2);
              break;
            case Op.BR:
            case Op.RET:
              address = x[b];
              break;
            default:
              throw new IllegalStateException("operation " + (d & 511));
          }
          // An indirect branch. The tag of a user address is ignored.
          address = address << 8 >> 8;
          if (((address ^ base) & ~(PAGE_MASK & ~3)) != 0) {
            cpu.retired += i - start;
            cpu.pc = address;
            return 0;
          }
          imm = (int) (address >>> 2 & CodePage.SIZE - 1) - i + 1;
        }
        target = i - 1 + imm;
        cpu.retired += i - start;
        if (target >>> 10 != 0 || --left == 0 || cpu.requestPending()) {
          cpu.pc = base + ((long) target << 2);
          return 0;
        }
        start = target;
        i = target;
      }
    } catch (GuestAbort abort) {
      cpu.pc = base + ((long) (i - 1) << 2);
      cpu.retired += i - 1 - start;
      return Cpu.VECTOR_SYNC;
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

  private static long subFlags64(Cpu cpu, long a, long b) {
    long r = a - b;
    cpu.nzcv = Alu.subFlags64(a, b, r);
    return r;
  }

  private static long subFlags32(Cpu cpu, int a, int b) {
    int r = a - b;
    cpu.nzcv = Alu.subFlags32(a, b, r);
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

  /** How: amount, type &lt;&lt; 8, inversion &lt;&lt; 10, operation &lt;&lt; 12. */
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

  private static void ccmp64(Cpu cpu, int condition, long a, long b, int otherwise) {
    cpu.nzcv = Alu.holds(condition, cpu.nzcv) ? Alu.subFlags64(a, b, a - b) : otherwise;
  }

  private static void ccmp32(Cpu cpu, int condition, int a, int b, int otherwise) {
    cpu.nzcv = Alu.holds(condition, cpu.nzcv) ? Alu.subFlags32(a, b, a - b) : otherwise;
  }

  private static void loadPair64(Cpu cpu, long address, int first, int second) {
    long low = GuestMemory.load64(cpu, address);
    long high = GuestMemory.load64(cpu, address + 8);
    cpu.x[first] = low;
    cpu.x[second] = high;
  }

  private static void loadPairWriteBack(
      Cpu cpu, int base, int offset, long address, int first, int second) {
    long low = GuestMemory.load64(cpu, address);
    long high = GuestMemory.load64(cpu, address + 8);
    cpu.x[base] += offset;
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

  /** A scalar operand given by the index of the register's low half. */
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
