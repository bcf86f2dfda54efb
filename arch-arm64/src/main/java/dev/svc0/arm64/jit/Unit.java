package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.RawMemory;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A translation: what it was made from, and its code. */
final class Unit {
  /** Entries between two looks at the clock. */
  private static final int COUNTED = 4096;

  /** A stay of less time is hardly longer than the way. */
  private static final long SHORT_NANOS = 2000;

  final int number;

  /** Where it begins. */
  final long pc;

  final UnitCode code;
  final MethodHandle handle;

  private final Image image;

  /** Size of its class. */
  final int classBytes;

  /** Times that quick code came here, and when so many of them were last full; hints. */
  private int entered;

  private long enteredAt;

  /** Guarded by this. */
  private final List<Linker.Site> callers = new ArrayList<>();

  private boolean dropped;

  Unit(int number, Image image, UnitCode code, MethodHandle handle, int classBytes) {
    this.number = number;
    this.pc = image.pc;
    this.image = image;
    this.code = code;
    this.handle = handle;
    this.classBytes = classBytes;
  }

  /**
   * Guest code as it was in memory.
   *
   * @param pc where it is entered first
   * @param ranges of addresses, [start, end) in pairs
   * @param words that were there
   */
  record Image(long pc, long[] ranges, int[] words) {
    /** Words that are compared at a time; a divisor of those of a page. */
    private static final int LONGEST = 128;

    /** Whether it covers an address in [start, end). */
    boolean covers(long start, long end) {
      for (int i = 0; i < ranges.length; i += 2) {
        if (ranges[i] < end && start < ranges[i + 1]) {
          return true;
        }
      }
      return false;
    }

    /** Whether memory holds the same words, executable. */
    boolean matches(Cpu cpu) {
      int[] present = new int[LONGEST];
      int n = 0;
      for (int i = 0; i < ranges.length; i += 2) {
        long end = ranges[i + 1];
        for (long at = ranges[i]; at < end; ) {
          int number = (int) Math.min(end - at, LONGEST * 4 - (at & LONGEST * 4 - 1)) >>> 2;
          if (!Discovery.isExecutable(cpu, at)) {
            return false;
          }
          RawMemory.copy(cpu.windowBase + at, present, 0, number);
          if (!Arrays.equals(present, 0, number, words, n, n + number)) {
            return false;
          }
          n += number;
          at += 4L * number;
        }
      }
      return true;
    }
  }

  /**
   * Quick code comes here.
   *
   * @return whether that happens so often that the way here costs more than the unit saves
   */
  boolean isEnteredTooOften() {
    if (++entered % COUNTED != 0) {
      return false;
    }
    long now = System.nanoTime();
    long before = enteredAt;
    enteredAt = now;
    return before != 0 && now - before < COUNTED * SHORT_NANOS;
  }

  int instructions() {
    return image.words.length;
  }

  long[] ranges() {
    return image.ranges;
  }

  /** Whether it covers an address in [start, end). */
  boolean covers(long start, long end) {
    return image.covers(start, end);
  }

  /** Whether memory holds the same words, executable. */
  boolean matches(Cpu cpu) {
    return image.matches(cpu);
  }

  /** A site will call it; false when it is dropped. */
  synchronized boolean addCaller(Linker.Site site) {
    if (!dropped) {
      callers.add(site);
    }
    return !dropped;
  }

  /** Has all who call it find another one. */
  synchronized void unlink() {
    callers.forEach(Linker.Site::unlink);
    callers.clear();
  }

  /** Nobody is to call it any more. */
  void drop() {
    synchronized (this) {
      dropped = true;
    }
    unlink();
  }
}
