package dev.svc0.arm64.jit;

/**
 * When and how much is translated.
 *
 * @param threshold how often an address must be found hot before it is translated; 0: at once
 * @param sampleBranches branches that are interpreted between two looks at what is hot
 * @param codeBytes bytes of classes that are kept
 * @param mostUnits translations in the engine's life; after them it only interprets
 */
public record EngineOptions(int threshold, int sampleBranches, long codeBytes, int mostUnits) {
  /**
   * What serves most programs; the system property {@code svc0.jit.threshold} is for measuring
   * others. In a young JVM a translation costs about 5 ms, and HotSpot's work on it ten times as
   * much; an address that was found hot so often was interpreted for about 100 ms. With a threshold
   * of 3,000, Python's start took twice the time of the interpreter alone.
   */
  public static EngineOptions defaults() {
    return new EngineOptions(
        Integer.getInteger("svc0.jit.threshold", 30_000), 64, 64L << 20, 1 << 17);
  }

  /** Everything is translated before it is first executed. */
  public static EngineOptions forced() {
    return new EngineOptions(0, 1, 64L << 20, 1 << 20);
  }

  /** Indirect branches that leave a unit before it is made anew with what they reach. */
  int remakeAfter() {
    return threshold == 0 ? 4 : 100;
  }

  /** The same with another threshold. */
  public EngineOptions withThreshold(int value) {
    return new EngineOptions(value, sampleBranches, codeBytes, mostUnits);
  }

  /** The same with other bounds. */
  public EngineOptions withBounds(long bytes, int units) {
    return new EngineOptions(threshold, sampleBranches, bytes, units);
  }
}
