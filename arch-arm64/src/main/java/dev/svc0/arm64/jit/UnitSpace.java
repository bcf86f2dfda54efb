package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.decode.CodeCache;
import dev.svc0.runtime.mm.CodeListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The translations that agree with one address space, and how hot the rest of its code is.
 *
 * <p>Fields without a guard are hints: what they say is checked where it is used.
 */
final class UnitSpace implements CodeListener {
  /**
   * Instructions between two looks at what is hot, mostly. Code with few branches is looked at more
   * seldom: it then counts as if it had been found as often.
   */
  static final int LOOK = 512;

  private static final int FAST = 2048;
  private static final int HEAT = 4096;
  private static final int GROWTH = 1024;

  /** Found so often where a unit had been left, an address is hot. */
  private static final int RESUMED_HEAT = 512;

  /** Quick code that has spent its branches here once more is as hot as if found so often. */
  private static final int SPENT = 4;

  /** Before so many looks no quick code is made: the shortest programs are over. */
  private static final int COLD = 64;

  /** Jump tables reach no farther. */
  private static final int NEAR = 1 << 16;

  final UnitStore store;
  private final CodeCache cache;

  /** Units by the low bits of their address. */
  private final @Nullable Unit[] fast = new @Nullable Unit[FAST];

  /** Addresses seen, and how often. */
  private final long[] heatPc = new long[HEAT];

  private final int[] heat = new int[HEAT];

  /** How often indirect branches left a unit for an address nearby. */
  private final Map<Integer, Missed> missed = new ConcurrentHashMap<>();

  /** A byte a unit: 1 when it may run here. Replaced when it grows; guarded by this for changes. */
  private volatile byte[] valid = {};

  /** Guarded by this. */
  private final Map<Long, Unit> byPc = new HashMap<>();

  /** Whether there was ever a unit. */
  private volatile boolean hasUnits;

  /** Units by the pages that they were made from; guarded by this. */
  private final Map<Long, List<Unit>> byPage = new HashMap<>();

  /** Looks before there was quick code; a hint. */
  private int cold;

  /** Made when code is first warm; replaced when its generation ends. */
  private volatile @Nullable QuickSpace quick;

  private UnitSpace(UnitStore store, CodeCache cache) {
    this.store = store;
    this.cache = cache;
  }

  /** What belongs to the memory of a processor. */
  static UnitSpace of(Cpu cpu, UnitStore store) {
    UnitSpace space = (UnitSpace) cpu.unitSpace;
    if (space == null) {
      CodeListener present = cpu.code().units();
      space =
          (UnitSpace)
              (present != null
                  ? present
                  : cpu.code().attachUnits(new UnitSpace(store, cpu.code())));
      store.add(space);
      cpu.unitSpace = space;
    }
    return space;
  }

  byte[] valid() {
    return valid;
  }

  /** The quick translations; null when there are none. */
  @Nullable QuickSpace quick() {
    return quick;
  }

  /**
   * The interpreter has come to an address that has no code: there is some if it is warm enough.
   *
   * @return whether there is
   */
  boolean warmed(Cpu cpu, long pc) {
    QuickSpace present = quick;
    if (present == null || present.generation != store.quick.generation()) {
      if (++cold < COLD && store.options.quickThreshold() != 0) {
        return false;
      }
      present = replaceQuick();
      if (present == null) {
        return false;
      }
    }
    return present.heated(cpu, pc, 1) != 0;
  }

  /** Whether there is quick code for an address. */
  boolean quickEntry(long pc) {
    QuickSpace present = quick;
    return present != null && present.entry(pc) != 0;
  }

  private @Nullable QuickSpace replaceQuick() {
    int threshold = store.options.quickThreshold();
    if (threshold == EngineOptions.NEVER) {
      return null;
    }
    int generation = store.quick.generation();
    X86Code code = store.quick.code();
    if (code == null) {
      return null;
    }
    synchronized (this) {
      QuickSpace old = quick;
      if (old != null) {
        if (old.generation == generation) {
          return old; // another thread's
        }
        old.forgetAll();
      }
      quick = new QuickSpace(store.quick, code, generation, cache, this, threshold);
      return quick;
    }
  }

  /** Goes back to quick code for where a unit begins, for good. */
  void demote(Unit unit) {
    store.statistics.refuse("entered too often from quick code");
    forget(unit);
    heat(unit.pc, Integer.MIN_VALUE);
    QuickSpace present = quick;
    if (present != null) {
      present.reinstate();
    }
  }

  /** Whether an address has a unit: quick code is then not wanted there. */
  boolean hasUnit(long pc) {
    Unit unit = fast(pc);
    if (unit != null && unit.pc == pc) {
      return true;
    }
    if (!hasUnits) {
      return false;
    }
    synchronized (this) {
      return byPc.containsKey(pc);
    }
  }

  /**
   * Quick code has spent its branches and came to an address: a unit is made if that is where the
   * thread spends most of them. A loop that is only one of many is left as it is: bytecode pays
   * when it is stayed in, and the way there and back costs more than a short stay saves.
   */
  void spent(Cpu cpu, QuickContext context, long pc) {
    int threshold = store.options.threshold();
    int at = heatIndex(pc);
    boolean isDemoted = heatPc[at] == pc && heat[at] < 0;
    if (threshold == EngineOptions.NEVER || isDemoted) {
      return;
    }
    if ((long) SPENT * context.leadOf(pc) >= threshold && obtain(cpu, pc) == null) {
      context.forgetLead();
    }
  }

  /** Some unit whose address has the same low bits; check. */
  @Nullable Unit fast(long pc) {
    return fast[(int) (pc >>> 2) & FAST - 1];
  }

  private void setFast(Unit unit) {
    fast[(int) (unit.pc >>> 2) & FAST - 1] = unit;
  }

  /** The unit at an address, if there is a valid one. */
  @Nullable Unit find(long pc) {
    Unit unit = fast(pc);
    if (unit != null && unit.pc == pc) {
      return unit;
    }
    synchronized (this) {
      unit = byPc.get(pc);
    }
    if (unit != null) {
      setFast(unit);
    }
    return unit;
  }

  /** The interpreter has come to an address: a unit for it, if it is hot enough. */
  @Nullable Unit heated(Cpu cpu, long pc) {
    return isHot(pc) ? obtain(cpu, pc) : null;
  }

  /** Units were left before, and the interpreter has come to an address: a unit for it soon. */
  @Nullable Unit resumed(Cpu cpu, long pc) {
    Unit unit = find(pc);
    if (unit != null) {
      return unit;
    }
    int at = heatIndex(pc);
    if (heatPc[at] == pc) {
      heat[at] += store.options.threshold() / RESUMED_HEAT;
    }
    return heated(cpu, pc);
  }

  private static int heatIndex(long pc) {
    return (int) (pc >>> 2 ^ pc >>> 14) & HEAT - 1;
  }

  private boolean isHot(long pc) {
    int at = heatIndex(pc);
    if (heatPc[at] != pc) {
      heat(pc, 0);
    }
    return ++heat[at] >= store.options.threshold();
  }

  /** So many instructions were interpreted from an address on: more than between two looks. */
  void heatMore(long pc, long instructions) {
    int at = heatIndex(pc);
    if (heatPc[at] == pc) {
      heat[at] = (int) Math.min(heat[at] + instructions / LOOK, store.options.threshold());
    }
  }

  private void heat(long pc, int value) {
    int at = heatIndex(pc);
    heatPc[at] = pc;
    heat[at] = value;
  }

  /** A translated call arrives at an address. */
  @Nullable Unit called(Cpu cpu, long pc) {
    Unit unit = find(pc);
    return unit != null ? unit : heated(cpu, pc);
  }

  /** An indirect branch arrives at an address that has no unit in the fast table. */
  long enter(Cpu cpu, long pc, int depth) {
    Unit unit = called(cpu, pc);
    return unit == null ? Resumption.cold(cpu, pc, depth) : unit.code.run(cpu, depth);
  }

  private @Nullable Unit obtain(Cpu cpu, long pc) {
    Unit unit = store.obtain(cpu, pc);
    if (unit != null) {
      adopt(cpu, unit);
    }
    return unit;
  }

  /** A unit may run here from now on, if memory really agrees with it. */
  private void adopt(Cpu cpu, Unit unit) {
    synchronized (this) {
      allow(unit);
      byPc.put(unit.pc, unit);
      hasUnits = true;
      long[] ranges = unit.ranges();
      for (int i = 0; i < ranges.length; i += 2) {
        for (long page = ranges[i] >>> 12; page <= ranges[i + 1] - 4 >>> 12; page++) {
          List<Unit> there = byPage.computeIfAbsent(page, key -> new ArrayList<>());
          if (!there.contains(unit)) {
            there.add(unit);
          }
        }
      }
      cache.mark(unit.pc);
    }
    setFast(unit);
    QuickSpace slower = quick;
    if (slower != null) {
      slower.supersede(unit.pc);
      cache.mark(unit.pc);
    }
    store.statistics.adopted();
    cpu.units = valid;
    // A change between reading the code and hearing of changes would have gone unnoticed.
    if (!unit.matches(cpu)) {
      forget(unit);
    }
  }

  private void allow(Unit unit) {
    byte[] bytes = valid;
    if (unit.number >= bytes.length) {
      bytes = Arrays.copyOf(bytes, unit.number + GROWTH);
    }
    bytes[unit.number] = 1;
    valid = bytes;
  }

  /** A unit was entered that may not run, or not now. */
  long refused(Cpu cpu, int number, int depth) {
    Unit unit = store.byNumber(number);
    if (unit == null) {
      cpu.pc = store.pcOf(number);
      return Support.UNWIND;
    }
    cpu.units = valid;
    if (cpu.requests != 0 || depth >= Support.MOST_DEPTH) {
      cpu.pc = unit.pc;
      return Support.UNWIND;
    }
    if (Support.mayEnter(cpu, number, depth)) {
      return unit.code.run(cpu, depth);
    }
    Unit other = find(unit.pc);
    if (other == null || other == unit) {
      other = store.find(cpu, unit.pc);
      if (other != null) {
        adopt(cpu, other);
      }
    }
    if (other == null) {
      cpu.pc = unit.pc;
      return Support.UNWIND;
    }
    if (other != unit) {
      unit.unlink();
    }
    return Support.mayEnter(cpu, other.number, depth) ? other.code.run(cpu, depth) : unit.pc;
  }

  /** Learns where the indirect branches of a unit go, and has it made anew when that helps. */
  void noteIndirect(int number, long branch, long target) {
    Unit unit = store.byNumber(number);
    if (unit == null || Math.abs(target - branch) >= NEAR) {
      return;
    }
    boolean isNew = store.indirect.add(branch, target);
    Missed count = missed.computeIfAbsent(number, key -> new Missed());
    count.learned |= isNew;
    int remade = store.indirect.remade(unit.pc);
    if (++count.times >= store.options.remakeAfter() << 2 * remade && count.learned) {
      missed.remove(number);
      store.indirect.countRemade(unit.pc);
      store.statistics.remade();
      forget(unit);
      store.discard(unit);
      heat(unit.pc, store.options.threshold());
    }
  }

  private static final class Missed {
    private int times;
    private boolean learned;
  }

  @Override
  public synchronized void codeChanged(long start, long end) {
    QuickSpace present = quick;
    if (present != null && present.forget(start, end)) {
      cache.interruptAll();
    }
    if (byPage.isEmpty()) {
      return;
    }
    List<Unit> gone = new ArrayList<>();
    if ((end >>> 12) - (start >>> 12) < byPage.size()) {
      for (long page = start >>> 12; page <= end - 1 >>> 12; page++) {
        collect(gone, byPage.getOrDefault(page, List.of()), start, end);
      }
    } else {
      byPage.values().forEach(units -> collect(gone, units, start, end));
    }
    gone.forEach(this::forget);
    if (!gone.isEmpty()) {
      cache.interruptAll();
    }
  }

  private static void collect(List<Unit> gone, List<Unit> units, long start, long end) {
    for (Unit unit : units) {
      if (unit.covers(start, end) && !gone.contains(unit)) {
        gone.add(unit);
      }
    }
  }

  /** No unit may run here any more. */
  synchronized void dropAll() {
    byPc.values().forEach(unit -> cache.unmark(unit.pc));
    byPc.clear();
    byPage.clear();
    Arrays.fill(fast, null);
    Arrays.fill(valid, (byte) 0);
    cache.interruptAll();
  }

  private synchronized void forget(Unit unit) {
    byte[] bytes = valid;
    if (unit.number < bytes.length) {
      bytes[unit.number] = 0;
    }
    if (byPc.get(unit.pc) == unit) {
      byPc.remove(unit.pc);
      cache.unmark(unit.pc);
    }
    int at = (int) (unit.pc >>> 2) & FAST - 1;
    if (fast[at] == unit) {
      fast[at] = null;
    }
    byPage.values().forEach(units -> units.remove(unit));
    store.statistics.invalidated();
  }
}
