package dev.svc0.fs.extformat;

import dev.svc0.runtime.mm.HostMemory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block of extended attributes: a header, entries sorted by name growing up, values growing down
 * from the end.
 */
public final class XattrBlock {
  public static final long EXT2_XATTR_MAGIC = 0xEA020000L;

  private static final int H_MAGIC = 0;
  private static final int H_REFCOUNT = 4;
  private static final int H_BLOCKS = 8;
  private static final int H_HASH = 12;
  private static final int HEADER_SIZE = 32;

  private static final int E_NAME_LEN = 0;
  private static final int E_NAME_INDEX = 1;
  private static final int E_VALUE_OFFS = 2;
  private static final int E_VALUE_BLOCK = 4;
  private static final int E_VALUE_SIZE = 8;
  private static final int E_HASH = 12;
  private static final int E_NAME = 16;

  /**
   * One attribute.
   *
   * @param index the code of the name's prefix
   * @param name the rest of the name
   */
  public record Entry(int index, String name, byte[] value) {
    /** Whether it has this name. */
    public boolean is(int otherIndex, String otherName) {
      return index == otherIndex && name.equals(otherName);
    }

    int entryBytes() {
      return E_NAME + name.length() + 3 & ~3;
    }

    int valueBytes() {
      return value.length + 3 & ~3;
    }
  }

  private XattrBlock() {}

  /** Whether a block begins with the header of attributes. */
  public static boolean hasHeader(long at) {
    return Disk.u32(at + H_MAGIC) == EXT2_XATTR_MAGIC && Disk.u32(at + H_BLOCKS) == 1;
  }

  /** How many inodes use the block. */
  public static long references(long at) {
    return Disk.u32(at + H_REFCOUNT);
  }

  /** Stores how many inodes use the block. */
  public static void putReferences(long at, long count) {
    Disk.put32(at + H_REFCOUNT, count);
  }

  /** All attributes; null when the block contradicts itself. */
  public static @Nullable List<Entry> parse(long at, int blockSize) {
    return hasHeader(at) ? parseEntries(at + HEADER_SIZE, at, at + blockSize) : null;
  }

  /**
   * All attributes of a block or of the end of an inode; null when they contradict themselves.
   * Values in inodes of their own are left out.
   *
   * @param entriesAt address of the first entry
   * @param valuesAt address that offsets of values count from
   * @param end address behind the last byte
   */
  public static @Nullable List<Entry> parseEntries(long entriesAt, long valuesAt, long end) {
    List<Entry> entries = new ArrayList<>();
    long entry = entriesAt;
    while (entry + 4 <= end && Disk.u32(entry) != 0) {
      int nameLength = Disk.u8(entry + E_NAME_LEN);
      if (entry + E_NAME + nameLength + 4 > end) {
        return null;
      }
      long value = valuesAt + Disk.u16(entry + E_VALUE_OFFS);
      long valueSize = Disk.u32(entry + E_VALUE_SIZE);
      if (Disk.u32(entry + E_VALUE_BLOCK) == 0) {
        if (valueSize > end - entriesAt || value + valueSize > end) {
          return null;
        }
        entries.add(read(entry, nameLength, value, (int) valueSize));
      }
      entry += E_NAME + nameLength + 3 & ~3;
    }
    return entry + 4 <= end ? entries : null;
  }

  private static Entry read(long entry, int nameLength, long valueAt, int valueSize) {
    byte[] name = new byte[nameLength];
    byte[] value = new byte[valueSize];
    HostMemory.copy(entry + E_NAME, name, 0, nameLength);
    HostMemory.copy(valueAt, value, 0, valueSize);
    return new Entry(
        Disk.u8(entry + E_NAME_INDEX), new String(name, StandardCharsets.ISO_8859_1), value);
  }

  /** Whether attributes fit in a block. */
  public static boolean fits(List<Entry> entries, int blockSize) {
    int needed = HEADER_SIZE + 4;
    for (Entry entry : entries) {
      needed += entry.entryBytes() + entry.valueBytes();
    }
    return needed <= blockSize;
  }

  /** Whether attributes fit in some bytes at the end of an inode, magic number included. */
  public static boolean fitsInInode(List<Entry> entries, int bytes) {
    int needed = 4 + 4;
    for (Entry entry : entries) {
      needed += entry.entryBytes() + entry.valueBytes();
    }
    return needed <= bytes;
  }

  /** Writes the attributes that lie at the end of an inode; none leave zeroes. */
  public static void writeInInode(long at, int bytes, List<Entry> entries) {
    HostMemory.fill(at, bytes, (byte) 0);
    if (entries.isEmpty()) {
      return;
    }
    Disk.put32(at, EXT2_XATTR_MAGIC);
    long first = at + 4;
    int offset = 0;
    int valueEnd = bytes - 4;
    for (Entry entry : entries) {
      valueEnd -= entry.valueBytes();
      writeEntry(first, offset, entry.value.length == 0 ? 0 : valueEnd, entry);
      offset += entry.entryBytes();
    }
  }

  /** Hash over all entries, by which blocks with the same content are found. */
  public static int hash(long at) {
    return Disk.s32(at + H_HASH);
  }

  /** Writes a whole block with one user. */
  public static void write(long at, int blockSize, List<Entry> unsorted) {
    List<Entry> entries = new ArrayList<>(unsorted);
    entries.sort(
        Comparator.comparingInt(Entry::index)
            .thenComparingInt(entry -> entry.name().length())
            .thenComparing(Entry::name));
    HostMemory.fill(at, blockSize, (byte) 0);
    Disk.put32(at + H_MAGIC, EXT2_XATTR_MAGIC);
    Disk.put32(at + H_REFCOUNT, 1);
    Disk.put32(at + H_BLOCKS, 1);
    int offset = HEADER_SIZE;
    int valueEnd = blockSize;
    int hash = 0;
    boolean shareable = true;
    for (Entry entry : entries) {
      valueEnd -= entry.valueBytes();
      int entryHash = writeEntry(at, offset, entry.value.length == 0 ? 0 : valueEnd, entry);
      shareable &= entryHash != 0;
      hash = Integer.rotateLeft(hash, 16) ^ entryHash;
      offset += entry.entryBytes();
    }
    Disk.put32(at + H_HASH, shareable ? hash : 0);
  }

  private static int writeEntry(long at, int offset, int valueAt, Entry entry) {
    long place = at + offset;
    byte[] name = entry.name.getBytes(StandardCharsets.ISO_8859_1);
    Disk.put8(place + E_NAME_LEN, name.length);
    Disk.put8(place + E_NAME_INDEX, entry.index);
    Disk.put16(place + E_VALUE_OFFS, valueAt);
    Disk.put32(place + E_VALUE_SIZE, entry.value.length);
    HostMemory.copy(name, 0, place + E_NAME, name.length);
    if (valueAt != 0) {
      HostMemory.copy(entry.value, 0, at + valueAt, entry.value.length);
    }
    int hash = 0;
    for (byte b : name) {
      hash = Integer.rotateLeft(hash, 5) ^ b & 0xff;
    }
    for (int i = 0; valueAt != 0 && i < entry.valueBytes(); i += 4) {
      hash = Integer.rotateLeft(hash, 16) ^ Disk.s32(at + valueAt + i);
    }
    Disk.put32(place + E_HASH, hash);
    return hash;
  }
}
