package dev.svc0.runtime.syscall.render;

import dev.svc0.runtime.syscall.SyscallDispatch;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The formats there are. */
public enum TableFormat {
  /** Columns for a terminal. */
  TEXT(new TextTable()),
  /** One object with an array of calls. */
  JSON(new JsonTable()),
  /** A table for a README. */
  MARKDOWN(new MarkdownTable()),
  /** One page that needs no other file. */
  HTML(new HtmlTable()),
  /** The numbers for guest programs in C. */
  HEADER(new HeaderTable()),
  /** The numbers for guest programs in Java. */
  JAVA(new JavaTable());

  private final TableRenderer renderer;

  TableFormat(TableRenderer renderer) {
    this.renderer = renderer;
  }

  /** The format of a name in small letters, or empty when there is none. */
  public static Optional<TableFormat> of(String name) {
    return Arrays.stream(values()).filter(format -> format.text().equals(name)).findFirst();
  }

  /** All names, for a message. */
  public static String names() {
    return Arrays.stream(values()).map(TableFormat::text).collect(Collectors.joining(", "));
  }

  /** The name in small letters. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Shows a table. */
  public String render(SyscallDispatch table) {
    return renderer.render(table);
  }
}
