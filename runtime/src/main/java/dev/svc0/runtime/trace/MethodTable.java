package dev.svc0.runtime.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Numbers for methods and exception classes: of the whole JVM, as woven code is. Never forgets one.
 */
final class MethodTable {
  private static final Map<String, TracedMethod> BY_KEY = new HashMap<>();
  private static final List<TracedMethod> BY_ID = new ArrayList<>();

  /** Ordinals of layers, by id. */
  private static volatile byte[] layers = new byte[0];

  private static final ClassValue<Integer> THROWABLE_ID =
      new ClassValue<>() {
        @Override
        protected Integer computeValue(Class<?> type) {
          synchronized (THROWABLES) {
            THROWABLES.add(type.getSimpleName());
            return THROWABLES.size() - 1;
          }
        }
      };
  private static final List<String> THROWABLES = new ArrayList<>();

  private MethodTable() {}

  /** The method known under a key, made with the next id when it is new. */
  static synchronized TracedMethod intern(String key, IntFunction<TracedMethod> make) {
    TracedMethod known = BY_KEY.get(key);
    if (known == null) {
      known = make.apply(BY_ID.size());
      BY_ID.add(known);
      byte[] grown = Arrays.copyOf(layers, BY_ID.size());
      grown[known.id()] = (byte) known.layer().ordinal();
      layers = grown;
      BY_KEY.put(key, known);
    }
    return known;
  }

  /** The method known under a key. */
  static synchronized TracedMethod get(String key) {
    TracedMethod known = BY_KEY.get(key);
    if (known == null) {
      throw new IllegalStateException("not a traced method: " + key);
    }
    return known;
  }

  /** Ordinal of a method's layer. */
  static int layer(int id) {
    return layers[id];
  }

  /** All methods so far, by id. */
  static synchronized List<TracedMethod> all() {
    return List.copyOf(BY_ID);
  }

  static int throwableId(Throwable thrown) {
    return THROWABLE_ID.get(thrown.getClass());
  }

  /** Simple names of the exception classes so far, by id. */
  static List<String> throwables() {
    synchronized (THROWABLES) {
      return List.copyOf(THROWABLES);
    }
  }
}
