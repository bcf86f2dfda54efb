package dev.svc0.arm64.jit;

import dev.svc0.runtime.mm.HostMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.zip.CRC32C;

/** Writes what {@link SavedCode} reads. */
final class SavedCodeWriter {
  private static final FileAttribute<?> OWN =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private SavedCodeWriter() {}

  /**
   * Replaces a file, in one step.
   *
   * @param units by their numbers
   * @param base where memory for code begins
   * @param codeBytes of it that are used
   */
  static void write(Path file, String key, QuickUnit[] units, long base, int codeBytes)
      throws IOException {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    int tables = SavedCode.HEADER + (keyBytes.length + 7 & -8);
    int entries = 0;
    long recordBytes = 0;
    for (QuickUnit unit : units) {
      entries += unit.pcs().length;
      recordBytes += recordBytes(unit);
    }
    int slots = Integer.highestOneBit(Math.max(1, entries)) << 2;
    long records = tables + 8L * units.length + (long) SavedCode.SLOT_BYTES * slots;
    long size = records + recordBytes + codeBytes;
    ByteBuffer front =
        ByteBuffer.allocate(Math.toIntExact(records + recordBytes)).order(ByteOrder.LITTLE_ENDIAN);
    front.putLong(0, SavedCode.MAGIC).putLong(SavedCode.SIZE, size);
    front.putInt(SavedCode.UNITS, units.length).putInt(SavedCode.SLOTS, slots);
    front.putInt(SavedCode.CODE_BYTES, codeBytes).putInt(SavedCode.KEY_BYTES, keyBytes.length);
    front.put(SavedCode.HEADER, keyBytes);
    int slotTable = tables + 8 * units.length;
    front.position((int) records);
    for (int number = 0; number < units.length; number++) {
      front.putLong(tables + 8 * number, front.position());
      for (long pc : units[number].pcs()) {
        int slot = SavedCode.home(pc, slots);
        while (front.getLong(slotTable + SavedCode.SLOT_BYTES * slot) != 0) {
          slot = slot + 1 & slots - 1;
        }
        front.putLong(slotTable + SavedCode.SLOT_BYTES * slot, pc + 1);
        front.putLong(slotTable + SavedCode.SLOT_BYTES * slot + 8, number);
      }
      put(front, units[number], base);
    }
    front.flip();
    ByteBuffer code = HostMemory.segment(base, codeBytes).asByteBuffer();
    CRC32C checksum = new CRC32C();
    checksum.update(front.slice(SavedCode.CHECKED_FROM, front.limit() - SavedCode.CHECKED_FROM));
    checksum.update(code.duplicate());
    front.putLong(SavedCode.CHECKSUM, checksum.getValue());
    replace(file, front, code);
  }

  private static int recordBytes(QuickUnit unit) {
    Unit.Image image = unit.image();
    int words = 4 * image.words().length + 7 & -8;
    return SavedCode.RECORD_BYTES + 16 * unit.pcs().length + 8 * image.ranges().length + words;
  }

  private static void put(ByteBuffer to, QuickUnit unit, long base) {
    int end = to.position() + recordBytes(unit);
    long[] pcs = unit.pcs();
    Unit.Image image = unit.image();
    to.putInt(pcs.length).putInt(image.ranges().length).putInt(image.words().length).putInt(0);
    for (int i = 0; i < pcs.length; i++) {
      to.putLong(pcs[i]).putLong(unit.entries()[i] - base);
    }
    for (long bound : image.ranges()) {
      to.putLong(bound);
    }
    for (int word : image.words()) {
      to.putInt(word);
    }
    to.position(end);
  }

  private static void replace(Path file, ByteBuffer front, ByteBuffer code) throws IOException {
    Path made = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      try (FileChannel out =
          FileChannel.open(
              made, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWN)) {
        ByteBuffer[] parts = {front, code};
        while (code.hasRemaining() || front.hasRemaining()) {
          long ignored = out.write(parts);
        }
      }
      Path ignored =
          Files.move(
              made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      boolean ignored = Files.deleteIfExists(made);
    }
  }
}
