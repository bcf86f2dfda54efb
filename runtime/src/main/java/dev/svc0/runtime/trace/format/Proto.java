package dev.svc0.runtime.trace.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A protocol buffers message being written, field by field. */
final class Proto {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A number. */
  Proto number(int field, long value) {
    varint((long) field << 3 | VARINT);
    varint(value);
    return this;
  }

  /** A number of eight bytes. */
  Proto fixed(int field, long value) {
    varint((long) field << 3 | FIXED64);
    for (int shift = 0; shift < 64; shift += 8) {
      bytes.write((int) (value >>> shift));
    }
    return this;
  }

  /** A text. */
  Proto text(int field, String value) {
    return content(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A message inside. */
  Proto message(int field, Proto inner) {
    return content(field, inner.bytes.toByteArray());
  }

  private Proto content(int field, byte[] content) {
    varint((long) field << 3 | LENGTH);
    varint(content.length);
    bytes.writeBytes(content);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  void writeTo(OutputStream out) throws IOException {
    bytes.writeTo(out);
  }
}
