package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.decode.Op;
import dev.svc0.arm64.decode.PreDecoder;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.MemoryManager;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the code that belongs to a unit: what direct branches reach from an address, nearest first,
 * and what follows calls. Only pages that are present and executable are read.
 */
final class Discovery {
  private static final int LOOK_BYTES = 96;

  private final Cpu cpu;
  private final int limit;
  private final IndirectTargets indirect;
  private final LongPredicate isElsewhere;
  private final TreeMap<Long, Long> ops = new TreeMap<>();
  private final Set<Long> leaders = new HashSet<>();
  private final ArrayDeque<Long> queue = new ArrayDeque<>();

  private Discovery(
      Cpu cpu, int limit, IndirectTargets indirect, LongPredicate isElsewhere) {
    this.cpu = cpu;
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
    LongPredicate others = pc -> pc != entry && isElsewhere.test(pc);
    Discovery discovery = new Discovery(cpu, limit, indirect, others);
    discovery.lead(entry);
    while (!discovery.queue.isEmpty()) {
      discovery.follow(discovery.queue.poll());
    }
    return discovery.ops.isEmpty() ? null : discovery.link(entry);
  }

  private void lead(long pc) {
    if (leaders.add(pc)) {
      queue.add(pc);
    }
  }

  static boolean isExecutable(Cpu cpu, long pc) {
    long page = pc >>> 12;
    return (pc & 3) == 0
        && page < cpu.windowPages
        && (HostMemory.getByte(cpu.permissionBase + page) & MemoryManager.PERM_EXEC) != 0;
  }

  private void follow(long start) {
    long pc = start;
    while (ops.size() < limit
        && !ops.containsKey(pc)
        && isExecutable(cpu, pc)
        && !isElsewhere.test(pc)) {
      long d = PreDecoder.decode(HostMemory.getInt(cpu.windowBase + pc));
      ops.put(pc, d);
      if (Effects.isDirectBranch(d)) {
        lead(Effects.target(d, pc));
      }
      if (Effects.isIndirectJump(d)) {
        indirect.of(pc).forEach(this::lead);
      }
      if (Effects.endsPath(d)) {
        return;
      }
      pc += 4;
      if (Effects.endsBlock(d)) {
        lead(pc);
      }
    }
  }

  private GuestCode link(long entry) {
    Map<Long, Block> byStart = new HashMap<>();
    List<Block> blocks = new ArrayList<>();
    List<Long> words = new ArrayList<>();
    long start = 0;
    for (Map.Entry<Long, Long> at : ops.entrySet()) {
      long pc = at.getKey();
      if (words.isEmpty()) {
        start = pc;
      }
      words.add(at.getValue());
      long after = pc + 4;
      if (Effects.endsBlock(at.getValue()) || leaders.contains(after) || !ops.containsKey(after)) {
        Block block = new Block(start, words.stream().mapToLong(Long::longValue).toArray());
        byStart.put(start, block);
        blocks.add(block);
        words.clear();
      }
    }
    for (Block block : blocks) {
      long last = block.last();
      if (!Effects.endsPath(last)) {
        block.next = byStart.get(block.end());
      }
      if (Effects.isDirectBranch(last)) {
        block.taken = byStart.get(Effects.target(last, block.end() - 4));
      }
      if ((int) (last & 511) == Op.BR) {
        indirect.of(block.end() - 4).stream()
            .map(byStart::get)
            .filter(Objects::nonNull)
            .forEach(block.indirect::add);
      }
    }
    List<long[]> looked = new ArrayList<>();
    for (Block block : blocks) {
      if (goesElsewhere(block)) {
        block.flagsDropped = overwritesFlags(Effects.target(block.last(), block.end() - 4), looked);
      }
    }
    Block first = Objects.requireNonNull(byStart.get(entry), "the entry starts a block");
    return new GuestCode(first, blocks, looked);
  }

  /** Whether a block ends with a call, or a branch out of the unit. */
  private static boolean goesElsewhere(Block block) {
    int op = Effects.op(block.last());
    return op == Op.BL || op == Op.B && block.taken == null;
  }

  /** Whether the first instruction at an address that has to do with the flags overwrites them. */
  private boolean overwritesFlags(long start, List<long[]> looked) {
    for (long pc = start; pc < start + LOOK_BYTES && isExecutable(cpu, pc); pc += 4) {
      long d = PreDecoder.decode(HostMemory.getInt(cpu.windowBase + pc));
      if (Effects.readsFlags(d) || Effects.endsBlock(d)) {
        return false;
      }
      if (Effects.flagKind(d) >= 0) {
        looked.add(new long[] {start, pc + 4});
        return true;
      }
    }
    return false;
  }
}
