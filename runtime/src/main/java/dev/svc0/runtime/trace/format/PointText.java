package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.trace.BlockEvent;
import dev.svc0.runtime.trace.CallNode;

/** Points as the kernel's trace prints them. */
final class PointText {
  private PointText() {}

  /** For example {@code block_bio_queue: 7,0 WS 128 + 8}. */
  static String of(CallNode.Event event) {
    BlockEvent block = BlockEvent.of(event);
    String text =
        event.point().pointName()
            + ": "
            + block.major()
            + ','
            + block.minor()
            + ' '
            + block.rwbs()
            + ' '
            + block.sector()
            + " + "
            + block.sectors();
    return switch (event.point()) {
      case BLOCK_RQ_COMPLETE, BLOCK_BIO_COMPLETE -> text + " [" + -block.errno() + "]";
      default -> text;
    };
  }
}
