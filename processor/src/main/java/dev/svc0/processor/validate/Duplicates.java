package dev.svc0.processor.validate;

import dev.svc0.annotation.SyscallDefine;
import dev.svc0.processor.diag.Diagnostics;
import dev.svc0.processor.diag.Tag;
import dev.svc0.processor.model.Handler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Element;

/** Finds handlers that claim the same number or the same name; the first one keeps it. */
public final class Duplicates {
  private final Diagnostics diagnostics;
  private final Map<Integer, Handler> byNumber = new HashMap<>();
  private final Map<String, Handler> byName = new HashMap<>();

  /** Remembers handlers from now on. */
  public Duplicates(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /** Reports a handler that comes second; true when it is the first. */
  public boolean add(Handler handler, Element element) {
    Handler sameNumber = byNumber.putIfAbsent(handler.nr(), handler);
    if (sameNumber != null) {
      report(Tag.DUPLICATE_NUMBER, "nr", "number " + handler.nr(), sameNumber, handler, element);
      return false;
    }
    Handler sameName = byName.putIfAbsent(handler.name(), handler);
    if (sameName != null) {
      String what = "name \"" + handler.name() + "\"";
      report(Tag.DUPLICATE_NAME, "name", what, sameName, handler, element);
      return false;
    }
    return true;
  }

  private void report(
      Tag tag, String member, String what, Handler first, Handler second, Element element) {
    diagnostics.error(
        tag,
        element,
        SyscallDefine.class.getSimpleName(),
        member,
        what
            + " of "
            + second.place()
            + " is taken by "
            + first.place()
            + "; "
            + (second.own()
                ? "give one of them another number and name"
                : "remove one of the two handlers"));
  }

  /**
   * The handlers that can share a table. Each conflict is reported once: on this module's own
   * handler if it is part of it, else on the table.
   */
  public static List<Handler> merge(
      List<Handler> handlers, Map<String, Element> own, Element table, Diagnostics diagnostics) {
    Map<Integer, Handler> byNumber = new HashMap<>();
    Map<String, Handler> byName = new HashMap<>();
    List<Handler> kept = new ArrayList<>();
    for (Handler handler : handlers.stream().sorted(Handler.ORDER).toList()) {
      Handler first = byNumber.putIfAbsent(handler.nr(), handler);
      Tag tag = Tag.DUPLICATE_NUMBER;
      if (first == null) {
        first = byName.putIfAbsent(handler.name(), handler);
        tag = Tag.DUPLICATE_NAME;
      }
      if (first == null) {
        kept.add(handler);
      } else {
        Element mine = own.getOrDefault(handler.place(), own.getOrDefault(first.place(), table));
        diagnostics.error(tag, mine, conflict(first, handler));
      }
    }
    return kept;
  }

  private static String conflict(Handler first, Handler second) {
    return second.nr()
        + " \""
        + second.name()
        + "\" is handled by "
        + first.place()
        + " and by "
        + second.place()
        + ": take one of the two off the class path, or renumber and rename a call of your own";
  }
}
