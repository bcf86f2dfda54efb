package dev.svc0.runtime.trace.format;

import dev.svc0.annotation.Tracepoint;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.trace.BlockEvent;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.TraceField;
import java.util.Locale;

/** Points as the kernel's trace prints them. */
final class PointText {
  private PointText() {}

  /** For example {@code block_bio_queue: 7,0 WS 128 + 8}. */
  static String of(CallNode.Event event) {
    return event.point().pointName() + ": " + fields(event);
  }

  /** The fields alone. */
  static String fields(CallNode.Event event) {
    return BlockEvent.is(event) ? block(event) : plain(event);
  }

  private static String block(CallNode.Event event) {
    BlockEvent block = BlockEvent.of(event);
    String text =
        block.major()
            + ","
            + block.minor()
            + ' '
            + block.rwbs()
            + ' '
            + block.sector()
            + " + "
            + block.sectors();
    return event.point().field("error") == null ? text : text + " [" + -block.errno() + "]";
  }

  private static String plain(CallNode.Event event) {
    StringBuilder text = new StringBuilder();
    for (TraceField field : event.point().fields()) {
      text.append(text.isEmpty() ? "" : " ").append(field.name()).append(' ');
      text.append(value(event, field));
    }
    return text.toString();
  }

  /** A field as its definition says. */
  static String value(CallNode.Event event, TraceField field) {
    return field.kind() == TraceField.Kind.TEXT
        ? event.text(field)
        : number(field.show(), event.value(field));
  }

  private static String number(Tracepoint.Show show, long value) {
    return switch (show) {
      case DECIMAL -> Long.toString(value);
      case UNSIGNED -> Long.toUnsignedString(value);
      case HEX -> "0x" + Long.toHexString(value);
      case OCTAL -> "0" + Long.toOctalString(value);
      case DEVICE -> (value >>> 20) + "," + (value & 0xfffff);
      case RWBS -> new BlockEvent(0, 0, (int) value, 0, 0, 0, 0, 0).rwbs();
      case RESULT ->
          value < 0 && value >= -4095
              ? String.format(Locale.ROOT, "%d %s", value, Errno.nameOf((int) -value))
              : Long.toString(value);
    };
  }
}
