package dev.svc0.arm64.interp;

import dev.svc0.arm64.isa.InstructionTable.Entry;
import dev.svc0.arm64.isa.InstructionTable.Field;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Makes random cases of one instruction: random free fields, a random state, memory operands inside
 * the window, branch targets inside the slot. The same seed makes the same case for ever.
 */
final class CaseGenerator {
  private static final long[] CORNERS = {
    0,
    1,
    2,
    -1,
    -2,
    Long.MIN_VALUE,
    Long.MAX_VALUE,
    0x7fffffffL,
    0x80000000L,
    0xffffffffL,
    0x8000000080000000L,
    0x7fffffff7fffffffL,
    0x0080008000800080L,
    0x8080808080808080L,
    0x7f7f7f7f7f7f7f7fL,
    0x8000800080008000L,
    0x7fff7fff7fff7fffL,
    0x0101010101010101L,
    31,
    32,
    63,
    64
  };
  private static final long[] DOUBLES = {
    0x0000000000000000L, 0x8000000000000000L, 0x3ff0000000000000L, 0xbff0000000000000L,
    0x7ff0000000000000L, 0xfff0000000000000L, 0x7ff8000000000000L, 0x7ff0000000000001L,
    0xfff8000000001234L, 0x000fffffffffffffL, 0x0000000000000001L, 0x0010000000000000L,
    0x7fefffffffffffffL, 0x3fe0000000000000L, 0x4000000000000000L, 0x43e0000000000000L,
    0xc3e0000000000000L, 0x41dfffffffc00000L, 0x41e0000000000000L, 0x4330000000000001L,
    0x3ff8000000000000L, 0x4004000000000000L, 0x8010000000000001L, 0x43f0000000000000L
  };
  private static final int[] SINGLES = {
    0x00000000, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001,
    0xffc01234, 0x007fffff, 0x00000001, 0x00800000, 0x7f7fffff, 0x3f000000, 0x40000000, 0x4f000000,
    0xcf000000, 0x4effffff, 0x5f000000, 0x4b000001, 0x3fc00000, 0x40200000, 0x80800001, 0x5f800000,
    0x477fe000, 0x477ff000, 0x38800000, 0x33000000, 0x387fc000
  };
  private static final int[] HALVES = {
    0x0000, 0x8000, 0x3c00, 0x7c00, 0xfc00, 0x7e00, 0x7c01, 0xfe12, 0x03ff, 0x0001, 0x0400, 0x7bff
  };

  /** Hints that wait, and what is not the same on every machine, stay out. */
  private static final Map<String, int[]> SYSTEM_FIELDS =
      Map.of(
          "MRS", new int[] {0xda10, 0xda20, 0xda21},
          "MSR_reg", new int[] {0xda10, 0xda20, 0xda21},
          "SYS", new int[] {0x5ba1});

  private static final Set<String> MEMORY =
      Set.of("LoadStore", "SimdLoadStore", "Exclusives", "Atomics", "SimdStructures");

  private final Entry entry;
  private SplittableRandom random = new SplittableRandom(0);

  CaseGenerator(Entry entry) {
    this.entry = entry;
  }

  /** Case number {@code index}, to be executed in its slot. */
  State generate(long seed, int index) {
    random = new SplittableRandom(seed * 1_000_003 + entry.name().hashCode() * 31L + index);
    State state = new State();
    state.pc = State.slot(index);
    fillRegisters(state);
    state.insn = randomWord();
    if (MEMORY.contains(entry.semantics())) {
      new MemoryOperands(entry, random).place(state);
    } else if (entry.semantics().equals("SystemInsns")) {
      placeSystem(state);
    } else if (entry.semantics().equals("Branches")) {
      placeBranch(state);
    }
    return state;
  }

  private int randomWord() {
    int insn = entry.value() | random.nextInt() & ~entry.mask();
    // Small register numbers now and then, so that operands coincide.
    if (random.nextInt(8) == 0) {
      for (Field field : entry.fields()) {
        if (field.name().startsWith("R") && field.width() == 5) {
          insn = with(insn, field, random.nextInt(3));
        }
      }
    }
    return insn;
  }

  static int with(int insn, Field field, int value) {
    int mask = (1 << field.width()) - 1 << field.low();
    return insn & ~mask | value << field.low() & mask;
  }

  private void fillRegisters(State state) {
    for (int i = 0; i < state.x.length; i++) {
      state.x[i] = integer();
    }
    state.sp = integer() & -16;
    state.nzcv = random.nextInt(16);
    for (int i = 0; i < state.v.length; i++) {
      state.v[i] = lane();
    }
    for (int i = 0; i < state.memory.length; i++) {
      state.memory[i] = lane();
    }
    if (random.nextInt(3) == 0) {
      state.fpcr = random.nextInt(32) << 22 & 0x07c00000;
    }
    if (random.nextInt(4) == 0) {
      state.fpsr = random.nextInt() & 0x0800009f;
    }
  }

  private long integer() {
    return switch (random.nextInt(5)) {
      case 0 -> CORNERS[random.nextInt(CORNERS.length)];
      case 1 -> random.nextInt(256) - 128;
      case 2 -> random.nextLong() >>> random.nextInt(64);
      default -> random.nextLong();
    };
  }

  private long lane() {
    return switch (random.nextInt(8)) {
      case 0 -> integer();
      case 1 -> DOUBLES[random.nextInt(DOUBLES.length)];
      case 2 -> nearOneDouble();
      case 3 -> (long) single() << 32 | single() & 0xffffffffL;
      case 4 -> (long) nearOneSingle() << 32 | nearOneSingle() & 0xffffffffL;
      case 5 -> fourHalves();
      case 6 -> Double.doubleToRawLongBits((random.nextInt(4001) - 2000) / 4.0);
      default -> random.nextLong();
    };
  }

  private int single() {
    return random.nextInt(4) == 0 ? random.nextInt() : SINGLES[random.nextInt(SINGLES.length)];
  }

  private long nearOneDouble() {
    long exponent = 1023 + random.nextInt(81) - 40;
    long fraction = random.nextLong() >>> 12;
    if (random.nextInt(3) == 0) {
      fraction &= -1L << random.nextInt(52);
    }
    return random.nextLong() & Long.MIN_VALUE | exponent << 52 | fraction;
  }

  private int nearOneSingle() {
    int exponent = 127 + random.nextInt(61) - 30;
    int fraction = random.nextInt() >>> 9;
    if (random.nextInt(3) == 0) {
      fraction &= -1 << random.nextInt(23);
    }
    return random.nextInt() & Integer.MIN_VALUE | exponent << 23 | fraction;
  }

  private long fourHalves() {
    long value = 0;
    for (int i = 0; i < 4; i++) {
      int half = random.nextBoolean() ? HALVES[random.nextInt(HALVES.length)] : random.nextInt();
      value = value << 16 | half & 0xffff;
    }
    return value;
  }

  private void placeSystem(State state) {
    int[] allowed = SYSTEM_FIELDS.get(entry.name());
    if (allowed != null) {
      int which = allowed[random.nextInt(allowed.length)];
      state.insn = state.insn & ~(0xffff << 5) | which << 5;
    }
    if (entry.name().equals("MSR_reg") && (state.insn & 31) != 31) {
      // Bits of FPCR that the reference core has and this one has not.
      state.x[state.insn & 31] &= 0xffffffffL & ~0x003fff00L;
    }
    if (entry.name().equals("SYS")) {
      int register = random.nextInt(31);
      state.insn = state.insn & ~31 | register;
      state.x[register] = State.WINDOW + random.nextInt(256);
    }
    boolean waits = (state.insn >>> 5 & 127) >= 1 && (state.insn >>> 5 & 127) <= 5;
    if (entry.name().equals("HINT") && waits) {
      state.insn &= ~(127 << 5);
    }
  }

  private void placeBranch(State state) {
    for (Field field : entry.fields()) {
      if (field.name().equals("imm26")
          || field.name().equals("imm19")
          || field.name().equals("imm14")) {
        int offset = random.nextInt(200) - 100;
        state.insn = with(state.insn, field, offset == 0 ? 1 : offset);
      }
      if (field.name().equals("Rn")) {
        int register = random.nextInt(31);
        state.insn = with(state.insn, field, register);
        state.x[register] = state.pc + (1 + random.nextInt(100)) * 4L;
      }
    }
    if (entry.name().equals("SVC")) {
      // getpid fails nowhere and changes only x0, which differs: ask for a call that does not
      // exist.
      state.x[8] = 1000 + random.nextInt(1000);
    }
  }
}
