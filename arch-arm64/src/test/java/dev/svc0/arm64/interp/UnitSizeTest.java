package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Code.DATA;
import static dev.svc0.arm64.interp.Code.NOP;
import static dev.svc0.arm64.interp.Code.SVC_0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.arm64.jit.EngineOptions;
import dev.svc0.arm64.jit.TieredEngine;
import dev.svc0.runtime.mm.FrameAllocator;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Units that are made again, smaller, because their method became too large. */
@Timeout(
    value = 120,
    unit = TimeUnit.SECONDS,
    threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a translation hears of no interrupt
class UnitSizeTest {
  private static final int RET = 0xd65f03c0;
  private static final int ADD_X0_X0_1 = 0x91000400;
  private static final int CMP_X0_0 = 0xf100001f;
  private static final int LDR_X2_X3 = 0xf9400062;
  private static final int BASES = 8;
  private static final int ESR_SVC = 0x56000000;

  /** Calls, each to a function of its own, and what lies between them. */
  private static final int CALLS = 40;

  private static final int STRIDE = 1 + BASES;

  /** Words of a function: the last but one overwrites the flags. */
  private static final int FUNCTION = 22;

  /**
   * For each call, its function is looked at for whether it needs the flags: far more is looked at
   * than is translated, and that must not count when the unit is made smaller.
   */
  @Test
  void codeThatLooksAtMoreThanItTranslatesIsMadeSmaller() {
    TieredEngine engine = new TieredEngine(EngineOptions.forced());
    Code code = new Code(engine, new FrameAllocator(1 << 12), callsOfManyFunctions());
    for (int base = 3; base < 3 + BASES; base++) {
      code.cpu.x[base] = DATA;
    }
    code.mm.writeLong(DATA, 77);
    code.run();
    assertThat(code.cpu.esr).isEqualTo(ESR_SVC);
    assertThat(code.cpu.x[0]).isEqualTo(CALLS);
    assertThat(code.cpu.x[2]).isEqualTo(77);
    assertThat(engine.statistics().report()).containsPattern("being too large +[1-9]");
  }

  private static int[] callsOfManyFunctions() {
    int functions = CALLS * STRIDE + 1;
    int[] words = new int[functions + CALLS * FUNCTION];
    Arrays.fill(words, NOP);
    for (int i = 0; i < CALLS; i++) {
      int call = i * STRIDE;
      int function = functions + i * FUNCTION;
      words[call] = 0x94000000 | function - call; // bl
      for (int base = 0; base < BASES; base++) {
        words[call + 1 + base] = LDR_X2_X3 + (base << 5);
      }
      words[function] = ADD_X0_X0_1;
      words[function + FUNCTION - 2] = CMP_X0_0;
      words[function + FUNCTION - 1] = RET;
    }
    words[functions - 1] = SVC_0;
    return words;
  }
}
