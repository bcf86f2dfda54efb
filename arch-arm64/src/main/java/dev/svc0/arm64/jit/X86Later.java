package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.RAX;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is to be written behind all blocks, because it is rarely reached, in the order in which it
 * was noted. What is noted often is numbers, for which nothing is allocated.
 */
final class X86Later {
  /** Anything; the label is its number. */
  private static final int OTHER = 0;

  /** An access that is not as usual: labels of this and of what follows it, where to leave. */
  private static final int CHECK = 1;

  /** Leaves an instruction to the interpreter: label, address and registers to store. */
  private static final int LEAVE = 2;

  /** The end of these: label, registers to store. */
  private static final int LEAVE_SHARED = 3;

  /** A jump that is not linked yet: label, address, offset of its displacement. */
  private static final int UNLINKED = 4;

  /** Leaves for a reason: label, reason. */
  private static final int REASON = 5;

  /** An entry: label to go on at, address, registers to load. */
  private static final int ENTRY = 6;

  /** The budget is spent: label, address, registers to store. */
  private static final int SPENT = 7;

  /** A conditional branch is taken: label, number of its block. */
  private static final int TAKEN = 8;

  private static final int WORDS = 5;
  private static final int FIRST = 256;
  private static final int FIRST_SETS = 64;

  private long[] noted = new long[WORDS * FIRST];
  private int end;
  private final List<Runnable> others = new ArrayList<>();

  // A table of the labels of LEAVE_SHARED by their registers, less than half full.
  private long[] sets = new long[FIRST_SETS];
  private int[] setLabels = new int[FIRST_SETS];
  private int setCount;

  void add(Runnable other) {
    note(OTHER, others.size(), 0, 0, 0);
    others.add(other);
  }

  /**
   * An access whose address, in RAX, is not in the middle of a page of the window.
   *
   * @param bytes of the access
   * @param access permissions
   */
  void check(int slow, int allowed, int out, int bytes, int access) {
    note(CHECK | slow << 8, allowed, out, bytes, access);
  }

  /** The interpreter executes the instruction at an address; registers are given as bits. */
  void leave(int label, long address, long registers) {
    note(LEAVE, label, address, registers, 0);
  }

  /** A jump goes on at an address, with the engine's help. */
  void unlinked(int label, long address, int displacement) {
    note(UNLINKED, label, address, displacement, 0);
  }

  void leaveFor(int label, int reason) {
    note(REASON, label, reason, 0, 0);
  }

  void entry(int label, long address, long registers, int begin) {
    note(ENTRY, label, address, registers, begin);
  }

  void spent(int label, long address, long registers) {
    note(SPENT, label, address, registers, 0);
  }

  void taken(int label, Block block) {
    note(TAKEN, label, block.index, 0, 0);
  }

  private void note(int what, long a, long b, long c, long d) {
    int at = end;
    if (at == noted.length) {
      noted = Arrays.copyOf(noted, 2 * at);
    }
    noted[at] = what;
    noted[at + 1] = a;
    noted[at + 2] = b;
    noted[at + 3] = c;
    noted[at + 4] = d;
    end = at + WORDS;
  }

  /** Writes all of it, and what that adds. */
  void write(X86Writer m) {
    for (int at = 0; at < end; at += WORDS) {
      int what = (int) noted[at];
      int label = (int) noted[at + 1];
      long b = noted[at + 2];
      long c = noted[at + 3];
      switch (what & 255) {
        case CHECK -> m.checkSlowly(what >>> 8, label, (int) b, (int) c, (int) noted[at + 4]);
        case LEAVE -> {
          m.a.bind(label);
          m.a.movImmediate(RAX, b);
          m.a.jump(leaveLabel(m.a, c));
        }
        case LEAVE_SHARED -> {
          m.a.bind(label);
          m.spill(b);
          m.leaveFor(X86Frame.LEAVE);
        }
        case UNLINKED -> {
          m.a.bind(label);
          m.a.movImmediate(RAX, b);
          m.a.leaOwn(X86Assembler.RCX, (int) c);
          m.leaveFor(X86Frame.LINK);
        }
        case REASON -> {
          m.a.bind(label);
          m.leaveFor((int) b);
        }
        case ENTRY -> m.writeEntry(b, c, label, (int) noted[at + 4]);
        case SPENT -> {
          m.a.bind(label);
          m.spill(c);
          m.a.movImmediate(RAX, b);
          m.leaveFor(X86Frame.BUDGET);
        }
        case TAKEN -> m.ends.goTaken(label, (int) b);
        default -> others.get(label).run();
      }
    }
  }

  /** Where the given registers are stored and the code is left; written once for each set. */
  private int leaveLabel(X86Assembler a, long registers) {
    int at = place(registers);
    if (setLabels[at] != 0) {
      return setLabels[at] - 1;
    }
    int label = a.newLabel();
    sets[at] = registers;
    setLabels[at] = label + 1;
    note(LEAVE_SHARED, label, registers, 0, 0);
    if (2 * ++setCount == sets.length) {
      growSets();
    }
    return label;
  }

  private int place(long set) {
    int mask = sets.length - 1;
    int at = (int) (set ^ set >>> 7 ^ set >>> 19) & mask;
    while (setLabels[at] != 0 && sets[at] != set) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void growSets() {
    long[] oldSets = sets;
    int[] oldLabels = setLabels;
    sets = new long[2 * oldSets.length];
    setLabels = new int[sets.length];
    for (int i = 0; i < oldSets.length; i++) {
      if (oldLabels[i] != 0) {
        int at = place(oldSets[i]);
        sets[at] = oldSets[i];
        setLabels[at] = oldLabels[i];
      }
    }
  }
}
