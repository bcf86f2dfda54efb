package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.trace.BlockEvent;
import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.event.BlockTrace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bio from its entry into the block layer to its end.
 *
 * @param thread that submitted it
 * @param queued its entry
 * @param ender thread that ended it, or null when it had not ended
 * @param ended its end, or null
 */
record BioSpan(
    CallTree.Root thread,
    CallNode.Event queued,
    CallTree.@Nullable Root ender,
    CallNode.@Nullable Event ended) {

  private record Point(CallTree.Root thread, CallNode.Event event) {}

  /** Decoded. */
  BlockEvent block() {
    return BlockEvent.of(queued);
  }

  /** The bios of a capture, in the order in which they ended, then those that did not. */
  static List<BioSpan> of(List<CallTree.Root> roots) {
    List<Point> points = new ArrayList<>();
    roots.forEach(root -> collect(root, root.node(), points));
    points.sort(Comparator.comparingLong(point -> point.event.time()));
    Map<Long, Point> open = new HashMap<>();
    List<BioSpan> spans = new ArrayList<>();
    for (Point point : points) {
      long identity = point.event.value("id");
      if (point.event.point() == BlockTrace.BLOCK_BIO_QUEUE) {
        open.put(identity, point);
      } else if (point.event.point() == BlockTrace.BLOCK_BIO_COMPLETE) {
        Point queued = open.remove(identity);
        if (queued != null) {
          spans.add(new BioSpan(queued.thread, queued.event, point.thread, point.event));
        }
      }
    }
    open.values().forEach(point -> spans.add(new BioSpan(point.thread, point.event, null, null)));
    return spans;
  }

  private static void collect(CallTree.Root root, CallNode node, List<Point> points) {
    switch (node) {
      case Call call -> call.children().forEach(child -> collect(root, child, points));
      case CallNode.Event event -> points.add(new Point(root, event));
      case CallNode.Gap gap -> {}
    }
  }

  /** For example {@code W 128 + 8}. */
  String text() {
    BlockEvent block = block();
    return block.rwbs() + ' ' + block.sector() + " + " + block.sectors();
  }

  /** For example {@code 7,0}. */
  String device() {
    return block().major() + "," + block().minor();
  }
}
