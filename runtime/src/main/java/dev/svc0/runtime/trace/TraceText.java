package dev.svc0.runtime.trace;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts as they follow an event: for each its length in 16 bits and its characters, one byte each
 * as the guest's names are; filled up with zeroes to whole units of a record.
 */
final class TraceText {
  private static final int MOST = RecordLayout.MOST_TEXT * RecordLayout.BYTES;

  private TraceText() {}

  static byte[] pack(String... texts) {
    int left = MOST - 2 * texts.length;
    int bytes = 0;
    int[] lengths = new int[texts.length];
    for (int i = 0; i < texts.length; i++) {
      lengths[i] = Math.min(texts[i].length(), left);
      left -= lengths[i];
      bytes += 2 + lengths[i];
    }
    int whole = (bytes + RecordLayout.BYTES - 1) / RecordLayout.BYTES;
    ByteBuffer packed =
        ByteBuffer.allocate(whole * RecordLayout.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < texts.length; i++) {
      packed.putShort((short) lengths[i]);
      for (int c = 0; c < lengths[i]; c++) {
        packed.put((byte) texts[i].charAt(c));
      }
    }
    return packed.array();
  }

  /** So many texts again. */
  static List<String> unpack(ByteBuffer packed, int count) {
    List<String> texts = new ArrayList<>(count);
    while (texts.size() < count) {
      int length = packed.getShort() & 0xffff;
      byte[] bytes = new byte[length];
      packed.get(bytes);
      texts.add(new String(bytes, StandardCharsets.ISO_8859_1));
    }
    return texts;
  }
}
