package dev.svc0.fs.logwrites;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * The states in which a loss of power can leave a disk, made from its content before a workload and
 * the log of what the workload wrote.
 *
 * <p>The model: at a moment, a write is certain to be there when it had FUA and was complete, or
 * when it was complete before a flush began that is complete now. Every other write that was
 * submitted may be there or not, in any combination, and a few of its sectors alone may be. Of
 * writes to the same sector, one that was submitted later is never replaced by an earlier one. A
 * write with a preflush can only be there when what that flush covers is.
 *
 * <pre>{@code
 * WriteLog.InMemory log = new WriteLog.InMemory();
 * BlockDevice disk = LogWrites.over(devices, below, log);
 * … the workload, which calls mark(…) after each fsync …
 * try (PowerCut power = new PowerCut(startImage, log.entries())) {
 *   power.visit(power.cuts(seed, 3, 1000), state -> {
 *     BlockDevice after = state.attach(otherDevices); // or state.writeTo(image) for e2fsck
 *     … mount it, and look whether everything is there that state.marks() promise …
 *   });
 * }
 * }</pre>
 *
 * <p>Nothing of the start image is changed: what a state changes, and what is written to its disk,
 * is in memory. Not for several threads at once.
 */
public final class PowerCut implements AutoCloseable {
  /** How the writes that may or may not be there are chosen. */
  public enum Choice {
    /** None: only what is certain. */
    NONE,
    /** All: the cache was written just in time. */
    ALL,
    /** Some, by the seed. */
    SOME
  }

  /**
   * One loss of power.
   *
   * @param time the step of the log after which it happens
   * @param choice how
   * @param seed for {@link Choice#SOME}
   */
  public record Cut(long time, Choice choice, long seed) {}

  /** What is done with a state. */
  @FunctionalInterface
  public interface Visitor {
    /** Looks at it; the state is gone afterwards. */
    void visit(CrashState state) throws Exception;
  }

  private final Arena arena = Arena.ofShared();
  private final CrashBase base;
  private final List<WriteLog.Entry> writes = new ArrayList<>();
  private final List<WriteLog.Entry> marks = new ArrayList<>();
  private final int atomicSectors;
  private final long[] certainAt;
  private final long end;

  /**
   * For a workload.
   *
   * @param start the disk's content before it
   * @param log what it wrote, with times: from {@link LogWrites}, closed or flushed at the end
   */
  public PowerCut(Path start, List<WriteLog.Entry> log) throws IOException {
    this(start, log, CrashBase.SECTOR);
  }

  /**
   * The same for a disk that writes more than a sector as a whole.
   *
   * @param atomicBytes what is never torn: aligned pieces of a power of two, from 512
   */
  public PowerCut(Path start, List<WriteLog.Entry> log, int atomicBytes) throws IOException {
    atomicSectors = atomicBytes / CrashBase.SECTOR;
    try (FileChannel file =
        FileChannel.open(start, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MemorySegment content = file.map(FileChannel.MapMode.PRIVATE, 0, file.size(), arena);
      base = new CrashBase(content);
    }
    for (WriteLog.Entry entry : log) {
      (entry.isMark() ? marks : writes).add(entry);
    }
    writes.sort(Comparator.comparingLong(WriteLog.Entry::began));
    certainAt = certainTimes();
    long last = 0;
    for (WriteLog.Entry entry : log) {
      last = Math.max(last, entry.ended());
    }
    end = last;
  }

  /** The last step of the log. */
  public long end() {
    return end;
  }

  /** For each write, when it is certain to be there; never: Long.MAX_VALUE. */
  private long[] certainTimes() {
    int count = writes.size();
    long[] flushEnd = new long[count + 1];
    flushEnd[count] = Long.MAX_VALUE;
    for (int i = count - 1; i >= 0; i--) {
      WriteLog.Entry entry = writes.get(i);
      flushEnd[i] = entry.isFlush() ? Math.min(entry.ended(), flushEnd[i + 1]) : flushEnd[i + 1];
    }
    long[] times = new long[count];
    for (int i = 0; i < count; i++) {
      WriteLog.Entry entry = writes.get(i);
      boolean fua = (entry.flags() & WriteLog.FUA) != 0 || entry.bytes() == 0;
      times[i] = fua ? entry.ended() : flushEnd[firstAfter(entry.ended())];
    }
    return times;
  }

  /** Index of the first write submitted after a time. */
  private int firstAfter(long time) {
    int low = 0;
    int high = writes.size();
    while (low < high) {
      int middle = low + high >>> 1;
      if (writes.get(middle).began() > time) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The moments at which a flush or a write with FUA is complete, and the end, in order. */
  public List<Long> flushPoints() {
    TreeSet<Long> points = new TreeSet<>();
    for (WriteLog.Entry entry : writes) {
      if ((entry.flags() & (WriteLog.FLUSH | WriteLog.FUA)) != 0) {
        points.add(entry.ended());
      }
    }
    points.add(end);
    return List.copyOf(points);
  }

  /**
   * Cuts at every flush point — with nothing that is not certain, with everything, and with some
   * choices — and at random moments in between.
   *
   * @param choices random choices at each flush point
   * @param between cuts at random moments
   */
  public List<Cut> cuts(long seed, int choices, int between) {
    Random random = new Random(seed);
    List<Cut> cuts = new ArrayList<>();
    cuts.add(new Cut(0, Choice.NONE, 0));
    for (long point : flushPoints()) {
      cuts.add(new Cut(point, Choice.NONE, 0));
      cuts.add(new Cut(point, Choice.ALL, 0));
      for (int i = 0; i < choices; i++) {
        cuts.add(new Cut(point, Choice.SOME, random.nextLong()));
      }
    }
    for (int i = 0; i < between; i++) {
      long time = end == 0 ? 0 : random.nextLong(end) + 1;
      cuts.add(new Cut(time, Choice.SOME, random.nextLong()));
    }
    cuts.sort(Comparator.comparingLong(Cut::time));
    return cuts;
  }

  /**
   * Makes each state and shows it. The cuts are in the order of their times; once for each object.
   *
   * @throws AssertionError or whatever the visitor throws, with the cut in a suppressed exception
   */
  public void visit(List<Cut> cuts, Visitor visitor) throws Exception {
    long reached = -1;
    int submitted = 0;
    List<Integer> open = new ArrayList<>();
    for (Cut cut : cuts) {
      if (cut.time < reached) {
        throw new IllegalArgumentException("cuts are not in the order of their times");
      }
      reached = cut.time;
      int now = firstAfter(cut.time);
      while (submitted < now) {
        open.add(submitted++);
      }
      settle(open, cut.time);
      CrashState state = state(cut, open);
      try {
        visitor.visit(state);
      } catch (Exception | AssertionError e) {
        e.addSuppressed(new IllegalStateException("in the state " + state));
        throw e;
      }
    }
  }

  /** What has become certain goes to the base. */
  private void settle(List<Integer> open, long time) {
    open.removeIf(index -> {
      boolean certain = certainAt[index] <= time;
      if (certain) {
        base.apply(writes.get(index), index + 1);
      }
      return certain;
    });
  }

  private CrashState state(Cut cut, List<Integer> open) {
    Random random = new Random(cut.seed);
    int percent =
        switch (random.nextInt(3)) {
          case 0 -> 10;
          case 1 -> 50;
          default -> 90;
        };
    boolean[] chosen = new boolean[open.size()];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] =
          switch (cut.choice) {
            case NONE -> false;
            case ALL -> true;
            case SOME -> random.nextInt(100) < percent;
          };
    }
    boolean[] whole = chooseWhatFlushesCover(open, chosen);
    CrashState state = new CrashState(base, cut, marksUntil(cut.time), open.size());
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i]) {
        int index = open.get(i);
        boolean torn = cut.choice == Choice.SOME && !whole[i] && random.nextInt(8) == 0;
        state.add(writes.get(index), index + 1, torn ? random : null, atomicSectors);
      }
    }
    return state;
  }

  /** A write whose preflush is over brings with it what was complete before: which is whole. */
  private boolean[] chooseWhatFlushesCover(List<Integer> open, boolean[] chosen) {
    boolean[] whole = new boolean[chosen.length];
    for (int i = chosen.length - 1; i >= 0; i--) {
      WriteLog.Entry flush = writes.get(open.get(i));
      if (!chosen[i] || !flush.isFlush()) {
        continue;
      }
      for (int j = 0; j < chosen.length; j++) {
        whole[j] |= writes.get(open.get(j)).ended() < flush.began();
        chosen[j] |= whole[j];
      }
    }
    return whole;
  }

  private List<String> marksUntil(long time) {
    List<String> names = new ArrayList<>();
    for (WriteLog.Entry mark : marks) {
      if (mark.ended() <= time) {
        names.add(new String(mark.data(), StandardCharsets.UTF_8));
      }
    }
    return names;
  }

  @Override
  public void close() {
    arena.close();
  }
}
