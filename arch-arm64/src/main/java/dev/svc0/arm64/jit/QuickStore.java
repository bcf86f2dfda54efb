package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.runtime.host.HostSyscall;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The quick translations of an engine, which its processes share: those with the same code at one
 * address. When the memory for machine code is full, all are forgotten and a new generation begins;
 * the old memory is freed when nothing refers to it any more.
 */
final class QuickStore {
  /** Instructions of a unit. */
  private static final int LIMIT = 256;

  /** Different code at one address. */
  private static final int MOST_VARIANTS = 300;

  /** Units of a generation. */
  static final int MOST_UNITS = 1 << 14;

  /** The most code that an instruction becomes, about; so much must be left. */
  static final int MOST_BYTES = LIMIT * 1024;

  private static final int FIRST_VARIANTS = 1024;

  private final EngineStatistics statistics;
  private final IndirectTargets indirect;
  private final long bytes;

  /** Guarded by this, as all below. Null before the first translation. */
  private @Nullable X86Code code;

  /** Whether there is no writer for the host, or it gives no memory for code. */
  private boolean unable;

  /** For each address the last of its variants, plus 1. */
  private AddressTable byPc = new AddressTable();

  /** Unit of each variant, and the variant before it, plus 1. */
  private @Nullable QuickUnit[] variants = new @Nullable QuickUnit[FIRST_VARIANTS];

  private int[] variantBefore = new int[FIRST_VARIANTS];
  private int variantCount;

  private final Set<Long> refused = new HashSet<>();
  private int units;

  /** Changes when all units are forgotten. */
  private volatile int generation;

  /** With room for so many bytes of machine code. */
  QuickStore(EngineStatistics statistics, IndirectTargets indirect, long bytes) {
    this.statistics = statistics;
    this.indirect = indirect;
    this.bytes = bytes;
  }

  /** Which units there are: those of other generations are forgotten. */
  int generation() {
    return generation;
  }

  /** Where code is; null when there can be none. */
  synchronized @Nullable X86Code code() {
    if (code == null && !unable) {
      code = HostSyscall.ARM_HOST ? null : X86Code.create(bytes);
      unable = code == null;
      if (unable) {
        statistics.refuse("the host is no x86-64, or gives no executable memory");
      }
    }
    return code;
  }

  /** A unit that agrees with the processor's memory and can be entered at an address. */
  synchronized @Nullable QuickUnit find(Cpu cpu, QuickSpace space, long pc) {
    for (int at = (int) byPc.get(pc); at != 0; at = variantBefore[at - 1]) {
      QuickUnit unit = variants[at - 1];
      if (unit != null && space.mayRun(unit) && unit.image().matches(cpu)) {
        return unit;
      }
    }
    return null;
  }

  private int variantsAt(long pc) {
    int number = 0;
    for (int at = (int) byPc.get(pc); at != 0; at = variantBefore[at - 1]) {
      number++;
    }
    return number;
  }

  private void addVariant(long pc, QuickUnit unit) {
    int at = variantCount++;
    if (at == variants.length) {
      variants = Arrays.copyOf(variants, 2 * at);
      variantBefore = Arrays.copyOf(variantBefore, 2 * at);
    }
    variants[at] = unit;
    variantBefore[at] = (int) byPc.get(pc);
    byPc.put(pc, at + 1);
  }

  /** A unit for an address, made if need be; null when it cannot be made. */
  synchronized @Nullable QuickUnit obtain(Cpu cpu, QuickSpace space, long pc) {
    QuickUnit present = find(cpu, space, pc);
    if (present != null) {
      return present;
    }
    X86Code memory = code();
    if (memory == null || !refused.isEmpty() && refused.contains(pc)) {
      return null;
    }
    if (variantsAt(pc) >= MOST_VARIANTS) {
      statistics.refuse("code at one address changed too often");
      refused.add(pc);
      return null;
    }
    if (!memory.hasRoom(MOST_BYTES) || units >= MOST_UNITS) {
      startGeneration();
      return null;
    }
    return make(cpu, memory, pc, space);
  }

  private void startGeneration() {
    statistics.dropped(units);
    statistics.beganGeneration();
    code = null;
    byPc = new AddressTable();
    Arrays.fill(variants, null);
    variantCount = 0;
    units = 0;
    generation++;
  }

  private @Nullable QuickUnit make(Cpu cpu, X86Code memory, long pc, LongPredicate isElsewhere) {
    long begin = System.nanoTime();
    GuestCode guest = Discovery.discover(cpu, pc, LIMIT, indirect, isElsewhere);
    if (guest == null) {
      return null;
    }
    Unit.Image image = guest.image();
    Flow.analyse(guest);
    X86Writer writer = new X86Writer(guest, units);
    byte[] bytes = writer.write();
    if (!memory.hasRoom(bytes.length)) {
      startGeneration();
      return null;
    }
    long at = memory.place(bytes, writer.exits());
    List<X86Writer.Entry> all = writer.entries();
    long[] pcs = new long[all.size()];
    long[] entries = new long[all.size()];
    for (int i = 0; i < pcs.length; i++) {
      pcs[i] = all.get(i).pc();
      entries[i] = at + all.get(i).offset();
    }
    QuickUnit unit = new QuickUnit(units++, image, pcs, entries);
    for (long entry : pcs) {
      addVariant(entry, unit);
    }
    statistics.translatedQuickly(guest.translated(), bytes.length, System.nanoTime() - begin);
    return unit;
  }
}
