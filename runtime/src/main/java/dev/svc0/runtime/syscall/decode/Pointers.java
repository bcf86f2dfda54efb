package dev.svc0.runtime.syscall.decode;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What user pointers lead to; null when it cannot be read or there is no layout. */
final class Pointers {
  static final String IOVEC = "struct iovec";
  static final String DIRENT = "struct linux_dirent64";

  private static final int MAX_ELEMENTS = 16;
  private static final int MAX_STRUCT = 4096;
  private static final int IOVEC_BYTES = 16;
  private static final int DIRENT_RECLEN = 16;
  private static final int DIRENT_TYPE = 18;
  private static final int DIRENT_NAME = 19;
  private static final int WAIT_SIGNAL = 0x7f;
  private static final int WAIT_CORE = 0x80;
  private static final int WAIT_CONTINUED = 0xffff;

  private final Bytes memory;
  private final int limit;

  Pointers(Bytes memory, int limit) {
    this.memory = memory;
    this.limit = limit;
  }

  /**
   * A buffer: text up to the limit, or numbers.
   *
   * @param width of each number in bytes; 0 for text
   */
  @Nullable String bytes(long address, long length, int width) {
    boolean all = Long.compareUnsigned(length, limit) <= 0;
    byte[] read = memory.upTo(address, all ? (int) length : limit);
    if (read.length == 0 && length != 0) {
      return null;
    }
    if (width != 0 && length % width == 0) {
      return numbers(read, width, all);
    }
    return Bytes.quoted(read, read.length) + (all ? "" : "...");
  }

  private static String numbers(byte[] read, int width, boolean all) {
    List<String> numbers = new ArrayList<>();
    for (int at = 0; at + width <= read.length; at += width) {
      numbers.add(Long.toString(Bytes.number(read, at, width, true)));
    }
    return list(numbers, !all);
  }

  private static String list(List<String> shown, boolean more) {
    return "[" + String.join(", ", shown) + (more ? ", ..." : "") + "]";
  }

  /** A set of signals. */
  @Nullable String signals(long address) {
    byte[] read = memory.all(address, Long.BYTES);
    return read == null ? null : Constants.signalSet(Bytes.number(read, 0, Long.BYTES, false));
  }

  /** What wait4 says about a child, in the terms of the C library's macros. */
  @Nullable String waitStatus(long address) {
    Integer status = memory.word(address);
    if (status == null) {
      return null;
    }
    int signal = status & WAIT_SIGNAL;
    int high = status >> Byte.SIZE & 0xff;
    if (status == WAIT_CONTINUED) {
      return "[{WIFCONTINUED(s)}]";
    }
    if (signal == 0) {
      return "[{WIFEXITED(s) && WEXITSTATUS(s) == " + high + "}]";
    }
    if (signal == WAIT_SIGNAL) {
      return "[{WIFSTOPPED(s) && WSTOPSIG(s) == " + Constants.signal(high) + "}]";
    }
    String core = (status & WAIT_CORE) != 0 ? " && WCOREDUMP(s)" : "";
    return "[{WIFSIGNALED(s) && WTERMSIG(s) == " + Constants.signal(signal) + core + "}]";
  }

  /** An array of strings that ends in a null pointer, such as argv. */
  @Nullable String strings(long address) {
    List<String> shown = new ArrayList<>();
    for (int i = 0; i <= MAX_ELEMENTS; i++) {
      byte[] pointer = memory.all(address + (long) i * Long.BYTES, Long.BYTES);
      if (pointer == null) {
        return null;
      }
      long at = Bytes.number(pointer, 0, Long.BYTES, false);
      if (at == 0) {
        return list(shown, false);
      }
      if (i < MAX_ELEMENTS) {
        String text = memory.string(at, limit);
        shown.add(text == null ? ArgumentDecoder.address(at) : text);
      }
    }
    return list(shown, true);
  }

  /** One struct, or an array of them. */
  @Nullable String structs(String name, long address, long count, boolean array) {
    Names.Struct struct = Names.get().struct(name);
    if (struct == null || struct.bytes() == 0 || struct.bytes() > MAX_STRUCT || count < 0) {
      return null;
    }
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < Math.min(count, MAX_ELEMENTS); i++) {
      byte[] bytes = memory.all(address + (long) i * struct.bytes(), struct.bytes());
      if (bytes == null) {
        return null;
      }
      shown.add(
          struct.fields().size() == 1 && struct.bytes() == Long.BYTES
              ? "0x" + Long.toHexString(Bytes.number(bytes, 0, Long.BYTES, false))
              : Structs.show(struct, bytes, 0));
    }
    return array ? list(shown, count > MAX_ELEMENTS) : shown.getFirst();
  }

  /** The buffers of a vector, with no more data than there is. */
  @Nullable String vector(long address, long count, long data) {
    if (count < 0) {
      return null;
    }
    List<String> shown = new ArrayList<>();
    long left = data;
    for (int i = 0; i < Math.min(count, MAX_ELEMENTS); i++) {
      byte[] bytes = memory.all(address + (long) i * IOVEC_BYTES, IOVEC_BYTES);
      if (bytes == null) {
        return null;
      }
      long base = Bytes.number(bytes, 0, Long.BYTES, false);
      long length = Bytes.number(bytes, Long.BYTES, Long.BYTES, false);
      String text = bytes(base, Math.max(0, Math.min(length, left)), 0);
      left -= Math.min(length, left);
      shown.add(
          "{iov_base="
              + (text == null || length == 0 ? ArgumentDecoder.address(base) : text)
              + ", iov_len="
              + Long.toUnsignedString(length)
              + "}");
    }
    return list(shown, count > MAX_ELEMENTS);
  }

  /** Directory entries, which are as long as each of them says. */
  @Nullable String entries(long address, long length) {
    if (length < 0 || length > Integer.MAX_VALUE) {
      return null;
    }
    List<String> shown = new ArrayList<>();
    long at = 0;
    while (at < length && shown.size() < MAX_ELEMENTS) {
      byte[] head = memory.all(address + at, DIRENT_NAME);
      if (head == null) {
        return null;
      }
      long bytes = Bytes.number(head, DIRENT_RECLEN, Short.BYTES, false);
      String name = memory.string(address + at + DIRENT_NAME, limit);
      String type = Constants.of("dirent_type").single(head[DIRENT_TYPE]);
      shown.add("{d_name=" + (name == null ? "?" : name) + ", d_type=" + type + "}");
      if (bytes < DIRENT_NAME) {
        return null;
      }
      at += bytes;
    }
    return list(shown, at < length);
  }
}
