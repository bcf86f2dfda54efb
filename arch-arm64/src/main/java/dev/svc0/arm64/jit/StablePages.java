package dev.svc0.arm64.jit;

import dev.svc0.arm64.decode.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Accesses in loops that are likely to stay in one page for a while: their page is kept in local
 * variables, so that most of them need one comparison, and none of what they need has anything in
 * common with other accesses that the compiler could hoist. What was found out about a page holds
 * until the unit is left, because whoever takes a permission away waits for that; units that call
 * others have none, also because their loops have no machine registers to spare.
 */
final class StablePages {
  private static final int MOST_SITES = 6;
  private static final int MOST_BLOCKS = 4;
  private static final int MOST_DEPTH = 6;

  /**
   * Local variables: the first address of a page, where it lies on the host, and the bytes in it at
   * which an access may begin.
   */
  record Site(int page, int host, int limit) {}

  /** A loop: addresses [start, end). */
  private record Loop(long start, long end, List<Block> blocks) {}

  private final Map<Long, Site> sites = new HashMap<>();

  StablePages() {}

  /** Finds the accesses, and has local variables for them. */
  static StablePages of(GuestCode code, Emitter m) {
    StablePages pages = new StablePages();
    if (code.blocks().stream().anyMatch(StablePages::calls)) {
      return pages;
    }
    List<Loop> loops = loops(code.blocks());
    for (Block block : code.blocks()) {
      Loop loop = innermost(loops, block);
      AccessGroups groups = AccessGroups.of(block);
      for (int i = 0; loop != null && i < block.ops.length; i++) {
        if (pages.sites.size() < MOST_SITES && groups.isChecked(i) && isStable(loop, block, i)) {
          pages.sites.put(block.pc(i), new Site(m.newLocal(2), m.newLocal(2), m.newLocal(2)));
        }
      }
    }
    return pages;
  }

  private static List<Loop> loops(List<Block> blocks) {
    List<Loop> loops = new ArrayList<>();
    for (Block last : blocks) {
      for (Block first : Flow.successors(last)) {
        if (first.start <= last.start) {
          List<Block> inside =
              blocks.stream().filter(b -> b.start >= first.start && b.start <= last.start).toList();
          if (inside.size() <= MOST_BLOCKS) {
            loops.add(new Loop(first.start, last.end(), inside));
          }
        }
      }
    }
    return loops;
  }

  private static boolean calls(Block block) {
    for (long d : block.ops) {
      if (Effects.isBarrier(d) || Effects.isSemantics(d)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Loop innermost(List<Loop> loops, Block block) {
    Loop best = null;
    for (Loop loop : loops) {
      if (block.start >= loop.start
          && block.start < loop.end
          && (best == null || loop.end - loop.start < best.end - best.start)) {
        best = loop;
      }
    }
    return best;
  }

  private static boolean isStable(Loop loop, Block block, int index) {
    long d = block.ops[index];
    int op = Effects.op(d);
    if (!Effects.canAbort(d) || op == Op.LDR64_L) {
      return false;
    }
    long registers = AccessGroups.addressRegisters(d);
    for (long left = registers; left != 0; left &= left - 1) {
      if (!isStable(loop, block, index, Long.numberOfTrailingZeros(left), 0)) {
        return false;
      }
    }
    return registers != 0;
  }

  /** Whether a register changes by little, if at all, from one round to the next. */
  private static boolean isStable(Loop loop, Block block, int index, int register, int depth) {
    for (int i = index - 1; i >= 0; i--) {
      long d = block.ops[i];
      if ((Effects.writes(d) >>> register & 1) != 0) {
        if (isStep(d, register)) {
          continue;
        }
        return depth < MOST_DEPTH && isSimple(d) && allStable(loop, block, i, depth + 1);
      }
    }
    boolean written = false;
    boolean simply = false;
    for (Block other : loop.blocks) {
      for (long d : other.ops) {
        if ((Effects.writes(d) >>> register & 1) != 0) {
          written = true;
          simply |= isStep(d, register) || isSimple(d);
        }
      }
    }
    return !written || simply;
  }

  private static boolean allStable(Loop loop, Block block, int index, int depth) {
    for (long left = Effects.reads(block.ops[index]); left != 0; left &= left - 1) {
      if (!isStable(loop, block, index, Long.numberOfTrailingZeros(left), depth)) {
        return false;
      }
    }
    return true;
  }

  /** Write-back of a base. */
  private static boolean isStep(long d, int register) {
    return AccessGroups.steps(d, register);
  }

  /** Constants, sums, differences, moves, extensions and shifts. */
  private static boolean isSimple(long d) {
    return switch (Effects.op(d)) {
      case Op.ADDI64, Op.ADDI32, Op.ADDSI64, Op.ADDSI32, Op.SUBSI64, Op.SUBSI32 -> true;
      case Op.MOVI, Op.MOVNI64, Op.MOVNI32, Op.MOVK64, Op.MOVK32, Op.ADR, Op.ADRP -> true;
      case Op.UBFM64, Op.UBFM32, Op.SBFM64, Op.SBFM32, Op.MOV64, Op.MOV32 -> true;
      case Op.ADD64, Op.ADD32, Op.SUB64, Op.SUB32, Op.ADDX64, Op.SUBX64 -> true;
      default -> false;
    };
  }

  /** The site of an instruction; null when it is checked as a whole each time. */
  @Nullable Site at(long pc) {
    return sites.get(pc);
  }

  /** Emits that nothing is known. */
  void start(Emitter m) {
    for (Site site : sites.values()) {
      m.c.lconst_0().lstore(site.page).lconst_0().lstore(site.host).lconst_0().lstore(site.limit);
    }
  }
}
