package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Code.DATA;
import static dev.svc0.arm64.interp.Code.NOP;
import static dev.svc0.arm64.interp.Code.SVC_0;
import static dev.svc0.arm64.interp.Code.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Engine;
import dev.svc0.arm64.jit.EngineOptions;
import dev.svc0.arm64.jit.Engines;
import dev.svc0.arm64.jit.TieredEngine;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.MemoryManager;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Translated code where it differs from interpreted code: changed code, aborts in the middle,
 * nested calls, interrupts, bounds; and memory ordering on every engine.
 */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class TranslatorTest {
  private static final int MOVZ_X0_1 = 0xd2800020;
  private static final int MOVZ_X0_2 = 0xd2800040;
  private static final int RET = 0xd65f03c0;
  private static final long JIT = DATA + 0x10000;
  private static final int ESR_SVC = 0x56000000;

  private final FrameAllocator frames = new FrameAllocator(1 << 12);
  private final TieredEngine engine = new TieredEngine(EngineOptions.forced());

  private Code code(int... words) {
    return new Code(engine, frames, words);
  }

  private Code code(Engines kind, int... words) {
    return new Code(kind.create(), frames, words);
  }

  @Test
  void changedCodeIsTranslatedAgainAfterIcIvau() {
    // blr x1; str w3, [x1]; dc cvau, x1; ic ivau, x1; isb; blr x1; svc
    Code code = code(0xd63f0020, 0xb9000023, 0xd50b7b21, 0xd50b7521, 0xd5033fdf, 0xd63f0020, SVC_0);
    code.map(JIT, 7, 0x1000);
    code.mm.writeInt(JIT, MOVZ_X0_1);
    code.mm.writeInt(JIT + 4, RET);
    code.cpu.x[1] = JIT;
    code.cpu.x[3] = MOVZ_X0_2 & 0xffffffffL;
    code.run();
    assertThat(code.cpu.x[0]).isEqualTo(2);
    assertThat(engine.statistics().invalidations()).isPositive();
  }

  /** The instruction after the barrier belongs to the unit that changes it. */
  @ParameterizedTest
  @EnumSource(Engines.class)
  void codeMayChangeWhatItIsAboutToExecute(Engines kind) {
    // str w3, [x1]; dc cvau, x1; dsb; ic ivau, x1; dsb; isb; movz x0, 1; svc
    int[] words = {
      0xb9000023, 0xd50b7b21, 0xd5033b9f, 0xd50b7521, 0xd5033b9f, 0xd5033fdf, MOVZ_X0_1, SVC_0
    };
    Code code = code(kind);
    code.map(JIT, 7, 0x1000);
    for (int i = 0; i < words.length; i++) {
      code.mm.writeInt(JIT + 4 * i, words[i]);
    }
    code.cpu.pc = JIT;
    code.cpu.x[1] = JIT + 24;
    code.cpu.x[3] = MOVZ_X0_2 & 0xffffffffL;
    code.run();
    assertThat(code.cpu.x[0]).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Engines.class)
  void codeIsForgottenWhenItsMappingChanges(Engines kind) {
    Code code = code(kind, MOVZ_X0_1, SVC_0);
    code.run();
    assertThat(code.cpu.x[0]).isEqualTo(1);
    code.map(TEXT, 3, 0x2000);
    code.mm.writeInt(TEXT, MOVZ_X0_2);
    code.mm.writeInt(TEXT + 4, SVC_0);
    code.mm.mprotect(TEXT, 0x2000, 5);
    code.cpu.pc = TEXT;
    code.run();
    assertThat(code.cpu.x[0]).isEqualTo(2);
    code.mm.mprotect(TEXT, 0x2000, 1);
    code.cpu.pc = TEXT;
    code.run();
    assertThat(code.cpu.esr).isEqualTo(0x8200000f);
  }

  /** One thread executes a function for ever, another one rewrites it until the first sees it. */
  @ParameterizedTest
  @EnumSource(Engines.class)
  void oneThreadRewritesWhatAnotherExecutes(Engines kind) throws InterruptedException {
    // 0: blr x1; cmp x0, #2; b.ne 0; svc
    Code code = new Code(kind.create(), frames, 0xd63f0020, 0xf100081f, 0x54ffffc1, SVC_0);
    code.map(JIT, 7, 0x1000);
    code.mm.writeInt(JIT, MOVZ_X0_1);
    code.mm.writeInt(JIT + 4, RET);
    code.cpu.x[1] = JIT;
    Thread runner = new Thread(code::run);
    runner.start();
    while (code.cpu.x[0] != 1 && runner.isAlive()) {
      Thread.onSpinWait();
      if (code.cpu.code().pages() > 1) {
        break;
      }
    }
    Cpu second = code.cpu.copyForThread();
    second.pc = TEXT + 0x1000;
    second.x[1] = JIT;
    second.x[3] = MOVZ_X0_2 & 0xffffffffL;
    // str w3, [x1]; dc cvau, x1; dsb; ic ivau, x1; dsb; isb; svc
    int[] words = {0xb9000023, 0xd50b7b21, 0xd5033b9f, 0xd50b7521, 0xd5033b9f, 0xd5033fdf, SVC_0};
    code.mm.mprotect(TEXT, 0x2000, 7);
    for (int i = 0; i < words.length; i++) {
      code.mm.writeInt(TEXT + 0x1000 + 4 * i, words[i]);
    }
    assertThat(kind.create().run(second)).isEqualTo(Cpu.VECTOR_SYNC);
    assertThat(second.esr).isEqualTo(ESR_SVC);
    second.release();
    runner.join();
    assertThat(code.cpu.x[0]).isEqualTo(2);
  }

  /** All registers, flags and the address are right when an access in the middle aborts. */
  @ParameterizedTest
  @EnumSource(Engines.class)
  void abortInTheMiddleIsPrecise(Engines kind) {
    int[] words = {
      0xd28000a5, // movz x5, 5
      0xf10014bf, // cmp x5, 5
      0xf90000e5, // str x5, [x7]
      0xd28000c6, // movz x6, 6
      0xf9400108, // ldr x8, [x8]: aborts
      0xd28000e5, // movz x5, 7
      0x9a9f17e9, // cset x9, eq
      0xaa0603ea, // mov x10, x6
      SVC_0
    };
    Code code = new Code(kind.create(), frames, words);
    code.cpu.x[7] = DATA;
    code.cpu.x[8] = 0x123456789000L;
    assertThat(code.run()).isEqualTo(Cpu.VECTOR_SYNC);
    assertThat(code.cpu.pc).isEqualTo(TEXT + 16);
    assertThat(code.cpu.far).isEqualTo(0x123456789000L);
    assertThat(code.cpu.x[6]).isEqualTo(6);
    assertThat(code.cpu.x[8]).isEqualTo(0x123456789000L);
    assertThat(code.cpu.nzcv).isEqualTo(6);
    assertThat(code.mm.readLong(DATA)).isEqualTo(5);
    code.cpu.x[8] = DATA;
    code.run();
    assertThat(code.cpu.esr).isEqualTo(ESR_SVC);
    assertThat(code.cpu.x[8]).isEqualTo(5);
    assertThat(code.cpu.x[9]).isEqualTo(1);
    assertThat(code.cpu.x[10]).isEqualTo(6);
  }

  /** Accesses around one register, checked together, across a page that is not there. */
  @ParameterizedTest
  @CsvSource({
    "JIT, 0, 0",
    "JIT, 1000, 0",
    "JIT, 1ff8, 4",
    "JIT, 1ff0, 8",
    "JIT, 1fe8, c",
    "JIT, 1ffc, 0",
    "QUICK, 0, 0",
    "QUICK, 1000, 0",
    "QUICK, 1ff8, 4",
    "QUICK, 1ff0, 8",
    "QUICK, 1fe8, c",
    "QUICK, 1ffc, 0"
  })
  void accessesCheckedTogetherAbortEachByItself(Engines kind, String at, String abortsAt) {
    int[] words = {
      0xf9000022, // str x2, [x1]
      0xf9000422, // str x2, [x1, 8]
      0xf9000822, // str x2, [x1, 16]
      0xf9000c22, // str x2, [x1, 24]
      SVC_0
    };
    Code code = code(kind, words);
    long address = DATA + Long.parseLong(at, 16);
    code.cpu.x[1] = address;
    code.cpu.x[2] = 77;
    code.run();
    if (address + 32 <= DATA + 0x2000) {
      assertThat(code.cpu.esr).isEqualTo(ESR_SVC);
      return;
    }
    long pc = TEXT + Long.parseLong(abortsAt, 16);
    assertThat(code.cpu.pc).isEqualTo(pc);
    for (long p = TEXT, to = address; p < pc; p += 4, to += 8) {
      assertThat(code.mm.readLong(to)).isEqualTo(77);
    }
  }

  /**
   * The same with instructions between them that are not translated: code is entered again behind
   * these, where nothing was checked.
   */
  @ParameterizedTest
  @CsvSource({"INTERP, 2", "JIT, 1", "JIT, 2", "JIT, 3", "QUICK, 1", "QUICK, 2", "QUICK, 3"})
  void accessesBehindAnInterpretedInstructionAreChecked(Engines kind, int fit) {
    int between = 0x4ea20c20; // sqadd v0.4s, v1.4s, v2.4s
    // str x2, [x1]; str x2, [x1, 8]; str x2, [x1, 16]; str x2, [x1, 24]
    Code code =
        code(
            kind, 0xf9000022, between, 0xf9000422, between, 0xf9000822, between, 0xf9000c22, SVC_0);
    long end = DATA + 0x2000;
    code.cpu.x[1] = end - 8L * fit;
    code.cpu.x[2] = 77;
    code.run();
    assertThat(code.cpu.pc).isEqualTo(TEXT + 8L * fit);
    assertThat(code.cpu.far).isEqualTo(end);
    for (int i = 1; i <= fit; i++) {
      assertThat(code.mm.readLong(end - 8L * i)).isEqualTo(77);
    }
  }

  /** Recursion deeper than Java's stack: sums 1 to n. */
  @ParameterizedTest
  @CsvSource({
    "JIT, 1",
    "JIT, 10",
    "JIT, 239",
    "JIT, 240",
    "JIT, 241",
    "JIT, 100000",
    "QUICK, 1",
    "QUICK, 240",
    "QUICK, 100000",
    "AUTO, 100000"
  })
  void recursionMayBeDeep(Engines kind, long depth) {
    int[] words = {
      0x94000002, // bl 8
      SVC_0, // 4
      0xb50000a0, // 8: cbnz x0, 1c
      0xd2800001, // c: movz x1, 0
      RET, // 10
      NOP,
      NOP,
      0xa9bf03fe, // 1c: stp x30, x0, [sp, -16]!
      0xd1000400, // sub x0, x0, 1
      0x97fffff9, // bl 8
      0xa8c103fe, // ldp x30, x0, [sp], 16
      0x8b000021, // add x1, x1, x0
      RET
    };
    Code code = code(kind, words);
    long stack = 0x7000000;
    code.map(stack, 3, 0x200000);
    code.cpu.x[Cpu.SP] = stack + 0x200000;
    code.cpu.x[0] = depth;
    code.run();
    assertThat(code.cpu.esr).isEqualTo(ESR_SVC);
    assertThat(code.cpu.x[1]).isEqualTo(depth * (depth + 1) / 2);
    assertThat(code.cpu.x[Cpu.SP]).isEqualTo(stack + 0x200000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x14000000, 0x54000000, 0xb4000009, 0x36000009, 0xd61f0020, 0xd63f0020})
  void endlessLoopCanBeInterrupted(int word) throws InterruptedException {
    Code code = code(word);
    code.cpu.nzcv = 4;
    code.cpu.x[1] = TEXT;
    Thread other =
        new Thread(() -> {
          while (engine.statistics().units() == 0) {
            Thread.onSpinWait();
          }
          code.cpu.requestInterrupt();
        });
    other.start();
    assertThat(code.run()).isEqualTo(Cpu.VECTOR_IRQ);
    assertThat(code.cpu.pc).isEqualTo(TEXT);
    other.join();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x14000000, 0x54000000, 0xb4000009, 0x36000009, 0xd61f0020, 0xd63f0020})
  void endlessLoopOfQuickCodeCanBeInterrupted(int word) throws InterruptedException {
    Code code = code(Engines.QUICK, word);
    code.cpu.nzcv = 4;
    code.cpu.x[1] = TEXT;
    Thread guest = new Thread(() -> assertThat(code.run()).isEqualTo(Cpu.VECTOR_IRQ));
    guest.start();
    Thread.sleep(20);
    code.cpu.requestInterrupt();
    guest.join();
    assertThat(code.cpu.pc).isEqualTo(TEXT);
  }

  /** A handler of a signal uses the stack below it, though the program may never use it again. */
  @ParameterizedTest
  @EnumSource(Engines.class)
  void stackPointerIsRightAtInterrupts(Engines kind) throws InterruptedException {
    // mov x29, sp; sub sp, sp, 64; subs x0, x0, 1; b.ne -4; mov sp, x29; svc
    Code code = code(kind, 0x910003fd, 0xd10103ff, 0xf1000400, 0x54ffffe1, 0x910003bf, SVC_0);
    long stack = code.cpu.x[Cpu.SP];
    Thread guest = new Thread(() -> assertThat(code.run()).isEqualTo(Cpu.VECTOR_IRQ));
    guest.start();
    Thread.sleep(20);
    code.cpu.requestInterrupt();
    guest.join();
    assertThat(code.cpu.pc).isNotEqualTo(TEXT);
    assertThat(code.cpu.x[Cpu.SP]).isEqualTo(stack - 64);
  }

  @ParameterizedTest
  @EnumSource(Engines.class)
  void permissionCanBeTakenAwayWhileTranslatedCodeRuns(Engines kind) throws InterruptedException {
    // str x0, [x1]; b .-4: stores until the page is gone.
    Code code = code(kind, 0xf9000020, 0x17ffffff);
    code.cpu.x[1] = DATA;
    Thread guest = new Thread(code::run);
    guest.start();
    Thread.sleep(20);
    code.mm.munmap(DATA, 0x1000);
    guest.join();
    assertThat(code.cpu.far).isEqualTo(DATA);
    assertThat(code.cpu.esr).isEqualTo(0x92000047);
  }

  /** A fork finds its parent's translations and changes its code for itself alone. */
  @Test
  void processesShareTranslationsUntilTheyChangeTheirCode() {
    Code code = code(MOVZ_X0_1, SVC_0);
    code.run();
    long made = engine.statistics().units();
    MemoryManager childMemory = code.mm.fork();
    Cpu child = code.cpu.copyForFork(childMemory);
    child.pc = TEXT;
    engine.run(child);
    assertThat(child.x[0]).isEqualTo(1);
    assertThat(engine.statistics().units()).isEqualTo(made);
    childMemory.mprotect(TEXT, 0x2000, 3);
    childMemory.writeInt(TEXT, MOVZ_X0_2);
    childMemory.mprotect(TEXT, 0x2000, 5);
    child.pc = TEXT;
    engine.run(child);
    assertThat(child.x[0]).isEqualTo(2);
    code.cpu.pc = TEXT;
    code.run();
    assertThat(code.cpu.x[0]).isEqualTo(1);
    child.release();
  }

  @ParameterizedTest
  @EnumSource(Engines.class)
  void childChangesItsCodeForItselfAlone(Engines kind) {
    Engine both = kind.create();
    // bl 8; svc; movz x0, 1; ret
    Code code = new Code(both, frames, 0x94000002, SVC_0, MOVZ_X0_1, RET);
    code.run();
    MemoryManager childMemory = code.mm.fork();
    Cpu child = code.cpu.copyForFork(childMemory);
    for (int round = 0; round < 3; round++) {
      childMemory.mprotect(TEXT, 0x2000, 3);
      childMemory.writeInt(TEXT + 8, 0xd2800000 | 5 + round << 5); // movz x0, 5 + round
      childMemory.mprotect(TEXT, 0x2000, 5);
      child.pc = TEXT;
      both.run(child);
      assertThat(child.x[0]).isEqualTo(5 + round);
      code.cpu.pc = TEXT;
      code.run();
      assertThat(code.cpu.x[0]).isEqualTo(1);
    }
    child.release();
  }

  /** More code than the memory for it takes: quick code of other generations is forgotten. */
  @Test
  void quickCodeIsForgottenWhenThereIsTooMuch() {
    Code code = code(Engines.QUICK, NOP);
    int functions = 20_000;
    code.map(JIT, 7, 8L * functions);
    for (int i = 0; i < functions; i++) {
      code.mm.writeInt(JIT + 8L * i, 0xd2800000 | i << 5); // movz x0, i
      code.mm.writeInt(JIT + 8L * i + 4, SVC_0);
    }
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < functions; i++) {
        code.cpu.pc = JIT + 8L * i;
        code.run();
        assertThat(code.cpu.x[0]).isEqualTo(i);
      }
    }
  }

  /** Many functions under a small budget: some are dropped, all give their results. */
  @ParameterizedTest
  @CsvSource({"4000, 100000", "1000000, 8"})
  void budgetsAreKept(long bytes, int units) {
    TieredEngine small = new TieredEngine(EngineOptions.forced().withBounds(bytes, units));
    int functions = 40;
    int[] words = new int[functions * 2];
    for (int i = 0; i < functions; i++) {
      words[2 * i] = 0xd2800000 | i << 5; // movz x0, i
      words[2 * i + 1] = RET;
    }
    Code code = new Code(small, frames, words);
    code.mm.mprotect(TEXT, 0x2000, 7);
    code.mm.writeInt(TEXT + 0x1000, 0xd63f0020); // blr x1
    code.mm.writeInt(TEXT + 0x1004, SVC_0);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < functions; i++) {
        code.cpu.pc = TEXT + 0x1000;
        code.cpu.x[1] = TEXT + 8L * i;
        code.run();
        assertThat(code.cpu.x[0]).isEqualTo(i);
      }
    }
    assertThat(small.statistics().units()).isLessThanOrEqualTo(units);
    if (units > functions) {
      assertThat(small.statistics().dropped()).isPositive();
    }
  }

  /** A jump table: the targets are learned and the unit made anew with them. */
  @Test
  void jumpTablesBecomePartOfTheUnit() {
    int[] words = {
      0x9240040a, // 0: and x10, x0, 3
      0x8b0a0d2a, // 4: add x10, x9, x10 << 3
      0xd61f0140, // 8: br x10
      NOP, // c
      0x91000421, // 10: add x1, x1, 1
      0x14000006, // 14: b 2c
      0x91002821, // 18: add x1, x1, 10
      0x14000004, // 1c: b 2c
      0x91019021, // 20: add x1, x1, 100
      0x14000002, // 24: b 2c
      0x910fa021, // 28: add x1, x1, 1000
      0xf1000400, // 2c: subs x0, x0, 1
      0x54fffea1, // 30: b.ne 0... (the loop)
      SVC_0
    };
    words[12] = 0x54000001 | (-12 & 0x7ffff) << 5;
    Code code = code(words);
    code.cpu.x[9] = TEXT + 0x10;
    code.cpu.x[0] = 400;
    code.run();
    assertThat(code.cpu.esr).isEqualTo(ESR_SVC);
    assertThat(code.cpu.x[1]).isEqualTo(100 * 1111);
    // One for each way into the loop; the last of them knows all targets and stays inside.
    assertThat(engine.statistics().units()).isLessThanOrEqualTo(6);
  }

  /**
   * A switch with more cases than are ever translated: the rest is interpreted, all of it right.
   */
  @Test
  void aHugeSwitchEndsInTheInterpreter() {
    int cases = 2000;
    int most = 200;
    int[] words = new int[6 + 2 * (cases + 1)];
    words[0] = 0xd2800000 | cases << 5; // 0: movz x0, cases
    words[1] = 0x100000a1; // 4: adr x1, 18
    words[2] = 0x8b000c21; // 8: add x1, x1, x0 << 3
    words[3] = 0xd61f0020; // c: br x1
    words[4] = 0xf1000400; // 10: subs x0, x0, 1
    words[5] = 0x54ffff81; // 14: b.ne 4, else case 0
    words[6] = SVC_0;
    for (int i = 1; i <= cases; i++) {
      words[6 + 2 * i] = 0x91000442; // add x2, x2, 1
      words[7 + 2 * i] = 0x14000000 | -(3 + 2 * i) & 0x3ffffff; // b 10
    }
    TieredEngine small =
        new TieredEngine(EngineOptions.defaults().withThreshold(4).withBounds(64 << 20, most));
    Code code = new Code(small, frames, NOP);
    code.map(JIT, 7, 0x5000);
    for (int i = 0; i < words.length; i++) {
      code.mm.writeInt(JIT + 4L * i, words[i]);
    }
    int rounds = 300;
    for (int round = 0; round < rounds; round++) {
      code.cpu.pc = JIT;
      code.run();
      assertThat(code.cpu.esr).isEqualTo(ESR_SVC);
    }
    assertThat(code.cpu.x[2]).isEqualTo((long) rounds * cases);
    assertThat(small.statistics().units()).isBetween(1L, (long) most);
  }

  private static final int DMB_ISH = 0xd5033bbf;
  private static final int STR_X2_X0 = 0xf9000002;
  private static final int STR_X2_X1 = 0xf9000022;
  private static final int LDR_X3_X1 = 0xf9400023;
  private static final int LDR_X3_X0 = 0xf9400003;
  private static final int LDR_X4_X0 = 0xf9400004;
  private static final int STLR_X2_X1 = 0xc89ffc22;
  private static final int LDAR_X3_X1 = 0xc8dffc23;
  private static final int STLR_X2_X0 = 0xc89ffc02;

  /** What two threads may not both see; x0 and x1 are two places, 0 before each round. */
  enum Litmus {
    MESSAGE_BARRIER(
        new int[] {STR_X2_X0, DMB_ISH, STR_X2_X1}, new int[] {LDR_X3_X1, DMB_ISH, LDR_X4_X0}, 1, 0),
    MESSAGE_ACQUIRE(new int[] {STR_X2_X0, STLR_X2_X1}, new int[] {LDAR_X3_X1, LDR_X4_X0}, 1, 0),
    STORE_BUFFER(
        new int[] {STR_X2_X0, DMB_ISH, LDR_X3_X1}, new int[] {STR_X2_X1, DMB_ISH, LDR_X4_X0}, 0, 0),
    STORE_BUFFER_ACQUIRE(
        new int[] {STLR_X2_X0, LDAR_X3_X1}, new int[] {STLR_X2_X1, 0xc8dffc04}, 0, 0),
    LOAD_BUFFER(
        new int[] {LDR_X3_X0, DMB_ISH, STR_X2_X1},
        new int[] {0xf9400024, DMB_ISH, STR_X2_X0},
        1,
        1);

    final int[] first;
    final int[] second;
    final long x3;
    final long x4;

    Litmus(int[] first, int[] second, long x3, long x4) {
      this.first = first;
      this.second = second;
      this.x3 = x3;
      this.x4 = x4;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "INTERP, MESSAGE_BARRIER",
    "JIT, MESSAGE_BARRIER",
    "AUTO, MESSAGE_BARRIER",
    "QUICK, MESSAGE_BARRIER",
    "INTERP, MESSAGE_ACQUIRE",
    "JIT, MESSAGE_ACQUIRE",
    "AUTO, MESSAGE_ACQUIRE",
    "QUICK, MESSAGE_ACQUIRE",
    "INTERP, STORE_BUFFER",
    "JIT, STORE_BUFFER",
    "AUTO, STORE_BUFFER",
    "QUICK, STORE_BUFFER",
    "INTERP, STORE_BUFFER_ACQUIRE",
    "JIT, STORE_BUFFER_ACQUIRE",
    "AUTO, STORE_BUFFER_ACQUIRE",
    "QUICK, STORE_BUFFER_ACQUIRE",
    "INTERP, LOAD_BUFFER",
    "JIT, LOAD_BUFFER",
    "AUTO, LOAD_BUFFER",
    "QUICK, LOAD_BUFFER"
  })
  void forbiddenOutcomeIsNeverSeen(Engines kind, Litmus test) throws InterruptedException {
    int rounds = 1000;
    Engine shared = kind.create();
    Code code = new Code(shared, frames, litmusLoop(test.first));
    int[] other = litmusLoop(test.second);
    code.mm.mprotect(TEXT, 0x2000, 7);
    for (int i = 0; i < other.length; i++) {
      code.mm.writeInt(TEXT + 0x1000 + 4 * i, other[i]);
    }
    code.mm.mprotect(TEXT, 0x2000, 5);
    long results = 0x7000000;
    code.map(results, 3, 0x200000);
    prepareLitmus(code.cpu, rounds, results);
    Cpu second = code.cpu.copyForThread();
    second.pc = TEXT + 0x1000;
    prepareLitmus(second, rounds, results + 0x180000);
    Thread thread = new Thread(() -> shared.run(second));
    thread.start();
    code.run();
    thread.join();
    second.release();
    assertThat(code.cpu.esr).isEqualTo(ESR_SVC);
    for (int i = 0; i < rounds; i++) {
      long seenFirst = code.mm.readLong(results + 8L * i);
      long seenSecond = code.mm.readLong(results + 0x180000 + 8L * i);
      boolean bothInSecond = test == Litmus.MESSAGE_BARRIER || test == Litmus.MESSAGE_ACQUIRE;
      long x3 = bothInSecond ? seenSecond >>> 8 & 1 : seenFirst >>> 8 & 1;
      assertThat(x3 == test.x3 && (seenSecond & 1) == test.x4).as("round " + i).isFalse();
    }
  }

  /**
   * Rounds over fresh places: waits for the other thread at a counter, does the accesses, and
   * writes down x3 &lt;&lt; 8 | x4.
   */
  private static int[] litmusLoop(int[] accesses) {
    int[] begin = {
      0xd2800003, // movz x3, 0
      0xd2800004, // movz x4, 0
      0xf8e60147, // ldaddal x6, x7, [x10]: arrive
      0x14000002, // b 8
      0xd503205f, // wfe: lets the other thread run
      0xc8dffd47, // ldar x7, [x10]
      0xeb0500ff, // cmp x7, x5
      0x54ffffa3, // b.lo -12
    };
    int[] end = {
      0xaa032083, // orr x3, x4, x3 << 8
      0xf8008503, // str x3, [x8], 8
      0x910008a5, // add x5, x5, 2
      0x91020000, // add x0, x0, 128
      0x91020021, // add x1, x1, 128
      0xf1000529, // subs x9, x9, 1
    };
    int[] all = Arrays.copyOf(begin, begin.length + accesses.length + end.length + 2);
    System.arraycopy(accesses, 0, all, begin.length, accesses.length);
    System.arraycopy(end, 0, all, begin.length + accesses.length, end.length);
    int branch = all.length - 2;
    all[branch] = 0x54000001 | (-branch & 0x7ffff) << 5;
    all[branch + 1] = SVC_0;
    return all;
  }

  private static void prepareLitmus(Cpu cpu, int rounds, long results) {
    long places = 0x7000000 + 0x20000;
    cpu.x[0] = places;
    cpu.x[1] = places + 64;
    cpu.x[2] = 1;
    cpu.x[5] = 2;
    cpu.x[6] = 1;
    cpu.x[8] = results;
    cpu.x[9] = rounds;
    cpu.x[10] = DATA;
  }
}
