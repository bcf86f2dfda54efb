package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.RawMemory;
import dev.svc0.runtime.host.HostFiles;
import dev.svc0.runtime.mm.HostMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Machine code that an earlier run kept in a file: all memory for code as it was, and for each unit
 * what {@link QuickUnit} says. Units are read one by one, when the program comes to them.
 *
 * <p>The file, little-endian: a header of {@value #HEADER} bytes (magic, bytes in all, checksum of
 * what follows it, and numbers of bytes, units and slots), the key, for each unit where its record
 * begins, a table of pairs of a guest address and a unit, the records, the code. It holds code that
 * this process will execute: it must be the user's own, and its checksum must be right. It is never
 * changed, only replaced.
 */
final class SavedCode {
  /** "svc0tr01". */
  static final long MAGIC = 0x3130_7274_3063_7673L;

  // The header, by offsets.
  static final int SIZE = 8;
  static final int CHECKSUM = 16;
  static final int UNITS = 24;
  static final int SLOTS = 28;
  static final int CODE_BYTES = 32;
  static final int KEY_BYTES = 36;
  static final int HEADER = 40;

  static final int CHECKED_FROM = UNITS;

  /** Numbers of pcs, bounds of ranges and words, before these. */
  static final int RECORD_BYTES = 16;

  /** Of a slot: address + 1, unit. */
  static final int SLOT_BYTES = 16;

  private static final int OTHERS_WRITE = 022;

  /** Where everything but the code is. */
  private final long address;

  private final int units;
  private final int slots;
  private final long unitTable;
  private final long slotTable;

  private SavedCode(long address) {
    this.address = address;
    units = HostMemory.getInt(address + UNITS);
    slots = HostMemory.getInt(address + SLOTS);
    unitTable = address + HEADER + (HostMemory.getInt(address + KEY_BYTES) + 7 & -8);
    slotTable = unitTable + 8L * units;
  }

  /**
   * Reads a file into fresh memory for code; null when there is none, or none that is right for
   * this program.
   *
   * @param key what made the file must have been the same
   * @param why is told why a file is not used
   */
  static @Nullable SavedCode open(Path file, String key, X86Code code, Consumer<String> why) {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null || !isOnlyUsers(folder, "isDirectory")) {
        throw new IOException("others than the user may write to its folder");
      }
      if (!isOnlyUsers(file, "isRegularFile")) {
        throw new IOException("it is no file, or others than the user may write to it");
      }
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
        return read(channel, key, code);
      }
    } catch (IOException e) {
      why.accept(file + ": " + e.getMessage());
      return null;
    }
  }

  /** Whether something is of a kind, belongs to the user, and nobody else may write to it. */
  private static boolean isOnlyUsers(Path path, String kind) throws IOException {
    Map<String, Object> facts =
        Files.readAttributes(path, "unix:mode," + kind, LinkOption.NOFOLLOW_LINKS);
    return HostFiles.isMine(path)
        && Boolean.TRUE.equals(facts.get(kind))
        && facts.get("mode") instanceof Integer mode
        && (mode & OTHERS_WRITE) == 0;
  }

  private static SavedCode read(FileChannel channel, String key, X86Code code) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    fill(header, channel, 0);
    byte[] expected = key.getBytes(StandardCharsets.UTF_8);
    if (header.getLong(0) != MAGIC || header.getInt(KEY_BYTES) != expected.length) {
      throw new IOException("another version made it");
    }
    int codeBytes = header.getInt(CODE_BYTES);
    long frontBytes = channel.size() - codeBytes;
    if (header.getLong(SIZE) != channel.size()
        || codeBytes < code.used()
        || !code.hasRoom(codeBytes)
        || frontBytes < HEADER + expected.length
        || frontBytes > Integer.MAX_VALUE) {
      throw new IOException("it is damaged");
    }
    long front = HostMemory.reserve(frontBytes);
    try {
      SavedCode read = read(channel, expected, front, (int) frontBytes, code, codeBytes);
      code.restored(codeBytes);
      return read;
    } catch (IOException e) {
      HostMemory.release(front, frontBytes);
      throw e;
    }
  }

  private static SavedCode read(
      FileChannel channel, byte[] key, long front, int frontBytes, X86Code code, int codeBytes)
      throws IOException {
    ByteBuffer all = HostMemory.segment(front, frontBytes).asByteBuffer();
    fill(all, channel, 0);
    all.order(ByteOrder.LITTLE_ENDIAN);
    byte[] present = new byte[key.length];
    all.get(HEADER, present);
    if (!Arrays.equals(key, present)) {
      throw new IOException("another version made it");
    }
    byte[] stubs = new byte[code.used()];
    ByteBuffer savedStubs = ByteBuffer.allocate(stubs.length);
    fill(savedStubs, channel, frontBytes);
    HostMemory.copy(code.base(), stubs, 0, stubs.length);
    ByteBuffer rest =
        HostMemory.segment(code.base() + stubs.length, codeBytes - stubs.length).asByteBuffer();
    fill(rest, channel, frontBytes + stubs.length);
    CRC32C checksum = new CRC32C();
    checksum.update(all.slice(CHECKED_FROM, frontBytes - CHECKED_FROM));
    checksum.update(stubs);
    checksum.update(rest);
    if (checksum.getValue() != all.getLong(CHECKSUM) || !Arrays.equals(stubs, savedStubs.array())) {
      throw new IOException("it is damaged");
    }
    return new SavedCode(front);
  }

  /** Reads a whole buffer, and sets it back to its beginning. */
  private static void fill(ByteBuffer to, FileChannel from, long position) throws IOException {
    while (to.hasRemaining()) {
      if (from.read(to, position + to.position()) < 0) {
        throw new IOException("it is damaged");
      }
    }
    to.rewind();
  }

  /** Units in it, which have the numbers from 0. */
  int units() {
    return units;
  }

  /** A place in the table that has an address, or −1. */
  int first(long pc) {
    return slots == 0 ? -1 : search(pc, home(pc, slots));
  }

  /** The next one after a place. */
  int next(long pc, int after) {
    return search(pc, after + 1 & slots - 1);
  }

  private int search(long pc, int from) {
    for (int at = from; ; at = at + 1 & slots - 1) {
      long key = RawMemory.getLong(slotTable + (long) SLOT_BYTES * at);
      if (key == pc + 1) {
        return at;
      }
      if (key == 0) {
        return -1;
      }
    }
  }

  static int home(long pc, int slots) {
    return AddressTable.spread(pc) & slots - 1;
  }

  /** The unit of a place. */
  int unitAt(int place) {
    return (int) RawMemory.getLong(slotTable + (long) SLOT_BYTES * place + 8);
  }

  private long record(int number) {
    return address + RawMemory.getLong(unitTable + 8L * number);
  }

  /**
   * A unit.
   *
   * @param base where memory for code begins now
   */
  QuickUnit unit(int number, long base) {
    long at = record(number);
    long[] pcs = new long[RawMemory.getInt(at)];
    long[] ranges = new long[RawMemory.getInt(at + 4)];
    int[] words = new int[RawMemory.getInt(at + 8)];
    at += RECORD_BYTES;
    long[] entries = new long[pcs.length];
    for (int i = 0; i < pcs.length; i++) {
      pcs[i] = RawMemory.getLong(at);
      entries[i] = base + RawMemory.getLong(at + 8);
      at += 16;
    }
    for (int i = 0; i < ranges.length; i++) {
      ranges[i] = RawMemory.getLong(at);
      at += 8;
    }
    RawMemory.copy(at, words, 0, words.length);
    return new QuickUnit(number, new Unit.Image(pcs[0], ranges, words), pcs, entries);
  }
}
