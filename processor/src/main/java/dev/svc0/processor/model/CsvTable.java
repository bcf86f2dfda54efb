package dev.svc0.processor.model;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One pinned data file: a header line that names the columns, then a row a line, commas between
 * values, double quotes around a value that holds a comma.
 */
public final class CsvTable {
  private static final String FOLDER = "/dev/svc0/processor/abi/";

  private final List<String> columns;
  private final List<List<String>> rows;

  private CsvTable(List<String> columns, List<List<String>> rows) {
    this.columns = columns;
    this.rows = rows;
  }

  /** Reads a file that is part of the processor, for example {@code errno.csv}. */
  public static CsvTable read(String fileName) {
    InputStream stream = CsvTable.class.getResourceAsStream(FOLDER + fileName);
    if (stream == null) {
      throw new IllegalArgumentException("no pinned data file " + fileName);
    }
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      List<List<String>> lines = new ArrayList<>();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.isEmpty()) {
          lines.add(split(line));
        }
      }
      return new CsvTable(lines.getFirst(), List.copyOf(lines.subList(1, lines.size())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number of rows below the header. */
  public int size() {
    return rows.size();
  }

  /** The value at a row in the named column; empty where the row is short. */
  public String get(int row, String column) {
    int index = columns.indexOf(column);
    if (index < 0) {
      throw new IllegalArgumentException("no column " + column + " in " + columns);
    }
    List<String> values = rows.get(row);
    return index < values.size() ? values.get(index) : "";
  }

  private static List<String> split(String line) {
    List<String> values = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
          value.append('"');
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        values.add(value.toString());
        value.setLength(0);
      } else {
        value.append(c);
      }
    }
    values.add(value.toString());
    return List.copyOf(values);
  }
}
