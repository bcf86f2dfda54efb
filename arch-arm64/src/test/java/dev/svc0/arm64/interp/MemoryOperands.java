package dev.svc0.arm64.interp;

import dev.svc0.arm64.isa.InstructionTable.Entry;
import dev.svc0.arm64.isa.InstructionTable.Field;
import java.util.SplittableRandom;

/** Sets base and offset registers so that a load or store of a random case stays in the window. */
final class MemoryOperands {
  private static final int SP = 31;

  private final Entry entry;
  private final SplittableRandom random;

  MemoryOperands(Entry entry, SplittableRandom random) {
    this.entry = entry;
    this.random = random;
  }

  void place(State state) {
    boolean atomic = entry.semantics().equals("Exclusives") || entry.semantics().equals("Atomics");
    int rn = random.nextInt(32);
    while (rn != SP && usesAsData(state.insn, rn)) {
      rn = random.nextInt(32);
    }
    Field base = field("Rn");
    if (base == null) {
      placeLiteral(state);
      return;
    }
    state.insn = CaseGenerator.with(state.insn, base, rn);
    distinctData(state);
    Field rm = entry.semantics().equals("Exclusives") ? null : field("Rm");
    long offset = offset(state, rn, rm);
    int align = atomic || rn == SP ? 16 : 1;
    long target = State.WINDOW + 64 + (random.nextInt(64) & -align);
    if (rn == SP) {
      state.sp = target - offset & -16;
    } else {
      state.x[rn] = target - offset;
      if (random.nextInt(4) == 0 && !entry.name().contains("lit")) {
        state.x[rn] |= (long) random.nextInt(256) << 56;
      }
    }
    if (atomic) {
      steer(state, target);
    }
  }

  private @org.jspecify.annotations.Nullable Field field(String name) {
    for (Field field : entry.fields()) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    return null;
  }

  private boolean usesAsData(int insn, int register) {
    for (Field field : entry.fields()) {
      boolean data =
          field.name().startsWith("R") && !field.name().equals("Rn") && field.width() == 5;
      if (data && (field.of(insn) == register || (field.of(insn) | 1) == register)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The two registers of a load pair must differ, and the status register must be one of its own.
   */
  private void distinctData(State state) {
    Field rt = field("Rt");
    Field rt2 = field("Rt2");
    if (rt != null && rt2 != null && rt.of(state.insn) == rt2.of(state.insn)) {
      int rn = state.insn >>> 5 & 31;
      int other = (rt.of(state.insn) + 1) % 31;
      state.insn = CaseGenerator.with(state.insn, rt2, other == rn ? (other + 1) % 31 : other);
    }
    Field rs = field("Rs");
    if (rs != null && rt != null && entry.semantics().equals("Exclusives")) {
      int rn = state.insn >>> 5 & 31;
      int status = 0;
      while (status == rn
          || status == rt.of(state.insn)
          || rt2 != null && status == rt2.of(state.insn)) {
        status++;
      }
      state.insn = CaseGenerator.with(state.insn, rs, status);
    }
  }

  private long offset(State state, int rn, @org.jspecify.annotations.Nullable Field rm) {
    int insn = state.insn;
    int scale = scale(insn);
    Field imm12 = field("imm12");
    Field imm9 = field("imm9");
    Field imm7 = field("imm7");
    if (imm12 != null) {
      return (long) imm12.of(insn) << scale;
    }
    if (imm9 != null) {
      return entry.name().endsWith("_post") ? 0 : imm9.of(insn) << 23 >> 23;
    }
    if (imm7 != null) {
      boolean post = entry.name().endsWith("_post");
      return post ? 0 : (long) (imm7.of(insn) << 25 >> 25) << scale;
    }
    if (rm != null && entry.name().endsWith("_reg")) {
      return registerOffset(state, rn, rm.of(insn), scale);
    }
    return 0;
  }

  private long registerOffset(State state, int rn, int rm, int scale) {
    if (rm == 31) {
      return 0;
    }
    long small = random.nextInt(33) - 16;
    int option = state.insn >>> 13 & 7;
    state.x[rm] = small;
    if (option == 2) {
      state.x[rm] = small & 0xf | random.nextLong() << 32;
      small = state.x[rm] & 0xffffffffL;
    } else if (option == 6) {
      state.x[rm] = small & 0xffffffffL | random.nextLong() << 32;
    }
    return small << ((state.insn >>> 12 & 1) != 0 ? scale : 0);
  }

  private int scale(int insn) {
    int size = insn >>> 30;
    boolean vector = entry.name().contains("_fp");
    if (field("imm7") != null) {
      return vector ? size + 2 : entry.name().startsWith("LDPSW") || size < 2 ? 2 : 3;
    }
    return vector ? (insn >>> 23 & 1) << 2 | size : size;
  }

  private void placeLiteral(State state) {
    Field imm19 = field("imm19");
    if (imm19 != null) {
      state.insn = CaseGenerator.with(state.insn, imm19, random.nextInt(200) - 100);
    }
  }

  /** Makes a compare succeed half of the time. */
  private void steer(State state, long target) {
    Field rs = field("Rs");
    int word = (int) (target - State.WINDOW) >>> 3;
    if (rs != null && entry.name().startsWith("CAS") && random.nextBoolean()) {
      int register = rs.of(state.insn);
      long low = state.memory[word];
      boolean words = (state.insn & 1 << 30) == 0;
      if (register < 31) {
        state.x[register] = low;
      }
      if (entry.name().equals("CASP") && register < 30) {
        state.x[register + 1] = words ? low >>> 32 : state.memory[word + 1];
      }
    }
  }
}
