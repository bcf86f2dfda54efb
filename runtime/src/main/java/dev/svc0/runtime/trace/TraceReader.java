package dev.svc0.runtime.trace;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Decodes the records of one thread, in order. */
public final class TraceReader implements Iterator<TraceRecord> {
  private final TraceRing.Image ring;
  private final List<TracedMethod> methods;
  private final List<String> exceptions;
  private final List<TracePoint> points = TracePoint.known();
  private long next;

  TraceReader(TraceRing.Image ring, List<TracedMethod> methods, List<String> exceptions) {
    this.ring = ring;
    this.methods = methods;
    this.exceptions = exceptions;
    this.next = ring.first();
  }

  /** Number, within its thread, of the record that comes next. */
  public long position() {
    return next;
  }

  @Override
  public boolean hasNext() {
    return next < ring.end();
  }

  @Override
  public TraceRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    long at = next++;
    long time = ring.field(at, RecordLayout.TIME);
    long operation = ring.field(at, RecordLayout.OPERATION);
    long header = ring.field(at, RecordLayout.ID);
    int id = (int) header;
    int depth = (int) (header >>> 32) & 0xffff;
    int kind = (int) (header >>> 48) & 0xff;
    return switch (kind) {
      case RecordLayout.ENTER ->
          new TraceRecord.Enter(
              time, operation, depth, methods.get(id), header >>> 56 == 0 ? List.of() : slots(at));
      case RecordLayout.EXIT ->
          new TraceRecord.Exit(time, operation, depth, methods.get(id), slot(at, 0));
      case RecordLayout.THROW ->
          new TraceRecord.Thrown(
              time, operation, depth, methods.get(id), exceptions.get((int) slot(at, 0)));
      case RecordLayout.POINT ->
          point(at, time, operation, points.get(id), (int) (header >>> 56) & 0xff);
      case RecordLayout.MORE ->
          // The record it belongs to was overwritten.
          new TraceRecord.Lost(time, 1);
      case RecordLayout.TASK -> task(at, time);
      case RecordLayout.BEGIN -> new TraceRecord.Begin(time, operation, slot(at, 0));
      case RecordLayout.LOST -> new TraceRecord.Lost(time, slot(at, 0));
      default -> throw new IllegalStateException("record of unknown kind " + kind);
    };
  }

  /** An event with the records that belong to it, as far as they are there. */
  private TraceRecord.Point point(long at, long time, long operation, TracePoint point, int more) {
    ByteBuffer rest =
        ByteBuffer.allocate(more * RecordLayout.PAYLOAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int found = 0;
    while (found < more && hasNext() && kind(next) == RecordLayout.MORE) {
      for (int slot = 0; slot < RecordLayout.SLOT_COUNT; slot++) {
        rest.putLong(slot(next, slot));
      }
      found++;
      next++;
    }
    rest.flip();
    boolean hasTexts =
        point.fields().stream().anyMatch(field -> field.kind() == TraceField.Kind.TEXT);
    if (hasTexts) {
      return new TraceRecord.Point(time, operation, point, slots(at), TraceText.unpack(rest));
    }
    List<Long> slots = new ArrayList<>(slots(at));
    while (rest.hasRemaining()) {
      slots.add(rest.getLong());
    }
    return new TraceRecord.Point(time, operation, point, slots, List.of());
  }

  private int kind(long at) {
    return (int) (ring.field(at, RecordLayout.ID) >>> 48) & 0xff;
  }

  private TraceRecord.Task task(long at, long time) {
    byte[] name = new byte[16];
    int length = 0;
    while (length < 16 && (slot(at, length >> 3) >>> (length & 7) * 8 & 0xff) != 0) {
      name[length] = (byte) (slot(at, length >> 3) >>> (length & 7) * 8);
      length++;
    }
    long ids = slot(at, 2);
    return new TraceRecord.Task(
        time,
        new String(name, 0, length, StandardCharsets.ISO_8859_1),
        (int) (ids >>> 32),
        (int) ids);
  }

  private long slot(long at, int slot) {
    return ring.field(at, RecordLayout.SLOTS + 8 * slot);
  }

  private List<Long> slots(long at) {
    return List.of(slot(at, 0), slot(at, 1), slot(at, 2), slot(at, 3), slot(at, 4));
  }
}
