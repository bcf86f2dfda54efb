package dev.svc0.processor.isa;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A specification as read: its instructions in the order of their numbers, and what is wrong. */
record IsaSpec(List<Instruction> instructions, List<String> semantics, List<String> problems) {
  /** A named run of bits; {@code low} is the position of its lowest bit. */
  record Field(String name, int low, int width) {}

  /**
   * One line.
   *
   * @param mask bits that are fixed
   * @param value what they are
   * @param line position in the file: where two overlap, the smaller wins
   */
  record Instruction(
      int number,
      int line,
      String name,
      String semantics,
      String feature,
      int mask,
      int value,
      List<Field> fields,
      String pattern,
      String title) {
    private Instruction numbered(int newNumber) {
      return new Instruction(
          newNumber, line, name, semantics, feature, mask, value, fields, pattern, title);
    }

    /** Whether some word matches both. */
    boolean overlaps(Instruction other) {
      return ((value ^ other.value) & mask & other.mask) == 0;
    }

    /** Whether every word that matches the other matches this. */
    boolean covers(Instruction other) {
      return overlaps(other) && (mask & ~other.mask) == 0;
    }
  }

  /** Reads a specification that is part of the processor. */
  static IsaSpec read(String fileName) {
    InputStream stream = IsaSpec.class.getResourceAsStream(fileName);
    if (stream == null) {
      return new IsaSpec(List.of(), List.of(), List.of("no specification " + fileName));
    }
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      return parse(in.readAllLines());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static IsaSpec parse(List<String> lines) {
    List<Instruction> found = new ArrayList<>();
    Set<String> semantics = new LinkedHashSet<>();
    List<String> problems = new ArrayList<>();
    String group = "";
    String feature = "";
    for (int line = 1; line <= lines.size(); line++) {
      String text = lines.get(line - 1).strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      if (text.startsWith("[")) {
        group = text.substring(1, text.indexOf(']'));
        feature = text.substring(text.indexOf(']') + 1).strip().split("\\s+", 2)[0];
        semantics.add(group);
        continue;
      }
      String[] columns = text.split("\\s*\\|\\s*");
      if (columns.length != 3) {
        problems.add("line " + line + ": wants name | pattern | title");
        continue;
      }
      parse(line, columns, group, feature, found, problems);
    }
    return new IsaSpec(number(found, semantics, problems), List.copyOf(semantics), problems);
  }

  private static void parse(
      int line,
      String[] columns,
      String group,
      String feature,
      List<Instruction> found,
      List<String> problems) {
    int bit = 32;
    int mask = 0;
    int value = 0;
    List<Field> fields = new ArrayList<>();
    for (String token : columns[1].split("\\s+")) {
      int colon = token.indexOf(':');
      if (colon > 0) {
        int width = Integer.parseInt(token.substring(colon + 1));
        bit -= width;
        fields.add(new Field(token.substring(0, colon), bit, width));
      } else {
        for (char digit : token.toCharArray()) {
          bit--;
          mask |= 1 << bit;
          value |= (digit - '0') << bit;
        }
      }
    }
    if (bit != 0) {
      problems.add("line " + line + ": pattern of " + columns[0] + " is not 32 bits long");
    }
    found.add(
        new Instruction(
            0, line, columns[0], group, feature, mask, value, fields, columns[1], columns[2]));
  }

  /** Numbers start at 1 and are dense within the class that holds the semantics. */
  private static List<Instruction> number(
      List<Instruction> found, Set<String> semantics, List<String> problems) {
    List<Instruction> numbered = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String group : semantics) {
      for (Instruction one : found) {
        if (one.semantics.equals(group)) {
          numbered.add(one.numbered(numbered.size() + 1));
        }
        if (one.semantics.equals(group) && !names.add(one.name)) {
          problems.add("line " + one.line + ": a second " + one.name);
        }
      }
    }
    for (Instruction late : found) {
      for (Instruction early : found) {
        if (early.line < late.line && early.covers(late)) {
          problems.add("line " + late.line + ": hidden by line " + early.line);
        }
      }
    }
    return numbered;
  }
}
