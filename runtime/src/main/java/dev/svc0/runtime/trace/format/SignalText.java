package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.trace.CallNode;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** Signals as strace shows them. */
final class SignalText {
  private SignalText() {}

  /** For example {@code SIGCHLD {si_signo=SIGCHLD, si_code=SI_USER}}. */
  static String of(CallNode.Event event) {
    String name = name((int) event.value("sig"));
    return name + " {si_signo=" + name + ", si_code=" + code((int) event.value("code")) + "}";
  }

  /** The name of a signal. */
  static String name(int signal) {
    String name = constant(Signals.class, "SIG", signal);
    return name == null ? "SIGRT_" + (signal - 32) : name;
  }

  private static String code(int code) {
    String name = constant(SignalConstants.class, "SI_", code);
    return name == null ? Integer.toString(code) : name;
  }

  private static @Nullable String constant(Class<?> of, String prefix, int value) {
    for (Field field : of.getFields()) {
      if (field.getName().startsWith(prefix) && Modifier.isStatic(field.getModifiers())) {
        try {
          if (((Number) field.get(null)).longValue() == value) {
            return field.getName();
          }
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return null;
  }
}
