package dev.svc0.fs.logwrites;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.BlockDriver;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.block.ReqOp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The layer that logs. The monitor protects the list of what is complete but not flushed. */
@Traced(layer = Traced.Layer.DRIVER)
public final class LogWrites implements BlockDriver {
  private static final byte[] NOTHING = new byte[0];

  private final BlockDevice below;
  private final WriteLog log;
  private List<WriteLog.Entry> unflushed = new ArrayList<>();

  /** Counts submissions, completions and marks: the time of the log. */
  private long step;

  private LogWrites(BlockDevice below, WriteLog log) {
    this.below = below;
    this.log = log;
  }

  /**
   * Lays one over a disk. It says it has a volatile cache even when the disk below has none, so
   * that flushes reach it.
   */
  public static BlockDevice over(BlockDevices devices, BlockDevice below, WriteLog log) {
    DiskLimits under = below.queue().limits();
    DiskLimits limits =
        new DiskLimits(
            under.logicalBlockBytes(),
            under.physicalBlockBytes(),
            under.maxBytes(),
            under.maxSegments(),
            under.queueDepth(),
            true,
            true,
            under.discard(),
            false);
    return devices.add("dm-", 253, below.sectors(), limits, new LogWrites(below, log));
  }

  @Override
  public boolean isBioBased() {
    return true;
  }

  @Override
  @Traced("log_writes_map")
  public void submitBio(Bio bio) {
    if (!ReqOp.isWrite(bio.opf)) {
      BlockCore.submitBioNoacct(bio.cloneFor(below));
      return;
    }
    WriteLog.Entry entry = entryOf(bio, nextStep());
    List<WriteLog.Entry> before = entry.isFlush() ? takeUnflushed() : List.of();
    Bio copy = bio.cloneFor(below);
    copy.endIo =
        done -> {
          if (done.status == 0) {
            normalEndIo(entry, before);
          }
          bio.end(done.status);
        };
    BlockCore.submitBioNoacct(copy);
  }

  private synchronized long nextStep() {
    return ++step;
  }

  private static WriteLog.Entry entryOf(Bio bio, long began) {
    int flags = (bio.opf & ReqOp.PREFLUSH) != 0 ? WriteLog.FLUSH : 0;
    flags |= (bio.opf & ReqOp.FUA) != 0 ? WriteLog.FUA : 0;
    flags |= (bio.opf & ReqOp.META) != 0 ? WriteLog.METADATA : 0;
    flags |= ReqOp.op(bio.opf) == ReqOp.DISCARD ? WriteLog.DISCARD : 0;
    byte[] data = NOTHING;
    if (bio.segments() > 0) {
      data = new byte[bio.sizeBytes];
      bio.copyTo(data);
    }
    return new WriteLog.Entry(bio.sector, bio.sizeBytes, flags, data, bio.operationId, began, 0);
  }

  /** What was complete when a flush was asked for: that flush makes it stable. */
  private synchronized List<WriteLog.Entry> takeUnflushed() {
    List<WriteLog.Entry> taken = unflushed;
    unflushed = new ArrayList<>();
    return taken;
  }

  @Traced("normal_end_io")
  private synchronized void normalEndIo(WriteLog.Entry begun, List<WriteLog.Entry> before) {
    WriteLog.Entry entry = begun.endedAt(++step);
    for (WriteLog.Entry earlier : before) {
      append(earlier);
    }
    if ((entry.flags() & (WriteLog.FLUSH | WriteLog.FUA)) != 0) {
      append(entry);
    } else {
      unflushed.add(entry);
    }
  }

  private void append(WriteLog.Entry entry) {
    try {
      log.append(entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a name into the log, after everything that is complete. */
  public synchronized void mark(String name) {
    List<WriteLog.Entry> before = takeUnflushed();
    before.forEach(this::append);
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    step++;
    append(new WriteLog.Entry(0, 0, WriteLog.MARK, text, 0, step, step));
  }

  @Override
  public synchronized void close() {
    takeUnflushed().forEach(this::append);
    try {
      log.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
