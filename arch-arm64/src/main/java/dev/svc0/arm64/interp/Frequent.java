package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.decode.CodePage;
import dev.svc0.arm64.decode.LogicalImmediate;
import dev.svc0.arm64.decode.Op;
import dev.svc0.runtime.mm.MemoryManager;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/**
 * The loop over the frequent operations. It calls nothing: what is not so simple, as an access that
 * needs the memory manager, is left to the caller at that instruction. A call anywhere in the loop
 * would have HotSpot keep its variables in memory.
 *
 * <p>What several cases compute alike, HotSpot computes once before the switch, for every
 * instruction. So each case takes its operands from the word less its own operation, which is a
 * value of its own, and the flags are read with {@code Unsafe}, whose reads stay where they are.
 * What cases do alike behind that is in the blocks they break to. {@code sun.misc.Unsafe} is named
 * in full: of an import of it javadoc would warn.
 *
 * <p>The method must stay below 8,000 bytes of bytecode: HotSpot never compiles a larger one. A
 * test asserts that.
 */
@SuppressWarnings({"removal", "deprecation"})
final class Frequent {
  private static final sun.misc.Unsafe UNSAFE;

  /** Where an array of longs has its first, an even number. */
  private static final long FIRST;

  private static final long WORD = 8;

  /** Where a processor has its flags. */
  private static final long NZCV;

  private static final long[] MASKS = LogicalImmediate.masks();

  /** For each condition, a bit for each value of the flags: set where it holds. */
  private static final int[] CONDITIONS = Alu.conditions();

  private static final int PAGE_SHIFT = 12;
  private static final long PAGE_MASK = 4095;

  /** Addresses from here on are outside of the window, or have a tag. */
  private static final int WINDOW_SHIFT = 36;

  private static final long LOW = 0xffffffffL;
  private static final int UXTW = 2;
  private static final int UXTX = 3;
  private static final int SXTW = 6;

  static {
    try {
      Field field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      UNSAFE = (sun.misc.Unsafe) field.get(null);
      FIRST = sun.misc.Unsafe.ARRAY_LONG_BASE_OFFSET;
      NZCV = UNSAFE.objectFieldOffset(Cpu.class.getField("nzcv"));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Frequent() {}

  /** Memory of the host, for {@link Exercise}. */
  static long allocate(long bytes) {
    return UNSAFE.allocateMemory(bytes);
  }

  static void free(long address) {
    UNSAFE.freeMemory(address);
  }

  static void setByte(long address, byte value) {
    UNSAFE.putByte(address, value);
  }

  /** Whether an operation is never done here. */
  static boolean lacks(int op) {
    return switch (op) {
      case Op.SEMANTICS,
          Op.ADDSI64,
          Op.ADDSI32,
          Op.ORRI32,
          Op.EORI64,
          Op.EORI32,
          Op.MOVK32,
          Op.EXTR64,
          Op.LOGIC64,
          Op.LOGIC32,
          Op.ANDS64,
          Op.ANDS32,
          Op.ADDS64,
          Op.ADDS32,
          Op.SUBX64,
          Op.ADC64,
          Op.ADCS64,
          Op.SBCS64,
          Op.CSINC64,
          Op.CSINV64,
          Op.CSINV32,
          Op.CSNEG64,
          Op.CSNEG32,
          Op.ASRV64,
          Op.ASRV32,
          Op.RORV64,
          Op.RORV32,
          Op.UDIV64,
          Op.UDIV32,
          Op.SDIV64,
          Op.SDIV32,
          Op.CLZ64,
          Op.CLZ32,
          Op.RBIT64,
          Op.RBIT32,
          Op.REV64,
          Op.REV32,
          Op.MADD32,
          Op.MSUB32,
          Op.SMADDL,
          Op.UMADDL,
          Op.SMULH,
          Op.UMULH,
          Op.LDRS16_64,
          Op.LDRS8_64,
          Op.LDRS16_32,
          Op.LDRS8_32,
          Op.LDR32_W,
          Op.LDR16_W,
          Op.STR32_W,
          Op.STR16_W,
          Op.LDR64_L,
          Op.LDP64_PRE,
          Op.STP64_POST,
          Op.LDP32,
          Op.STP32,
          Op.LDRD,
          Op.STRD,
          Op.LDPQ,
          Op.STPQ,
          Op.LDPD,
          Op.STPD,
          Op.LDV_R,
          Op.STV_R,
          Op.LDV_W,
          Op.STV_W,
          Op.LDRS_V,
          Op.STRS_V,
          Op.FADD,
          Op.FSUB,
          Op.FMUL,
          Op.FDIV,
          Op.FMADD,
          Op.FCMP,
          Op.FMOV64,
          Op.FMOV_GV,
          Op.FMOV_VG,
          Op.AND_V,
          Op.ORR_V,
          Op.EOR_V ->
          true;
      default -> false;
    };
  }

  /**
   * Executes from an instruction of a page until so many branches were taken, something is asked of
   * the engine, a page is not at hand, or an instruction is reached that is not done here; {@code
   * cpu.pc} is the next instruction, and {@code cpu.retired} has counted.
   *
   * @param x the processor's registers
   * @param i index of the first instruction in its page
   * @param left branches that may be taken
   * @return 0, or the branches that are left when the next instruction is not done here
   */
  @SuppressWarnings("LabelledBreakTarget") // what cases do alike comes behind the switch
  static int run(long[] x, Cpu cpu, int i, int left, CodePage entered) {
    long[] v = cpu.v;
    long window = cpu.windowBase;
    long permissions = cpu.permissionBase;
    @Nullable CodePage[] pages = cpu.code().fast;
    long[] ops = entered.ops;
    int unused = ops.length; // not null, HotSpot knows from here on
    // Half of the place of an instruction in the array, plus base, is its address.
    long at = FIRST + ((long) i << 3);
    long base = (entered.number << PAGE_SHIFT) - (FIRST >> 1);
    long retired = -at; // plus at: 8 for each instruction executed
    slow:
    {
      while (true) {
        long d = UNSAFE.getLong(ops, at);
        at += WORD;
        int r;
        long value;
        long other;
        long address;
        int mask;
        int offset = 0;
        branch:
        {
          compare32:
          {
            compare64:
            {
              logic:
              {
                storePair:
                {
                  loadPair:
                  {
                    store8:
                    {
                      store16:
                      {
                        store32:
                        {
                          store64:
                          {
                            loadS32:
                            {
                              load8:
                              {
                                load16:
                                {
                                  load32:
                                  {
                                    load64:
                                    {
                                      switch ((int) d & 511) {
                                        case Op.ADDI64:
                                          r = (int) d - Op.ADDI64;
                                          x[r >>> 9 & 63] =
                                              x[r >>> 15 & 63] + (d - Op.ADDI64 >> 32);
                                          continue;
                                        case Op.ADDI32:
                                          r = (int) d - Op.ADDI32;
                                          x[r >>> 9 & 63] =
                                              x[r >>> 15 & 63] + (d - Op.ADDI32 >> 32) & LOW;
                                          continue;
                                        case Op.SUBSI64:
                                          r = (int) d - Op.SUBSI64;
                                          value = x[r >>> 15 & 63];
                                          other = (d - Op.SUBSI64 >> 32);
                                          mask = 0;
                                          x[r >>> 9 & 63] = value - other;
                                          break compare64;
                                        case Op.SUBSI32:
                                          r = (int) d - Op.SUBSI32;
                                          value = x[r >>> 15 & 63];
                                          other = (d - Op.SUBSI32 >> 32);
                                          mask = 0;
                                          x[r >>> 9 & 63] = value - other & LOW;
                                          break compare32;
                                        case Op.ANDI:
                                          r = (int) d - Op.ANDI;
                                          x[r >>> 9 & 63] =
                                              x[r >>> 15 & 63] & MASKS[(int) (d - Op.ANDI >> 32)];
                                          continue;
                                        case Op.ORRI64:
                                          r = (int) d - Op.ORRI64;
                                          x[r >>> 9 & 63] =
                                              x[r >>> 15 & 63] | MASKS[(int) (d - Op.ORRI64 >> 32)];
                                          continue;
                                        case Op.ANDSI64:
                                          r = (int) d - Op.ANDSI64;
                                          value =
                                              x[r >>> 15 & 63]
                                                  & MASKS[(int) (d - Op.ANDSI64 >> 32)];
                                          other = 0;
                                          x[r >>> 9 & 63] = value;
                                          break logic;
                                        case Op.ANDSI32:
                                          r = (int) d - Op.ANDSI32;
                                          value =
                                              (int)
                                                  (x[r >>> 15 & 63]
                                                      & MASKS[(int) (d - Op.ANDSI32 >> 32)]);
                                          other = 0;
                                          x[r >>> 9 & 63] = value & LOW;
                                          break logic;
                                        case Op.MOVI:
                                          r = (int) d - Op.MOVI;
                                          x[r >>> 9 & 63] = (d - Op.MOVI >> 32) << (r >>> 27 << 4);
                                          continue;
                                        case Op.MOVNI64:
                                          r = (int) d - Op.MOVNI64;
                                          x[r >>> 9 & 63] =
                                              ~((d - Op.MOVNI64 >> 32) << (r >>> 27 << 4));
                                          continue;
                                        case Op.MOVNI32:
                                          r = (int) d - Op.MOVNI32;
                                          x[r >>> 9 & 63] =
                                              ~((d - Op.MOVNI32 >> 32) << (r >>> 27 << 4)) & LOW;
                                          continue;
                                        case Op.MOVK64:
                                          r = (int) d - Op.MOVK64;
                                          x[r >>> 9 & 63] =
                                              x[r >>> 9 & 63] & ~(0xffffL << (r >>> 27 << 4))
                                                  | (d - Op.MOVK64 >> 32) << (r >>> 27 << 4);
                                          continue;
                                        case Op.ADR:
                                          r = (int) d - Op.ADR;
                                          x[r >>> 9 & 63] =
                                              base + (at >> 1) - 4 + (d - Op.ADR >> 32);
                                          continue;
                                        case Op.ADRP:
                                          r = (int) d - Op.ADRP;
                                          x[r >>> 9 & 63] =
                                              (base + 4095 & -4096) + ((d - Op.ADRP >> 32) << 12);
                                          continue;
                                        case Op.UBFM64:
                                          r = (int) d - Op.UBFM64;
                                          x[r >>> 9 & 63] =
                                              x[r >>> 15 & 63]
                                                  << (r >>> 21)
                                                  >>> (int) (d - Op.UBFM64 >> 32);
                                          continue;
                                        case Op.UBFM32:
                                          r = (int) d - Op.UBFM32;
                                          x[r >>> 9 & 63] =
                                              ((int) x[r >>> 15 & 63]
                                                      << (r >>> 21)
                                                      >>> (int) (d - Op.UBFM32 >> 32))
                                                  & LOW;
                                          continue;
                                        case Op.SBFM64:
                                          r = (int) d - Op.SBFM64;
                                          x[r >>> 9 & 63] =
                                              x[r >>> 15 & 63]
                                                  << (r >>> 21)
                                                  >> (int) (d - Op.SBFM64 >> 32);
                                          continue;
                                        case Op.SBFM32:
                                          r = (int) d - Op.SBFM32;
                                          x[r >>> 9 & 63] =
                                              ((int) x[r >>> 15 & 63]
                                                      << (r >>> 21)
                                                      >> (int) (d - Op.SBFM32 >> 32))
                                                  & LOW;
                                          continue;
                                        case Op.EXTR32:
                                          r = (int) d - Op.EXTR32;
                                          x[r >>> 9 & 63] =
                                              (x[r >>> 15 & 63] << 32 | x[r >>> 21 & 63] & LOW)
                                                      >>> (int) (d - Op.EXTR32 >> 32)
                                                  & LOW;
                                          continue;
                                        case Op.MOV64:
                                          r = (int) d - Op.MOV64;
                                          x[r >>> 9 & 63] = x[r >>> 21 & 63];
                                          continue;
                                        case Op.MOV32:
                                          r = (int) d - Op.MOV32;
                                          x[r >>> 9 & 63] = x[r >>> 21 & 63] & LOW;
                                          continue;
                                        case Op.AND64:
                                          r = (int) d - Op.AND64;
                                          x[r >>> 9 & 63] = x[r >>> 15 & 63] & x[r >>> 21 & 63];
                                          continue;
                                        case Op.AND32:
                                          r = (int) d - Op.AND32;
                                          x[r >>> 9 & 63] =
                                              (x[r >>> 15 & 63] & x[r >>> 21 & 63]) & LOW;
                                          continue;
                                        case Op.ORR64:
                                          r = (int) d - Op.ORR64;
                                          x[r >>> 9 & 63] = x[r >>> 15 & 63] | x[r >>> 21 & 63];
                                          continue;
                                        case Op.ORR32:
                                          r = (int) d - Op.ORR32;
                                          x[r >>> 9 & 63] =
                                              (x[r >>> 15 & 63] | x[r >>> 21 & 63]) & LOW;
                                          continue;
                                        case Op.EOR64:
                                          r = (int) d - Op.EOR64;
                                          x[r >>> 9 & 63] = x[r >>> 15 & 63] ^ x[r >>> 21 & 63];
                                          continue;
                                        case Op.EOR32:
                                          r = (int) d - Op.EOR32;
                                          x[r >>> 9 & 63] =
                                              (x[r >>> 15 & 63] ^ x[r >>> 21 & 63]) & LOW;
                                          continue;
                                        case Op.ADD64:
                                          r = (int) d - Op.ADD64;
                                          x[r >>> 9 & 63] =
                                              x[r >>> 15 & 63]
                                                  + (x[r >>> 21 & 63]
                                                      << (int) (d - Op.ADD64 >> 32));
                                          continue;
                                        case Op.ADD32:
                                          r = (int) d - Op.ADD32;
                                          x[r >>> 9 & 63] =
                                              x[r >>> 15 & 63]
                                                      + (x[r >>> 21 & 63]
                                                          << (int) (d - Op.ADD32 >> 32))
                                                  & LOW;
                                          continue;
                                        case Op.SUB64:
                                          r = (int) d - Op.SUB64;
                                          x[r >>> 9 & 63] =
                                              x[r >>> 15 & 63]
                                                  - (x[r >>> 21 & 63]
                                                      << (int) (d - Op.SUB64 >> 32));
                                          continue;
                                        case Op.SUB32:
                                          r = (int) d - Op.SUB32;
                                          x[r >>> 9 & 63] =
                                              x[r >>> 15 & 63]
                                                      - (x[r >>> 21 & 63]
                                                          << (int) (d - Op.SUB32 >> 32))
                                                  & LOW;
                                          continue;
                                        case Op.ADDX64:
                                          r = (int) d - Op.ADDX64;
                                          mask = r >>> 27;
                                          value = x[r >>> 21 & 63];
                                          other = mask == SXTW ? (int) value : value & LOW;
                                          if (mask != SXTW && mask != UXTW) {
                                            break slow;
                                          }
                                          x[r >>> 9 & 63] =
                                              x[r >>> 15 & 63]
                                                  + (other << (int) (d - Op.ADDX64 >> 32));
                                          continue;
                                        case Op.SUBS64:
                                          r = (int) d - Op.SUBS64;
                                          value = x[r >>> 15 & 63];
                                          other = x[r >>> 21 & 63] << (int) (d - Op.SUBS64 >> 32);
                                          mask = 0;
                                          x[r >>> 9 & 63] = value - other;
                                          break compare64;
                                        case Op.SUBS32:
                                          r = (int) d - Op.SUBS32;
                                          value = x[r >>> 15 & 63];
                                          other = x[r >>> 21 & 63] << (int) (d - Op.SUBS32 >> 32);
                                          mask = 0;
                                          x[r >>> 9 & 63] = value - other & LOW;
                                          break compare32;
                                        case Op.LSLV64:
                                          r = (int) d - Op.LSLV64;
                                          x[r >>> 9 & 63] = x[r >>> 15 & 63] << x[r >>> 21 & 63];
                                          continue;
                                        case Op.LSLV32:
                                          r = (int) d - Op.LSLV32;
                                          x[r >>> 9 & 63] =
                                              (int) x[r >>> 15 & 63] << x[r >>> 21 & 63] & LOW;
                                          continue;
                                        case Op.LSRV64:
                                          r = (int) d - Op.LSRV64;
                                          x[r >>> 9 & 63] = x[r >>> 15 & 63] >>> x[r >>> 21 & 63];
                                          continue;
                                        case Op.LSRV32:
                                          r = (int) d - Op.LSRV32;
                                          x[r >>> 9 & 63] =
                                              (int) x[r >>> 15 & 63] >>> x[r >>> 21 & 63] & LOW;
                                          continue;
                                        case Op.MADD64:
                                          r = (int) d - Op.MADD64;
                                          x[r >>> 9 & 63] =
                                              x[(int) (d - Op.MADD64 >> 32)]
                                                  + x[r >>> 15 & 63] * x[r >>> 21 & 63];
                                          continue;
                                        case Op.MSUB64:
                                          r = (int) d - Op.MSUB64;
                                          x[r >>> 9 & 63] =
                                              x[(int) (d - Op.MSUB64 >> 32)]
                                                  - x[r >>> 15 & 63] * x[r >>> 21 & 63];
                                          continue;
                                        case Op.CSEL64:
                                          r = (int) d - Op.CSEL64;
                                          x[r >>> 9 & 63] =
                                              (CONDITIONS[r >>> 27] >>> UNSAFE.getInt(cpu, NZCV)
                                                          & 1)
                                                      != 0
                                                  ? x[r >>> 15 & 63]
                                                  : x[r >>> 21 & 63];
                                          continue;
                                        case Op.CSEL32:
                                          r = (int) d - Op.CSEL32;
                                          x[r >>> 9 & 63] =
                                              ((CONDITIONS[r >>> 27] >>> UNSAFE.getInt(cpu, NZCV)
                                                              & 1)
                                                          != 0
                                                      ? x[r >>> 15 & 63]
                                                      : x[r >>> 21 & 63])
                                                  & LOW;
                                          continue;
                                        case Op.CSINC32:
                                          r = (int) d - Op.CSINC32;
                                          x[r >>> 9 & 63] =
                                              ((CONDITIONS[r >>> 27] >>> UNSAFE.getInt(cpu, NZCV)
                                                              & 1)
                                                          != 0
                                                      ? x[r >>> 15 & 63]
                                                      : x[r >>> 21 & 63] + 1)
                                                  & LOW;
                                          continue;
                                        case Op.CCMPI64:
                                          r = (int) d - Op.CCMPI64;
                                          if ((CONDITIONS[r >>> 27] >>> UNSAFE.getInt(cpu, NZCV)
                                                  & 1)
                                              != 0) {
                                            value = x[r >>> 15 & 63];
                                            other = r >>> 21 & 63;
                                            mask = 0;
                                            break compare64;
                                          }
                                          cpu.nzcv = (int) (d - Op.CCMPI64 >> 32);
                                          continue;
                                        case Op.CCMP64:
                                          r = (int) d - Op.CCMP64;
                                          if ((CONDITIONS[r >>> 27] >>> UNSAFE.getInt(cpu, NZCV)
                                                  & 1)
                                              != 0) {
                                            value = x[r >>> 15 & 63];
                                            other = x[r >>> 21 & 63];
                                            mask = 0;
                                            break compare64;
                                          }
                                          cpu.nzcv = (int) (d - Op.CCMP64 >> 32);
                                          continue;
                                        case Op.CCMPI32:
                                          r = (int) d - Op.CCMPI32;
                                          if ((CONDITIONS[r >>> 27] >>> UNSAFE.getInt(cpu, NZCV)
                                                  & 1)
                                              != 0) {
                                            value = x[r >>> 15 & 63];
                                            other = r >>> 21 & 63;
                                            mask = 0;
                                            break compare32;
                                          }
                                          cpu.nzcv = (int) (d - Op.CCMPI32 >> 32);
                                          continue;
                                        case Op.CCMP32:
                                          r = (int) d - Op.CCMP32;
                                          if ((CONDITIONS[r >>> 27] >>> UNSAFE.getInt(cpu, NZCV)
                                                  & 1)
                                              != 0) {
                                            value = x[r >>> 15 & 63];
                                            other = x[r >>> 21 & 63];
                                            mask = 0;
                                            break compare32;
                                          }
                                          cpu.nzcv = (int) (d - Op.CCMP32 >> 32);
                                          continue;
                                        case Op.LDR64:
                                          r = (int) d - Op.LDR64;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.LDR64 >> 32);
                                          break load64;
                                        case Op.LDR64_R:
                                          r = (int) d - Op.LDR64_R;
                                          mask = r >>> 27;
                                          value = x[r >>> 21 & 63];
                                          address =
                                              x[r >>> 15 & 63]
                                                  + ((mask == UXTX
                                                          ? value
                                                          : mask == SXTW
                                                              ? (int) value
                                                              : value & LOW)
                                                      << (int) (d - Op.LDR64_R >> 32));
                                          break load64;
                                        case Op.LDR32:
                                          r = (int) d - Op.LDR32;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.LDR32 >> 32);
                                          break load32;
                                        case Op.LDR32_R:
                                          r = (int) d - Op.LDR32_R;
                                          mask = r >>> 27;
                                          value = x[r >>> 21 & 63];
                                          address =
                                              x[r >>> 15 & 63]
                                                  + ((mask == UXTX
                                                          ? value
                                                          : mask == SXTW
                                                              ? (int) value
                                                              : value & LOW)
                                                      << (int) (d - Op.LDR32_R >> 32));
                                          break load32;
                                        case Op.LDR16:
                                          r = (int) d - Op.LDR16;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.LDR16 >> 32);
                                          break load16;
                                        case Op.LDR16_R:
                                          r = (int) d - Op.LDR16_R;
                                          mask = r >>> 27;
                                          value = x[r >>> 21 & 63];
                                          address =
                                              x[r >>> 15 & 63]
                                                  + ((mask == UXTX
                                                          ? value
                                                          : mask == SXTW
                                                              ? (int) value
                                                              : value & LOW)
                                                      << (int) (d - Op.LDR16_R >> 32));
                                          break load16;
                                        case Op.LDR8:
                                          r = (int) d - Op.LDR8;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.LDR8 >> 32);
                                          break load8;
                                        case Op.LDR8_R:
                                          r = (int) d - Op.LDR8_R;
                                          mask = r >>> 27;
                                          value = x[r >>> 21 & 63];
                                          address =
                                              x[r >>> 15 & 63]
                                                  + ((mask == UXTX
                                                          ? value
                                                          : mask == SXTW
                                                              ? (int) value
                                                              : value & LOW)
                                                      << (int) (d - Op.LDR8_R >> 32));
                                          break load8;
                                        case Op.LDRS32_64:
                                          r = (int) d - Op.LDRS32_64;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.LDRS32_64 >> 32);
                                          break loadS32;
                                        case Op.LDRS32_64_R:
                                          r = (int) d - Op.LDRS32_64_R;
                                          mask = r >>> 27;
                                          value = x[r >>> 21 & 63];
                                          address =
                                              x[r >>> 15 & 63]
                                                  + ((mask == UXTX
                                                          ? value
                                                          : mask == SXTW
                                                              ? (int) value
                                                              : value & LOW)
                                                      << (int) (d - Op.LDRS32_64_R >> 32));
                                          break loadS32;
                                        case Op.STR64:
                                          r = (int) d - Op.STR64;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.STR64 >> 32);
                                          break store64;
                                        case Op.STR64_R:
                                          r = (int) d - Op.STR64_R;
                                          mask = r >>> 27;
                                          value = x[r >>> 21 & 63];
                                          address =
                                              x[r >>> 15 & 63]
                                                  + ((mask == UXTX
                                                          ? value
                                                          : mask == SXTW
                                                              ? (int) value
                                                              : value & LOW)
                                                      << (int) (d - Op.STR64_R >> 32));
                                          break store64;
                                        case Op.STR32:
                                          r = (int) d - Op.STR32;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.STR32 >> 32);
                                          break store32;
                                        case Op.STR32_R:
                                          r = (int) d - Op.STR32_R;
                                          mask = r >>> 27;
                                          value = x[r >>> 21 & 63];
                                          address =
                                              x[r >>> 15 & 63]
                                                  + ((mask == UXTX
                                                          ? value
                                                          : mask == SXTW
                                                              ? (int) value
                                                              : value & LOW)
                                                      << (int) (d - Op.STR32_R >> 32));
                                          break store32;
                                        case Op.STR16:
                                          r = (int) d - Op.STR16;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.STR16 >> 32);
                                          break store16;
                                        case Op.STR16_R:
                                          r = (int) d - Op.STR16_R;
                                          mask = r >>> 27;
                                          value = x[r >>> 21 & 63];
                                          address =
                                              x[r >>> 15 & 63]
                                                  + ((mask == UXTX
                                                          ? value
                                                          : mask == SXTW
                                                              ? (int) value
                                                              : value & LOW)
                                                      << (int) (d - Op.STR16_R >> 32));
                                          break store16;
                                        case Op.STR8:
                                          r = (int) d - Op.STR8;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.STR8 >> 32);
                                          break store8;
                                        case Op.STR8_R:
                                          r = (int) d - Op.STR8_R;
                                          mask = r >>> 27;
                                          value = x[r >>> 21 & 63];
                                          address =
                                              x[r >>> 15 & 63]
                                                  + ((mask == UXTX
                                                          ? value
                                                          : mask == SXTW
                                                              ? (int) value
                                                              : value & LOW)
                                                      << (int) (d - Op.STR8_R >> 32));
                                          break store8;
                                        case Op.LDR64_W:
                                          r = (int) d - Op.LDR64_W;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.LDR64_W >> 32) & -(r >>> 21 & 63);
                                          if (address >>> WINDOW_SHIFT != 0
                                              || (address & PAGE_MASK) > 4088
                                              || (UNSAFE.getByte(
                                                          permissions + (address >>> PAGE_SHIFT))
                                                      & MemoryManager.PERM_READ)
                                                  == 0) {
                                            break slow;
                                          }
                                          x[r >>> 15 & 63] += (d - Op.LDR64_W >> 32);
                                          x[r >>> 9 & 63] = UNSAFE.getLong(window + address);
                                          continue;
                                        case Op.LDR8_W:
                                          r = (int) d - Op.LDR8_W;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.LDR8_W >> 32) & -(r >>> 21 & 63);
                                          if (address >>> WINDOW_SHIFT != 0
                                              || (UNSAFE.getByte(
                                                          permissions + (address >>> PAGE_SHIFT))
                                                      & MemoryManager.PERM_READ)
                                                  == 0) {
                                            break slow;
                                          }
                                          x[r >>> 15 & 63] += (d - Op.LDR8_W >> 32);
                                          x[r >>> 9 & 63] =
                                              UNSAFE.getByte(window + address) & 0xffL;
                                          continue;
                                        case Op.STR64_W:
                                          r = (int) d - Op.STR64_W;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.STR64_W >> 32) & -(r >>> 21 & 63);
                                          if (address >>> WINDOW_SHIFT != 0
                                              || (address & PAGE_MASK) > 4088
                                              || (UNSAFE.getByte(
                                                          permissions + (address >>> PAGE_SHIFT))
                                                      & MemoryManager.PERM_WRITE)
                                                  == 0) {
                                            break slow;
                                          }
                                          UNSAFE.putLong(window + address, x[r >>> 9 & 63]);
                                          x[r >>> 15 & 63] += (d - Op.STR64_W >> 32);
                                          continue;
                                        case Op.STR8_W:
                                          r = (int) d - Op.STR8_W;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.STR8_W >> 32) & -(r >>> 21 & 63);
                                          if (address >>> WINDOW_SHIFT != 0
                                              || (UNSAFE.getByte(
                                                          permissions + (address >>> PAGE_SHIFT))
                                                      & MemoryManager.PERM_WRITE)
                                                  == 0) {
                                            break slow;
                                          }
                                          UNSAFE.putByte(window + address, (byte) x[r >>> 9 & 63]);
                                          x[r >>> 15 & 63] += (d - Op.STR8_W >> 32);
                                          continue;
                                        case Op.LDP64:
                                          r = (int) d - Op.LDP64;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.LDP64 >> 32);
                                          break loadPair;
                                        case Op.LDP64_POST:
                                          r = (int) d - Op.LDP64_POST;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          if (address >>> WINDOW_SHIFT != 0
                                              || (address & PAGE_MASK) > 4080
                                              || (UNSAFE.getByte(
                                                          permissions + (address >>> PAGE_SHIFT))
                                                      & MemoryManager.PERM_READ)
                                                  == 0) {
                                            break slow;
                                          }
                                          x[r >>> 15 & 63] += (d - Op.LDP64_POST >> 32);
                                          break loadPair;
                                        case Op.STP64:
                                          r = (int) d - Op.STP64;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.STP64 >> 32);
                                          break storePair;
                                        case Op.STP64_PRE:
                                          r = (int) d - Op.STP64_PRE;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.STP64_PRE >> 32);
                                          if (address >>> WINDOW_SHIFT != 0
                                              || (address & PAGE_MASK) > 4080
                                              || (UNSAFE.getByte(
                                                          permissions + (address >>> PAGE_SHIFT))
                                                      & MemoryManager.PERM_WRITE)
                                                  == 0) {
                                            break slow;
                                          }
                                          UNSAFE.putLong(window + address, x[r >>> 9 & 63]);
                                          UNSAFE.putLong(window + address + 8, x[r >>> 21 & 63]);
                                          x[r >>> 15 & 63] = address;
                                          continue;
                                        case Op.LDRQ:
                                          r = (int) d - Op.LDRQ;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.LDRQ >> 32);
                                          if (address >>> WINDOW_SHIFT != 0
                                              || (address & PAGE_MASK) > 4080
                                              || (UNSAFE.getByte(
                                                          permissions + (address >>> PAGE_SHIFT))
                                                      & MemoryManager.PERM_READ)
                                                  == 0) {
                                            break slow;
                                          }
                                          v[r >>> 9 & 63] = UNSAFE.getLong(window + address);
                                          v[(r >>> 9 & 63) + 1] =
                                              UNSAFE.getLong(window + address + 8);
                                          continue;
                                        case Op.STRQ:
                                          r = (int) d - Op.STRQ;
                                          address = x[r >>> 15 & 63];
                                          if (((int) address & r >>> 27) != 0) {
                                            break slow;
                                          }
                                          address += (d - Op.STRQ >> 32);
                                          if (address >>> WINDOW_SHIFT != 0
                                              || (address & PAGE_MASK) > 4080
                                              || (UNSAFE.getByte(
                                                          permissions + (address >>> PAGE_SHIFT))
                                                      & MemoryManager.PERM_WRITE)
                                                  == 0) {
                                            break slow;
                                          }
                                          UNSAFE.putLong(window + address, v[r >>> 9 & 63]);
                                          UNSAFE.putLong(
                                              window + address + 8, v[(r >>> 9 & 63) + 1]);
                                          continue;
                                        case Op.NEXT_PAGE:
                                          at -= WORD;
                                          offset = 1;
                                          break branch;
                                        case Op.NOP:
                                          continue;
                                        case Op.MRS_TPIDR:
                                          r = (int) d - Op.MRS_TPIDR;
                                          x[r >>> 9 & 63] = cpu.tpidr;
                                          continue;
                                        case Op.B:
                                          offset = (int) (d - Op.B >> 32);
                                          break branch;
                                        case Op.BL:
                                          x[30] = base + (at >> 1);
                                          offset = (int) (d - Op.BL >> 32);
                                          break branch;
                                        case Op.BCOND:
                                          r = (int) d - Op.BCOND;
                                          if ((CONDITIONS[r >>> 27] >>> UNSAFE.getInt(cpu, NZCV)
                                                  & 1)
                                              != 0) {
                                            offset = (int) (d - Op.BCOND >> 32);
                                            break branch;
                                          }
                                          continue;
                                        case Op.CMPI64_B:
                                          r = (int) d - Op.CMPI64_B;
                                          at += WORD;
                                          value = x[r >>> 15 & 63];
                                          other = d - Op.CMPI64_B >>> 32 & 4095;
                                          mask = CONDITIONS[r >>> 27];
                                          offset = (int) (d - Op.CMPI64_B >> 44);
                                          break compare64;
                                        case Op.CMPI32_B:
                                          r = (int) d - Op.CMPI32_B;
                                          at += WORD;
                                          value = x[r >>> 15 & 63];
                                          other = d - Op.CMPI32_B >>> 32 & 4095;
                                          mask = CONDITIONS[r >>> 27];
                                          offset = (int) (d - Op.CMPI32_B >> 44);
                                          break compare32;
                                        case Op.CMP64_B:
                                          r = (int) d - Op.CMP64_B;
                                          at += WORD;
                                          value = x[r >>> 15 & 63];
                                          other = x[r >>> 21 & 63];
                                          mask = CONDITIONS[r >>> 27];
                                          offset = (int) (d - Op.CMP64_B >> 32);
                                          break compare64;
                                        case Op.CMP32_B:
                                          r = (int) d - Op.CMP32_B;
                                          at += WORD;
                                          value = x[r >>> 15 & 63];
                                          other = x[r >>> 21 & 63];
                                          mask = CONDITIONS[r >>> 27];
                                          offset = (int) (d - Op.CMP32_B >> 32);
                                          break compare32;
                                        case Op.CBZ64:
                                          r = (int) d - Op.CBZ64;
                                          if (x[r >>> 15 & 63] == 0) {
                                            offset = (int) (d - Op.CBZ64 >> 32);
                                            break branch;
                                          }
                                          continue;
                                        case Op.CBNZ64:
                                          r = (int) d - Op.CBNZ64;
                                          if (x[r >>> 15 & 63] != 0) {
                                            offset = (int) (d - Op.CBNZ64 >> 32);
                                            break branch;
                                          }
                                          continue;
                                        case Op.CBZ32:
                                          r = (int) d - Op.CBZ32;
                                          if ((int) x[r >>> 15 & 63] == 0) {
                                            offset = (int) (d - Op.CBZ32 >> 32);
                                            break branch;
                                          }
                                          continue;
                                        case Op.CBNZ32:
                                          r = (int) d - Op.CBNZ32;
                                          if ((int) x[r >>> 15 & 63] != 0) {
                                            offset = (int) (d - Op.CBNZ32 >> 32);
                                            break branch;
                                          }
                                          continue;
                                        case Op.TBZ:
                                          r = (int) d - Op.TBZ;
                                          if ((x[r >>> 15 & 63] >>> (r >>> 21) & 1) == 0) {
                                            offset = (int) (d - Op.TBZ >> 32);
                                            break branch;
                                          }
                                          continue;
                                        case Op.TBNZ:
                                          r = (int) d - Op.TBNZ;
                                          if ((x[r >>> 15 & 63] >>> (r >>> 21) & 1) != 0) {
                                            offset = (int) (d - Op.TBNZ >> 32);
                                            break branch;
                                          }
                                          continue;
                                        case Op.BR, Op.BLR, Op.RET:
                                          r = (int) d - Op.BR;
                                          address = x[r >>> 15 & 63] << 8 >> 8;
                                          if (((int) d & 511) == Op.BLR) {
                                            x[30] = base + (at >> 1);
                                          }
                                          if (((int) d & 511) == Op.RET
                                              && x[31] >= cpu.returnStack) {
                                            cpu.returnStack = Long.MAX_VALUE;
                                            cpu.retired += retired + at >> 3;
                                            cpu.pc = address;
                                            return 0;
                                          }
                                          if (address - base != (int) (address - base)
                                              || (address & 3) != 0) {
                                            cpu.retired += retired + at >> 3;
                                            cpu.pc = address;
                                            return 0;
                                          }
                                          offset = (int) (address - base - (at >> 1) >> 2) + 1;
                                          break branch;
                                        default:
                                          break slow;
                                      }
                                    }
                                    if (address >>> WINDOW_SHIFT != 0
                                        || (address & PAGE_MASK) > 4088
                                        || (UNSAFE.getByte(permissions + (address >>> PAGE_SHIFT))
                                                & MemoryManager.PERM_READ)
                                            == 0) {
                                      break slow;
                                    }
                                    x[r >>> 9 & 63] = UNSAFE.getLong(window + address);
                                    continue;
                                  }
                                  if (address >>> WINDOW_SHIFT != 0
                                      || (address & PAGE_MASK) > 4092
                                      || (UNSAFE.getByte(permissions + (address >>> PAGE_SHIFT))
                                              & MemoryManager.PERM_READ)
                                          == 0) {
                                    break slow;
                                  }
                                  x[r >>> 9 & 63] = UNSAFE.getInt(window + address) & LOW;
                                  continue;
                                }
                                if (address >>> WINDOW_SHIFT != 0
                                    || (address & PAGE_MASK) > 4094
                                    || (UNSAFE.getByte(permissions + (address >>> PAGE_SHIFT))
                                            & MemoryManager.PERM_READ)
                                        == 0) {
                                  break slow;
                                }
                                x[r >>> 9 & 63] = UNSAFE.getShort(window + address) & 0xffffL;
                                continue;
                              }
                              if (address >>> WINDOW_SHIFT != 0
                                  || (UNSAFE.getByte(permissions + (address >>> PAGE_SHIFT))
                                          & MemoryManager.PERM_READ)
                                      == 0) {
                                break slow;
                              }
                              x[r >>> 9 & 63] = UNSAFE.getByte(window + address) & 0xffL;
                              continue;
                            }
                            if (address >>> WINDOW_SHIFT != 0
                                || (address & PAGE_MASK) > 4092
                                || (UNSAFE.getByte(permissions + (address >>> PAGE_SHIFT))
                                        & MemoryManager.PERM_READ)
                                    == 0) {
                              break slow;
                            }
                            x[r >>> 9 & 63] = UNSAFE.getInt(window + address);
                            continue;
                          }
                          if (address >>> WINDOW_SHIFT != 0
                              || (address & PAGE_MASK) > 4088
                              || (UNSAFE.getByte(permissions + (address >>> PAGE_SHIFT))
                                      & MemoryManager.PERM_WRITE)
                                  == 0) {
                            break slow;
                          }
                          UNSAFE.putLong(window + address, x[r >>> 9 & 63]);
                          continue;
                        }
                        if (address >>> WINDOW_SHIFT != 0
                            || (address & PAGE_MASK) > 4092
                            || (UNSAFE.getByte(permissions + (address >>> PAGE_SHIFT))
                                    & MemoryManager.PERM_WRITE)
                                == 0) {
                          break slow;
                        }
                        UNSAFE.putInt(window + address, (int) x[r >>> 9 & 63]);
                        continue;
                      }
                      if (address >>> WINDOW_SHIFT != 0
                          || (address & PAGE_MASK) > 4094
                          || (UNSAFE.getByte(permissions + (address >>> PAGE_SHIFT))
                                  & MemoryManager.PERM_WRITE)
                              == 0) {
                        break slow;
                      }
                      UNSAFE.putShort(window + address, (short) x[r >>> 9 & 63]);
                      continue;
                    }
                    if (address >>> WINDOW_SHIFT != 0
                        || (UNSAFE.getByte(permissions + (address >>> PAGE_SHIFT))
                                & MemoryManager.PERM_WRITE)
                            == 0) {
                      break slow;
                    }
                    UNSAFE.putByte(window + address, (byte) x[r >>> 9 & 63]);
                    continue;
                  }
                  if (address >>> WINDOW_SHIFT != 0
                      || (address & PAGE_MASK) > 4080
                      || (UNSAFE.getByte(permissions + (address >>> PAGE_SHIFT))
                              & MemoryManager.PERM_READ)
                          == 0) {
                    break slow;
                  }
                  x[r >>> 9 & 63] = UNSAFE.getLong(window + address);
                  x[r >>> 21 & 63] = UNSAFE.getLong(window + address + 8);
                  continue;
                }
                if (address >>> WINDOW_SHIFT != 0
                    || (address & PAGE_MASK) > 4080
                    || (UNSAFE.getByte(permissions + (address >>> PAGE_SHIFT))
                            & MemoryManager.PERM_WRITE)
                        == 0) {
                  break slow;
                }
                UNSAFE.putLong(window + address, x[r >>> 9 & 63]);
                UNSAFE.putLong(window + address + 8, x[r >>> 21 & 63]);
                continue;
              }
              cpu.nzcv = (int) (value >>> 63) << 3 | (value == 0 ? 4 : 0);
              continue;
            }
            long difference = value - other;
            int flags =
                (int) (difference >>> 63) << 3
                    | (difference == 0 ? 4 : 0)
                    | (int) ((value & ~other | (value | ~other) & ~difference) >>> 63) << 1
                    | (int) (((value ^ other) & (value ^ difference)) >>> 63);
            cpu.nzcv = flags;
            if ((mask >>> flags & 1) == 0) {
              continue;
            }
            break branch;
          }
          int a = (int) value;
          int b = (int) other;
          int difference = a - b;
          int flags =
              (difference >>> 31) << 3
                  | (difference == 0 ? 4 : 0)
                  | ((a & ~b | (a | ~b) & ~difference) >>> 31) << 1
                  | ((a ^ b) & (a ^ difference)) >>> 31;
          cpu.nzcv = flags;
          if ((mask >>> flags & 1) == 0) {
            continue;
          }
          break branch;
        }
        long target = at - WORD + ((long) offset << 3);
        retired += at - target;
        at = target;
        if (--left == 0 || cpu.requests != 0) {
          break;
        }
        if (target - FIRST >>> PAGE_SHIFT + 1 != 0) {
          long pc = base + (target >> 1);
          CodePage page = pages[(int) (pc >>> PAGE_SHIFT) & CodePage.FAST - 1];
          if (page == null || page.number != pc >>> PAGE_SHIFT) {
            break;
          }
          ops = page.ops;
          unused = ops.length;
          base = (pc & ~PAGE_MASK) - (FIRST >> 1);
          at = FIRST + ((pc & PAGE_MASK) << 1);
          retired += target - at;
        }
      }
      cpu.pc = base + (at >> 1);
      cpu.retired += retired + at >> 3;
      return 0;
    }
    at -= WORD;
    cpu.pc = base + (at >> 1);
    cpu.retired += retired + at >> 3;
    return left;
  }
}
