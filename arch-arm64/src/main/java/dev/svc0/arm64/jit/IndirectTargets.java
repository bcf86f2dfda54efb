package dev.svc0.arm64.jit;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Where indirect branches inside units were seen to go: jump tables. A unit is made anew when an
 * indirect branch of it often leaves it for places that it could contain. Thread-safe.
 */
final class IndirectTargets {
  private static final int MOST_TARGETS = 192;
  private static final long[] NONE = {};

  /** Guarded by this. */
  private final Map<Long, long[]> targets = new HashMap<>();

  /** How often units at an address were made anew; guarded by this. */
  private final Map<Long, Integer> remade = new HashMap<>();

  /** Counts that a unit at an address is made anew. */
  synchronized void countRemade(long pc) {
    remade.merge(pc, 1, Integer::sum);
  }

  /** How often units at an address were made anew. */
  synchronized int remade(long pc) {
    return remade.getOrDefault(pc, 0);
  }

  /** Targets of a branch that are known; not to be changed. */
  synchronized long[] of(long branch) {
    return targets.isEmpty() ? NONE : targets.getOrDefault(branch, NONE);
  }

  /** Notes a target; false when it was known or there are too many. */
  synchronized boolean add(long branch, long target) {
    long[] known = targets.getOrDefault(branch, NONE);
    for (long each : known) {
      if (each == target) {
        return false;
      }
    }
    if (known.length == MOST_TARGETS) {
      return false;
    }
    long[] more = Arrays.copyOf(known, known.length + 1);
    more[known.length] = target;
    targets.put(branch, more);
    return true;
  }
}
