package dev.svc0.arm64.isa;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The specification for tools: what each number stands for. Reading it costs; engines do not. */
public final class InstructionTable {
  /** A named run of bits; {@code low} is the position of its lowest bit. */
  public record Field(String name, int low, int width) {
    /** The field's bits in a word, unsigned. */
    public int of(int insn) {
      return insn >>> low & (1 << width) - 1;
    }
  }

  /**
   * One instruction.
   *
   * @param mask bits that are fixed
   * @param value what they are
   * @param title heading in the Arm ARM
   */
  public record Entry(
      int number,
      String name,
      String semantics,
      String feature,
      int mask,
      int value,
      List<Field> fields,
      String title) {}

  private final List<Entry> entries;

  private InstructionTable(List<Entry> entries) {
    this.entries = entries;
  }

  /** Reads the table that was generated from the specification. */
  public static InstructionTable read() {
    InputStream stream = InstructionTable.class.getResourceAsStream("a64.table");
    if (stream == null) {
      throw new IllegalStateException("the build left out a64.table");
    }
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      return new InstructionTable(in.lines().map(InstructionTable::parse).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Entry parse(String line) {
    String[] c = line.split("\\|");
    List<Field> fields = new ArrayList<>();
    for (String field : Arrays.asList(c[6].split(","))) {
      if (!field.isEmpty()) {
        int at = field.indexOf('@');
        int colon = field.indexOf(':');
        fields.add(
            new Field(
                field.substring(0, at),
                Integer.parseInt(field.substring(at + 1, colon)),
                Integer.parseInt(field.substring(colon + 1))));
      }
    }
    return new Entry(
        Integer.parseInt(c[0]),
        c[1],
        c[2],
        c[3],
        Integer.parseUnsignedInt(c[4], 16),
        Integer.parseUnsignedInt(c[5], 16),
        List.copyOf(fields),
        c[7]);
  }

  /** All instructions in the order of their numbers, which start at 1. */
  public List<Entry> entries() {
    return entries;
  }

  /** A word as text: title and fields, or {@code .inst} when it is no instruction. */
  public String disassemble(int insn) {
    int number = A64Decoder.decode(insn);
    if (number == A64.UNDEFINED) {
      return String.format(".inst 0x%08x", insn);
    }
    Entry entry = entries.get(number - 1);
    StringBuilder text = new StringBuilder(entry.title);
    for (Field field : entry.fields) {
      text.append(' ').append(field.name).append('=').append(field.of(insn));
    }
    return text.toString();
  }
}
