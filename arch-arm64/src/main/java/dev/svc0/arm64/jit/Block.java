package dev.svc0.arm64.jit;

import org.jspecify.annotations.Nullable;

/** Instructions without a branch into or out of their middle, and what is known about them. */
final class Block {
  /** No flags kind is known: it is in a local variable. */
  static final int KIND_UNKNOWN = -1;

  private static final Block[] NONE = {};

  /** Among the blocks of the unit, by address. */
  final int index;

  final long start;

  /** Decoded, as {@code PreDecoder} gives them. */
  final long[] ops;

  /** What each is, as {@link Effects#info} gives it. */
  final int[] info;

  /** Registers that each reads, or may read: all that a shared method is given. */
  final long[] reads;

  /** Registers that each writes, or may write. */
  final long[] writes;

  /** Where control goes if the last instruction is not a branch or its condition fails. */
  @Nullable Block next;

  /** Where the direct branch at the end goes. */
  @Nullable Block taken;

  /** Where the indirect branch at the end was seen to go. */
  Block[] indirect = NONE;

  /** Registers whose local variable may differ from the processor's state, at the start. */
  long dirtyIn;

  /** The same before each instruction, and at the end. */
  final long[] dirty;

  /** Registers that must be in local variables at the start. */
  long liveIn;

  /** The same before each instruction, and at the end. */
  final long[] live;

  /** Registers whose values the program may still use, before each instruction. */
  final long[] used;

  /** Whether it may still use the flags, before each instruction. */
  final boolean[] flagsUsed;

  /** Registers that are stored when an instruction aborts. */
  final long[] onAbort;

  /** How the flags are represented at the start; see {@code Flags}. */
  int kindIn = Integer.MIN_VALUE;

  /**
   * Whether the flags are overwritten before they are read where the call or branch at the end
   * goes.
   */
  boolean flagsDropped;

  boolean flagsDirtyIn;
  boolean flagsDirtyOut;

  /**
   * A block of decoded instructions.
   *
   * @param info of each
   */
  Block(int index, long start, long[] ops, int[] info) {
    this.index = index;
    this.start = start;
    this.ops = ops;
    this.info = info;
    int count = ops.length;
    this.reads = new long[count];
    this.writes = new long[count];
    this.dirty = new long[count + 1];
    this.live = new long[count + 1];
    this.used = new long[count + 1];
    this.flagsUsed = new boolean[count + 1];
    this.onAbort = new long[count];
    Effects.ofAll(ops, info, reads, writes);
  }

  /** Address after the last instruction. */
  long end() {
    return start + 4L * ops.length;
  }

  long pc(int index) {
    return start + 4L * index;
  }

  long last() {
    return ops[ops.length - 1];
  }

  int lastInfo() {
    return info[info.length - 1];
  }
}
