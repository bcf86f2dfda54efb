package dev.svc0.arm64.jit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is known about registers and flags at each point of a unit: which local variables may differ
 * from the processor's state, which must be loaded, and how the flags are represented.
 */
final class Flow {
  /** More different sets of registers to store on an abort than this are joined into one. */
  private static final int MOST_ABORT_BYTES = 1200;

  private static final int STORE_BYTES = 7;

  private final List<Block> blocks;

  private Flow(GuestCode code) {
    this.blocks = code.blocks();
  }

  static void analyse(GuestCode code) {
    Flow flow = new Flow(code);
    code.entry().kindIn = Flags.PLAIN;
    flow.forward(code);
    flow.chooseAbortSets();
    flow.backward();
  }

  private void forward(GuestCode code) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Block block : blocks) {
        changed |= forward(block);
      }
    }
    for (Block block : blocks) {
      if (block.kindIn == Integer.MIN_VALUE) {
        block.kindIn = Block.KIND_UNKNOWN;
      }
    }
  }

  private static boolean forward(Block block) {
    long dirty = block.dirtyIn;
    int kind = block.kindIn;
    boolean flagsDirty = block.flagsDirtyIn;
    for (int i = 0; i < block.ops.length; i++) {
      block.dirty[i] = dirty;
      long d = block.ops[i];
      dirty = Effects.isSemantics(d) ? dirty & ~Effects.touched(d) : dirty | Effects.writes(d);
      int written = Effects.flagKind(d);
      if (written >= 0) {
        kind = written;
        flagsDirty = true;
      }
    }
    block.dirty[block.ops.length] = dirty;
    block.flagsDirtyOut = flagsDirty;
    if (Effects.isBarrier(block.last())) {
      dirty = 0;
      kind = Flags.PLAIN;
      flagsDirty = false;
    }
    boolean changed = false;
    for (Block successor : successors(block)) {
      changed |= join(successor, dirty, kind, flagsDirty);
    }
    return changed;
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

  static List<Block> successors(Block block) {
    List<Block> all = new java.util.ArrayList<>(block.indirect);
    if (block.next != null) {
      all.add(block.next);
    }
    if (block.taken != null) {
      all.add(block.taken);
    }
    return all;
  }

  private void chooseAbortSets() {
    Set<Long> sets = new HashSet<>();
    long union = 0;
    int bytes = 0;
    for (Block block : blocks) {
      if (aborts(block)) {
        long set = block.dirtyIn;
        for (long d : block.ops) {
          set |= Effects.writes(d);
        }
        block.onAbort = set;
        union |= set;
        bytes += sets.add(set) ? Long.bitCount(set) * STORE_BYTES : 0;
      }
    }
    if (bytes > MOST_ABORT_BYTES) {
      for (Block block : blocks) {
        block.onAbort = aborts(block) ? union : 0;
      }
    }
  }

  private static boolean aborts(Block block) {
    for (long d : block.ops) {
      if (Effects.canAbort(d)) {
        return true;
      }
    }
    return false;
  }

  private void backward() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = blocks.size() - 1; i >= 0; i--) {
        Block block = blocks.get(i);
        long live = liveIn(block);
        changed |= live != block.liveIn;
        block.liveIn = live;
      }
    }
  }

  private static long liveIn(Block block) {
    long live = liveOut(block);
    block.live[block.ops.length] = live;
    for (int i = block.ops.length - 1; i >= 0; i--) {
      long d = block.ops[i];
      if (Effects.isSemantics(d)) {
        long touched = Effects.touched(d);
        live = live & ~touched | block.dirty[i] & touched;
      } else {
        live = live & ~Effects.writes(d) | Effects.reads(d);
      }
      if (Effects.canAbort(d)) {
        live |= block.onAbort;
      }
      block.live[i] = live;
    }
    return live;
  }

  /** What must be in local variables after the last instruction; what is stored counts. */
  private static long liveOut(Block block) {
    long last = block.last();
    long dirty = block.dirty[block.ops.length];
    if (Effects.isBarrier(last)) {
      return dirty;
    }
    long live = leaves(block) ? dirty : 0;
    for (Block successor : successors(block)) {
      live |= successor.liveIn;
    }
    return live;
  }

  /** Whether the unit can be left at the end of a block, by an exit or a poll. */
  private static boolean leaves(Block block) {
    long last = block.last();
    if (!Effects.isDirectBranch(last)) {
      return block.next == null || Effects.endsPath(last);
    }
    boolean falls = !Effects.endsPath(last);
    return block.taken == null || block.taken.start <= block.start || falls && block.next == null;
  }
}
