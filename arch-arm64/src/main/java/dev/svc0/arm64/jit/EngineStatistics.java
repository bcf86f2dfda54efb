package dev.svc0.arm64.jit;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What was translated, what was not and why, and what it cost. Thread-safe. */
public final class EngineStatistics {
  private static final double NANOS = 1e6;

  private final LongAdder units = new LongAdder();
  private final LongAdder instructions = new LongAdder();
  private final LongAdder classBytes = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAdder quickUnits = new LongAdder();
  private final LongAdder quickInstructions = new LongAdder();
  private final LongAdder quickBytes = new LongAdder();
  private final LongAdder quickNanos = new LongAdder();
  private final LongAdder keptUnits = new LongAdder();
  private final LongAdder generations = new LongAdder();
  private final LongAdder adopted = new LongAdder();
  private final LongAdder invalidated = new LongAdder();
  private final LongAdder droppedUnits = new LongAdder();
  private final LongAdder remade = new LongAdder();
  private final LongAdder retried = new LongAdder();

  /** Guarded by this. */
  private final Map<String, Integer> refusals = new TreeMap<>();

  /** Guarded by this. */
  private @Nullable String notKept;

  EngineStatistics() {}

  void translated(Unit unit, long time) {
    units.increment();
    instructions.add(unit.instructions());
    classBytes.add(unit.classBytes);
    nanos.add(time);
  }

  void translatedQuickly(int count, int bytes, long time) {
    quickUnits.increment();
    quickInstructions.add(count);
    quickBytes.add(bytes);
    quickNanos.add(time);
  }

  /** An earlier run kept so many quick units. */
  void kept(int count) {
    keptUnits.add(count);
  }

  /** Translations of earlier runs cannot be used, or those of this one not be kept. */
  public synchronized void notKept(String why) {
    notKept = why;
  }

  void beganGeneration() {
    generations.increment();
  }

  void adopted() {
    adopted.increment();
  }

  void invalidated() {
    invalidated.increment();
  }

  void remade() {
    remade.increment();
  }

  void retried() {
    retried.increment();
  }

  void dropped(int number) {
    droppedUnits.add(number);
  }

  synchronized void refuse(String why) {
    refusals.merge(why, 1, Integer::sum);
  }

  /** Translations made. */
  public long units() {
    return units.sum();
  }

  /** Translations to machine code that were made, those of earlier runs aside. */
  public long quickUnits() {
    return quickUnits.sum();
  }

  /** Translations to machine code that an earlier run had kept. */
  public long keptUnits() {
    return keptUnits.sum();
  }

  /** Why translations of earlier runs are not used, or those of this one not kept; mostly null. */
  public synchronized @Nullable String whyNotKept() {
    return notKept;
  }

  /** Translations that a change of code made invalid in one process. */
  public long invalidations() {
    return invalidated.sum();
  }

  /** Translations dropped because there were too many. */
  public long dropped() {
    return droppedUnits.sum();
  }

  /** How often the memory for machine code was full, so that all of it was forgotten. */
  public long generations() {
    return generations.sum();
  }

  /** Translations that a process took over from another one, or from its own past. */
  public long adoptions() {
    return adopted.sum();
  }

  /** All of it as text, a line each. */
  public synchronized String report() {
    StringBuilder text = new StringBuilder();
    line(text, "quick units", quickUnits.sum());
    line(text, "guest instructions in them", quickInstructions.sum());
    line(text, "bytes of machine code", quickBytes.sum());
    text.append(String.format("%-32s %.1f ms%n", "time for it", quickNanos.sum() / NANOS));
    line(text, "quick units of earlier runs", keptUnits.sum());
    if (notKept != null) {
      text.append(String.format("%-32s %s%n", "not kept between runs:", notKept));
    }
    line(text, "times that it was forgotten", generations.sum());
    line(text, "units translated", units.sum());
    line(text, "guest instructions in them", instructions.sum());
    line(text, "bytes of classes", classBytes.sum());
    text.append(String.format("%-32s %.1f ms%n", "time for it", nanos.sum() / NANOS));
    line(text, "taken over by a process", adopted.sum());
    line(text, "invalid after a change of code", invalidated.sum());
    line(text, "made anew with jump tables", remade.sum());
    line(text, "made again, being too large", retried.sum());
    line(text, "dropped for the budget", droppedUnits.sum());
    refusals.forEach((why, count) -> line(text, "not translated: " + why, count));
    return text.toString();
  }

  private static void line(StringBuilder text, String what, long value) {
    text.append(String.format("%-32s %d%n", what, value));
  }
}
