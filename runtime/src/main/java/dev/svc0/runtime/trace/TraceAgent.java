package dev.svc0.runtime.trace;

import java.lang.instrument.Instrumentation;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the JVM's {@link Instrumentation} comes in: named as {@code Agent-Class} in the manifest of
 * the command's jar (with {@code Can-Retransform-Classes: true}), which the command loads into
 * itself when a trace of functions begins, or another process of the same user that wants one; or
 * with {@code -javaagent}.
 */
public final class TraceAgent {
  private static volatile @Nullable Instrumentation instrumentation;
  private static volatile @Nullable Consumer<String> listener;

  private TraceAgent() {}

  /**
   * Called by the JVM when the agent is loaded into it; each time, by itself or another process.
   *
   * @throws IllegalStateException when there are arguments and nobody listens to them
   */
  public static void agentmain(@Nullable String arguments, Instrumentation given) {
    instrumentation = given;
    if (arguments != null && !arguments.isEmpty()) {
      Consumer<String> heard = listener;
      if (heard == null) {
        throw new IllegalStateException("nothing runs here that could be recorded");
      }
      heard.accept(arguments);
    }
  }

  /** Who hears the arguments of another process that loads the agent; null for nobody. */
  public static void listen(@Nullable Consumer<String> consumer) {
    listener = consumer;
  }

  /** Called by the JVM when named with {@code -javaagent}. */
  public static void premain(@Nullable String arguments, Instrumentation given) {
    instrumentation = given;
  }

  /** Hands over an instrumentation found in another way, as tests do. */
  public static void install(Instrumentation given) {
    instrumentation = given;
  }

  /** The JVM's instrumentation, or null when the JVM was started without. */
  public static @Nullable Instrumentation instrumentation() {
    return instrumentation;
  }
}
