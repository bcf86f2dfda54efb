package dev.svc0.fs.procfs;

import static dev.svc0.fs.procfs.SysRoot.folder;
import static dev.svc0.fs.procfs.SysRoot.number;
import static dev.svc0.fs.procfs.SysRoot.text;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.block.RequestQueue;
import java.util.Arrays;
import java.util.Map;

/**
 * A disk in /sys. Writable: {@code queue/scheduler}, which takes {@code none} (first in, first out)
 * or {@code mq-deadline}. <i>Linux:</i> block/genhd.c, block/blk-sysfs.c.
 */
final class SysBlock {
  private static final ProcNode.Entry[] NONE = {};

  private SysBlock() {}

  static ProcNode of(BlockDevice disk) {
    Map<String, String> own = disk.queue().driver().attributes();
    if (own.isEmpty()) {
      return folder(common(disk));
    }
    ProcNode.Entry[] common = common(disk);
    ProcNode.Entry[] all = Arrays.copyOf(common, common.length + 1);
    all[common.length] = folder(disk.queue().driver().attributeFolder(), lines(own));
    return folder(all);
  }

  private static ProcNode.Entry[] lines(Map<String, String> attributes) {
    return attributes.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(one -> text(one.getKey(), () -> one.getValue() + "\n"))
        .toArray(ProcNode.Entry[]::new);
  }

  private static ProcNode.Entry[] common(BlockDevice disk) {
    return new ProcNode.Entry[] {
      text("alignment_offset", () -> "0\n"),
      text("capability", () -> "0\n"),
      text("dev", () -> disk.major() + ":" + disk.minor() + "\n"),
      text("discard_alignment", () -> "0\n"),
      number("diskseq", disk::sequence),
      text("ext_range", () -> "256\n"),
      text("hidden", () -> "0\n"),
      folder("holders", NONE),
      text("inflight", () -> String.format("%8d %8d%n", 0, disk.stats().inFlight.get())),
      mq(disk.queue()),
      queue(disk),
      text("range", () -> "1\n"),
      text("removable", () -> "0\n"),
      text("ro", () -> disk.isReadOnly() ? "1\n" : "0\n"),
      number("size", disk::sectors),
      folder("slaves", NONE),
      text("stat", () -> disk.stats().columns() + "\n"),
      text("uevent", () -> uevent(disk))
    };
  }

  private static String uevent(BlockDevice disk) {
    return "MAJOR="
        + disk.major()
        + "\nMINOR="
        + disk.minor()
        + "\nDEVNAME="
        + disk.name()
        + "\nDEVTYPE=disk\nDISKSEQ="
        + disk.sequence()
        + "\n";
  }

  /** A folder for each hardware queue. */
  private static ProcNode.Entry mq(RequestQueue queue) {
    int queues = queue.driver().isBioBased() ? 0 : queue.hardwareQueues();
    ProcNode.Entry[] folders = new ProcNode.Entry[queues];
    for (int i = 0; i < folders.length; i++) {
      folders[i] =
          folder(
              String.valueOf(i),
              number("nr_reserved_tags", () -> 0),
              number("nr_tags", () -> queue.limits().queueDepth()));
    }
    return folder("mq", folders);
  }

  private static ProcNode.Entry queue(BlockDevice disk) {
    RequestQueue queue = disk.queue();
    DiskLimits limits = queue.limits();
    int mostAtOnce = limits.maxBytes() >>> 10;
    return folder(
        "queue",
        text("add_random", () -> "0\n"),
        text("dax", () -> "0\n"),
        number("discard_granularity", () -> limits.discard() ? limits.physicalBlockBytes() : 0),
        number("discard_max_bytes", () -> limits.discard() ? 0xfffffe00L : 0L),
        text("discard_zeroes_data", () -> "0\n"),
        text("fua", () -> limits.fua() ? "1\n" : "0\n"),
        number("hw_sector_size", limits::logicalBlockBytes),
        text("io_poll", () -> "0\n"),
        text("iostats", () -> "1\n"),
        number("io_timeout", () -> queue.timeoutNanos() / 1_000_000),
        number("logical_block_size", limits::logicalBlockBytes),
        number("max_hw_sectors_kb", () -> mostAtOnce),
        number("max_sectors_kb", () -> mostAtOnce),
        number("max_segments", limits::maxSegments),
        number("minimum_io_size", limits::physicalBlockBytes),
        text("nomerges", () -> "0\n"),
        number("nr_requests", limits::queueDepth),
        text("optimal_io_size", () -> "0\n"),
        number("physical_block_size", limits::physicalBlockBytes),
        readAhead(disk),
        text("rotational", () -> "0\n"),
        scheduler(queue),
        text("stable_writes", () -> "0\n"),
        text("write_cache", () -> limits.writeCache() ? "write back\n" : "write through\n"),
        number("write_zeroes_max_bytes", () -> limits.writeZeroes() ? 0xfffffe00L : 0L),
        text("zoned", () -> "none\n"));
  }

  private static ProcNode.Entry readAhead(BlockDevice disk) {
    return new ProcNode.Entry(
        "read_ahead_kb",
        new ProcNode.Text(
            ProcNode.Common.ofRoot(0644),
            caller -> disk.readaheadPages() * 4 + "\n",
            (text, caller) -> setReadAhead(disk, text.strip())));
  }

  private static long setReadAhead(BlockDevice disk, String kibibytes) {
    try {
      disk.setReadaheadPages((int) Math.min(Integer.parseUnsignedInt(kibibytes) >>> 2, 1 << 20));
      return 0;
    } catch (NumberFormatException e) {
      return -Errno.EINVAL;
    }
  }

  private static ProcNode.Entry scheduler(RequestQueue queue) {
    return new ProcNode.Entry(
        "scheduler",
        new ProcNode.Text(
            ProcNode.Common.ofRoot(0644),
            caller -> schedulers(queue),
            (text, caller) -> queue.setScheduler(text.strip())));
  }

  private static String schedulers(RequestQueue queue) {
    if (queue.driver().isBioBased()) {
      return "none\n";
    }
    return queue.schedulerName().equals("none") ? "[none] mq-deadline\n" : "none [mq-deadline]\n";
  }
}
