package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** All translations of an engine. Processes share them: those with the same code at one address. */
final class UnitStore {
  private static final int FIRST_LIMIT = 400;
  private static final int LEAST_LIMIT = 8;

  /** Part of the largest method that a translation is expected to fill. */
  private static final double FILLED = 0.85;

  /** Translations over which the size of an instruction is averaged. */
  private static final int AVERAGED = 16;

  /** Different code at one address. */
  private static final int MOST_VARIANTS = 16;

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  final EngineOptions options;
  final EngineStatistics statistics = new EngineStatistics();
  final IndirectTargets indirect = new IndirectTargets();
  final QuickStore quick;

  /** Guarded by this, as all below. */
  private final Map<Long, List<Unit>> byPc = new HashMap<>();

  private final List<@Nullable Unit> byNumber = new ArrayList<>();

  private final List<Long> pcs = new ArrayList<>();
  private final Set<UnitSpace> spaces = Collections.newSetFromMap(new WeakHashMap<>());

  /** Addresses that could not be translated. */
  private final Set<Long> refused = new HashSet<>();

  private long bytes;

  /** Bytes of code that an instruction became lately, so that the first try mostly fits. */
  private double bytesEach = 50;

  UnitStore(EngineOptions options) {
    this.options = options;
    this.quick = new QuickStore(statistics, indirect, options.quickBytes());
  }

  /** A process begins to use units. */
  synchronized void add(UnitSpace space) {
    spaces.add(space);
  }

  /** Where a unit begins, even one that is gone. */
  synchronized long pcOf(int number) {
    return pcs.get(number);
  }

  synchronized @Nullable Unit byNumber(int number) {
    return number < byNumber.size() ? byNumber.get(number) : null;
  }

  /** A unit that agrees with the processor's memory; null when none was made. */
  synchronized @Nullable Unit find(Cpu cpu, long pc) {
    for (Unit unit : byPc.getOrDefault(pc, List.of())) {
      if (unit.matches(cpu)) {
        return unit;
      }
    }
    return null;
  }

  /** A unit for an address, made if need be; null when it cannot be made. */
  synchronized @Nullable Unit obtain(Cpu cpu, long pc) {
    Unit present = find(cpu, pc);
    if (present != null) {
      return present;
    }
    if (byNumber.size() >= options.mostUnits() || refused.contains(pc)) {
      return null;
    }
    if (byPc.getOrDefault(pc, List.of()).size() >= MOST_VARIANTS) {
      statistics.refuse("code at one address changed too often");
      refused.add(pc);
      return null;
    }
    if (bytes > options.codeBytes()) {
      dropAll();
    }
    return make(cpu, pc);
  }

  /** Forgets a unit, so that a better one is made. */
  synchronized void discard(Unit unit) {
    List<Unit> variants = byPc.get(unit.pc);
    if (variants != null && variants.remove(unit)) {
      byNumber.set(unit.number, null);
      bytes -= unit.classBytes;
      unit.drop();
    }
  }

  private void dropAll() {
    statistics.dropped(byPc.values().stream().mapToInt(List::size).sum());
    for (List<Unit> variants : byPc.values()) {
      for (Unit unit : variants) {
        byNumber.set(unit.number, null);
        unit.drop();
      }
    }
    spaces.forEach(UnitSpace::dropAll);
    byPc.clear();
    bytes = 0;
  }

  private @Nullable Unit make(Cpu cpu, long pc) {
    long begin = System.nanoTime();
    int number = byNumber.size();
    int limit =
        Math.clamp((int) (FILLED * Translator.MOST_BYTES / bytesEach), LEAST_LIMIT, FIRST_LIMIT);
    while (true) {
      GuestCode code = Discovery.discover(cpu, pc, limit, indirect);
      if (code == null) {
        return null;
      }
      Unit.Image image = code.image();
      byte[] classFile = Translator.translate(code, number);
      int length = classFile == null ? 2 * Translator.MOST_BYTES : Translator.codeLength(classFile);
      double each = (double) length / code.translated();
      if (classFile != null && length <= Translator.MOST_BYTES) {
        bytesEach += (each - bytesEach) / AVERAGED;
        Unit unit = define(number, image, classFile);
        byNumber.add(unit);
        pcs.add(pc);
        byPc.computeIfAbsent(pc, key -> new ArrayList<>()).add(unit);
        bytes += classFile.length;
        statistics.translated(unit, System.nanoTime() - begin);
        return unit;
      }
      if (code.translated() <= LEAST_LIMIT) {
        break;
      }
      statistics.retried();
      limit =
          Math.clamp(
              (int) (FILLED * Translator.MOST_BYTES / each),
              LEAST_LIMIT,
              Math.max(LEAST_LIMIT, code.translated() * 3 / 4));
    }
    statistics.refuse("too large for one method");
    refused.add(pc);
    return null;
  }

  private static Unit define(int number, Unit.Image image, byte[] classFile) {
    try {
      MethodHandles.Lookup type = LOOKUP.defineHiddenClass(classFile, false);
      UnitCode code =
          (UnitCode)
              type.findConstructor(
                      type.lookupClass(), java.lang.invoke.MethodType.methodType(void.class))
                  .invoke();
      return new Unit(number, image, code, Linker.codeOf(type), classFile.length);
    } catch (Throwable e) {
      throw new IllegalStateException("unit at " + Long.toHexString(image.pc()), e);
    }
  }
}
