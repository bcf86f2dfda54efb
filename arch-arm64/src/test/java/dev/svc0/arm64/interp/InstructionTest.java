package dev.svc0.arm64.interp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.arm64.decode.CodePage;
import dev.svc0.arm64.decode.PreDecoder;
import dev.svc0.arm64.isa.A64Decoder;
import dev.svc0.arm64.isa.InstructionTable;
import dev.svc0.arm64.isa.InstructionTable.Entry;
import dev.svc0.arm64.jit.EngineOptions;
import dev.svc0.arm64.jit.TieredEngine;
import dev.svc0.runtime.mm.FrameAllocator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every instruction of the specification against what {@code qemu-aarch64} did with the same cases.
 */
class InstructionTest {
  private static final InstructionTable TABLE = InstructionTable.read();
  private static final int TRANSLATED_STEP = Integer.getInteger("svc0.translatedStep", 8);
  private static final FrameAllocator FRAMES = new FrameAllocator(1 << 14);
  private static final Machine MACHINE = new Machine(new Interpreter(), FRAMES);
  private static final Map<String, Recording.Outcome> RECORDED = recorded();

  private static Map<String, Recording.Outcome> recorded() {
    try {
      return Recording.read();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<String> names() {
    return TABLE.entries().stream().map(Entry::name);
  }

  private static Entry entry(String name) {
    return TABLE.entries().stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("names")
  void givesTheRecordedResult(String name) {
    check(entry(name), false);
  }

  /** The frequent instructions have a second implementation in the interpreter's switch. */
  @ParameterizedTest
  @MethodSource("names")
  void givesTheRecordedResultByItsSemanticsAlone(String name) {
    Entry entry = entry(name);
    if (!entry.semantics().equals("Branches")) {
      check(entry, true);
    }
  }

  /** The translator, which makes a class of each case: not all of them. */
  @ParameterizedTest
  @MethodSource("names")
  void givesTheRecordedResultTranslated(String name) {
    Recording.Outcome expected = RECORDED.get(name);
    Entry entry = entry(name);
    List<State> cases = Comparison.cases(entry, Recording.SEED, Recording.CASES);
    TieredEngine engine = new TieredEngine(EngineOptions.forced());
    Machine machine = new Machine(engine, FRAMES);
    for (int i = 0; i < Recording.CASES; i += TRANSLATED_STEP) {
      State after = machine.run(cases.get(i));
      assertThat(after.digest())
          .as(Comparison.explain(TABLE, entry, Recording.SEED, i, cases.get(i)))
          .isEqualTo(expected.digests()[i]);
    }
    assertThat(engine.statistics().units()).isPositive();
    machine.cpu().release();
    machine.cpu().mm().release();
  }

  /** The translation to machine code of the host. */
  @ParameterizedTest
  @MethodSource("names")
  void givesTheRecordedResultTranslatedQuickly(String name) {
    Recording.Outcome expected = RECORDED.get(name);
    Entry entry = entry(name);
    List<State> cases = Comparison.cases(entry, Recording.SEED, Recording.CASES);
    TieredEngine engine = new TieredEngine(EngineOptions.forcedQuick());
    Machine machine = new Machine(engine, FRAMES);
    for (int i = 0; i < Recording.CASES; i++) {
      State after = machine.run(cases.get(i));
      assertThat(after.digest())
          .as(Comparison.explain(TABLE, entry, Recording.SEED, i, cases.get(i)))
          .isEqualTo(expected.digests()[i]);
    }
    assertThat(engine.statistics().report()).containsPattern("quick units +[1-9]");
    machine.cpu().release();
    machine.cpu().mm().release();
  }

  private static void check(Entry entry, boolean semanticsAlone) {
    Recording.Outcome expected = RECORDED.get(entry.name());
    assertThat(expected).as("recorded cases of " + entry.name()).isNotNull();
    List<State> cases = Comparison.cases(entry, Recording.SEED, Recording.CASES);
    for (int i = 0; i < cases.size(); i++) {
      State before = cases.get(i);
      State after = semanticsAlone ? runSemantics(before) : MACHINE.run(before);
      assertThat(after.digest())
          .as(Comparison.explain(TABLE, entry, Recording.SEED, i, before))
          .isEqualTo(expected.digests()[i]);
    }
  }

  private static State runSemantics(State before) {
    MACHINE.prepare(before);
    CodePage page = MACHINE.cpu().code().find(before.pc);
    if (page == null) {
      page = MACHINE.cpu().code().add(before.pc);
    }
    int number = A64Decoder.decode(before.insn);
    page.ops[(int) before.pc >>> 2 & CodePage.SIZE - 1] = PreDecoder.semantics(number, before.insn);
    return MACHINE.finish();
  }

  @Test
  void everyInstructionWasReallyExecuted() {
    assertThat(TABLE.entries())
        .allSatisfy(entry ->
            assertThat(RECORDED.get(entry.name()).executed())
                .as(entry.name())
                .isGreaterThan(Recording.CASES / 16));
  }

  /**
   * Reserved words must not be taken for instructions: what qemu executes here, it must execute.
   */
  @Test
  void decoderFindsEachInstructionByItsOwnPattern() {
    for (Entry entry : TABLE.entries()) {
      for (State one : Comparison.cases(entry, 7, 64)) {
        int number = A64Decoder.decode(one.insn);
        Entry found = TABLE.entries().get(number - 1);
        assertThat(one.insn & found.mask()).isEqualTo(found.value());
        assertThat(number == entry.number() || overlaps(found, entry))
            .as(entry.name() + " decoded as " + found.name())
            .isTrue();
      }
    }
  }

  private static boolean overlaps(Entry a, Entry b) {
    return ((a.value() ^ b.value()) & a.mask() & b.mask()) == 0;
  }

  static boolean isLive() {
    return Boolean.getBoolean("svc0.live") || System.getenv("CI") != null;
  }

  /** Fresh cases every time, in CI or with {@code -Dsvc0.live=true}; the seed is printed. */
  @Test
  @EnabledIf("isLive")
  void agreesWithQemuOnFreshCases() throws IOException {
    long seed = Long.getLong("svc0.seed", 1);
    int count = Integer.getInteger("svc0.cases", 256);
    System.out.println("seed " + seed);
    try (Comparison comparison = new Comparison(TABLE, MACHINE)) {
      for (Entry entry : TABLE.entries()) {
        assertThat(comparison.differences(entry, seed, count)).as("seed " + seed).isEmpty();
      }
    }
  }
}
