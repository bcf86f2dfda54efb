package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.TracedMethod;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where an error came from. */
final class Failures {
  private Failures() {}

  /**
   * The call inside a failed one that first returned its error: of those that ended with it the
   * first to end, and so the innermost; itself when nothing inside returned it; null when it did
   * not fail.
   */
  static @Nullable Call origin(Call failed) {
    if (!failed.ended() || failed.result() >= 0 || failed.result() < -4095) {
      return null;
    }
    Call inner = firstWith(failed, failed.result());
    return inner == null ? failed : inner;
  }

  /** For example {@code ext4_da_write_begin (filesystem, Ext4Write.daWriteBegin)}. */
  static String text(Call origin) {
    return origin.method().name()
        + " ("
        + origin.method().layer().name().toLowerCase(Locale.ROOT)
        + ", "
        + origin.method().className().replaceFirst(".*\\.", "")
        + '.'
        + origin.method().methodName()
        + ")";
  }

  private static @Nullable Call firstWith(Call call, long error) {
    for (CallNode child : call.children()) {
      if (child instanceof Call inner) {
        Call found = firstWith(inner, error);
        if (found != null) {
          return found;
        }
        if (inner.ended() && inner.result() == error && isValue(inner)) {
          return inner;
        }
      }
    }
    return null;
  }

  private static boolean isValue(Call call) {
    return call.method().result() == TracedMethod.Result.VALUE && call.exception() == null;
  }
}
