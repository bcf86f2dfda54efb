package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.trace.BlockEvent;
import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TracePoint;
import dev.svc0.runtime.trace.event.BlockTrace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The block events of a capture in the binary format of blktrace, for {@code blkparse} and {@code
 * btt}: a file a device, {@code MAJOR,MINOR.blktrace.0}, all events as of one CPU in order of time.
 *
 * <p>The operation that caused a bio goes before it as a message, which {@code blkparse} prints.
 *
 * <p>A device without a request queue ends its bios by itself: there a bio's end is the completion.
 * <i>Source:</i> the kernel's include/uapi/linux/blktrace_api.h.
 */
public final class BlkTrace {
  private static final int MAGIC = 0x65617407;
  private static final int HEADER_BYTES = 48;

  private static final int READ = 1;
  private static final int WRITE = 1 << 1;
  private static final int FLUSH = 1 << 2;
  private static final int SYNC = 1 << 3;
  private static final int QUEUE = 1 << 4;
  private static final int ISSUE = 1 << 6;
  private static final int COMPLETE = 1 << 7;
  private static final int FS = 1 << 8;
  private static final int NOTIFY = 1 << 10;
  private static final int AHEAD = 1 << 11;
  private static final int META = 1 << 12;
  private static final int DISCARD = 1 << 13;
  private static final int FUA = 1 << 15;

  private static final int NOTIFY_PROCESS = 0;
  private static final int NOTIFY_TIMESTAMP = 1;
  private static final int NOTIFY_MESSAGE = 2;

  /** One event with the thread it happened on. */
  private record Happening(CallTree.Root thread, CallNode.Event event, BlockEvent block) {}

  private final OutputStream out;
  private final int device;
  private final long origin;
  private final Set<Integer> named = new HashSet<>();
  private int sequence;

  private BlkTrace(OutputStream out, int device, long origin) {
    this.out = out;
    this.device = device;
    this.origin = origin;
  }

  /** Writes one file for each device into a folder; the files. */
  public static List<Path> write(TraceCapture capture, Path folder) throws IOException {
    Map<Integer, List<Happening>> devices = new TreeMap<>();
    for (CallTree.Root root : CallTree.roots(capture)) {
      collect(root, root.node(), devices);
    }
    long origin =
        devices.values().stream()
            .flatMap(List::stream)
            .mapToLong(one -> one.event.time())
            .min()
            .orElse(0);
    List<Path> files = new ArrayList<>();
    for (Map.Entry<Integer, List<Happening>> entry : devices.entrySet()) {
      int device = entry.getKey();
      Path file = folder.resolve((device >>> 20) + "," + (device & 0xfffff) + ".blktrace.0");
      try (OutputStream out = Files.newOutputStream(file)) {
        new BlkTrace(out, device, origin).device(capture, entry.getValue());
      }
      files.add(file);
    }
    return files;
  }

  private static void collect(
      CallTree.Root root, CallNode node, Map<Integer, List<Happening>> devices) {
    switch (node) {
      case Call call -> call.children().forEach(child -> collect(root, child, devices));
      case CallNode.Event event -> {
        BlockEvent block = BlockEvent.of(event);
        if (BlockEvent.is(event) && block.major() != 0) {
          devices
              .computeIfAbsent(block.major() << 20 | block.minor(), d -> new ArrayList<>())
              .add(new Happening(root, event, block));
        }
      }
      case CallNode.Gap gap -> {}
    }
  }

  private void device(TraceCapture capture, List<Happening> happenings) throws IOException {
    happenings.sort(Comparator.comparingLong(one -> one.event.time()));
    ByteBuffer started = little(8);
    started.putInt((int) (capture.startedMillis() / 1000));
    started.putInt((int) (capture.startedMillis() % 1000) * 1_000_000);
    notice(origin, NOTIFY_TIMESTAMP, 0, started.array());
    message(origin, 0, "svc0: " + capture.verdict());
    boolean hasQueue =
        happenings.stream().anyMatch(one -> one.event.point() == BlockTrace.BLOCK_RQ_ISSUE);
    for (Happening one : happenings) {
      name(one);
      event(one, hasQueue);
    }
  }

  /** Says the name of a process before its first event. */
  private void name(Happening one) throws IOException {
    if (named.add(one.thread.tid())) {
      byte[] comm = new byte[16];
      byte[] name = one.thread.comm().getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(name, 0, comm, 0, Math.min(15, name.length));
      notice(one.event.time(), NOTIFY_PROCESS, one.thread.tid(), comm);
    }
  }

  private void event(Happening one, boolean hasQueue) throws IOException {
    int action = action(one.event.point(), hasQueue);
    if (action == 0) {
      return;
    }
    if (one.event.point() == BlockTrace.BLOCK_BIO_QUEUE && one.event.operation() != 0) {
      message(one.event.time(), one.thread.tid(), cause(one));
    }
    BlockEvent block = one.block;
    record(
        one.event.time(),
        block.sector(),
        (int) block.bytes(),
        action | (category(block) | FS) << 16,
        one.thread.tid(),
        -block.errno(),
        new byte[0]);
  }

  /** Act and category; 0 for what blktrace does not know. */
  private static int action(TracePoint point, boolean hasQueue) {
    return switch (point.pointName()) {
      case "block_bio_queue" -> 1 | QUEUE << 16;
      case "block_bio_backmerge" -> 2 | QUEUE << 16;
      case "block_bio_frontmerge" -> 3 | QUEUE << 16;
      case "block_getrq" -> 4 | QUEUE << 16;
      case "block_rq_insert" -> 12 | QUEUE << 16;
      case "block_rq_issue" -> 7 | ISSUE << 16;
      case "block_rq_complete" -> 8 | COMPLETE << 16;
      case "block_bio_complete" -> hasQueue ? 0 : 8 | COMPLETE << 16;
      default -> 0;
    };
  }

  private static String cause(Happening one) {
    long last = one.block.lastOperation();
    return "op "
        + one.event.operation()
        + (last == 0 || last == one.event.operation() ? "" : ", last written by op " + last);
  }

  private static int category(BlockEvent block) {
    int bits = block.isWrite() ? WRITE : READ;
    bits |= block.has(BlockEvent.PREFLUSH) || block.operationCode() == 2 ? FLUSH : 0;
    bits |= block.has(BlockEvent.SYNC) ? SYNC : 0;
    bits |= block.has(BlockEvent.META) ? META : 0;
    bits |= block.has(BlockEvent.FUA) ? FUA : 0;
    bits |= block.has(BlockEvent.RAHEAD) ? AHEAD : 0;
    return bits | (block.operationCode() == 3 ? DISCARD : 0);
  }

  private void message(long time, int pid, String text) throws IOException {
    notice(time, NOTIFY_MESSAGE, pid, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void notice(long time, int what, int pid, byte[] content) throws IOException {
    record(time, 0, 0, what | NOTIFY << 16, pid, 0, content);
  }

  private void record(
      long time, long sector, int bytes, int action, int pid, int error, byte[] content)
      throws IOException {
    ByteBuffer header = little(HEADER_BYTES);
    header.putInt(MAGIC).putInt(++sequence).putLong(time - origin).putLong(sector);
    header.putInt(bytes).putInt(action).putInt(pid).putInt(device).putInt(0);
    header.putShort((short) error).putShort((short) content.length);
    out.write(header.array());
    out.write(content);
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
