package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is known about registers and flags at each point of a unit: which local variables may differ
 * from the processor's state, which must be loaded, and how the flags are represented.
 *
 * <p>Each analysis first finds out what a block does as a whole, then goes over the blocks until
 * nothing changes, and over their instructions at last.
 */
final class Flow {
  /** More different sets of registers to store on an abort than this are joined into one. */
  private static final int MOST_ABORT_BYTES = 1200;

  private static final int STORE_BYTES = 7;
  private static final int SET_BYTES = 8;

  /** Room for all different sets up to that size, sparsely. */
  private static final int SETS = 512;

  private static final int SET_SHIFT = 64 - 9;
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  /** Registers that others may use at any time: handlers of signals run below the stack pointer. */
  private static final long ALWAYS_USED = 1L << Cpu.SP;

  private final Block[] blocks;

  // Of each block. Dirty at its end: what was dirty and is kept, and what it makes dirty.
  private final long[] keeps;
  private final long[] makes;

  /** How the flags are at its end; {@link Integer#MIN_VALUE}: as before. */
  private final int[] kind;

  // What it uses, and of what is used behind it: what it does not overwrite.
  private final long[] uses;
  private final long[] passes;
  private final boolean[] usesFlags;
  private final boolean[] passesFlags;

  /** What is used behind it by others than its successors. */
  private final long[] usedOutside;

  /** Whether other code than the successors can follow. */
  private final boolean[] leaves;

  /** Whether a branch goes from here or below to it. */
  private final boolean[] isLoop;

  private Flow(GuestCode code) {
    blocks = code.all();
    int count = blocks.length;
    keeps = new long[count];
    makes = new long[count];
    kind = new int[count];
    uses = new long[count];
    passes = new long[count];
    usesFlags = new boolean[count];
    passesFlags = new boolean[count];
    usedOutside = new long[count];
    leaves = new boolean[count];
    isLoop = new boolean[count];
  }

  static void analyse(GuestCode code) {
    Flow flow = new Flow(code);
    code.entry().kindIn = Flags.PLAIN;
    for (Block block : flow.blocks) {
      flow.summarise(block);
    }
    flow.forward();
    flow.findUsed();
    flow.chooseAbortSets();
    flow.backward();
  }

  private void summarise(Block block) {
    int at = block.index;
    int[] info = block.info;
    long kept = -1;
    long made = 0;
    long use = ALWAYS_USED;
    long pass = -1;
    int flags = 0;
    boolean useFlags = false;
    boolean passFlags = true;
    for (int i = 0; i < info.length; i++) {
      int what = info[i];
      long reads = block.reads[i];
      long writes = block.writes[i];
      use |= reads & pass;
      if ((what & Effects.SHARED) == 0) {
        made |= writes;
        pass &= ~writes;
      } else {
        made &= ~writes;
        kept &= ~writes;
      }
      if ((what & (Effects.READS_FLAGS | Effects.FLAG_KIND)) != 0) {
        useFlags |= passFlags && (what & Effects.READS_FLAGS) != 0;
        if ((what & Effects.FLAG_KIND) != 0) {
          flags = what;
          passFlags &= (what & Effects.SHARED) != 0;
        }
      }
    }
    keeps[at] = kept;
    makes[at] = made;
    kind[at] = flags == 0 ? Integer.MIN_VALUE : Effects.flagKindOf(flags);
    uses[at] = use;
    passes[at] = pass;
    usesFlags[at] = useFlags;
    passesFlags[at] = passFlags;
    boolean isOpen = leavesForGood(block);
    leaves[at] = isOpen;
    usedOutside[at] = isOpen ? -1 : 0;
    noteLoops(block);
  }

  private void noteLoops(Block block) {
    Block taken = block.taken;
    if (taken != null && taken.index <= block.index) {
      isLoop[taken.index] = true;
    }
    for (Block to : block.indirect) {
      isLoop[to.index] |= to.index <= block.index;
    }
  }

  /** Whether other code than the successors can follow. */
  private static boolean leavesForGood(Block block) {
    int last = block.lastInfo();
    if ((last & Effects.BARRIER) != 0) {
      return true;
    }
    if ((last & Effects.DIRECT) == 0) {
      return block.next == null || (last & Effects.ENDS_PATH) != 0;
    }
    return block.taken == null || (last & Effects.ENDS_PATH) == 0 && block.next == null;
  }

  static List<Block> successors(Block block) {
    List<Block> all = new ArrayList<>(Arrays.asList(block.indirect));
    if (block.next != null) {
      all.add(block.next);
    }
    if (block.taken != null) {
      all.add(block.taken);
    }
    return all;
  }

  // ---- what differs from the processor's state ----

  private void forward() {
    boolean again = true;
    while (again) {
      again = false;
      for (Block block : blocks) {
        again |= forward(block);
      }
    }
    for (Block block : blocks) {
      if (block.kindIn == Integer.MIN_VALUE) {
        block.kindIn = Block.KIND_UNKNOWN;
      }
      fillDirty(block);
    }
  }

  /** Whether something changed at a block that comes again only in another round. */
  private boolean forward(Block block) {
    int at = block.index;
    long dirty = block.dirtyIn & keeps[at] | makes[at];
    boolean writesFlags = kind[at] != Integer.MIN_VALUE;
    int kindOut = writesFlags ? kind[at] : block.kindIn;
    boolean flagsDirty = writesFlags || block.flagsDirtyIn;
    block.flagsDirtyOut = flagsDirty;
    if ((block.lastInfo() & Effects.BARRIER) != 0) {
      dirty = 0;
      kindOut = Flags.PLAIN;
      flagsDirty = false;
    }
    boolean again = false;
    for (Block to : block.indirect) {
      again |= join(to, dirty, kindOut, flagsDirty) && to.index <= at;
    }
    if (block.next != null) {
      join(block.next, dirty, kindOut, flagsDirty);
    }
    if (block.taken != null) {
      again |= join(block.taken, dirty, kindOut, flagsDirty) && block.taken.index <= at;
    }
    return again;
  }

  private static boolean join(Block block, long dirty, int kind, boolean flagsDirty) {
    int joined = kind;
    if (block.kindIn != Integer.MIN_VALUE && block.kindIn != kind) {
      joined = kind == Integer.MIN_VALUE ? block.kindIn : Block.KIND_UNKNOWN;
    }
    boolean changed =
        (dirty & ~block.dirtyIn) != 0
            || joined != block.kindIn
            || flagsDirty && !block.flagsDirtyIn;
    block.dirtyIn |= dirty;
    block.kindIn = joined;
    block.flagsDirtyIn |= flagsDirty;
    return changed;
  }

  private static void fillDirty(Block block) {
    long[] all = block.dirty;
    long[] writes = block.writes;
    int[] info = block.info;
    long dirty = block.dirtyIn;
    for (int i = 0; i < info.length; i++) {
      all[i] = dirty;
      dirty = (info[i] & Effects.SHARED) == 0 ? dirty | writes[i] : dirty & ~writes[i];
    }
    all[info.length] = dirty;
  }

  // ---- what is used ----

  /** What the program may still use. Whoever runs after the unit may use everything. */
  private void findUsed() {
    boolean again = true;
    while (again) {
      again = false;
      for (int i = blocks.length - 1; i >= 0; i--) {
        again |= findUsed(blocks[i]) && isLoop[i];
      }
    }
    for (Block block : blocks) {
      fillUsed(block);
    }
  }

  private boolean findUsed(Block block) {
    int at = block.index;
    int end = block.info.length;
    long used = usedOutside[at];
    boolean flags = used != 0 && !block.flagsDropped;
    for (Block to : block.indirect) {
      used |= to.used[0];
      flags |= to.flagsUsed[0];
    }
    if (block.next != null) {
      used |= block.next.used[0];
      flags |= block.next.flagsUsed[0];
    }
    if (block.taken != null) {
      used |= block.taken.used[0];
      flags |= block.taken.flagsUsed[0];
    }
    block.used[end] = used;
    block.flagsUsed[end] = flags;
    used = used & passes[at] | uses[at];
    flags = flags && passesFlags[at] || usesFlags[at];
    boolean changed = used != block.used[0] || flags != block.flagsUsed[0];
    block.used[0] = used;
    block.flagsUsed[0] = flags;
    return changed;
  }

  /** What is used at the end is known; tells also what is stored on aborts. */
  private static void fillUsed(Block block) {
    int[] info = block.info;
    long[] all = block.used;
    boolean[] allFlags = block.flagsUsed;
    long used = all[info.length];
    boolean flags = allFlags[info.length];
    for (int i = info.length - 1; i >= 0; i--) {
      int what = info[i];
      if ((what & Effects.SHARED) == 0) {
        used &= ~block.writes[i];
        flags &= (what & Effects.FLAG_KIND) == 0;
      }
      used |= block.reads[i] | ALWAYS_USED;
      flags |= (what & Effects.READS_FLAGS) != 0;
      all[i] = used;
      allFlags[i] = flags;
      if ((what & Effects.CAN_ABORT) != 0) {
        block.onAbort[i] = block.dirty[i] & used;
      }
    }
  }

  // ---- what is stored on aborts ----

  /**
   * What is stored when an instruction aborts: what may differ and may still be used. Few different
   * sets, because each has its code.
   */
  private void chooseAbortSets() {
    if (!hasFewSets()) {
      for (Block block : blocks) {
        storeOnAbort(block, union(block));
      }
      if (!hasFewSets()) {
        long all = 0;
        for (Block block : blocks) {
          all |= union(block);
        }
        for (Block block : blocks) {
          storeOnAbort(block, all);
        }
      }
    }
  }

  /** Whether the code for all sets is not too large. */
  private boolean hasFewSets() {
    long[] sets = new long[SETS];
    boolean hasEmpty = false;
    int bytes = 0;
    for (Block block : blocks) {
      int[] info = block.info;
      for (int i = 0; i < info.length; i++) {
        if ((info[i] & Effects.CAN_ABORT) == 0) {
          continue;
        }
        long set = block.onAbort[i];
        if (set == 0 ? !hasEmpty : add(sets, set)) {
          hasEmpty |= set == 0;
          bytes += SET_BYTES + Long.bitCount(set) * STORE_BYTES;
          if (bytes > MOST_ABORT_BYTES) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static boolean add(long[] sets, long set) {
    int at = (int) (set * SPREAD >>> SET_SHIFT);
    while (sets[at] != 0) {
      if (sets[at] == set) {
        return false;
      }
      at = at + 1 & SETS - 1;
    }
    sets[at] = set;
    return true;
  }

  private static long union(Block block) {
    long union = 0;
    for (long set : block.onAbort) {
      union |= set;
    }
    return union;
  }

  private static void storeOnAbort(Block block, long set) {
    int[] info = block.info;
    for (int i = 0; i < info.length; i++) {
      if ((info[i] & Effects.CAN_ABORT) != 0) {
        block.onAbort[i] = set;
      }
    }
  }

  // ---- what must be in local variables ----

  private void backward() {
    for (Block block : blocks) {
      summariseLive(block);
    }
    boolean again = true;
    while (again) {
      again = false;
      for (int i = blocks.length - 1; i >= 0; i--) {
        again |= findLive(blocks[i]) && isLoop[i];
      }
    }
    for (Block block : blocks) {
      fillLive(block);
    }
  }

  /** Uses the arrays of what is used for what must be in local variables. */
  private void summariseLive(Block block) {
    int[] info = block.info;
    long need = 0;
    long pass = -1;
    for (int i = info.length - 1; i >= 0; i--) {
      long writes = block.writes[i];
      need &= ~writes;
      pass &= ~writes;
      need |= (info[i] & Effects.SHARED) == 0 ? block.reads[i] : block.dirty[i] & writes;
      need |= block.onAbort[i];
    }
    int at = block.index;
    uses[at] = need;
    passes[at] = pass;
    long dirty = block.dirty[info.length];
    long outside = leaves[at] ? dirty : 0;
    if (block.taken != null && block.taken.index <= at) {
      outside |= dirty & block.taken.used[0]; // a poll
    }
    usedOutside[at] = outside;
  }

  /** What must be in local variables after the last instruction; what is stored counts. */
  private boolean findLive(Block block) {
    int at = block.index;
    long live = usedOutside[at];
    if ((block.lastInfo() & Effects.BARRIER) == 0) {
      for (Block to : block.indirect) {
        live |= to.liveIn;
      }
      live |= block.next != null ? block.next.liveIn : 0;
      live |= block.taken != null ? block.taken.liveIn : 0;
    }
    block.live[block.info.length] = live;
    live = live & passes[at] | uses[at];
    boolean changed = live != block.liveIn;
    block.liveIn = live;
    return changed;
  }

  private static void fillLive(Block block) {
    int[] info = block.info;
    long[] all = block.live;
    long live = all[info.length];
    for (int i = info.length - 1; i >= 0; i--) {
      long writes = block.writes[i];
      live = live & ~writes | block.onAbort[i];
      live |= (info[i] & Effects.SHARED) == 0 ? block.reads[i] : block.dirty[i] & writes;
      all[i] = live;
    }
  }
}
