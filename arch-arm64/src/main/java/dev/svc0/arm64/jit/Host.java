package dev.svc0.arm64.jit;

import java.lang.reflect.Field;

/** What generated code accesses memory with. */
final class Host {
  /** Name of its class, which generated code is linked to. */
  static final String CLASS = "sun.misc.Unsafe";

  /** The one instance. */
  static final Object UNSAFE = unsafe();

  private Host() {}

  private static Object unsafe() {
    try {
      Field field = Class.forName(CLASS).getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
