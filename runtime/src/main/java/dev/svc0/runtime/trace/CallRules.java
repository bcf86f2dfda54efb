package dev.svc0.runtime.trace;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is done with each system call when it returns. Called on its thread; must not block.
 *
 * @param where which calls are recorded, with all that they cause; null for all. The records of
 *     others are taken back at once and take no room.
 * @param when the call that ends a flight recording; null for none
 * @param histogram counts the calls that are recorded; null for none
 * @param recording whether records are kept, or only counted
 * @param layers adds up the time of functions by layer; null for none
 */
public record CallRules(
    @Nullable Predicate<CallFacts> where,
    @Nullable Predicate<CallFacts> when,
    @Nullable CallHistogram histogram,
    Recording recording,
    @Nullable LayerTimes layers) {
  /** What becomes of records. */
  public enum Recording {
    KEPT,
    DROPPED
  }

  /** All calls, recorded. */
  public static CallRules none() {
    return new CallRules(null, null, null, Recording.KEPT, null);
  }

  /** The same for some calls only. */
  public CallRules where(Predicate<CallFacts> wanted) {
    return new CallRules(wanted, when, histogram, recording, layers);
  }

  /** The same until a call comes. */
  public CallRules until(Predicate<CallFacts> trigger) {
    return new CallRules(where, trigger, histogram, recording, layers);
  }

  /** The same with counting. */
  public CallRules counting(CallHistogram counts, Recording records) {
    return new CallRules(where, when, counts, records, layers);
  }

  /** The same with the time that layers take for themselves. */
  public CallRules addingUp(LayerTimes times, Recording records) {
    return new CallRules(where, when, histogram, records, times);
  }

  /** Whether functions leave no records, but only their times. */
  boolean addsUpOnly() {
    return layers != null && recording == Recording.DROPPED;
  }

  boolean isEmpty() {
    return where == null && when == null && histogram == null && layers == null;
  }
}
