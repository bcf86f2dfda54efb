package dev.svc0.fs.logwrites;

import dev.svc0.fs.logwrites.PowerCut.Cut;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.BlockDriver;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.mm.HostMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A disk as a loss of power left it. What is written to it is kept beside the certain content, in
 * memory, and goes with it.
 */
public final class CrashState {
  private final CrashBase base;
  private final Cut cut;
  private final List<String> marks;
  private final int uncertain;
  private final Map<Long, byte[]> changed = new HashMap<>();
  private int applied;
  private int torn;

  CrashState(CrashBase base, Cut cut, List<String> marks, int uncertain) {
    this.base = base;
    this.cut = cut;
    this.marks = marks;
    this.uncertain = uncertain;
  }

  /** The loss of power. */
  public Cut cut() {
    return cut;
  }

  /** The marks that were set before it, in order. */
  public List<String> marks() {
    return marks;
  }

  /** How many writes could have been there or not. */
  public int uncertain() {
    return uncertain;
  }

  /** How many of them are. */
  public int applied() {
    return applied;
  }

  /** How many of these in part only. */
  public int torn() {
    return torn;
  }

  /** A write that happens to be there; only some pieces of so many sectors when it tears. */
  void add(WriteLog.Entry entry, int number, @Nullable Random tear, int pieceSectors) {
    long first = entry.sector() / pieceSectors;
    long end = (entry.sector() + entry.bytes() / CrashBase.SECTOR - 1) / pieceSectors + 1;
    Random torn = end - first > 1 ? tear : null;
    long limit = torn == null ? end : first + torn.nextLong(end - first);
    Random scattered = torn != null && torn.nextBoolean() ? torn : null;
    for (long piece = first; piece < end; piece++) {
      boolean there = scattered == null ? piece < limit : scattered.nextBoolean();
      for (int i = 0; i < pieceSectors && there; i++) {
        put(entry, piece * pieceSectors + i, number);
      }
    }
    applied++;
    this.torn += torn == null ? 0 : 1;
  }

  private void put(WriteLog.Entry entry, long sector, int number) {
    long from = (sector - entry.sector()) * CrashBase.SECTOR;
    if (from < 0 || from >= entry.bytes() || base.version(sector) > number) {
      return;
    }
    byte[] page = page(sector / CrashBase.SECTORS);
    int at = (int) (sector % CrashBase.SECTORS) * CrashBase.SECTOR;
    if ((entry.flags() & WriteLog.DISCARD) != 0) {
      Arrays.fill(page, at, at + CrashBase.SECTOR, (byte) 0);
    } else {
      System.arraycopy(entry.data(), (int) from, page, at, CrashBase.SECTOR);
    }
  }

  /** The state's own copy of a page of the disk. */
  private byte[] page(long index) {
    return changed.computeIfAbsent(
        index,
        page -> {
          byte[] copy = new byte[CrashBase.PAGE];
          long from = page * CrashBase.PAGE;
          int bytes = (int) Math.min(CrashBase.PAGE, base.sizeBytes() - from);
          MemorySegment.copy(base.content, ValueLayout.JAVA_BYTE, from, copy, 0, bytes);
          return copy;
        });
  }

  /** A disk that has this content, which can be written. */
  public BlockDevice attach(BlockDevices devices) {
    long sectors = base.sizeBytes() / CrashBase.SECTOR;
    return devices.add("crash", 252, sectors, DiskLimits.DEFAULT, new Driver());
  }

  private final class Driver implements BlockDriver {
    @Override
    public boolean isBioBased() {
      return true;
    }

    @Override
    public void submitBio(Bio bio) {
      int op = ReqOp.op(bio.opf);
      if (op != ReqOp.READ && op != ReqOp.WRITE) {
        bio.end(-Errno.EOPNOTSUPP);
        return;
      }
      long at = bio.sector * CrashBase.SECTOR;
      for (int i = 0; i < bio.segments(); i++) {
        transfer(op == ReqOp.WRITE, at, bio.segmentAddress(i), bio.segmentLength(i));
        at += bio.segmentLength(i);
      }
      bio.end(0);
    }

    @Override
    public void close() {
      // all of it is memory of the state
    }
  }

  private void transfer(boolean write, long position, long address, int bytes) {
    synchronized (changed) {
      int done = 0;
      while (done < bytes) {
        long at = position + done;
        int offset = (int) (at % CrashBase.PAGE);
        int step = Math.min(CrashBase.PAGE - offset, bytes - done);
        long index = at / CrashBase.PAGE;
        byte[] own = write ? page(index) : changed.get(index);
        if (own == null) {
          HostMemory.copy(base.content.address() + at, address + done, step);
        } else if (write) {
          HostMemory.copy(address + done, own, offset, step);
        } else {
          HostMemory.copy(own, offset, address + done, step);
        }
        done += step;
      }
    }
  }

  /** Writes the content to a file, sparse where it is zero. */
  public void writeTo(Path image) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            image,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      byte[] page = new byte[CrashBase.PAGE];
      byte[] zeroes = new byte[CrashBase.PAGE];
      long size = base.sizeBytes();
      for (long at = 0; at < size; at += CrashBase.PAGE) {
        int bytes = (int) Math.min(CrashBase.PAGE, size - at);
        byte[] own = changed.get(at / CrashBase.PAGE);
        if (own == null) {
          MemorySegment.copy(base.content, ValueLayout.JAVA_BYTE, at, page, 0, bytes);
          own = page;
        }
        boolean last = at + bytes == size;
        if (last || !Arrays.equals(own, 0, bytes, zeroes, 0, bytes)) {
          file.write(ByteBuffer.wrap(own, 0, bytes), at);
        }
      }
    }
  }

  @Override
  public String toString() {
    return "time %d, %s, seed %dL: %d of %d uncertain writes, %d torn, marks %s"
        .formatted(
            cut.time(),
            cut.choice(),
            cut.seed(),
            applied,
            uncertain,
            torn,
            marks.isEmpty() ? "none" : "up to " + marks.getLast());
  }
}
