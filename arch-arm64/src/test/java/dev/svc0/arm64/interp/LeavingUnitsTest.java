package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Code.DATA;
import static dev.svc0.arm64.interp.Code.SVC_0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.jit.EngineOptions;
import dev.svc0.arm64.jit.Engines;
import dev.svc0.arm64.jit.TieredEngine;
import dev.svc0.runtime.mm.FrameAllocator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Units that are left in the middle, at a page fault, and go on; flags where functions are called.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@ParameterizedClass
@EnumSource(
    value = Engines.class,
    names = {"JIT", "QUICK", "AUTO"})
class LeavingUnitsTest {
  private static final int RET = 0xd65f03c0;
  private static final int PAGE = 4096;
  private static final int ESR_SVC = 0x56000000;
  private static final long AREA = DATA + 0x100000;
  private static final int STR_X2_X1 = 0xf9000022;
  private static final int ADD_X1_X1_PAGE = 0x91400421;
  private static final int SUBS_X0_X0_1 = 0xf1000400;

  private final FrameAllocator frames = new FrameAllocator(1 << 12);
  private final Engines kind;

  LeavingUnitsTest(Engines kind) {
    this.kind = kind;
  }

  /** AUTO: quick code first, and units of what is hotter. */
  private Code code(int threshold, int... words) {
    EngineOptions forced = EngineOptions.forced();
    EngineOptions options =
        switch (kind) {
          case JIT -> forced.withThreshold(threshold);
          case QUICK -> EngineOptions.forcedQuick().withQuickThreshold(threshold);
          default -> forced.withThreshold(2 * threshold + 2).withQuickThreshold(threshold / 4);
        };
    return new Code(new TieredEngine(options), frames, words);
  }

  private static void prepare(Code code, int pages) {
    code.map(AREA, 3, (long) pages * PAGE);
    code.cpu.x[0] = pages;
    code.cpu.x[1] = AREA;
    code.cpu.x[2] = 7;
  }

  private static void check(Code code, int pages) {
    assertThat(code.cpu.esr).isEqualTo(ESR_SVC);
    assertThat(code.cpu.x[0]).isZero();
    assertThat(code.cpu.x[1]).isEqualTo(AREA + (long) pages * PAGE);
    for (int i = 0; i < pages; i++) {
      assertThat(code.mm.readLong(AREA + (long) i * PAGE)).as("page %d", i).isEqualTo(7);
    }
  }

  /** The loop becomes hot before what it calls. */
  @ParameterizedTest
  @ValueSource(ints = {0, 20, 1000, 100_000})
  void codeThatIsNotHotIsCalledByOneThatIs(int threshold) {
    // bl f; subs x0, x0, 1; b.ne -8; svc
    // f: stp x29, x30, [sp, -16]!; bl g; ldp x29, x30, [sp], 16; ret
    // g: add x1, x1, 1; ret
    Code code =
        code(
            threshold,
            0x94000004,
            SUBS_X0_X0_1,
            0x54ffffc1,
            SVC_0,
            0xa9bf7bfd,
            0x94000003,
            0xa8c17bfd,
            RET,
            0x91000421,
            RET);
    prepare(code, 1);
    code.cpu.x[0] = 20_000;
    code.cpu.x[Cpu.SP] = AREA + PAGE;
    code.run();
    assertThat(code.cpu.esr).isEqualTo(ESR_SVC);
    assertThat(code.cpu.x[0]).isZero();
    assertThat(code.cpu.x[1]).isEqualTo(AREA + 20_000);
    assertThat(code.cpu.x[Cpu.SP]).isEqualTo(AREA + PAGE);
    assertThat(code.cpu.returnStack).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20, 1000})
  void loopThatFaultsInEachRoundGoesOn(int threshold) {
    // str x2, [x1]; add x1, x1, 4096; subs x0, x0, 1; b.ne -12; svc
    Code code = code(threshold, STR_X2_X1, ADD_X1_X1_PAGE, SUBS_X0_X0_1, 0x54ffffa1, SVC_0);
    prepare(code, 600);
    code.run();
    check(code, 600);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20, 1000})
  void functionThatFaultsReturnsToTheUnitThatCalledIt(int threshold) {
    // bl 16; subs x0, x0, 1; b.ne -8; svc; str x2, [x1]; add x1, x1, 4096; ret
    Code code =
        code(
            threshold, 0x94000004, SUBS_X0_X0_1, 0x54ffffc1, SVC_0, STR_X2_X1, ADD_X1_X1_PAGE, RET);
    prepare(code, 600);
    code.run();
    check(code, 600);
  }

  /** The last page of the loop's is remembered, and is no reason to go on in the next. */
  @Test
  void scanEndsWhereTheMappingEnds() {
    // ldrb w2, [x1], 1; b -4
    Code code = code(0, 0x38401422, 0x17ffffff);
    prepare(code, 3);
    code.run();
    assertThat(code.cpu.far).isEqualTo(AREA + 3 * PAGE);
    assertThat(code.cpu.x[1]).isEqualTo(AREA + 3 * PAGE);
  }

  /** 8 bytes at a time, 4 bytes off: every page boundary lies within an access. */
  @Test
  void scanAcrossPagesSeesEveryByte() {
    // ldr x2, [x1], 8; add x3, x3, x2; subs x0, x0, 1; b.ne -12; svc
    Code code = code(0, 0xf8408422, 0x8b020063, SUBS_X0_X0_1, 0x54ffffa1, SVC_0);
    prepare(code, 3);
    long sum = 0;
    for (int i = 0; i < 2 * PAGE; i += 8) {
      code.mm.writeLong(AREA + 4 + i, i * 0x123456789L);
      sum += i * 0x123456789L;
    }
    code.cpu.x[0] = 2 * PAGE / 8;
    code.cpu.x[1] = AREA + 4;
    code.run();
    assertThat(code.cpu.x[3]).isEqualTo(sum);
  }

  /** The pages of a loop are not those of another tag, nor of an address beyond all memory. */
  @ParameterizedTest
  @ValueSource(longs = {0x5a00000000000000L, 0x4000000000000000L, 0x8000000000000000L})
  void taggedAddressReachesTheSameMemory(long tag) {
    // ldr x2, [x1], 8; subs x0, x0, 1; b.ne -8; svc
    Code code = code(0, 0xf8408422, SUBS_X0_X0_1, 0x54ffffc1, SVC_0);
    prepare(code, 2);
    code.mm.writeLong(AREA + PAGE, 99);
    code.cpu.x[0] = PAGE / 8 + 1;
    code.cpu.x[1] = AREA | tag;
    code.run();
    assertThat(code.cpu.x[2]).isEqualTo(99);
  }

  @Test
  void functionSeesTheFlagsOfItsCaller() {
    // cmp x0, x0; bl 8; svc; cset x3, eq; ret
    Code code = code(0, 0xeb00001f, 0x94000002, SVC_0, 0x9a9f17e3, RET);
    code.run();
    assertThat(code.cpu.x[3]).isEqualTo(1);
    assertThat(code.cpu.nzcv).isEqualTo(6);
  }

  @Test
  void callerSeesTheFlagsOfTheFunction() {
    // cmp x0, x0; bl 12; cset x3, eq; svc; cmp x1, x2; ret
    Code code = code(0, 0xeb00001f, 0x94000003, 0x9a9f17e3, SVC_0, 0xeb02003f, RET);
    code.cpu.x[1] = 1;
    code.cpu.x[2] = 2;
    code.run();
    assertThat(code.cpu.x[3]).isZero();
    assertThat(code.cpu.nzcv).isEqualTo(8);
  }
}
