package dev.svc0.runtime.trace;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * Where the JVM's {@link Instrumentation} comes in: named as {@code Agent-Class} in the manifest of
 * the command's jar (with {@code Can-Retransform-Classes: true}), which the command loads into
 * itself when a trace of functions begins; or with {@code -javaagent}.
 */
public final class TraceAgent {
  private static volatile @Nullable Instrumentation instrumentation;

  private TraceAgent() {}

  /** Called by the JVM when the agent is loaded into it. */
  public static void agentmain(@Nullable String arguments, Instrumentation given) {
    instrumentation = given;
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
