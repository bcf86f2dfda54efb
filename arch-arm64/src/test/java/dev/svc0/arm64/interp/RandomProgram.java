package dev.svc0.arm64.interp;

import dev.svc0.arm64.isa.InstructionTable;
import dev.svc0.arm64.isa.InstructionTable.Entry;
import dev.svc0.arm64.isa.InstructionTable.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Random code that ends: sequences of all kinds of instructions on few registers, with branches
 * forward, two counted loops, calls of a function behind it, and system calls in the middle. The
 * same seed makes the same program for ever.
 *
 * <p>x0 to x9 are data, x10 to x13 and SP addresses, x14 an index; x15 and x18 count loops, x16 is
 * where calls go.
 */
final class RandomProgram {
  /** Most instructions. */
  static final int MOST = 96;

  /** The immediate of a system call in the middle; that at the end has 0. */
  static final int GO_ON = 1;

  static final int FIRST_BASE = 10;
  static final int BASES = 4;
  static final int INDEX = 14;
  static final int OUTER_COUNT = 15;
  static final int INNER_COUNT = 18;

  private static final int SP = 31;
  private static final int TARGET = 16;
  private static final int NOP = 0xd503201f;
  private static final int RET = 0xd65f03c0;
  private static final int SVC = 0xd4000001;
  private static final int ISB = 0xd5033fdf;
  private static final int DMB = 0xd5033bbf;

  /** System registers: flags, control and status of floating point. */
  private static final int[] SYSTEM = {0xda10, 0xda10, 0xda20, 0xda21};

  private static final InstructionTable TABLE = InstructionTable.read();
  private static final List<Entry> INTEGER = of("DpImmediate", "DpRegister");
  private static final List<Entry> FLAGS =
      named(
          "ADDS_imm SUBS_imm ANDS_imm ANDS_sr BICS_sr ADDS_sr SUBS_sr ADDS_er SUBS_er ADCS SBCS"
              + " CCMN_reg CCMN_imm CCMP_reg CCMP_imm CCMP_reg CCMP_imm FCMP FCCMP");
  private static final List<Entry> USES =
      named("CSEL CSINC CSINV CSNEG CSEL CSINC CSINV CSNEG ADC SBC ADCS SBCS CCMP_imm FCSEL");
  private static final List<Entry> MEMORY = of("LoadStore", "LoadStore", "SimdLoadStore");
  private static final List<Entry> ATOMIC = of("Atomics", "Exclusives", "SimdStructures");
  private static final Set<String> GENERAL =
      Set.of("DpImmediate", "DpRegister", "LoadStore", "Atomics", "Exclusives", "SystemInsns");

  /** What shifts an operand: code of compilers mostly does not. */
  private static final Set<String> AMOUNTS = Set.of("shift", "imm6", "imm3");

  private static final List<Entry> VECTOR =
      TABLE.entries().stream()
          .filter(e -> e.semantics().startsWith("Simd") || e.semantics().startsWith("Fp"))
          .filter(e -> !MEMORY.contains(e) && !ATOMIC.contains(e))
          .toList();

  private final SplittableRandom random;
  private final List<Integer> words = new ArrayList<>();

  /** Places between counting and branching back. */
  private final Set<Integer> tails = new HashSet<>();

  /** Data registers that this program uses: fewer make it use each more often. */
  private final int registers;

  private final int vectorWeight;

  RandomProgram(long seed) {
    random = new SplittableRandom(seed * 1_000_003 + 17);
    registers = 2 + random.nextInt(9);
    vectorWeight = random.nextInt(4) == 0 ? 25 : 4;
  }

  private static List<Entry> of(String... semantics) {
    return Arrays.stream(semantics)
        .flatMap(name -> TABLE.entries().stream().filter(e -> e.semantics().equals(name)))
        .toList();
  }

  private static List<Entry> named(String names) {
    return Arrays.stream(names.split(" "))
        .map(name ->
            TABLE.entries().stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow())
        .toList();
  }

  /** The program, to be executed at any address that is a multiple of 4. */
  int[] write() {
    int body = 10 + random.nextInt(40);
    int function = body + 8;
    int innerStart = random.nextInt(body / 2);
    int innerEnd = innerStart + 2 + random.nextInt(body / 2);
    while (words.size() < body) {
      if (words.size() >= innerEnd) {
        loop(INNER_COUNT, innerStart);
        innerEnd = Integer.MAX_VALUE;
      }
      add(body, function);
    }
    loop(OUTER_COUNT, 0);
    words.add(SVC);
    while (words.size() < function) {
      words.add(NOP);
    }
    for (int i = random.nextInt(12); i > 0; i--) {
      words.add(straight());
    }
    words.add(RET);
    removeBranchesIntoTails();
    return words.stream().mapToInt(Integer::intValue).toArray();
  }

  /** A branch to the end of a loop, behind the counting, would make the loop endless. */
  private void removeBranchesIntoTails() {
    for (int at = 0; at < words.size(); at++) {
      int word = words.get(at);
      boolean isAdr = (word & 0x9f00001f) == (0x10000000 | TARGET);
      int to =
          isAdr || (word & 0x7e000000) == 0x34000000 || (word & 0xff000010) == 0x54000000
              ? at + (word << 8 >> 13)
              : (word & 0x7e000000) == 0x36000000
                  ? at + (word << 13 >> 18)
                  : (word & 0xfc000000) == 0x14000000 ? at + (word << 6 >> 6) : 0;
      if (to > at && tails.contains(to)) {
        words.set(at, NOP);
        if (isAdr) {
          words.set(at + 1, NOP);
        }
      }
    }
  }

  /** Counts a register down and branches back while it is above zero. */
  private void loop(int counter, int to) {
    tails.add(words.size() + 1);
    tails.add(words.size() + 2);
    if (random.nextBoolean()) {
      words.add(0xf1000400 | counter << 5 | counter); // subs
      words.add(0x5400000c | (to - words.size() & 0x7ffff) << 5); // b.gt
    } else {
      words.add(0xd1000400 | counter << 5 | counter); // sub
      words.add(straight());
      // tbz: of a small count, which turns negative behind zero
      words.add(0xb6f80000 | (to - words.size() & 0x3fff) << 5 | counter);
    }
  }

  private void add(int end, int function) {
    int at = words.size();
    switch (random.nextInt(40)) {
      case 0 -> words.add(0x94000000 | function - at); // bl
      case 1 -> {
        words.add(0x10000000 | (function - at & 0x7ffff) << 5 | TARGET); // adr
        words.add(0xd63f0000 | TARGET << 5); // blr
      }
      case 2 -> words.add(SVC | GO_ON << 5);
      case 3 -> words.add(random.nextBoolean() ? ISB : DMB);
      case 4 -> words.add(system());
      case 5 -> {
        int over = random.nextInt(3);
        words.add(0x10000000 | over + 2 << 5 | TARGET); // adr
        words.add(0xd61f0000 | TARGET << 5); // br
        for (int i = 0; i < over; i++) {
          words.add(straight());
        }
      }
      case 6, 7, 8, 9 -> words.add(branch(Math.max(1, Math.min(1 + random.nextInt(8), end - at))));
      default -> words.add(straight());
    }
  }

  private int branch(int over) {
    int wide = random.nextInt(2) << 31;
    return switch (random.nextInt(10)) {
      case 0 -> 0x14000000 | over;
      case 1 -> wide | 0x34000000 | over << 5 | data();
      case 2 -> wide | 0x35000000 | over << 5 | data();
      case 3 -> wide | 0x36000000 | random.nextInt(32) << 19 | over << 5 | data();
      case 4 -> wide | 0x37000000 | random.nextInt(32) << 19 | over << 5 | data();
      default -> 0x54000000 | over << 5 | random.nextInt(random.nextInt(8) == 0 ? 16 : 14);
    };
  }

  private int system() {
    Entry entry = named(random.nextBoolean() ? "MRS" : "MSR_reg").getFirst();
    int which = SYSTEM[random.nextInt(SYSTEM.length)];
    return random.nextInt(8) == 0
        ? 0xd53bd040 | data() // mrs, tpidr_el0
        : entry.value() | which << 5 | data();
  }

  /** An instruction that is no branch. */
  private int straight() {
    int kind = random.nextInt(100);
    if (kind < vectorWeight) {
      return general(VECTOR);
    } else if (kind < 30) {
      return memory(MEMORY);
    } else if (kind < 32) {
      return memory(ATOMIC);
    } else if (kind < 47) {
      return general(FLAGS);
    } else if (kind < 60) {
      return general(USES);
    }
    return general(INTEGER);
  }

  private Entry pick(List<Entry> from) {
    return from.get(random.nextInt(from.size()));
  }

  private int data() {
    return random.nextInt(12) == 0 ? SP : random.nextInt(registers);
  }

  private int general(List<Entry> from) {
    Entry entry = pick(from);
    int insn = entry.value() | random.nextInt() & ~entry.mask();
    boolean plain = random.nextInt(4) != 0;
    for (Field field : entry.fields()) {
      if (isRegister(field)) {
        boolean addresses = field.name().equals("Rn") && random.nextInt(8) == 0;
        insn = CaseGenerator.with(insn, field, addresses ? base() : data());
      } else if (field.name().equals("N") && entry.semantics().equals("DpImmediate")) {
        insn = CaseGenerator.with(insn, field, insn >>> 31);
      } else if (plain && AMOUNTS.contains(field.name())) {
        insn = CaseGenerator.with(insn, field, 0);
      }
    }
    if (entry.semantics().equals("DpImmediate") && random.nextInt(16) == 0 && !isUsable(entry)) {
      // Moves an address a little.
      int base = base();
      insn = 0x91000000 | random.nextInt(64) << 10 | base << 5 | base;
      insn |= random.nextInt(2) << 30;
    }
    return insn;
  }

  private static boolean isUsable(Entry entry) {
    return entry.name().startsWith("ADR");
  }

  private static boolean isRegister(Field field) {
    return field.name().startsWith("R") && field.width() == 5;
  }

  private int base() {
    int which = random.nextInt(BASES + 1);
    return which == BASES ? SP : FIRST_BASE + which;
  }

  private int memory(List<Entry> from) {
    Entry entry = pick(from);
    int insn = entry.value() | random.nextInt() & ~entry.mask();
    boolean general = GENERAL.contains(entry.semantics());
    for (Field field : entry.fields()) {
      switch (field.name()) {
        case "Rn" -> insn = CaseGenerator.with(insn, field, base());
        case "Rm" ->
            insn = CaseGenerator.with(insn, field, random.nextInt(8) == 0 ? data() : INDEX);
        case "imm12" -> insn = CaseGenerator.with(insn, field, random.nextInt(8));
        case "imm19" -> insn = CaseGenerator.with(insn, field, random.nextInt(16) - 8);
        case "imm9", "imm7" -> {
          if (random.nextInt(4) != 0) {
            insn = CaseGenerator.with(insn, field, random.nextInt(32) - 16);
          }
        }
        default -> {
          if (isRegister(field)) {
            boolean intoBase = general && random.nextInt(24) == 0;
            int register = intoBase ? FIRST_BASE + random.nextInt(BASES) : data();
            insn = CaseGenerator.with(insn, field, register);
          }
        }
      }
    }
    return distinct(entry, insn);
  }

  /**
   * A pair of loads has two targets, and write-back is to no data register, but now and then: as
   * compilers do.
   */
  private int distinct(Entry entry, int insn) {
    int changed = insn;
    int rt = insn & 31;
    int rn = insn >>> 5 & 31;
    int rt2 = insn >>> 10 & 31;
    boolean pair = entry.fields().stream().anyMatch(field -> field.name().equals("Rt2"));
    boolean moves = entry.name().contains("_p"); // pre-index or post-index
    boolean single = GENERAL.contains(entry.semantics()) && !pair;
    if (single && moves && rn != SP && random.nextInt(16) == 0) {
      return changed & ~31 | rn;
    }
    if (GENERAL.contains(entry.semantics()) && rt == rn && rn != SP) {
      changed = changed & ~31 | 9;
      rt = 9;
    }
    if (pair && rt2 == rt || pair && rt2 == rn && rn != SP) {
      changed = changed & ~(31 << 10) | (rt == 8 ? 7 : 8) << 10;
    }
    return changed;
  }
}
