package dev.svc0.samples.heatdisk;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockDriver;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.block.Request;
import dev.svc0.runtime.mm.HostMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One disk. Requests are done by a thread of its own, because {@link #queueRequest} must not wait;
 * that thread alone touches the counts.
 */
@Traced(layer = Traced.Layer.DRIVER)
final class HeatDisk implements BlockDriver {
  private static final int SECTOR_SHIFT = 9;
  private static final int PART_SHIFT = 18; // 256 KiB

  private final FileChannel file;
  private final Path map;
  private final Map<Long, long[]> readsAndWrites = new TreeMap<>();
  private final ExecutorService worker = Executors.newSingleThreadExecutor();

  HeatDisk(FileChannel file, Path map) {
    this.file = file;
    this.map = map;
  }

  @Override
  @Traced("heat_queue_rq")
  public void queueRequest(Request request, boolean last) {
    request.start();
    worker.execute(() -> request.complete(status(request)));
  }

  @Traced("heat_do_rq")
  private long status(Request request) {
    try {
      return switch (ReqOp.op(request.opf)) {
        case ReqOp.READ, ReqOp.WRITE -> transfer(request);
        case ReqOp.FLUSH -> flush();
        default -> -Errno.EOPNOTSUPP;
      };
    } catch (IOException e) {
      return -Errno.EIO;
    }
  }

  private long flush() throws IOException {
    file.force(false);
    return 0;
  }

  private long transfer(Request request) throws IOException {
    boolean write = ReqOp.isWrite(request.opf);
    long at = request.sector << SECTOR_SHIFT;
    for (Bio bio = request.firstBio(); bio != null; bio = Request.nextBio(bio)) {
      for (int i = 0; i < bio.segments(); i++) {
        ByteBuffer memory =
            HostMemory.segment(bio.segmentAddress(i), bio.segmentLength(i)).asByteBuffer();
        readsAndWrites.computeIfAbsent(at >>> PART_SHIFT, part -> new long[2])[write ? 1 : 0]++;
        while (memory.hasRemaining()) {
          int moved = write ? file.write(memory, at) : file.read(memory, at);
          if (moved < 0) {
            return -Errno.EIO;
          }
          at += moved;
        }
      }
    }
    return 0;
  }

  @Override
  public void close() {
    worker.close(); // waits for what it has to do
    StringBuilder text = new StringBuilder("# at KiB, reads, writes\n");
    readsAndWrites.forEach((part, counts) ->
        text.append((part << PART_SHIFT) / 1024 + " " + counts[0] + " " + counts[1] + "\n"));
    try {
      file.close();
      Files.writeString(map, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
