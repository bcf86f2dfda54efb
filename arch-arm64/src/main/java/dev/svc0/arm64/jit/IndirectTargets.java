package dev.svc0.arm64.jit;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where indirect branches inside units were seen to go: jump tables. A unit is made anew when an
 * indirect branch of it often leaves it for places that it could contain. Thread-safe.
 */
final class IndirectTargets {
  private static final int MOST_TARGETS = 192;

  /** Guarded by this. */
  private final Map<Long, Set<Long>> targets = new HashMap<>();

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

  /** Targets of a branch that are known. */
  synchronized List<Long> of(long branch) {
    Set<Long> known = targets.get(branch);
    return known == null ? List.of() : List.copyOf(known);
  }

  /** Notes a target; false when it was known or there are too many. */
  synchronized boolean add(long branch, long target) {
    Set<Long> known = targets.computeIfAbsent(branch, key -> new LinkedHashSet<>());
    return known.size() < MOST_TARGETS && known.add(target);
  }
}
