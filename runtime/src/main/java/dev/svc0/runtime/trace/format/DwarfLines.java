package dev.svc0.runtime.trace.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code .debug_line}: which address belongs to which line. <i>Source:</i> DWARF 5, section
 * 6.2.
 */
final class DwarfLines {
  private static final int CONTENT_PATH = 1;
  private static final int FORM_DATA2 = 0x05;
  private static final int FORM_DATA4 = 0x06;
  private static final int FORM_DATA8 = 0x07;
  private static final int FORM_STRING = 0x08;
  private static final int FORM_BLOCK = 0x09;
  private static final int FORM_DATA1 = 0x0b;
  private static final int FORM_STRP = 0x0e;
  private static final int FORM_UDATA = 0x0f;
  private static final int FORM_DATA16 = 0x1e;
  private static final int FORM_LINE_STRP = 0x1f;

  private final ElfSections sections;
  private final Map<Long, String> lines;

  private ByteBuffer in = ByteBuffer.allocate(0);
  private int version;
  private List<String> files = new ArrayList<>();

  // The registers of the line number machine.
  private long address;
  private long file;
  private long line;

  /** Puts {@code file:line} under the first address of each row, nothing where a sequence ends. */
  DwarfLines(ElfSections sections, Map<Long, String> lines) {
    this.sections = sections;
    this.lines = lines;
  }

  void read() {
    ByteBuffer all = sections.section(".debug_line");
    int at = 0;
    while (at + 4 <= all.limit()) {
      int length = all.getInt(at);
      if (length <= 0) {
        return; // the 64-bit format, or damage
      }
      in = all.slice(at + 4, length).order(ByteOrder.LITTLE_ENDIAN);
      unit();
      at += 4 + length;
    }
  }

  private void unit() {
    version = in.getShort();
    if (version != 4 && version != 5) {
      return;
    }
    if (version == 5) {
      in.getShort(); // sizes of addresses and segment selectors
    }
    int programAt = in.getInt() + in.position();
    int minimum = in.get() & 0xff;
    in.getShort(); // operations an instruction, default of is_stmt
    int lineBase = in.get();
    int lineRange = in.get() & 0xff;
    int opcodeBase = in.get() & 0xff;
    if (opcodeBase == 0) {
      throw new IllegalArgumentException("no operation codes in a line table");
    }
    byte[] lengths = new byte[opcodeBase - 1];
    in.get(lengths);
    files = version == 5 ? filesOfFive() : filesOfFour();
    in.position(programAt);
    reset();
    while (in.hasRemaining()) {
      int code = in.get() & 0xff;
      if (code > lengths.length) {
        int step = code - lengths.length - 1;
        address += (long) minimum * (step / lineRange);
        line += lineBase + step % lineRange;
        row();
      } else if (code == 0) {
        extended();
      } else {
        standard(code, lengths, minimum, lineRange);
      }
    }
  }

  private void standard(int code, byte[] lengths, int minimum, int lineRange) {
    switch (code) {
      case 1 -> row();
      case 2 -> address += minimum * unsigned();
      case 3 -> line += signed();
      case 4 -> file = unsigned();
      case 8 -> address += (long) minimum * ((255 - lengths.length - 1) / lineRange);
      case 9 -> address += in.getShort() & 0xffff;
      default -> {
        for (int i = 0; i < lengths[code - 1]; i++) {
          unsigned();
        }
      }
    }
  }

  private void extended() {
    int length = (int) unsigned();
    if (length <= 0) {
      throw new IllegalArgumentException("an instruction without a length in a line table");
    }
    int next = in.position() + length;
    switch (in.get()) {
      case 1 -> {
        lines.put(address, "");
        reset();
      }
      case 2 -> address = in.getLong();
      default -> {}
    }
    in.position(next);
  }

  private void reset() {
    address = 0;
    file = 1;
    line = 1;
  }

  private void row() {
    if (file >= 0 && file < files.size() && line > 0) {
      lines.put(address, files.get((int) file) + ":" + line);
    }
  }

  private List<String> filesOfFour() {
    while (!string().isEmpty()) {
      // folders
    }
    List<String> names = new ArrayList<>(List.of("?"));
    for (String name = string(); !name.isEmpty(); name = string()) {
      names.add(name);
      unsigned();
      unsigned();
      unsigned();
    }
    return names;
  }

  private List<String> filesOfFive() {
    entries(); // folders
    return entries();
  }

  /** The paths of a table of folders or files. */
  private List<String> entries() {
    int columns = in.get() & 0xff;
    long[] contents = new long[columns];
    long[] forms = new long[columns];
    for (int i = 0; i < columns; i++) {
      contents[i] = unsigned();
      forms[i] = unsigned();
    }
    List<String> paths = new ArrayList<>();
    long count = unsigned();
    if (columns == 0 && count != 0) {
      throw new IllegalArgumentException("entries of nothing in a line table");
    }
    for (long n = 0; n < count; n++) {
      String path = "?";
      for (int i = 0; i < columns; i++) {
        String value = value((int) forms[i]);
        if (contents[i] == CONTENT_PATH) {
          path = value;
        }
      }
      paths.add(path.substring(path.lastIndexOf('/') + 1));
    }
    return paths;
  }

  /** The value of a form when it is a text; otherwise it is passed over. */
  private String value(int form) {
    switch (form) {
      case FORM_STRING -> {
        return string();
      }
      case FORM_STRP -> {
        return ElfSections.text(sections.section(".debug_str"), in.getInt());
      }
      case FORM_LINE_STRP -> {
        return ElfSections.text(sections.section(".debug_line_str"), in.getInt());
      }
      case FORM_UDATA -> unsigned();
      case FORM_DATA1 -> skip(1);
      case FORM_DATA2 -> skip(2);
      case FORM_DATA4 -> skip(4);
      case FORM_DATA8 -> skip(8);
      case FORM_DATA16 -> skip(16);
      case FORM_BLOCK -> skip((int) unsigned());
      default -> throw new IllegalArgumentException("form " + form + " in a line table");
    }
    return "";
  }

  private void skip(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a length below zero in a line table");
    }
    in.position(in.position() + bytes);
  }

  private String string() {
    String text = ElfSections.text(in, in.position());
    skip(text.length() + 1);
    return text;
  }

  private long unsigned() {
    long value = 0;
    int shift = 0;
    byte next;
    do {
      next = in.get();
      value |= (next & 0x7fL) << shift;
      shift += 7;
    } while (next < 0);
    return value;
  }

  private long signed() {
    long value = 0;
    int shift = 0;
    byte next;
    do {
      next = in.get();
      value |= (next & 0x7fL) << shift;
      shift += 7;
    } while (next < 0);
    return shift < 64 && (next & 0x40) != 0 ? value | -1L << shift : value;
  }
}
