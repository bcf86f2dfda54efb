package dev.svc0.runtime.trace;

import dev.svc0.annotation.Traced;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Adds up, while functions run, how long each layer took for itself: the time of its functions
 * without that of the functions they called. Each thread has its own sums.
 */
public final class LayerTimes {
  private static final Traced.Layer[] LAYERS = Traced.Layer.values();
  private static final double NANOS_PER_SECOND = 1e9;

  /** The sums of one thread, and its calls that are under way. */
  static final class Sums {
    private static final int MOST_DEPTH = 1024;

    private final long[] self = new long[LAYERS.length];
    private final long[] calls = new long[LAYERS.length];
    private final long[] starts = new long[MOST_DEPTH];
    private final long[] inner = new long[MOST_DEPTH];

    void enter(int depth, long now) {
      if (depth < MOST_DEPTH) {
        starts[depth] = now;
        inner[depth] = 0;
      }
    }

    void exit(int depth, int layer, long now) {
      if (depth < 0 || depth >= MOST_DEPTH) {
        return; // begun before the recording, or too deep to be counted
      }
      long took = now - starts[depth];
      self[layer] += took - inner[depth];
      calls[layer]++;
      if (depth > 0) {
        inner[depth - 1] += took;
      }
    }
  }

  private final List<Sums> threads = new ArrayList<>();

  /** Sums of nothing yet. */
  public LayerTimes() {}

  synchronized Sums newThread() {
    Sums sums = new Sums();
    threads.add(sums);
    return sums;
  }

  /** Time of a layer's functions for themselves, over all threads, in ticks of the clock. */
  public synchronized long self(Traced.Layer layer) {
    return threads.stream().mapToLong(sums -> sums.self[layer.ordinal()]).sum();
  }

  /** How many functions of a layer have returned. */
  public synchronized long calls(Traced.Layer layer) {
    return threads.stream().mapToLong(sums -> sums.calls[layer.ordinal()]).sum();
  }

  /** Writes a table, layers from the program down. */
  public void write(Appendable out) throws IOException {
    long all = 0;
    for (Traced.Layer layer : LAYERS) {
      all += self(layer);
    }
    out.append("% time     seconds   nsecs/call      calls layer\n");
    for (Traced.Layer layer : LAYERS) {
      long calls = calls(layer);
      if (calls > 0) {
        out.append(
            String.format(
                Locale.ROOT,
                "%6.2f %11.6f %12d %10d %s%n",
                100.0 * self(layer) / Math.max(1, all),
                self(layer) / NANOS_PER_SECOND,
                self(layer) / calls,
                calls,
                layer.name().toLowerCase(Locale.ROOT)));
      }
    }
  }
}
