package dev.svc0.runtime.syscall.decode;

import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.mm.UserMemory;
import org.jspecify.annotations.Nullable;

/** Memory of a program, read for showing: what cannot be read is null and never an error. */
final class Bytes {
  private static final long PAGE = 4096;

  private final UserMemory memory;

  Bytes(UserMemory memory) {
    this.memory = memory;
  }

  /** As many bytes as can be read, from none to all. */
  byte[] upTo(long address, int bytes) {
    byte[] read = new byte[bytes];
    int got = 0;
    // A page at a time: a range that reaches beyond user space would be refused as a whole.
    while (got < bytes) {
      long at = address + got;
      int chunk = (int) Math.min(bytes - got, PAGE - (at & PAGE - 1));
      int missing = memory.copyFromUser(read, got, at, chunk);
      got += chunk - missing;
      if (missing != 0) {
        break;
      }
    }
    return java.util.Arrays.copyOf(read, got);
  }

  /** All bytes or null. */
  byte @Nullable [] all(long address, int bytes) {
    byte[] read = upTo(address, bytes);
    return read.length == bytes ? read : null;
  }

  /** A string, cut at a limit; null when it cannot be read. */
  @Nullable String string(long address, int limit) {
    byte[] read = upTo(address, limit + 1);
    for (int i = 0; i < read.length; i++) {
      if (read[i] == 0) {
        return quoted(read, i);
      }
    }
    return read.length <= limit ? null : quoted(read, limit) + "...";
  }

  /** A number of 1, 2, 4 or 8 bytes, little endian. */
  static long number(byte[] from, int offset, int bytes, boolean signed) {
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | from[offset + i] & 0xff;
    }
    int unused = Long.SIZE - bytes * Byte.SIZE;
    return signed && unused > 0 ? value << unused >> unused : value;
  }

  /** A 32-bit number in memory, or null. */
  @Nullable Integer word(long address) {
    try {
      return memory.readInt(address);
    } catch (UserFault fault) {
      return null;
    }
  }

  /** Text between quotes as C would write it. */
  static String quoted(byte[] bytes, int length) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < length; i++) {
      int b = bytes[i] & 0xff;
      switch (b) {
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        case '\r' -> text.append("\\r");
        case '"', '\\' -> text.append('\\').append((char) b);
        default -> {
          if (b >= ' ' && b < 0x7f) {
            text.append((char) b);
          } else {
            boolean digitFollows = i + 1 < length && bytes[i + 1] >= '0' && bytes[i + 1] <= '9';
            text.append(digitFollows ? "\\%03o".formatted(b) : "\\%o".formatted(b));
          }
        }
      }
    }
    return text.append('"').toString();
  }
}
