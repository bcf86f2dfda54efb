package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.decode.CodeCache;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * The quick translations that agree with one address space, and how hot the rest of its code is.
 */
final class QuickSpace implements LongPredicate {
  private static final int HEAT = 4096;

  /** Found so often, an address is worth looking for a unit of another process. */
  private static final int LUKEWARM = 4;

  final X86Code code;
  final int generation;
  private final QuickStore store;
  private final CodeCache cache;
  private final UnitSpace space;
  private final int threshold;

  /** Where code can be entered, by the low bits of the guest address: an entry, or nowhere. */
  private final long[] table = new long[X86Code.TABLE_MASK + 1];

  final MemorySegment tableSegment = MemorySegment.ofArray(table);

  /** All entries; changes are guarded by this. */
  private final AddressTable entries = new AddressTable();

  /**
   * A byte a unit: 1 when it may run here. As long as can be: code looks at it without a bound.
   * Guarded by this for changes.
   */
  private final byte[] valid = new byte[QuickStore.MOST_UNITS];

  final MemorySegment validSegment = MemorySegment.ofArray(valid);

  /** Guarded by this. */
  private final List<QuickUnit> units = new ArrayList<>();

  /** Numbers of units that cover the beginning of better code; guarded by this. */
  private final BitSet superseded = new BitSet();

  /** Addresses seen, and how often; hints. */
  private final long[] heatPc = new long[HEAT];

  private final int[] heat = new int[HEAT];

  QuickSpace(
      QuickStore store,
      X86Code code,
      int generation,
      CodeCache cache,
      UnitSpace space,
      int threshold) {
    this.store = store;
    this.code = code;
    this.generation = generation;
    this.cache = cache;
    this.space = space;
    this.threshold = threshold;
    Arrays.fill(table, code.nowhere);
  }

  private static int slot(long pc) {
    return ((int) pc ^ (int) pc >>> X86Code.TABLE_SHIFT) >>> 2 & X86Code.TABLE_MASK;
  }

  /** Where code for an address can be entered; 0: nowhere. */
  long entry(long pc) {
    return entries.get(pc);
  }

  /** An indirect branch has come to an address: the next finds its entry by itself. */
  void expect(long pc, long entry) {
    table[slot(pc)] = entry;
  }

  /**
   * Control has come to an address that has no code here.
   *
   * @param weight how often, in looks of the interpreter
   * @return where code can be entered now; 0: it is not hot enough, or there can be none
   */
  long heated(Cpu cpu, long pc, int weight) {
    int at = (int) (pc >>> 2 ^ pc >>> 14) & HEAT - 1;
    if (heatPc[at] != pc) {
      at ^= 1;
      if (heatPc[at] != pc) {
        at = heat[at] < heat[at ^ 1] ? at : at ^ 1;
        heatPc[at] = pc;
        heat[at] = 0;
      }
    }
    int before = heat[at];
    heat[at] += weight;
    if (before < LUKEWARM && (heat[at] >= LUKEWARM || before == 0 && store.hasSaved(pc))) {
      QuickUnit made = store.find(cpu, this, pc); // by another process, or an earlier run
      if (made != null) {
        return adopt(cpu, made, pc);
      }
    }
    if (heat[at] < threshold || space.hasUnit(pc)) {
      return 0;
    }
    QuickUnit unit = store.obtain(cpu, this, pc);
    if (unit == null) {
      heat[at] = Integer.MIN_VALUE / 2; // not again soon
      return 0;
    }
    heat[at] = 0;
    return adopt(cpu, unit, pc);
  }

  /** Whether paths of other code end before an address. */
  @Override
  public boolean test(long pc) {
    return entries.get(pc) != 0 || space.hasUnit(pc);
  }

  /** Whether a unit may run in this space, if the memory agrees with it. */
  synchronized boolean mayRun(QuickUnit unit) {
    return !superseded.get(unit.number());
  }

  private long adopt(Cpu cpu, QuickUnit unit, long pc) {
    synchronized (this) {
      // Looked at here: who begins the next generation has all forgotten afterwards.
      if (store.generation() != generation) {
        return 0;
      }
      if (valid[unit.number()] == 0) {
        valid[unit.number()] = 1;
        units.add(unit);
      }
      long[] pcs = unit.pcs();
      for (int i = 0; i < pcs.length; i++) {
        entries.put(pcs[i], unit.entries()[i]);
      }
      cache.mark(pcs);
    }
    // A change between reading the code and hearing of changes would have gone unnoticed.
    if (!unit.image().matches(cpu)) {
      forget(List.of(unit));
      return 0;
    }
    return entry(pc);
  }

  /** Better code begins at an address: what covers it does not run any more. */
  synchronized void supersede(long pc) {
    for (QuickUnit unit : units) {
      if (unit.image().covers(pc, pc + Integer.BYTES)) {
        superseded.set(unit.number());
      }
    }
    forget(pc, pc + Integer.BYTES);
  }

  /** Units that were superseded may run again: better code is gone. */
  synchronized void reinstate() {
    superseded.clear();
  }

  /** Code in [start, end) changed: what covers it does not run any more. */
  synchronized boolean forget(long start, long end) {
    List<QuickUnit> gone = new ArrayList<>();
    for (QuickUnit unit : units) {
      if (unit.image().covers(start, end)) {
        gone.add(unit);
      }
    }
    forget(gone);
    return !gone.isEmpty();
  }

  /** No unit runs here any more. */
  synchronized void forgetAll() {
    forget(List.copyOf(units));
  }

  private synchronized void forget(List<QuickUnit> gone) {
    if (gone.isEmpty()) {
      return;
    }
    for (QuickUnit unit : gone) {
      valid[unit.number()] = 0;
      for (int i = 0; i < unit.pcs().length; i++) {
        long pc = unit.pcs()[i];
        long entry = unit.entries()[i];
        if (entries.get(pc) == entry) {
          entries.put(pc, 0);
          if (table[slot(pc)] == entry) {
            table[slot(pc)] = code.nowhere;
          }
          cache.unmark(pc);
        }
      }
    }
    units.removeIf(unit -> valid[unit.number()] == 0);
  }
}
