package dev.svc0.runtime.trace;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Decodes the records of one thread, in order. */
public final class TraceReader implements Iterator<TraceRecord> {
  private static final int ARGUMENTS = 5;

  private final RingImage ring;
  private final List<TracedMethod> methods;
  private final List<String> exceptions;
  private final List<TracePoint> points = TracePoint.known();

  /** First unit of the record that comes next. */
  private long next;

  private long number;

  TraceReader(RingImage ring, List<TracedMethod> methods, List<String> exceptions) {
    this.ring = ring;
    this.methods = methods;
    this.exceptions = exceptions;
    this.next = ring.first();
    this.number = ring.overwritten();
    passPadding();
  }

  /** Number, within its thread, of the record that comes next. */
  public long position() {
    return number;
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
    TraceRecord record = decode(next, ring.field(next, RecordLayout.HEADER));
    number++;
    pass();
    passPadding();
    return record;
  }

  private void pass() {
    next += 1 + RecordLayout.more(ring.field(next, RecordLayout.HEADER));
  }

  private void passPadding() {
    while (hasNext()
        && RecordLayout.kind(ring.field(next, RecordLayout.HEADER)) == RecordLayout.PAD) {
      pass();
    }
  }

  private TraceRecord decode(long at, long header) {
    long time = ring.field(at, RecordLayout.TIME);
    long operation = ring.field(at, RecordLayout.OPERATION);
    int id = RecordLayout.id(header);
    int depth = RecordLayout.depth(header);
    int more = RecordLayout.more(header);
    long first = ring.slot(at, 0);
    return switch (RecordLayout.kind(header)) {
      case RecordLayout.ENTER ->
          new TraceRecord.Enter(
              time,
              operation,
              depth,
              methods.get(id),
              more == 0 ? List.of() : slots(at, ARGUMENTS));
      case RecordLayout.EXIT ->
          new TraceRecord.Exit(time, operation, depth, methods.get(id), first);
      case RecordLayout.THROW ->
          new TraceRecord.Thrown(
              time, operation, depth, methods.get(id), exceptions.get((int) first));
      case RecordLayout.POINT -> point(at, time, operation, points.get(id), more);
      case RecordLayout.TASK -> task(at, time);
      case RecordLayout.BEGIN -> new TraceRecord.Begin(time, operation, first);
      case RecordLayout.LOST -> new TraceRecord.Lost(time, first);
      default -> throw new IllegalStateException("record of unknown kind in " + header);
    };
  }

  private TraceRecord.Point point(long at, long time, long operation, TracePoint point, int more) {
    int count = (int) point.fields().stream().filter(f -> f.kind() == TraceField.Kind.TEXT).count();
    if (count == 0) {
      List<Long> slots = slots(at, 1 + more * RecordLayout.MORE_SLOTS);
      return new TraceRecord.Point(time, operation, point, slots, List.of());
    }
    ByteBuffer texts =
        ByteBuffer.allocate((more - 1) * RecordLayout.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int unit = 2; unit <= more; unit++) {
      for (int offset = 0; offset < RecordLayout.BYTES; offset += Long.BYTES) {
        texts.putLong(ring.field(at + unit, offset));
      }
    }
    List<Long> slots = slots(at, 1 + RecordLayout.MORE_SLOTS);
    return new TraceRecord.Point(
        time, operation, point, slots, TraceText.unpack(texts.flip(), count));
  }

  private TraceRecord.Task task(long at, long time) {
    byte[] name = new byte[16];
    int length = 0;
    while (length < 16 && (ring.slot(at, length >> 3) >>> (length & 7) * 8 & 0xff) != 0) {
      name[length] = (byte) (ring.slot(at, length >> 3) >>> (length & 7) * 8);
      length++;
    }
    long ids = ring.slot(at, 2);
    return new TraceRecord.Task(
        time,
        new String(name, 0, length, StandardCharsets.ISO_8859_1),
        (int) (ids >>> 32),
        (int) ids);
  }

  private List<Long> slots(long at, int count) {
    List<Long> slots = new ArrayList<>(count);
    for (int slot = 0; slot < count; slot++) {
      slots.add(ring.slot(at, slot));
    }
    return Collections.unmodifiableList(slots);
  }
}
