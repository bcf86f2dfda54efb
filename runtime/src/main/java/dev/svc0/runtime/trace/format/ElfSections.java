package dev.svc0.runtime.trace.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sections of a 64-bit little-endian ELF file by name. Nothing in the file is trusted. */
final class ElfSections {
  private static final int MAGIC = 0x464c457f;
  private static final int SECTION_OFFSET = 0x28;
  private static final int SECTION_BYTES = 0x3a;
  private static final int SECTION_COUNT = 0x3c;
  private static final int NAMES_INDEX = 0x3e;
  private static final int NO_BITS = 8;
  private static final int COMPRESSED = 0x800;

  private static final int SEGMENT_OFFSET = 0x20;
  private static final int SEGMENT_BYTES = 0x36;
  private static final int SEGMENT_COUNT = 0x38;
  private static final int LOAD = 1;

  private final ByteBuffer elf;
  private final Map<String, ByteBuffer> sections = new HashMap<>();

  /**
   * Reads the section table.
   *
   * @throws IndexOutOfBoundsException or IllegalArgumentException when the file is not what it says
   */
  ElfSections(byte[] file) {
    elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (elf.getInt(0) != MAGIC || elf.get(4) != 2 || elf.get(5) != 1) {
      throw new IllegalArgumentException("not a 64-bit little-endian ELF file");
    }
    int table = Math.toIntExact(elf.getLong(SECTION_OFFSET));
    int each = elf.getShort(SECTION_BYTES) & 0xffff;
    int count = elf.getShort(SECTION_COUNT) & 0xffff;
    int names = table + each * (elf.getShort(NAMES_INDEX) & 0xffff);
    int nameTable = Math.toIntExact(elf.getLong(names + 0x18));
    for (int i = 0; i < count; i++) {
      int at = table + i * each;
      if (elf.getInt(at + 4) != NO_BITS && (elf.getLong(at + 8) & COMPRESSED) == 0) {
        int offset = Math.toIntExact(elf.getLong(at + 0x18));
        int size = Math.toIntExact(elf.getLong(at + 0x20));
        sections.put(
            text(elf, nameTable + elf.getInt(at)),
            elf.slice(offset, size).order(ByteOrder.LITTLE_ENDIAN));
      }
    }
  }

  /** Of each segment to load: offset in the file, address, bytes in the file. */
  List<long[]> loadSegments() {
    int table = Math.toIntExact(elf.getLong(SEGMENT_OFFSET));
    int each = elf.getShort(SEGMENT_BYTES) & 0xffff;
    List<long[]> found = new ArrayList<>();
    for (int i = 0; i < (elf.getShort(SEGMENT_COUNT) & 0xffff); i++) {
      int at = table + i * each;
      if (elf.getInt(at) == LOAD) {
        found.add(new long[] {elf.getLong(at + 8), elf.getLong(at + 0x10), elf.getLong(at + 0x20)});
      }
    }
    return found;
  }

  /** A section's content; empty when there is none of that name. */
  ByteBuffer section(String name) {
    ByteBuffer found = sections.get(name);
    return found == null
        ? ByteBuffer.allocate(0)
        : found.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The string that begins at an offset. */
  static String text(ByteBuffer from, int offset) {
    int end = offset;
    while (from.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - offset];
    from.get(offset, bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
