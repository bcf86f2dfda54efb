package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Code.NOP;
import static dev.svc0.arm64.interp.Code.SVC_0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Engine;
import dev.svc0.arm64.jit.EngineOptions;
import dev.svc0.arm64.jit.TieredEngine;
import dev.svc0.runtime.mm.FrameAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Programs with more code than the memory for machine code takes: everything is forgotten and made
 * anew, several times, while other threads and processes are inside the old code.
 */
@Timeout(120)
class QuickGenerationsTest {
  private static final long FUNCTIONS = 0x600000;
  private static final long BYTES = 0x200000;
  private static final long TABLES = 0x900000;
  private static final long STACKS = 0xa00000;
  private static final int STACK = 0x1000;
  private static final int RET = 0xd65f03c0;
  private static final int NUMBER = 700;
  private static final int ROUNDS = 40;

  /** Bytes of a mapping that is like no other of the JVM: not a multiple of anything it uses. */
  private static final long ODD_BYTES = EngineOptions.LEAST_QUICK_BYTES + 0x7000;

  private final FrameAllocator frames = new FrameAllocator(1 << 13);

  /** Engines whose memory for machine code is as small as can be. */
  enum Kind {
    QUICK(EngineOptions.forcedQuick()),
    AUTO(EngineOptions.defaults()),

    /** With units of bytecode, which take the place of machine code. */
    AUTO_SOON(EngineOptions.defaults().withThreshold(400).withQuickThreshold(4));

    private final EngineOptions options;

    Kind(EngineOptions options) {
      this.options = options.withQuickBytes(ODD_BYTES);
    }

    TieredEngine create() {
      return new TieredEngine(options);
    }
  }

  /** Functions of very different lengths, which change x0, x1 and 16 words at SP. */
  private static List<int[]> functions(long seed, int number, int mostSteps) {
    List<int[]> all = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      SplittableRandom random = new SplittableRandom(seed + i);
      int steps = 1 + random.nextInt(mostSteps);
      int[] words = new int[2 * steps + 2];
      for (int at = 0; at < 2 * steps; at += 2) {
        int place = random.nextInt(16) << 10;
        words[at] = NOP;
        switch (random.nextInt(5)) {
          case 0 -> words[at] = 0xf94003e1 | place; // ldr x1, [sp, place]
          case 1 -> words[at] = 0xf90003e0 | place; // str x0, [sp, place]
          case 2 -> words[at] = 0xca410c00 | random.nextInt(64) << 10; // eor x0, x0, x1, lsr n
          case 3 -> words[at] = 0xb4000041; // cbz x1, 8
          default -> words[at] = 0x93c00000 | random.nextInt(64) << 10; // ror x0, x0, n
        }
        words[at + 1] = 0x91000000 | random.nextInt(4096) << 10; // add x0, x0, n
      }
      words[2 * steps] = 0x8b000020; // add x0, x1, x0
      words[2 * steps + 1] = RET;
      all.add(words);
    }
    return all;
  }

  /** A process whose main program calls each function of a table, and does so several times. */
  private Code process(Engine engine, List<int[]> functions) {
    int[] main = {
      0xaa1503f4, // 0: mov x20, x21: the table
      0xaa1703f6, // 4: mov x22, x23: its length
      0xf8408690, // 8: ldr x16, [x20], 8
      0xd63f0200, // c: blr x16
      0xf10006d6, // 10: subs x22, x22, 1
      0x54ffffa1, // 14: b.ne 8
      0xf1000673, // 18: subs x19, x19, 1
      0x54ffff21, // 1c: b.ne 0
      SVC_0
    };
    Code code = new Code(engine, frames, main);
    code.map(FUNCTIONS, 3, BYTES);
    code.map(TABLES, 3, 0x40000);
    code.map(STACKS, 3, 0x4000);
    long at = FUNCTIONS;
    for (int i = 0; i < functions.size(); i++) {
      code.mm.writeLong(TABLES + 8L * i, at);
      for (int word : functions.get(i)) {
        code.mm.writeInt(at, word);
        at += 4;
      }
    }
    assertThat(at).isLessThan(FUNCTIONS + BYTES);
    code.mm.mprotect(FUNCTIONS, BYTES, 5);
    return code;
  }

  private static void prepare(Cpu cpu, int number, int rounds, int thread) {
    cpu.x[Cpu.SP] = STACKS + (long) thread * STACK;
    cpu.x[0] = 1 + thread;
    cpu.x[1] = 0;
    cpu.x[19] = rounds;
    cpu.x[21] = TABLES;
    cpu.x[23] = number;
  }

  private long[] result(Code code, Cpu cpu) {
    assertThat(cpu.esr).isEqualTo(0x56000000);
    long[] all = new long[18];
    for (int i = 0; i < 16; i++) {
      all[i] = code.mm.readLong(cpu.x[Cpu.SP] + 8L * i);
    }
    all[16] = cpu.x[0];
    all[17] = cpu.x[1];
    return all;
  }

  private long[] expected(List<int[]> functions, int rounds, int thread) {
    Code code = process(new Interpreter(), functions);
    prepare(code.cpu, functions.size(), rounds, thread);
    code.run();
    long[] all = result(code, code.cpu);
    end(code);
    return all;
  }

  private static void end(Code code) {
    code.cpu.release();
    code.mm.release();
  }

  /** Everything was forgotten now and then, when there was much of it. */
  private static void check(Kind kind, TieredEngine engine) {
    int least = kind == Kind.AUTO_SOON ? 1 : 3; // bytecode takes the place of most of it
    long generations = engine.statistics().generations();
    String report = engine.statistics().report();
    assertThat(generations).as(report).isGreaterThanOrEqualTo(least);
    assertThat(engine.statistics().dropped()).as(report).isGreaterThan(100 * generations);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void moreCodeThanFits(Kind kind) {
    List<int[]> functions = functions(1, NUMBER, 60);
    TieredEngine engine = kind.create();
    Code code = process(engine, functions);
    prepare(code.cpu, NUMBER, ROUNDS, 0);
    code.run();
    assertThat(result(code, code.cpu)).isEqualTo(expected(functions, ROUNDS, 0));
    check(kind, engine);
    end(code);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void threadsInTheSameCode(Kind kind) throws InterruptedException {
    List<int[]> functions = functions(2, NUMBER, 60);
    TieredEngine engine = kind.create();
    Code code = process(engine, functions);
    prepare(code.cpu, NUMBER, ROUNDS, 0);
    Cpu second = code.cpu.copyForThread();
    prepare(second, NUMBER, ROUNDS, 1);
    second.pc = code.cpu.pc;
    Thread thread = new Thread(() -> engine.run(second));
    thread.start();
    code.run();
    thread.join();
    assertThat(result(code, code.cpu)).isEqualTo(expected(functions, ROUNDS, 0));
    assertThat(result(code, second)).isEqualTo(expected(functions, ROUNDS, 1));
    check(kind, engine);
    second.release();
    end(code);
  }

  /** One process has other code at the same addresses, for every second function. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void processesThatShareSomeCode(Kind kind) throws InterruptedException {
    List<int[]> functions = functions(3, NUMBER, 60);
    List<int[]> others = new ArrayList<>(functions);
    for (int i = 0; i < NUMBER; i += 2) {
      int[] changed = functions.get(i).clone();
      changed[1] ^= 1 << 10;
      others.set(i, changed);
    }
    TieredEngine engine = kind.create();
    Code code = process(engine, functions);
    Code other = process(engine, others);
    prepare(code.cpu, NUMBER, ROUNDS, 0);
    prepare(other.cpu, NUMBER, ROUNDS, 0);
    Thread thread = new Thread(other::run);
    thread.start();
    code.run();
    thread.join();
    assertThat(result(code, code.cpu)).isEqualTo(expected(functions, ROUNDS, 0));
    assertThat(result(other, other.cpu)).isEqualTo(expected(others, ROUNDS, 0));
    check(kind, engine);
    end(code);
    end(other);
  }

  /** More units than there may be, though they are a few instructions each. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void veryManyTinyFunctions(Kind kind) {
    int number = 30_000;
    List<int[]> functions = functions(4, number, 1);
    TieredEngine engine = kind.create();
    Code code = process(engine, functions);
    prepare(code.cpu, number, 3, 0);
    code.run();
    assertThat(result(code, code.cpu)).isEqualTo(expected(functions, 3, 0));
    if (kind == Kind.QUICK) {
      assertThat(engine.statistics().generations()).isGreaterThan(2);
    }
    end(code);
  }

  /** What nothing runs in any more is given back to the host. */
  @Test
  void memoryOfOldGenerationsIsFreed() throws IOException {
    List<int[]> functions = functions(5, NUMBER, 60);
    TieredEngine engine = Kind.QUICK.create();
    Code code = process(engine, functions);
    prepare(code.cpu, NUMBER, ROUNDS, 0);
    code.run();
    assertThat(engine.statistics().generations()).isGreaterThan(8);
    long left = Long.MAX_VALUE;
    for (int look = 0; look < 100 && left > 1; look++) {
      System.gc();
      LockSupport.parkNanos(20_000_000);
      left = mappings();
    }
    assertThat(left).isEqualTo(1);
    end(code);
  }

  /** Executable mappings of the bytes that machine code has here. */
  private static long mappings() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines
          .filter(line -> line.contains(" rwxp "))
          .filter(QuickGenerationsTest::isOdd)
          .count();
    }
  }

  private static boolean isOdd(String line) {
    String[] range = line.substring(0, line.indexOf(' ')).split("-");
    long bytes = Long.parseLong(range[1], 16) - Long.parseLong(range[0], 16);
    return bytes == ODD_BYTES;
  }
}
