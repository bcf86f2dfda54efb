package dev.svc0.runtime.tty;

import java.lang.reflect.Proxy;

/**
 * Hears signals of the host. The JDK's only way is {@code sun.misc.Signal}, which is exported for
 * use but not meant to be compiled against without a warning: it is called by name.
 */
final class HostSignals {
  private HostSignals() {}

  /** Runs the action whenever the signal comes; nothing where the JVM keeps it for itself. */
  static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              HostSignals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                action.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException e) {
      System.getLogger(HostSignals.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot hear SIG" + name, e);
    }
  }
}
