package dev.svc0.arm64.interp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.arm64.isa.InstructionTable;
import dev.svc0.arm64.isa.InstructionTable.Entry;
import dev.svc0.arm64.jit.EngineOptions;
import dev.svc0.arm64.jit.TieredEngine;
import dev.svc0.runtime.mm.FrameAllocator;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every instruction among others that change the registers it names, so that machine code holds
 * these in registers of the host, with values that the processor's state does not have: before the
 * instruction they are moved by what makes them the case's, after it by something else.
 */
class QuickSequenceTest {
  private static final InstructionTable TABLE = InstructionTable.read();
  private static final FrameAllocator FRAMES = new FrameAllocator(1 << 14);
  private static final int CASES = 48;
  private static final long SEED = 3;
  private static final int ADD = 0x91000000;
  private static final int BEFORE = 16;
  private static final int AFTER = 48;

  static Stream<Entry> instructions() {
    return TABLE.entries().stream().filter(entry -> !entry.semantics().equals("Branches"));
  }

  @ParameterizedTest
  @MethodSource("instructions")
  void givesWhatTheInterpreterGives(Entry entry) {
    TieredEngine engine = new TieredEngine(EngineOptions.forcedQuick());
    Machine quick = new Machine(engine, FRAMES);
    Machine slow = new Machine(new Interpreter(), FRAMES);
    List<State> cases = Comparison.cases(entry, SEED, CASES);
    for (int i = 0; i < CASES; i++) {
      State before = cases.get(i);
      String what = Comparison.explain(TABLE, entry, SEED, i, before);
      int[] words = words(before);
      State expected = run(slow, before, words);
      assertThat(run(quick, before, words).difference(expected)).as(what).isEmpty();
    }
    for (Machine machine : List.of(quick, slow)) {
      machine.cpu().release();
      machine.cpu().mm().release();
    }
  }

  /** The registers that any field can name, each once. */
  private static int[] named(int insn) {
    return IntStream.of(insn & 31, insn >>> 5 & 31, insn >>> 10 & 31, insn >>> 16 & 31)
        .distinct()
        .toArray();
  }

  /** Additions to each, the instruction, and other additions. */
  private static int[] words(State before) {
    int[] named = named(before.insn);
    IntStream first = Arrays.stream(named).map(r -> add(r, BEFORE));
    IntStream last = Arrays.stream(named).map(r -> add(r, AFTER));
    return IntStream.concat(IntStream.concat(first, IntStream.of(before.insn)), last).toArray();
  }

  private static int add(int register, int amount) {
    return ADD | amount << 10 | register << 5 | register;
  }

  private static State run(Machine machine, State before, int[] words) {
    int[] named = named(before.insn);
    long start = before.pc - 4L * named.length;
    for (int i = 0; i < words.length; i++) {
      machine.cpu().mm().writeInt(start + 4L * i, words[i]);
      machine.cpu().code().invalidateLine(start + 4L * i, 4);
    }
    machine.cpu().mm().writeInt(start + 4L * words.length, 0xd4200000);
    machine.cpu().code().invalidateLine(start + 4L * words.length, 4);
    machine.prepare(before);
    machine.cpu().pc = start;
    for (int register : named) {
      machine.cpu().x[register] -= BEFORE;
    }
    return machine.finish();
  }
}
