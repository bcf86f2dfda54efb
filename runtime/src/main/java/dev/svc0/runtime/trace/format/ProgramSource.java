package dev.svc0.runtime.trace.format;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a program's file says of its addresses: the function, from the symbol table, and the line,
 * from DWARF line tables of version 4 and 5. For programs that are loaded where they were linked.
 */
public final class ProgramSource {
  private static final int SYMBOL_BYTES = 24;
  private static final int FUNCTION = 2;
  private static final int INSTRUCTION_BYTES = 4;

  /** A function's name and size. */
  private record Symbol(String name, long size) {}

  /** Of each loaded segment: offset in the file, address, bytes in the file. */
  private final List<long[]> segments = new ArrayList<>();

  private final TreeMap<Long, Symbol> symbols = new TreeMap<>();
  private final TreeMap<Long, String> lines = new TreeMap<>();

  private ProgramSource() {}

  /** From the content of an ELF file; what is missing or damaged in it is left out. */
  public static ProgramSource of(byte[] file) {
    ProgramSource source = new ProgramSource();
    try {
      ElfSections sections = new ElfSections(file);
      source.segments.addAll(sections.loadSegments());
      source.readSymbols(sections);
      new DwarfLines(sections, source.lines).read();
    } catch (IndexOutOfBoundsException
        | BufferUnderflowException
        | IllegalArgumentException
        | ArithmeticException e) {
      // A file may be damaged, or lie: addresses without a name are shown as numbers.
      return source;
    }
    return source;
  }

  private void readSymbols(ElfSections sections) {
    readSymbols(sections.section(".dynsym"), sections.section(".dynstr"));
    readSymbols(sections.section(".symtab"), sections.section(".strtab"));
  }

  private void readSymbols(ByteBuffer table, ByteBuffer names) {
    for (int at = 0; at + SYMBOL_BYTES <= table.limit(); at += SYMBOL_BYTES) {
      long value = table.getLong(at + 8);
      if ((table.get(at + 4) & 0xf) == FUNCTION && value != 0) {
        symbols.put(
            value, new Symbol(ElfSections.text(names, table.getInt(at)), table.getLong(at + 16)));
      }
    }
  }

  /** The address that a place in the file was linked to run at; the same when none is known. */
  public long linkedAddress(long fileOffset) {
    for (long[] segment : segments) {
      if (fileOffset >= segment[0] && fileOffset < segment[0] + segment[2]) {
        return fileOffset - segment[0] + segment[1];
      }
    }
    return fileOffset;
  }

  /** The function that an address is linked in; empty when none is known. */
  public String functionAt(long address) {
    Map.Entry<Long, Symbol> symbol = symbols.floorEntry(address);
    return symbol != null && address - symbol.getKey() < Math.max(1, symbol.getValue().size)
        ? symbol.getValue().name
        : "";
  }

  /**
   * Where the instruction before an address is: {@code main+0x24 (prog.c:17)}, or the address. Code
   * that was inlined from another file is shown with the line of the function's own file before it.
   */
  public String at(long afterCall) {
    long address = afterCall - INSTRUCTION_BYTES;
    Map.Entry<Long, Symbol> symbol = symbols.floorEntry(address);
    boolean inside =
        symbol != null && address - symbol.getKey() < Math.max(1, symbol.getValue().size);
    String text =
        inside
            ? symbol.getValue().name + "+0x" + Long.toHexString(address - symbol.getKey())
            : "0x" + Long.toHexString(address);
    Map.Entry<Long, String> line = lines.floorEntry(address);
    if (line == null || line.getValue().isEmpty()) {
      return text;
    }
    String near = inside ? ownLine(symbol.getKey(), line) : "";
    return text + " (" + line.getValue() + near + ")";
  }

  /** The line before of the file that a function begins in, when the line is of another file. */
  private String ownLine(long function, Map.Entry<Long, String> line) {
    Map.Entry<Long, String> begin = lines.floorEntry(function);
    String own = begin == null ? "" : file(begin.getValue());
    if (own.isEmpty() || own.equals(file(line.getValue()))) {
      return "";
    }
    Map.Entry<Long, String> before = line;
    while (!file(before.getValue()).equals(own)) {
      before = lines.lowerEntry(before.getKey());
    }
    return ", near " + before.getValue();
  }

  private static String file(String line) {
    return line.isEmpty() ? "" : line.substring(0, line.lastIndexOf(':'));
  }
}
