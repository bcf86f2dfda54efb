package dev.svc0.arm64.interp;

import dev.svc0.arm64.isa.InstructionTable;
import dev.svc0.arm64.isa.InstructionTable.Entry;
import dev.svc0.runtime.mm.FrameAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs random cases of every instruction here and under {@code qemu-aarch64} and prints what differs.
 *
 * <p>Arguments: seed, cases an instruction, regular expression over names.
 */
final class LiveComparison {
  private LiveComparison() {}

  public static void main(String[] args) throws IOException {
    long seed = Long.parseLong(args[0]);
    int cases = Integer.parseInt(args[1]);
    String wanted = args[2];
    Map<String, Integer> failures = new TreeMap<>();
    InstructionTable table = InstructionTable.read();
    Machine machine = new Machine(new Interpreter(), new FrameAllocator(1 << 14));
    Map<String, Qemu> cores = new TreeMap<>();
    for (Entry entry : table.entries()) {
      if (entry.name().matches(wanted)) {
        String core = Qemu.coreFor(entry.feature());
        if (!cores.containsKey(core)) {
          cores.put(core, new Qemu(core));
        }
        int wrong = compare(machine, cores.get(core), table, entry, seed, cases);
        if (wrong != 0) {
          failures.put(entry.name(), wrong);
        }
      }
    }
    for (Qemu qemu : cores.values()) {
      qemu.close();
    }
    System.out.println(failures.size() + " instructions differ: " + failures);
  }

  private static int compare(
      Machine machine, Qemu qemu, InstructionTable table, Entry entry, long seed, int cases)
      throws IOException {
    CaseGenerator generator = new CaseGenerator(entry);
    int wrong = 0;
    int trapped = 0;
    for (int from = 0; from < cases; from += State.BATCH) {
      List<State> batch = new ArrayList<>();
      for (int i = from; i < Math.min(cases, from + State.BATCH); i++) {
        batch.add(generator.generate(seed, i));
      }
      List<State> theirs = qemu.run(batch);
      for (int i = 0; i < batch.size(); i++) {
        State ours = machine.run(batch.get(i));
        trapped += theirs.get(i).insn == 5 ? 1 : 0;
        if (!ours.sameAs(theirs.get(i)) && wrong++ < 3) {
          System.out.printf(
              "%s #%d %s fpcr=%x%n  in: %s | %s | %s%n %s%n",
              entry.name(),
              from + i,
              table.disassemble(batch.get(i).insn) + String.format(" %08x", batch.get(i).insn),
              batch.get(i).fpcr,
              batch.get(i).describe(batch.get(i).insn & 31),
              batch.get(i).describe(batch.get(i).insn >>> 5 & 31),
              batch.get(i).describe(batch.get(i).insn >>> 16 & 31),
              ours.difference(theirs.get(i)));
        }
      }
    }
    if (trapped * 8 < cases) {
      System.out.println(entry.name() + " executed only " + trapped + " of " + cases);
    }
    return wrong;
  }
}
