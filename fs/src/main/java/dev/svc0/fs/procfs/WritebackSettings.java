package dev.svc0.fs.procfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.pagecache.Writeback;
import dev.svc0.runtime.vfs.Vfs;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * When dirty pages are written, and how clean ones are given up, in /proc/sys/vm. Shares are of the
 * page cache, which has a memory of its own. <i>Linux:</i> mm/page-writeback.c, fs/drop_caches.c.
 */
final class WritebackSettings {
  private static final long NANOS_PER_CENTISECOND = 10_000_000;
  private static final int DROP_PAGES = 1;
  private static final int DROP_QUIETLY = 4;

  private final Writeback writeback;
  private final FrameAllocator frames;

  WritebackSettings(Vfs vfs) {
    writeback = vfs.writeback();
    frames = vfs.frames();
  }

  private static ProcNode.Entry setting(
      String name, long most, LongSupplier now, LongConsumer change) {
    return new ProcNode.Entry(
        name,
        new ProcNode.Text(
            ProcNode.Common.ofRoot(0644),
            caller -> now.getAsLong() + "\n",
            (text, caller) -> {
              try {
                long value = Long.parseLong(text.strip());
                if (value < 0 || value > most) {
                  return -Errno.EINVAL;
                }
                change.accept(value);
                return 0;
              } catch (NumberFormatException e) {
                return -Errno.EINVAL;
              }
            }));
  }

  private long percent(long pages) {
    return Math.round(100.0 * pages / frames.limitPages());
  }

  private long pages(long percent) {
    return Math.max(frames.limitPages() * percent / 100, 1);
  }

  ProcNode.Entry background() {
    return setting(
        "dirty_background_ratio",
        100,
        () -> percent(writeback.backgroundLimit(frames)),
        percent -> writeback.setDirtyLimits(pages(percent), writeback.hardLimit(frames)));
  }

  ProcNode.Entry ratio() {
    return setting(
        "dirty_ratio",
        100,
        () -> percent(writeback.hardLimit(frames)),
        percent -> writeback.setDirtyLimits(writeback.backgroundLimit(frames), pages(percent)));
  }

  ProcNode.Entry expire() {
    return setting(
        "dirty_expire_centisecs",
        Integer.MAX_VALUE,
        () -> writeback.expireNanos() / NANOS_PER_CENTISECOND,
        value -> writeback.setAges(value * NANOS_PER_CENTISECOND, writeback.intervalNanos()));
  }

  ProcNode.Entry interval() {
    return setting(
        "dirty_writeback_centisecs",
        Integer.MAX_VALUE,
        () -> writeback.intervalNanos() / NANOS_PER_CENTISECOND,
        value -> writeback.setAges(writeback.expireNanos(), value * NANOS_PER_CENTISECOND));
  }

  /** 1 drops clean pages; 2, names, which are bounded anyway; 3 both; 4 no message. */
  ProcNode.Entry dropCaches() {
    return new ProcNode.Entry(
        "drop_caches",
        new ProcNode.Text(
            ProcNode.Common.ofRoot(0200),
            caller -> "0\n",
            (text, caller) -> {
              int what;
              try {
                what = Integer.parseInt(text.strip());
              } catch (NumberFormatException e) {
                return -Errno.EINVAL;
              }
              if (what < DROP_PAGES || what > DROP_QUIETLY) {
                return -Errno.EINVAL;
              }
              if ((what & DROP_PAGES) != 0) {
                writeback.dropClean(frames);
              }
              return 0;
            }));
  }
}
