package dev.svc0.arm64.jit;

/**
 * When and how much is translated.
 *
 * @param threshold how often an address must be found hot before it is translated; 0: at once
 * @param sampleBranches branches that are interpreted between two looks at what is hot
 * @param codeBytes bytes of classes that are kept
 * @param mostUnits translations in the engine's life; after them it only interprets
 * @param quickThreshold the same as threshold, for the quick translation to machine code of the
 *     host; {@link #NEVER}: there is none
 * @param quickBytes of machine code that are kept, at least {@link #LEAST_QUICK_BYTES}
 */
public record EngineOptions(
    int threshold,
    int sampleBranches,
    long codeBytes,
    int mostUnits,
    int quickThreshold,
    long quickBytes) {
  /** A threshold that is not reached. */
  public static final int NEVER = Integer.MAX_VALUE;

  /** Room for the largest unit of machine code, and as much again. */
  public static final long LEAST_QUICK_BYTES = 2L * QuickStore.MOST_BYTES;

  private static final long CODE_BYTES = 64L << 20;
  private static final long QUICK_BYTES = 256L << 20;

  /** Checks the bounds. */
  public EngineOptions {
    if (quickBytes < LEAST_QUICK_BYTES) {
      throw new IllegalArgumentException("machine code needs more bytes: " + quickBytes);
    }
  }

  /**
   * What serves most programs; the system property {@code svc0.jit.threshold} is for measuring
   * others. In a young JVM a translation costs about 10 ms, and HotSpot's work on it, which it does
   * several times, 200 ms; an address that was found hot so often was interpreted for about as
   * long. With a quarter of it Python's start took 1.3 times the time, and xz of a megabyte 1.4
   * times.
   */
  public static EngineOptions defaults() {
    return new EngineOptions(
        Integer.getInteger("svc0.jit.threshold", 120_000),
        64,
        CODE_BYTES,
        1 << 17,
        Integer.getInteger("svc0.quick.threshold", 24),
        QUICK_BYTES);
  }

  /** Everything is translated before it is first executed. */
  public static EngineOptions forced() {
    return new EngineOptions(0, 1, CODE_BYTES, 1 << 20, NEVER, QUICK_BYTES);
  }

  /** Everything is translated to machine code of the host before it is first executed. */
  public static EngineOptions forcedQuick() {
    return new EngineOptions(NEVER, 1, CODE_BYTES, 1 << 20, 0, QUICK_BYTES);
  }

  /** Indirect branches that leave a unit before it is made anew with what they reach. */
  int remakeAfter() {
    return threshold == 0 ? 4 : 100;
  }

  /** The same with another threshold. */
  public EngineOptions withThreshold(int value) {
    return new EngineOptions(
        value, sampleBranches, codeBytes, mostUnits, quickThreshold, quickBytes);
  }

  /** The same with another threshold of quick translation. */
  public EngineOptions withQuickThreshold(int value) {
    return new EngineOptions(threshold, sampleBranches, codeBytes, mostUnits, value, quickBytes);
  }

  /** The same with other bounds. */
  public EngineOptions withBounds(long bytes, int units) {
    return new EngineOptions(threshold, sampleBranches, bytes, units, quickThreshold, quickBytes);
  }

  /** The same with another bound of machine code. */
  public EngineOptions withQuickBytes(long bytes) {
    return new EngineOptions(
        threshold, sampleBranches, codeBytes, mostUnits, quickThreshold, bytes);
  }
}
