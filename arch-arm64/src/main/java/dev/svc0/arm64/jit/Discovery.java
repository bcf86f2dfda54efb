package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.RawMemory;
import dev.svc0.arm64.decode.PreDecoder;
import dev.svc0.runtime.mm.MemoryManager;
import java.util.Arrays;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the code that belongs to a unit: what direct branches reach from an address, nearest first,
 * and what follows calls. Only pages that are present and executable are read.
 *
 * <p>Short programs spend much of their time here, in bytecode that the JVM interprets: hence
 * arrays, and no collections.
 */
final class Discovery {
  /** Words that are looked at for whether they use the flags. */
  private static final int LOOK = 24;

  /** Words of a line, which are read at a time, and how many lines are kept. */
  private static final int LINE_SHIFT = 6;

  private static final int LINE = 1 << LINE_SHIFT;
  private static final int LINES = 16;
  private static final int FIRST_WORDS = 256;
  private static final int FIRST_RUNS = 64;
  private static final int FIRST_BRANCHES = 128;

  private final Cpu cpu;
  private final long entry;
  private final int limit;
  private final IndirectTargets indirect;
  private final LongPredicate isElsewhere;

  /** Instructions in the order in which they were found, and whether each starts a block. */
  private int[] words = new int[FIRST_WORDS];

  private long[] ops = new long[FIRST_WORDS];
  private int[] info = new int[FIRST_WORDS];
  private boolean[] leads = new boolean[FIRST_WORDS];
  private int count;

  /** Consecutive addresses that were found together, by address: where, from which, how many. */
  private long[] runStart = new long[FIRST_RUNS];

  private int[] runFirst = new int[FIRST_RUNS];
  private int[] runCount = new int[FIRST_RUNS];
  private int runs;

  /** Addresses that branches go to, in their order; those before {@code head} were followed. */
  private long[] queue = new long[FIRST_BRANCHES];

  private int head;
  private int tail;

  /** Ranges [start, end) of other code that was looked at, and its words. */
  private long[] looked = {};

  private int lookedRanges;
  private int[] lookedWords = {};
  private int lookedCount;

  /** Lines of memory by the low bits of their number, and their numbers, plus 1. */
  private final int[] lines = new int[LINES * LINE];

  private final long[] lineNumbers = new long[LINES];

  private Discovery(
      Cpu cpu, long entry, int limit, IndirectTargets indirect, LongPredicate isElsewhere) {
    this.cpu = cpu;
    this.entry = entry;
    this.isElsewhere = isElsewhere;
    this.limit = limit;
    this.indirect = indirect;
  }

  /**
   * The code at an address; null when there is none that can be executed now.
   *
   * @param limit of instructions
   */
  static @Nullable GuestCode discover(Cpu cpu, long entry, int limit, IndirectTargets indirect) {
    return discover(cpu, entry, limit, indirect, pc -> false);
  }

  /**
   * The same, but some addresses belong to other code: paths end before them, unless they are the
   * entry.
   */
  static @Nullable GuestCode discover(
      Cpu cpu, long entry, int limit, IndirectTargets indirect, LongPredicate isElsewhere) {
    Discovery discovery = new Discovery(cpu, entry, limit, indirect, isElsewhere);
    discovery.lead(entry);
    while (discovery.head < discovery.tail) {
      discovery.follow(discovery.queue[discovery.head++]);
    }
    return discovery.count == 0 ? null : discovery.link();
  }

  private void lead(long pc) {
    if ((pc & 3) != 0) {
      return;
    }
    if (tail == queue.length) {
      queue = Arrays.copyOf(queue, 2 * tail);
    }
    queue[tail++] = pc;
  }

  static boolean isExecutable(Cpu cpu, long pc) {
    long page = pc >>> 12;
    return (pc & 3) == 0
        && page < cpu.windowPages
        && (RawMemory.getByte(cpu.permissionBase + page) & MemoryManager.PERM_EXEC) != 0;
  }

  /** Where in {@link #lines} a word is, and its line with it; −1 when it cannot be executed. */
  private int fetch(long pc) {
    long number = pc >>> LINE_SHIFT + 2;
    int slot = (int) number & LINES - 1;
    if (lineNumbers[slot] != number + 1) {
      if (!isExecutable(cpu, pc)) {
        return -1;
      }
      long host = cpu.windowBase + (number << LINE_SHIFT + 2);
      RawMemory.copy(host, lines, slot << LINE_SHIFT, LINE);
      lineNumbers[slot] = number + 1;
    }
    return (slot << LINE_SHIFT) + ((int) (pc >>> 2) & LINE - 1);
  }

  /** The last run that starts at or before an address; −1 when there is none. */
  private int runAt(long pc) {
    int low = 0;
    int high = runs;
    while (low < high) {
      int middle = low + high >>> 1;
      if (runStart[middle] <= pc) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private void follow(long start) {
    int before = runAt(start);
    if (before >= 0) {
      long offset = start - runStart[before] >>> 2;
      if (offset < runCount[before]) {
        leads[runFirst[before] + (int) offset] = true;
        return;
      }
    }
    long stop = before + 1 < runs ? runStart[before + 1] : Long.MIN_VALUE;
    int first = count;
    walk(start, stop);
    if (count > first) {
      addRun(before + 1, start, first);
    }
  }

  /** Takes instructions from an address on, as far as control goes from one to the next. */
  private void walk(long start, long stop) {
    long pc = start;
    boolean first = true;
    int at = 0;
    while (count < limit && pc != stop && (pc == entry || !isElsewhere.test(pc))) {
      if ((at & LINE - 1) == 0) {
        at = fetch(pc);
        if (at < 0) {
          return;
        }
      }
      int what = take(lines[at++], first);
      first = false;
      if ((what & Effects.ENDS_BLOCK) != 0) {
        branch(what, pc);
        if ((what & Effects.ENDS_PATH) != 0) {
          return;
        }
        first = true;
      }
      pc += 4;
    }
  }

  private int take(int word, boolean first) {
    int at = count++;
    if (at == ops.length) {
      ops = Arrays.copyOf(ops, 2 * at);
      words = Arrays.copyOf(words, 2 * at);
      info = Arrays.copyOf(info, 2 * at);
      leads = Arrays.copyOf(leads, 2 * at);
    }
    long d = PreDecoder.decode(word);
    int what = Effects.info(d);
    ops[at] = d;
    words[at] = word;
    info[at] = what;
    leads[at] = first;
    return what;
  }

  private void branch(int what, long pc) {
    if ((what & Effects.DIRECT) != 0) {
      lead(Effects.target(ops[count - 1], pc));
    } else if ((what & Effects.INDIRECT) != 0) {
      for (long target : indirect.of(pc)) {
        lead(target);
      }
    }
  }

  private void addRun(int at, long start, int first) {
    if (runs == runStart.length) {
      runStart = Arrays.copyOf(runStart, 2 * runs);
      runFirst = Arrays.copyOf(runFirst, 2 * runs);
      runCount = Arrays.copyOf(runCount, 2 * runs);
    }
    for (int i = runs++; i > at; i--) {
      runStart[i] = runStart[i - 1];
      runFirst[i] = runFirst[i - 1];
      runCount[i] = runCount[i - 1];
    }
    runStart[at] = start;
    runFirst[at] = first;
    runCount[at] = count - first;
  }

  // ---- blocks ----

  private GuestCode link() {
    Block[] blocks = split();
    for (Block block : blocks) {
      link(block, blocks);
    }
    Block first = find(blocks, entry);
    if (first == null) {
      throw new IllegalStateException("the entry starts no block");
    }
    return new GuestCode(first, blocks, image(), count);
  }

  private Block[] split() {
    int number = 0;
    for (int i = 0; i < count; i++) {
      number += leads[i] ? 1 : 0;
    }
    Block[] blocks = new Block[number];
    int n = 0;
    for (int run = 0; run < runs; run++) {
      int first = runFirst[run];
      int end = first + runCount[run];
      long start = runStart[run];
      while (first < end) {
        int after = first + 1;
        while (after < end && !leads[after]) {
          after++;
        }
        blocks[n] =
            new Block(
                n,
                start,
                Arrays.copyOfRange(ops, first, after),
                Arrays.copyOfRange(info, first, after));
        n++;
        start += (long) (after - first) << 2;
        first = after;
      }
    }
    return blocks;
  }

  private static @Nullable Block find(Block[] blocks, long start) {
    int low = 0;
    int high = blocks.length;
    while (low < high) {
      int middle = low + high >>> 1;
      if (blocks[middle].start < start) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < blocks.length && blocks[low].start == start ? blocks[low] : null;
  }

  private void link(Block block, Block[] blocks) {
    long end = block.end();
    int what = block.lastInfo();
    if ((what & Effects.ENDS_PATH) == 0 && block.index + 1 < blocks.length) {
      Block below = blocks[block.index + 1];
      block.next = below.start == end ? below : null;
    }
    if ((what & Effects.ENDS_BLOCK) == 0) {
      return;
    }
    if ((what & Effects.DIRECT) != 0) {
      long target = Effects.target(block.last(), end - 4);
      block.taken = find(blocks, target);
      if (block.taken == null && (what & Effects.ENDS_PATH) != 0) {
        block.flagsDropped = overwritesFlags(target);
      }
    } else if ((what & Effects.CALL) != 0) {
      block.flagsDropped = overwritesFlags(Effects.target(block.last(), end - 4));
    } else if ((what & Effects.INDIRECT) != 0) {
      linkIndirect(block, blocks);
    }
  }

  private void linkIndirect(Block block, Block[] blocks) {
    long[] targets = indirect.of(block.end() - 4);
    Block[] known = new Block[targets.length];
    int n = 0;
    for (long target : targets) {
      Block to = find(blocks, target);
      if (to != null) {
        known[n++] = to;
      }
    }
    block.indirect = Arrays.copyOf(known, n);
  }

  /** Whether the first instruction at an address that has to do with the flags overwrites them. */
  private boolean overwritesFlags(long start) {
    if (lookedCount + LOOK > lookedWords.length) {
      lookedWords = Arrays.copyOf(lookedWords, 2 * lookedCount + LOOK);
    }
    int at = 0;
    for (int i = 0; i < LOOK; i++) {
      if ((at & LINE - 1) == 0) {
        at = fetch(start + 4L * i);
        if (at < 0) {
          return false;
        }
      }
      int word = lines[at++];
      lookedWords[lookedCount + i] = word;
      int what = Effects.info(PreDecoder.decode(word));
      if ((what & (Effects.READS_FLAGS | Effects.ENDS_BLOCK)) != 0) {
        return false;
      }
      if ((what & Effects.FLAG_KIND) != 0) {
        if ((what & Effects.SHARED) != 0) {
          return false; // it may be a reserved form, whose exception shows the flags
        }
        looked(start, i + 1);
        return true;
      }
    }
    return false;
  }

  private void looked(long start, int number) {
    if (2 * lookedRanges == looked.length) {
      looked = Arrays.copyOf(looked, 4 * lookedRanges + 8);
    }
    looked[2 * lookedRanges] = start;
    looked[2 * lookedRanges + 1] = start + 4L * number;
    lookedRanges++;
    lookedCount += number;
  }

  /** What all of this was made from. */
  private Unit.Image image() {
    long[] ranges = new long[2 * (runs + lookedRanges)];
    int[] all = new int[count + lookedCount];
    int n = 0;
    int at = 0;
    for (int i = 0; i < runs; i++) {
      long start = runStart[i];
      if (n == 0 || ranges[n - 1] != start) {
        ranges[n] = start;
        n += 2;
      }
      ranges[n - 1] = start + 4L * runCount[i];
      System.arraycopy(words, runFirst[i], all, at, runCount[i]);
      at += runCount[i];
    }
    System.arraycopy(looked, 0, ranges, n, 2 * lookedRanges);
    System.arraycopy(lookedWords, 0, all, at, lookedCount);
    return new Unit.Image(entry, Arrays.copyOf(ranges, n + 2 * lookedRanges), all);
  }
}
