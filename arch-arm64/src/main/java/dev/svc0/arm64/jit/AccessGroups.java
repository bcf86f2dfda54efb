package dev.svc0.arm64.jit;

import dev.svc0.arm64.decode.Op;
import dev.svc0.runtime.mm.MemoryManager;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Accesses of a block at constant distances from one register, as to a stack frame or a structure:
 * whether they are allowed is found out once for all of them, before the first.
 */
final class AccessGroups {
  static final AccessGroups NONE = new AccessGroups(0);

  private static final int MOST_SPAN = 1024;
  private static final int REGISTERS = 32;
  private static final long GENERAL = (1L << REGISTERS) - 1;

  private final @Nullable Group[] byIndex;

  /** Of each access, from its base register at the first access of its group. */
  private final int[] offsets;

  private @Nullable Group current;
  private int index;

  private AccessGroups(int instructions) {
    byIndex = new @Nullable Group[instructions];
    offsets = new int[instructions];
  }

  /** Accesses that are checked together. */
  final class Group {
    final int base;

    /** Local variable: the host address of the lowest byte. */
    int host;

    /** Permissions that all of it needs. */
    int access;

    private int first;
    private int members;
    private int low = Integer.MAX_VALUE;
    private int high = Integer.MIN_VALUE;

    /** What was added to the base register since the first access; while the group is found. */
    private int moved;

    Group(int base, int first) {
      this.base = base;
      this.first = first;
    }

    private boolean add(int at, int offset, int bytes, int permission) {
      int newLow = Math.min(low, moved + offset);
      int newHigh = Math.max(high, moved + offset + bytes);
      if (newHigh - newLow > MOST_SPAN) {
        return false;
      }
      low = newLow;
      high = newHigh;
      access |= permission;
      members++;
      byIndex[at] = this;
      offsets[at] = moved + offset;
      return true;
    }

    int first() {
      return first;
    }

    boolean isFirst() {
      return index == first;
    }

    /** Of the lowest byte, from the base register at the first access. */
    long lowest() {
      return low;
    }

    int span() {
      return high - low;
    }

    /** Of this access, from the lowest byte. */
    int fromLowest() {
      return offsets[index] - low;
    }
  }

  /** Finds the groups of a block. */
  static AccessGroups of(Block block) {
    int accesses = 0;
    for (int what : block.info) {
      accesses += what & Effects.CAN_ABORT;
    }
    if (accesses < 2 * Effects.CAN_ABORT) {
      return new AccessGroups(0);
    }
    AccessGroups groups = new AccessGroups(block.ops.length);
    @Nullable Group[] byBase = new @Nullable Group[REGISTERS];
    for (int i = 0; i < block.ops.length; i++) {
      groups.find(byBase, block, i);
    }
    for (int i = 0; i < block.ops.length; i++) {
      Group group = groups.byIndex[i];
      if (group != null && group.members < 2) {
        groups.byIndex[i] = null;
      }
    }
    return groups;
  }

  private void find(@Nullable Group[] byBase, Block block, int at) {
    long d = block.ops[at];
    int op = Effects.op(d);
    if ((block.info[at] & Effects.SHARED) != 0) {
      Arrays.fill(byBase, null);
      return;
    }
    int bytes = (block.info[at] & Effects.CAN_ABORT) != 0 ? bytes(op, d) : 0;
    int base = Effects.b(d);
    long written = block.writes[at] & GENERAL;
    if (bytes != 0) {
      int permission = isLoad(op) ? MemoryManager.PERM_READ : MemoryManager.PERM_WRITE;
      int offset = isPostIndexed(op, d) ? 0 : Effects.imm(d);
      Group group = byBase[base];
      if (group == null || !group.add(at, offset, bytes, permission)) {
        group = new Group(base, at);
        byBase[base] = group;
        group.add(at, offset, bytes, permission);
      }
      if (movesBase(op) && !loadsBase(op, d, base)) {
        group.moved += Effects.imm(d);
        written &= ~(1L << base);
      }
    } else if (op == Op.ADDI64 && Effects.a(d) == base && byBase[base] != null) {
      byBase[base].moved += Effects.imm(d);
      written = 0;
    }
    for (long left = written; left != 0; left &= left - 1) {
      byBase[Long.numberOfTrailingZeros(left)] = null;
    }
  }

  /** A load with write-back into its own base. */
  private static boolean loadsBase(int op, long d, int base) {
    boolean pair = op >= Op.LDP64;
    boolean general = op < Op.LDRQ;
    return general && isLoad(op) && (Effects.a(d) == base || pair && Effects.c(d) == base);
  }

  private static boolean isLoad(int op) {
    return op <= Op.LDRS8_32
        || op >= Op.LDR64_W && op <= Op.LDR8_W
        || op == Op.LDP64
        || op == Op.LDP32
        || op == Op.LDP64_PRE
        || op == Op.LDP64_POST
        || op == Op.LDRQ
        || op == Op.LDRD
        || op == Op.LDPQ
        || op == Op.LDPD
        || op == Op.LDV_W
        || op == Op.LDRS_V;
  }

  private static boolean movesBase(int op) {
    return op >= Op.LDR64_W && op <= Op.STR8_W
        || op >= Op.LDP64_PRE && op <= Op.STP64_POST
        || op == Op.LDV_W
        || op == Op.STV_W;
  }

  private static boolean isPostIndexed(int op, long d) {
    if (op >= Op.LDR64_W && op <= Op.STR8_W) {
      return Effects.c(d) == 0;
    }
    if (op == Op.LDV_W || op == Op.STV_W) {
      return (Effects.c(d) & 1) == 0;
    }
    return op == Op.LDP64_POST || op == Op.STP64_POST;
  }

  /** Bytes of an access with a base and a constant; 0 for everything else. */
  private static int bytes(int op, long d) {
    return switch (op) {
      case Op.LDR64, Op.STR64, Op.LDR64_W, Op.STR64_W, Op.LDRD, Op.STRD -> 8;
      case Op.LDR32, Op.STR32, Op.LDRS32_64, Op.LDR32_W, Op.STR32_W, Op.LDRS_V, Op.STRS_V -> 4;
      case Op.LDR16, Op.STR16, Op.LDRS16_64, Op.LDRS16_32, Op.LDR16_W, Op.STR16_W -> 2;
      case Op.LDR8, Op.STR8, Op.LDRS8_64, Op.LDRS8_32, Op.LDR8_W, Op.STR8_W -> 1;
      case Op.LDP64, Op.STP64, Op.LDP64_PRE, Op.LDP64_POST, Op.STP64_PRE, Op.STP64_POST -> 16;
      case Op.LDRQ, Op.STRQ, Op.LDPD, Op.STPD -> 16;
      case Op.LDP32, Op.STP32 -> 8;
      case Op.LDPQ, Op.STPQ -> 32;
      case Op.LDV_W, Op.STV_W -> 1 << (Effects.c(d) >>> 1);
      default -> 0;
    };
  }

  /** The registers that the address of an access depends on, as bits; 0 when it is no access. */
  static long addressRegisters(long d) {
    int op = Effects.op(d);
    if (op == Op.SEMANTICS) {
      return Intrinsics.accesses(Effects.number(d), Effects.imm(d))
          ? 1L << (Effects.imm(d) >>> 5 & 31)
          : 0;
    }
    if (bytes(op, d) != 0) {
      return 1L << Effects.b(d);
    }
    boolean hasIndex = op >= Op.LDR64_R && op <= Op.STR8_R || op == Op.LDV_R || op == Op.STV_R;
    return hasIndex ? (1L << Effects.b(d) | 1L << Effects.c(d)) & (1L << REGISTERS) - 1 : 0;
  }

  /** Whether an instruction moves a register by a constant as the base of its access. */
  static boolean steps(long d, int register) {
    int op = Effects.op(d);
    return movesBase(op)
        && bytes(op, d) != 0
        && Effects.b(d) == register
        && !loadsBase(op, d, register);
  }

  private @Nullable Group group(int at) {
    return at < byIndex.length ? byIndex[at] : null;
  }

  /** Whether the access is the first of several that are checked together, or alone. */
  boolean isChecked(int at) {
    Group group = group(at);
    return group == null || group.first == at;
  }

  /** An access is about to be written. */
  void begin(Emitter m, int at) {
    index = at;
    Group group = group(at);
    current = group;
    if (group != null && group.isFirst()) {
      group.host = m.newLocal(2);
    }
  }

  /** The group of an access that is about to be written; null when it is checked by itself. */
  @Nullable Group at(int at) {
    index = at;
    current = group(at);
    return current;
  }

  /** The group of the access; null when it is checked by itself. */
  @Nullable Group current() {
    return current;
  }

  /** No group goes on. */
  void close() {
    current = null;
  }
}
