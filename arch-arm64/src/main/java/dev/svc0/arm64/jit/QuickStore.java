package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.runtime.host.HostSyscall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
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
  static final int MOST_UNITS = 1 << 16;

  /** The most code that an instruction becomes, about; so much must be left. */
  static final int MOST_BYTES = LIMIT * 1024;

  private static final int FIRST_VARIANTS = 1024;

  /** Translations that took less time are not worth a file. */
  private static final long LEAST_NANOS = 50_000_000;

  /** With more code than this, the file begins anew. */
  private static final int MOST_KEPT = 96 << 20;

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

  /** By their numbers; those of an earlier run that nobody came to yet are null. */
  private @Nullable QuickUnit[] byNumber = new @Nullable QuickUnit[FIRST_VARIANTS];

  private int units;

  /** What an earlier run kept, if it did. */
  private @Nullable SavedCode saved;

  /**
   * Where translations are kept for later runs, and what has to be the same there; null: nowhere.
   */
  private @Nullable Path file;

  /** Asked when code is first made: a short program makes none. */
  private Supplier<@Nullable String> build = () -> null;

  private String key = "";

  /** What the translations cost that the file does not have. */
  private long nanos;

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

  /** Translations are kept in a file from now on, and those that are there are used. */
  synchronized void keep(Path where, Supplier<@Nullable String> ownBuild) {
    file = where;
    build = ownBuild;
  }

  /** Where code is; null when there can be none. */
  synchronized @Nullable X86Code code() {
    if (code == null && !unable) {
      code = HostSyscall.ARM_HOST ? null : X86Code.create(bytes);
      unable = code == null;
      if (code == null) {
        statistics.refuse("the host is no x86-64, or gives no executable memory");
      } else if (file != null && generation == 0) {
        restore(code, file);
      }
    }
    return code;
  }

  private void restore(X86Code memory, Path from) {
    String own = build.get();
    if (own == null) {
      statistics.notKept("svc0 does not run from a jar");
      file = null;
      return;
    }
    key = own + " " + HostFeatures.NAMES;
    saved = SavedCode.open(from, key, memory, statistics::notKept);
    if (saved != null) {
      units = saved.units();
      byNumber = Arrays.copyOf(byNumber, Math.max(byNumber.length, units));
      statistics.kept(units);
    }
  }

  /** Whether a later run gains from a file with what was translated. */
  synchronized boolean isWorthSaving() {
    return file != null && code != null && generation == 0 && nanos >= LEAST_NANOS;
  }

  /**
   * Writes the file.
   *
   * @throws IOException when it cannot be written
   */
  synchronized void save() throws IOException {
    if (file == null || code == null || generation != 0) {
      return;
    }
    if (code.used() > MOST_KEPT) {
      boolean ignored = Files.deleteIfExists(file); // what was used long ago goes, too
      return;
    }
    QuickUnit[] all = new QuickUnit[units];
    for (int i = 0; i < units; i++) {
      QuickUnit present = byNumber[i];
      all[i] = present != null ? present : Objects.requireNonNull(saved).unit(i, code.base());
    }
    SavedCodeWriter.write(file, key, all, code.base(), code.used());
    nanos = 0;
  }

  /** A unit that agrees with the processor's memory and can be entered at an address. */
  synchronized @Nullable QuickUnit find(Cpu cpu, QuickSpace space, long pc) {
    for (int at = (int) byPc.get(pc); at != 0; at = variantBefore[at - 1]) {
      QuickUnit unit = variants[at - 1];
      if (unit != null && space.mayRun(unit) && unit.image().matches(cpu)) {
        return unit;
      }
    }
    return saved == null ? null : findSaved(saved, cpu, space, pc);
  }

  private @Nullable QuickUnit findSaved(SavedCode from, Cpu cpu, QuickSpace space, long pc) {
    for (int at = from.first(pc); at >= 0; at = from.next(pc, at)) {
      int number = from.unitAt(at);
      if (byNumber[number] == null && code != null) {
        QuickUnit unit = from.unit(number, code.base());
        byNumber[number] = unit;
        for (long entry : unit.pcs()) {
          addVariant(entry, unit);
        }
        if (unit.image().matches(cpu)) {
          return unit;
        }
      }
    }
    return null;
  }

  /** Whether an earlier run had code for an address, which may be another program's. */
  synchronized boolean hasSaved(long pc) {
    return saved != null && saved.first(pc) >= 0;
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
    byNumber = new @Nullable QuickUnit[FIRST_VARIANTS];
    saved = null;
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
    long at = memory.place(bytes, writer.far());
    List<X86Writer.Entry> all = writer.entries();
    long[] pcs = new long[all.size()];
    long[] entries = new long[all.size()];
    for (int i = 0; i < pcs.length; i++) {
      pcs[i] = all.get(i).pc();
      entries[i] = at + all.get(i).offset();
    }
    if (units == byNumber.length) {
      byNumber = Arrays.copyOf(byNumber, 2 * units);
    }
    QuickUnit unit = new QuickUnit(units, image, pcs, entries);
    byNumber[units++] = unit;
    for (long entry : pcs) {
      addVariant(entry, unit);
    }
    long took = System.nanoTime() - begin;
    nanos += took;
    statistics.translatedQuickly(guest.translated(), bytes.length, took);
    return unit;
  }
}
