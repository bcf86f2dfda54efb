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
    flow.findUsed();
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

  /** What the program may still use. Whoever runs after the unit may use everything. */
  private void findUsed() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = blocks.size() - 1; i >= 0; i--) {
        changed |= findUsed(blocks.get(i));
      }
    }
  }

  private static boolean findUsed(Block block) {
    int n = block.ops.length;
    boolean isOpen = leavesForGood(block);
    long used = isOpen ? -1 : 0;
    boolean flags = isOpen && !block.flagsDropped;
    for (Block successor : successors(block)) {
      used |= successor.used[0];
      flags |= successor.flagsUsed[0];
    }
    block.used[n] = used;
    block.flagsUsed[n] = flags;
    for (int i = n - 1; i >= 0; i--) {
      long d = block.ops[i];
      boolean shared = Effects.isSemantics(d);
      used = shared ? used | Effects.touched(d) : used & ~Effects.writes(d) | Effects.reads(d);
      flags = Effects.readsFlags(d) || flags && (shared || Effects.flagKind(d) < 0);
      if (i == 0 && used == block.used[0] && flags == block.flagsUsed[0]) {
        return false;
      }
      block.used[i] = used;
      block.flagsUsed[i] = flags;
    }
    return true;
  }

  /** Whether other code than the successors can follow. */
  private static boolean leavesForGood(Block block) {
    long last = block.last();
    if (Effects.isBarrier(last)) {
      return true;
    }
    if (!Effects.isDirectBranch(last)) {
      return block.next == null || Effects.endsPath(last);
    }
    return block.taken == null || !Effects.endsPath(last) && block.next == null;
  }

  /**
   * What is stored when an instruction aborts: what may differ and may still be used. Few different
   * sets, because each has its code.
   */
  private void chooseAbortSets() {
    if (abortBytes() > MOST_ABORT_BYTES) {
      for (Block block : blocks) {
        join(List.of(block));
      }
    }
    if (abortBytes() > MOST_ABORT_BYTES) {
      join(blocks);
    }
  }

  /** Sets the sets to what each instruction needs, the first time; the size of their code. */
  private int abortBytes() {
    Set<Long> sets = new HashSet<>();
    int bytes = 0;
    for (Block block : blocks) {
      for (int i = 0; i < block.ops.length; i++) {
        if (Effects.canAbort(block.ops[i])) {
          block.onAbort[i] |= block.dirty[i] & block.used[i];
          bytes +=
              sets.add(block.onAbort[i]) ? 8 + Long.bitCount(block.onAbort[i]) * STORE_BYTES : 0;
        }
      }
    }
    return bytes;
  }

  private static void join(List<Block> blocks) {
    long union = 0;
    for (Block block : blocks) {
      for (long set : block.onAbort) {
        union |= set;
      }
    }
    for (Block block : blocks) {
      for (int i = 0; i < block.ops.length; i++) {
        block.onAbort[i] = Effects.canAbort(block.ops[i]) ? union : 0;
      }
    }
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
        live |= block.onAbort[i];
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
    long live = leavesForGood(block) ? dirty : 0;
    if (block.taken != null && block.taken.start <= block.start) {
      live |= dirty & block.taken.used[0]; // a poll
    }
    for (Block successor : successors(block)) {
      live |= successor.liveIn;
    }
    return live;
  }
}
