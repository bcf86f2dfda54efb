package dev.svc0.cli.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Watches a tar archive go by and keeps the extended headers byte for byte. The archive reader
 * behind it takes their values for UTF-8 text; attributes such as file capabilities are none.
 */
final class PaxRecords extends FilterInputStream {
  private static final int RECORD = 512;
  private static final int SIZE_AT = 124;
  private static final int SIZE_BYTES = 12;
  private static final int TYPE_AT = 156;
  private static final int SPARSE_MORE_AT = 482;
  private static final int SPARSE_AGAIN_AT = 504;
  private static final int LONGEST = 1 << 20;

  private final byte[] record = new byte[RECORD];
  private int inRecord;

  /** Bytes of contents still to come, padded to records. */
  private long contents;

  private byte[] header = new byte[0];
  private int headerBytes;
  private boolean moreSparse;
  private Map<String, byte[]> next = Map.of();
  private Map<String, byte[]> current = Map.of();

  PaxRecords(InputStream archive) {
    super(archive);
  }

  /** The extended header of the entry whose own header was read last; values as they are. */
  Map<String, byte[]> current() {
    return current;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    int got = super.read(to, offset, length);
    watch(to, offset, got);
    return got;
  }

  @Override
  public long skip(long bytes) throws IOException {
    byte[] away = new byte[(int) Math.min(bytes, 1 << 16)];
    return Math.max(0, read(away, 0, away.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void watch(byte[] bytes, int offset, int count) {
    int at = offset;
    int end = offset + count;
    while (at < end) {
      int step;
      if (contents > 0) {
        step = (int) Math.min(end - at, contents);
        keep(bytes, at, step);
        contents -= step;
        if (contents == 0 && headerBytes > 0) {
          next = parse(header);
          headerBytes = 0;
        }
      } else {
        step = Math.min(end - at, RECORD - inRecord);
        System.arraycopy(bytes, at, record, inRecord, step);
        inRecord += step;
        if (inRecord == RECORD) {
          inRecord = 0;
          take();
        }
      }
      at += step;
    }
  }

  private void keep(byte[] bytes, int at, int step) {
    int room = header.length - headerBytes;
    if (headerBytes >= 0 && room > 0) {
      System.arraycopy(bytes, at, header, headerBytes, Math.min(step, room));
      headerBytes += Math.min(step, room);
    }
  }

  /** A whole record that is no contents: a header, or more places of a sparse file. */
  private void take() {
    if (moreSparse) {
      moreSparse = record[SPARSE_AGAIN_AT] != 0;
      return;
    }
    if (ImageFiles.isZero(record, 0, RECORD)) {
      return;
    }
    char type = (char) (record[TYPE_AT] & 0xff);
    long size = number();
    header = new byte[0];
    headerBytes = 0;
    if (type == 'x') {
      header = new byte[(int) Math.min(size, LONGEST)];
    } else if (type != 'g' && type != 'L' && type != 'K') {
      current = next;
      next = Map.of();
      byte[] override = current.get("size");
      if (override != null) {
        size = Long.parseLong(new String(override, StandardCharsets.ISO_8859_1));
      }
      moreSparse = type == 'S' && record[SPARSE_MORE_AT] != 0;
      if (type >= '1' && type <= '6') {
        size = 0;
      }
    }
    contents = size + RECORD - 1 & -RECORD;
  }

  /** The size field: octal digits, or binary with the highest bit set. */
  private long number() {
    long value = 0;
    if (record[SIZE_AT] < 0) {
      for (int i = SIZE_AT + 4; i < SIZE_AT + SIZE_BYTES; i++) {
        value = value << 8 | record[i] & 0xff;
      }
      return Math.max(0, value);
    }
    for (int i = SIZE_AT; i < SIZE_AT + SIZE_BYTES; i++) {
      int digit = record[i] - '0';
      if (digit >= 0 && digit < 8) {
        value = value << 3 | digit;
      }
    }
    return value;
  }

  /** Reads {@code LENGTH KEY=VALUE\n}, again and again. */
  private static Map<String, byte[]> parse(byte[] text) {
    Map<String, byte[]> result = new LinkedHashMap<>();
    int at = 0;
    while (at < text.length && text[at] >= '0' && text[at] <= '9') {
      int length = 0;
      int digits = at;
      while (digits < text.length && text[digits] >= '0' && text[digits] <= '9') {
        length = Math.min(LONGEST, length * 10 + text[digits++] - '0');
      }
      int end = at + length;
      int equals = digits;
      while (equals < text.length && text[equals] != '=') {
        equals++;
      }
      if (end > text.length || equals >= end) {
        break; // the archive reader refuses it
      }
      String key = new String(text, digits + 1, equals - digits - 1, StandardCharsets.UTF_8);
      result.put(key, Arrays.copyOfRange(text, equals + 1, end - 1));
      at = end;
    }
    return result;
  }
}
