package dev.svc0.runtime.trace;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The readable content of a ring.
 *
 * @param number of the ring
 * @param chunks its memory
 * @param moved the first chunks, which are in a file
 * @param first first unit there, of {@link RecordLayout#BYTES}
 * @param end after the last unit
 * @param records how many records are in there
 * @param dropped records that found no room
 * @param overwritten records that newer ones replaced
 */
record RingImage(
    int number,
    @Nullable MemorySegment[] chunks,
    List<MemorySegment> moved,
    long first,
    long end,
    long records,
    long dropped,
    long overwritten) {

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  long lost() {
    return dropped + overwritten;
  }

  private MemorySegment chunk(long unit) {
    long number = unit >>> TraceRing.CHUNK_SHIFT;
    if (number < moved.size()) {
      return moved.get((int) number);
    }
    MemorySegment chunk = chunks[(int) (number % chunks.length)];
    if (chunk == null) {
      throw new IllegalStateException("unit " + unit + " was never written");
    }
    return chunk;
  }

  /** 64 bits of a unit. */
  long field(long unit, int offset) {
    return chunk(unit).get(LONG, ((unit & TraceRing.CHUNK_MASK) << RecordLayout.SHIFT) + offset);
  }

  /** A slot of the record that begins with a unit. */
  long slot(long unit, int slot) {
    return slot == 0
        ? field(unit, RecordLayout.SLOT)
        : field(
            unit + 1 + (slot - 1) / RecordLayout.MORE_SLOTS,
            (slot - 1) % RecordLayout.MORE_SLOTS * Long.BYTES);
  }
}
