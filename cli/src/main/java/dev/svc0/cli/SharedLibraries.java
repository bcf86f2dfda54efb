package dev.svc0.cli;

import dev.svc0.runtime.abi.Elf64EhdrLayout;
import dev.svc0.runtime.abi.Elf64PhdrLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Which shared libraries a program names in its dynamic section, for messages. A file that
 * contradicts itself names none.
 */
final class SharedLibraries {
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int DT_NULL = 0;
  private static final int DT_NEEDED = 1;
  private static final int DT_STRTAB = 5;
  private static final int ENTRY_BYTES = 16;
  private static final int LONGEST_NAME = 255;

  private final ByteBuffer elf;

  private SharedLibraries(ByteBuffer elf) {
    this.elf = elf.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The names, in the order of the file; empty for a static program. */
  static List<String> of(ByteBuffer elf) {
    try {
      return new SharedLibraries(elf).names();
    } catch (IndexOutOfBoundsException damaged) {
      return List.of();
    }
  }

  private List<String> names() {
    List<Long> offsets = new ArrayList<>();
    long strings = 0;
    int dynamic = header(PT_DYNAMIC, 0, 0);
    if (dynamic < 0) {
      return List.of();
    }
    int at = index(elf.getLong(dynamic + Elf64PhdrLayout.p_offset));
    for (long tag; (tag = elf.getLong(at)) != DT_NULL; at += ENTRY_BYTES) {
      long value = elf.getLong(at + Long.BYTES);
      if (tag == DT_NEEDED) {
        offsets.add(value);
      } else if (tag == DT_STRTAB) {
        strings = value;
      }
    }
    int load = header(PT_LOAD, strings, 1);
    if (load < 0) {
      return List.of();
    }
    long table =
        strings
            - elf.getLong(load + Elf64PhdrLayout.p_vaddr)
            + elf.getLong(load + Elf64PhdrLayout.p_offset);
    return offsets.stream().map(offset -> string(index(table + offset))).toList();
  }

  /** The first program header of a type that holds so many bytes at an address; else −1. */
  private int header(int type, long address, int bytes) {
    int count = elf.getShort(Elf64EhdrLayout.e_phnum) & 0xffff;
    int at = index(elf.getLong(Elf64EhdrLayout.e_phoff));
    for (int i = 0; i < count; i++, at += Elf64PhdrLayout.SIZE) {
      long from = elf.getLong(at + Elf64PhdrLayout.p_vaddr);
      long size = elf.getLong(at + Elf64PhdrLayout.p_filesz);
      boolean holds = bytes == 0 || address >= from && address - from < size;
      if (elf.getInt(at + Elf64PhdrLayout.p_type) == type && holds) {
        return at;
      }
    }
    return -1;
  }

  private String string(int at) {
    int end = at;
    while (elf.get(end) != 0 && end - at < LONGEST_NAME) {
      end++;
    }
    byte[] name = new byte[end - at];
    elf.get(at, name);
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  private static int index(long offset) {
    if (offset < 0 || offset > Integer.MAX_VALUE) {
      throw new IndexOutOfBoundsException();
    }
    return (int) offset;
  }
}
