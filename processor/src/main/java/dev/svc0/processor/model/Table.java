package dev.svc0.processor.model;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One ABI's table: every row of the kernel's, and the own calls, each with its handler if it has
 * one.
 */
public final class Table {
  /**
   * One number.
   *
   * @param nr the number in this ABI
   * @param kernel the kernel's row; null for an own call
   * @param handler null when nothing implements it
   */
  public record Row(int nr, @Nullable KernelCall kernel, @Nullable Handler handler) {
    /** The kernel's name, or the own call's. */
    public String name() {
      return kernel != null ? kernel.name() : handler != null ? handler.name() : "";
    }
  }

  private final KernelTable kernel;
  private final TreeMap<Integer, Row> rows = new TreeMap<>();

  /**
   * Joins handlers to the kernel's rows, by name; handlers of calls this ABI has not are left out.
   */
  public Table(KernelTable kernel, List<Handler> handlers) {
    this.kernel = kernel;
    for (KernelCall call : kernel.calls()) {
      rows.put(call.nr(), new Row(call.nr(), call, null));
    }
    for (Handler handler : handlers) {
      if (handler.own()) {
        rows.put(handler.nr(), new Row(handler.nr(), null, handler));
      } else {
        KernelCall call = kernel.byName(handler.name());
        if (call != null) {
          rows.put(call.nr(), new Row(call.nr(), call, handler));
        }
      }
    }
  }

  /** The kernel's side. */
  public KernelTable kernel() {
    return kernel;
  }

  /** Every row in order of number. */
  public List<Row> rows() {
    return new ArrayList<>(rows.values());
  }

  /** The row of a number, or null. */
  public @Nullable Row row(int nr) {
    return rows.get(nr);
  }

  /** How many rows have a handler. */
  public int implemented() {
    return (int) rows.values().stream().filter(row -> row.handler() != null).count();
  }
}
