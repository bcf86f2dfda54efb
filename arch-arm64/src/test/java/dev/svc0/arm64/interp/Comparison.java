package dev.svc0.arm64.interp;

import dev.svc0.arm64.isa.InstructionTable;
import dev.svc0.arm64.isa.InstructionTable.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs the same random cases here and under {@code qemu-aarch64}. */
final class Comparison implements AutoCloseable {
  /** Instructions whose result this core may choose, or that end the program. */
  static final int SIGTRAP = 5;

  private final InstructionTable table;
  private final Machine machine;
  private final Map<String, Qemu> cores = new TreeMap<>();

  Comparison(InstructionTable table, Machine machine) {
    this.table = table;
    this.machine = machine;
  }

  /** What qemu makes of cases 0 to count. */
  List<State> theirs(Entry entry, List<State> cases) throws IOException {
    String core = Qemu.coreFor(entry.feature());
    if (!cores.containsKey(core)) {
      cores.put(core, new Qemu(core));
    }
    List<State> results = new ArrayList<>();
    for (int from = 0; from < cases.size(); from += State.BATCH) {
      int to = Math.min(cases.size(), from + State.BATCH);
      results.addAll(cores.get(core).run(cases.subList(from, to)));
    }
    return results;
  }

  static List<State> cases(Entry entry, long seed, int count) {
    CaseGenerator generator = new CaseGenerator(entry);
    List<State> cases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      cases.add(generator.generate(seed, i));
    }
    return cases;
  }

  /** One line for each case that differs; empty when all agree. */
  List<String> differences(Entry entry, long seed, int count) throws IOException {
    List<State> cases = cases(entry, seed, count);
    List<State> expected = theirs(entry, cases);
    List<String> found = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String difference = machine.run(cases.get(i)).difference(expected.get(i));
      if (!difference.isEmpty()) {
        found.add(explain(table, entry, seed, i, cases.get(i)) + difference);
      }
    }
    return found;
  }

  static String explain(InstructionTable table, Entry entry, long seed, int index, State before) {
    int insn = before.insn;
    return String.format(
        "%s seed %d case %d: %08x %s fpcr=%x%n  d: %s%n  n: %s%n  m: %s%n ",
        entry.name(),
        seed,
        index,
        insn,
        table.disassemble(insn),
        before.fpcr,
        before.describe(insn & 31),
        before.describe(insn >>> 5 & 31),
        before.describe(insn >>> 16 & 31));
  }

  @Override
  public void close() throws IOException {
    for (Qemu qemu : cores.values()) {
      qemu.close();
    }
  }
}
