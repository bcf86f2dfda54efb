package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Engine;
import dev.svc0.arm64.interp.Interpreter;

/** Engines by name. */
public enum Engines {
  /** Interprets everything. */
  INTERP,

  /** Translates everything to bytecode before it is executed: for tests. */
  JIT,

  /** Translates everything to machine code of the host before it is executed: for tests. */
  QUICK,

  /** Interprets what is cold and translates what is hot. */
  AUTO;

  /** The system property that names the engine of machines that are not given one. */
  public static final String PROPERTY = "svc0.engine";

  /** A new engine. */
  public Engine create() {
    return switch (this) {
      case INTERP -> new Interpreter();
      case JIT -> new TieredEngine(EngineOptions.forced());
      case QUICK -> new TieredEngine(EngineOptions.forcedQuick());
      case AUTO -> new TieredEngine();
    };
  }

  /** The engine of a name in any case. */
  public static Engines of(String name) {
    return valueOf(name.toUpperCase(java.util.Locale.ROOT));
  }

  /** What the system property says, or the usual one. */
  public static Engine createDefault() {
    return of(System.getProperty(PROPERTY, "auto")).create();
  }
}
