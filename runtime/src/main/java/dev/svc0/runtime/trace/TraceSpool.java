package dev.svc0.runtime.trace;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file that takes the full chunks of all rings while they are written, so that a recording may be
 * longer than the memory that it has. One thread moves them; a ring takes a chunk again when it is
 * in the file. When the disk is too slow records are dropped, and counted as always.
 *
 * <p>The file has no name once it is open: it goes with the capture that reads it.
 */
final class TraceSpool {
  private static final int CHUNK_BYTES = TraceRing.CHUNK_BYTES;
  private static final long IDLE_MILLIS = 2;

  private final FileChannel file;
  private final List<TraceRing> rings = new ArrayList<>();

  /** Where the chunks of each ring are, in the order of the ring, as numbers of chunks. */
  private final Map<TraceRing, List<Integer>> places = new HashMap<>();

  private final Thread writer;
  private volatile boolean ending;
  private int chunks;
  private volatile @Nullable IOException failure;

  private TraceSpool(FileChannel file) {
    this.file = file;
    // No thread of the kernel: the tracer does not trace itself.
    writer = Thread.ofPlatform().daemon().name("svc0-trace-spool").unstarted(this::run);
  }

  /** Opens a file in a folder and begins. */
  static TraceSpool in(Path folder) {
    try {
      Path path = Files.createTempFile(folder, "svc0-trace", ".records");
      FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      Files.delete(path);
      TraceSpool spool = new TraceSpool(file);
      spool.writer.start();
      return spool;
    } catch (IOException e) {
      throw new IllegalStateException("records cannot be kept in " + folder + ": " + e, e);
    }
  }

  /** A ring whose chunks are moved from now on. */
  synchronized void add(TraceRing ring) {
    rings.add(ring);
  }

  private synchronized List<TraceRing> rings() {
    return List.copyOf(rings);
  }

  private void run() {
    while (true) {
      boolean last = ending;
      boolean some = false;
      for (TraceRing ring : rings()) {
        some |= move(ring);
      }
      if (!some) {
        if (last) {
          return;
        }
        try {
          Thread.sleep(IDLE_MILLIS);
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }

  private boolean move(TraceRing ring) {
    boolean some = false;
    while (failure == null) {
      MemorySegment chunk = ring.nextFullChunk();
      if (chunk == null) {
        return some;
      }
      try {
        write(chunk.asSlice(0, CHUNK_BYTES).asByteBuffer());
      } catch (IOException e) {
        failure = e; // the rings fill up, and what finds no room is counted
        return some;
      }
      synchronized (this) {
        places.computeIfAbsent(ring, r -> new ArrayList<>()).add(chunks++);
      }
      ring.movedChunk();
      some = true;
    }
    return some;
  }

  private void write(ByteBuffer bytes) throws IOException {
    long at = (long) chunks * CHUNK_BYTES;
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
  }

  /** Moves what is full and ends. */
  void end() {
    ending = true;
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the file has of a ring: its chunks, in order, as long as anybody reads them. */
  synchronized List<MemorySegment> chunksOf(TraceRing ring) {
    List<MemorySegment> found = new ArrayList<>();
    try {
      MemorySegment all =
          file.map(FileChannel.MapMode.READ_ONLY, 0, (long) chunks * CHUNK_BYTES, Arena.ofAuto());
      for (int place : places.getOrDefault(ring, List.of())) {
        found.add(all.asSlice((long) place * CHUNK_BYTES, CHUNK_BYTES));
      }
      return found;
    } catch (IOException e) {
      throw new IllegalStateException("records cannot be read again: " + e, e);
    }
  }

  /** Closes the file; mappings of it stay. */
  void close() {
    try {
      file.close();
    } catch (IOException e) {
      // What was written has been mapped already.
    }
  }

  /** Why records could not be written, or null. */
  @Nullable String failure() {
    IOException e = failure;
    return e == null ? null : "records could not be written: " + e;
  }
}
