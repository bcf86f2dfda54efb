package dev.svc0.fs.logwrites;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Where a log of writes goes. Called by one thread at a time. */
public interface WriteLog {
  int FLUSH = 1;
  int FUA = 2;
  int DISCARD = 4;
  int MARK = 8;
  int METADATA = 16;

  /**
   * One write.
   *
   * @param sector first sector of 512 bytes
   * @param bytes size of the range
   * @param flags FLUSH: the cache was emptied before it; FUA; DISCARD; MARK: no write, the data is
   *     a name
   * @param data what was written; empty for a discard
   * @param operation the operation that caused it
   * @param began when it was submitted, in steps of the layer that logs; 0 where that is not known
   * @param ended when it was complete, in the same steps
   */
  record Entry(
      long sector, int bytes, int flags, byte[] data, long operation, long began, long ended) {
    /** One of which nobody knows when it happened. */
    public Entry(long sector, int bytes, int flags, byte[] data, long operation) {
      this(sector, bytes, flags, data, operation, 0, 0);
    }

    /** The same, complete. */
    Entry endedAt(long step) {
      return new Entry(sector, bytes, flags, data, operation, began, step);
    }

    /** Whether it is no write, but a name in the log. */
    public boolean isMark() {
      return (flags & MARK) != 0;
    }

    /** Whether everything before it is on stable storage once it is. */
    public boolean isFlush() {
      return (flags & FLUSH) != 0;
    }
  }

  /** Takes an entry. */
  void append(Entry entry) throws IOException;

  /** No more entries. */
  void close() throws IOException;

  /** A log in memory. */
  final class InMemory implements WriteLog {
    private final List<Entry> entries = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void append(Entry entry) {
      entries.add(entry);
    }

    @Override
    public void close() {}

    /** What is in it now. */
    public List<Entry> entries() {
      synchronized (entries) {
        return List.copyOf(entries);
      }
    }

    /** Applies the first entries to an image. */
    public static void replay(List<Entry> entries, int count, byte[] image) {
      for (Entry entry : entries.subList(0, count)) {
        apply(entry, image);
      }
    }

    /** Applies one entry to an image; a discard makes zeroes. */
    public static void apply(Entry entry, byte[] image) {
      int at = (int) (entry.sector() << 9);
      if ((entry.flags() & DISCARD) != 0) {
        Arrays.fill(image, at, at + entry.bytes(), (byte) 0);
      } else if ((entry.flags() & MARK) == 0) {
        System.arraycopy(entry.data(), 0, image, at, entry.bytes());
      }
    }
  }
}
