package dev.svc0.runtime.block;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.sched.Plug;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.trace.event.BlockTrace;
import org.jspecify.annotations.Nullable;

/**
 * The requests a thread holds back so that the bios that follow can join them. Used by its thread
 * only; it stays with the thread. <i>Linux:</i> {@code blk_plug}.
 */
@Traced(layer = Traced.Layer.BLOCK)
final class BlkPlug implements Plug {
  private static final int MAX_REQUESTS = 32;
  private static final int FLUSH_BYTES = 128 * 1024;

  private @Nullable Request first;
  private @Nullable Request last;
  private int count;
  private int depth;

  static BlkPlug ofCurrentThread() {
    ThreadState self = ThreadState.current();
    if (self.plug instanceof BlkPlug plug) {
      return plug;
    }
    BlkPlug plug = new BlkPlug();
    self.plug = plug;
    return plug;
  }

  void start() {
    depth++;
  }

  void finish() {
    if (depth == 1) {
      blkFlushPlug();
    }
    depth--;
  }

  @Override
  public void flush() {
    if (first != null) {
      blkFlushPlug();
    }
  }

  @Traced("__blk_flush_plug")
  private void blkFlushPlug() {
    blkMqFlushPlugList();
  }

  /** The newest request held back if it is for a queue, as a candidate for merging. */
  @Nullable Request newestFor(RequestQueue queue) {
    Request newest = last;
    return newest != null && newest.queue() == queue ? newest : null;
  }

  @Traced("blk_add_rq_to_plug")
  void add(Request request) {
    if (count >= MAX_REQUESTS || last != null && last.sizeBytes >= FLUSH_BYTES) {
      blkMqFlushPlugList();
    }
    if (last == null) {
      BlockTrace.blockPlug();
      first = request;
    } else {
      last.next = request;
    }
    last = request;
    count++;
  }

  /** Gives the requests to their queues, queue by queue, each in its order. */
  @Traced("blk_mq_flush_plug_list")
  private void blkMqFlushPlugList() {
    if (count > 0) {
      BlockTrace.blockUnplug(count);
    }
    Request list = first;
    first = null;
    last = null;
    count = 0;
    while (list != null) {
      list = list.queue().dispatchPlugged(list);
    }
  }
}
