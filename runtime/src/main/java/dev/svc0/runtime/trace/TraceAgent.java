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
  private static @Nullable Consumer<String> listener;

  /** Arguments that came before anybody listened. */
  private static @Nullable String unheard;

  private TraceAgent() {}

  /**
   * Called by the JVM when the agent is loaded into it; each time, by itself or another process,
   * whose arguments are for the listener.
   */
  public static void agentmain(@Nullable String arguments, Instrumentation given) {
    instrumentation = given;
    if (arguments != null && !arguments.isEmpty()) {
      hear(arguments);
    }
  }

  private static synchronized void hear(String arguments) {
    if (listener == null) {
      unheard = arguments;
    } else {
      listener.accept(arguments);
    }
  }

  /**
   * Who hears the arguments of another process that loads the agent, also if it did already; null
   * for nobody. Must not block.
   */
  public static synchronized void listen(@Nullable Consumer<String> consumer) {
    listener = consumer;
    String early = unheard;
    unheard = null;
    if (consumer != null && early != null) {
      consumer.accept(early);
    }
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
