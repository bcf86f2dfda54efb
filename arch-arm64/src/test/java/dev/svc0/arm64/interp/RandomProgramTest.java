package dev.svc0.arm64.interp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Engine;
import dev.svc0.arm64.jit.EngineOptions;
import dev.svc0.arm64.jit.TieredEngine;
import dev.svc0.runtime.abi.Esr;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.MemoryAccount;
import dev.svc0.runtime.mm.MemoryManager;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random programs do on translating engines what they do when interpreted: instructions by
 * themselves cannot show errors in what a translation knows between them, like flags and registers.
 * {@code -Dsvc0.seed} is the first seed, {@code -Dsvc0.programs} says how many.
 */
class RandomProgramTest {
  private static final long CODE = 0x10000000L;
  private static final long CODE_BYTES = 1 << 20;
  private static final int SLOT = 4 * 4 * RandomProgram.MOST / 3;
  private static final long DATA = 0x20000000L;
  private static final int PAGE = 4096;

  /** Pages that can be read; the last of them cannot be written. */
  private static final int PAGES = 3;

  private static final long MIDDLE = DATA + PAGE / 2;
  private static final int RUNS = 2;
  private static final int MOST_EVENTS = 300;

  private static final int LONG_MILLIS = 20;

  /** As long as that so often, a program has no end. */
  private static final int MOST_LOOKS = 10;

  private static final int MOST_WHILE_TRANSLATING = 1000;

  /** What executes now, for the watch. */
  private volatile @Nullable Subject running;

  /** Programs that were begun. */
  private volatile long executed;

  private final FrameAllocator frames = new FrameAllocator(1 << 13);

  /** A processor and what happens to its program. */
  private final class Subject {
    final Engine engine;
    final MemoryManager mm = new MemoryManager(frames, new MemoryAccount(1 << 13));
    final Cpu cpu;
    final List<String> events = new ArrayList<>();

    Subject(Engine engine) {
      this.engine = engine;
      map(CODE, CODE_BYTES, 7);
      map(DATA, PAGES * PAGE, 3);
      mm.writeInt(DATA + (PAGES - 1) * PAGE, 1);
      mm.mprotect(DATA + (PAGES - 1) * PAGE, PAGE, 1);
      cpu = new Cpu(mm);
    }

    private void map(long address, long bytes, int prot) {
      int flags = MmapConstants.MAP_PRIVATE | MmapConstants.MAP_ANONYMOUS | MmapConstants.MAP_FIXED;
      assertThat(mm.mmap(address, bytes, prot, flags, null, 0)).isEqualTo(address);
    }

    void place(long at, int[] words) {
      for (int i = 0; i < words.length; i++) {
        mm.writeInt(at + 4L * i, words[i]);
      }
      for (long line = at & -64; line < at + 4L * words.length; line += 64) {
        cpu.code().invalidateLine(line, 64);
      }
    }

    void prepare(long seed, long pc) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < 31; i++) {
        cpu.x[i] =
            switch (random.nextInt(4)) {
              case 0 -> random.nextInt(5) - 2;
              case 1 -> random.nextLong() >>> random.nextInt(64);
              case 2 -> Long.MIN_VALUE >> random.nextInt(64);
              default -> random.nextLong();
            };
      }
      for (int i = 0; i < RandomProgram.BASES; i++) {
        cpu.x[RandomProgram.FIRST_BASE + i] = address(random);
      }
      cpu.x[Cpu.SP] = address(random) & -16;
      cpu.x[RandomProgram.INDEX] = random.nextInt(48) - 16;
      cpu.x[RandomProgram.OUTER_COUNT] = 3;
      cpu.x[RandomProgram.INNER_COUNT] = 5;
      for (int i = 0; i < cpu.v.length; i++) {
        cpu.v[i] =
            random.nextBoolean()
                ? random.nextLong()
                : Double.doubleToRawLongBits(random.nextInt(64) / 8.0 - 4);
      }
      for (long at = DATA; at < DATA + (PAGES - 1) * PAGE; at += 8) {
        mm.writeLong(at, at * 0x123456789abcdL);
      }
      cpu.nzcv = random.nextInt(16);
      cpu.fpcr = random.nextInt(6) == 0 ? random.nextInt(32) << 22 & Cpu.FPCR_MASK : 0;
      cpu.fpsr = 0;
      cpu.far = 0;
      cpu.tpidr = 0x7777;
      cpu.pc = pc;
    }

    private static long address(SplittableRandom random) {
      long near = random.nextInt(96) - 64;
      return switch (random.nextInt(12)) {
        case 0 -> DATA + near;
        case 1, 2 -> DATA + (PAGES - 1) * PAGE + near;
        case 3 -> DATA + PAGES * PAGE + near;
        case 4 -> MIDDLE + near | 0x5a00000000000000L;
        case 5, 6, 7, 8 -> DATA + PAGE + near;
        case 9 -> DATA + PAGE + near & -8;
        default -> MIDDLE + near & -8;
      };
    }

    /**
     * Executes up to the last system call; aborts are noted and repaired.
     *
     * @return whether it was not interrupted before
     */
    boolean run() {
      while (events.size() < MOST_EVENTS) {
        running = this;
        int vector = engine.run(cpu);
        if (vector == Cpu.VECTOR_IRQ) {
          return false;
        }
        assertThat(vector).isEqualTo(Cpu.VECTOR_SYNC);
        if (cpu.esr >>> Esr.ESR_ELx_EC_SHIFT == Esr.ESR_ELx_EC_SVC64) {
          events.add(state());
          if ((cpu.esr & 0xffff) != RandomProgram.GO_ON) {
            return true;
          }
        } else {
          events.add(String.format("pc %x esr %x far %x", cpu.pc - CODE, cpu.esr, cpu.far));
          if (cpu.pc < CODE || cpu.pc >= CODE + CODE_BYTES || (cpu.pc & 3) != 0) {
            return true; // a branch to nowhere
          }
          repair();
        }
      }
      return true;
    }

    /**
     * Gives an access an address that it can have; what does not help is stepped over. Registers
     * that an access would have written may then show older values, so they get new ones.
     */
    private void repair() {
      boolean data = cpu.esr >>> Esr.ESR_ELx_EC_SHIFT != Esr.ESR_ELx_EC_UNKNOWN;
      int insn = mm.readInt(cpu.pc);
      int base = insn >>> 5 & 31;
      if (data && cpu.x[base] != MIDDLE) {
        cpu.x[RandomProgram.INDEX] = 8;
        cpu.x[base] = MIDDLE;
        return;
      }
      cpu.pc += 4;
      if (data) {
        for (int low : new int[] {0, 10, 16}) {
          int register = insn >>> low & 31;
          cpu.x[register] = register == Cpu.SP ? MIDDLE : register;
          for (int i = 0; i < 4; i++) {
            cpu.v[2 * (register + i & 31)] = register;
            cpu.v[2 * (register + i & 31) + 1] = register;
          }
        }
      }
    }

    private String state() {
      StringBuilder text = new StringBuilder();
      text.append(String.format("pc %x nzcv %x", cpu.pc - CODE, cpu.nzcv));
      for (int i = 0; i < 32; i++) {
        text.append(String.format(" x%d %x", i, cpu.x[i]));
      }
      for (int i = 0; i < cpu.v.length; i++) {
        text.append(String.format(" v%d.%d %x", i / 2, i % 2, cpu.v[i]));
      }
      text.append(String.format(" fpcr %x fpsr %x", cpu.fpcr, cpu.fpsr));
      long hash = 0;
      for (long at = DATA; at < DATA + PAGES * PAGE; at += 8) {
        hash = (hash ^ mm.readLong(at)) * 0x9e3779b97f4a7c15L;
        hash ^= hash >>> 29;
      }
      return text.append(String.format(" memory %x", hash)).toString();
    }
  }

  @Test
  void quickTranslationsDoWhatTheInterpreterDoes() {
    TieredEngine engine = new TieredEngine(EngineOptions.forcedQuick());
    compare(engine, Integer.getInteger("svc0.programs", 4000));
    assertThat(engine.statistics().report()).containsPattern("quick units +[1-9]");
  }

  @Test
  void translationsDoWhatTheInterpreterDoes() {
    TieredEngine engine = new TieredEngine(EngineOptions.forced());
    compare(engine, Integer.getInteger("svc0.programs", 4000) / 40);
    assertThat(engine.statistics().units()).isPositive();
  }

  /**
   * Each program first interpreted, then in machine code, and wherever that happens to have spent
   * its branches, in bytecode from there on.
   */
  @Test
  void mixturesDoWhatTheInterpreterDoes() {
    EngineOptions options = new EngineOptions(4, 1, 64L << 20, 1 << 20, 3, 32L << 20);
    TieredEngine engine = new TieredEngine(options);
    compare(engine, Integer.getInteger("svc0.programs", 4000) / 10, 8 * RUNS);
    assertThat(engine.statistics().units()).isGreaterThan(20);
    assertThat(engine.statistics().report()).containsPattern("quick units +[1-9]");
  }

  /** Interrupts what executes one program for longer than is possible. */
  private void watch() {
    try {
      int looks = 0;
      long program = 0;
      while (true) {
        Thread.sleep(LONG_MILLIS);
        looks = program == executed ? looks + 1 : 0;
        program = executed;
        Subject busy = running;
        if (busy != null
            && looks
                >= (busy.engine instanceof Interpreter ? MOST_LOOKS : MOST_WHILE_TRANSLATING)) {
          busy.cpu.requestInterrupt();
        }
      }
    } catch (InterruptedException done) {
      // the test is over
    }
  }

  private void compare(Engine engine, int programs) {
    compare(engine, programs, RUNS);
  }

  private void compare(Engine engine, int programs, int runs) {
    Thread watch = Thread.ofPlatform().daemon().start(this::watch);
    try {
      compareAll(engine, programs, runs);
    } finally {
      watch.interrupt();
    }
  }

  private void compareAll(Engine engine, int programs, int runs) {
    int endless = 0;
    long first = Long.getLong("svc0.seed", 1);
    Subject expected = new Subject(new Interpreter());
    Subject translated = new Subject(engine);
    for (long seed = first; seed < first + programs; seed++) {
      int[] words = new RandomProgram(seed).write();
      assertThat(words.length).isLessThanOrEqualTo(SLOT / 4);
      long at = CODE + seed * SLOT % (CODE_BYTES - SLOT) / SLOT * SLOT;
      expected.place(at, words);
      translated.place(at, words);
      for (int run = 0; run < runs; run++) {
        expected.events.clear();
        translated.events.clear();
        expected.prepare(seed * runs + run, at);
        translated.prepare(seed * runs + run, at);
        executed++;
        if (!expected.run()) {
          endless++;
          continue;
        }
        boolean ends = translated.run();
        if (!ends || !expected.events.equals(translated.events)) {
          throw new AssertionError(difference(seed, run, at, words, expected, translated));
        }
      }
    }
    assertThat(endless).as("programs without an end").isLessThan(programs * runs / 100 + 1);
    expected.cpu.release();
    translated.cpu.release();
  }

  private static String difference(
      long seed, int run, long at, int[] words, Subject expected, Subject translated) {
    StringBuilder text = new StringBuilder("seed " + seed + " run " + run);
    text.append(String.format(" at %x (code begins at %x)%n", at, at - CODE));
    int n = Math.min(expected.events.size(), translated.events.size());
    for (int i = 0; i < n; i++) {
      String[] right = expected.events.get(i).split(" ");
      String[] wrong = translated.events.get(i).split(" ");
      if (!expected.events.get(i).equals(translated.events.get(i))) {
        text.append("event ").append(i).append(" at ").append(right[1]).append(':');
        for (int k = 0; k < Math.min(right.length, wrong.length); k++) {
          if (!right[k].equals(wrong[k])) {
            text.append(' ').append(right[k - 1]).append(" is ").append(wrong[k]);
            text.append(" not ").append(right[k]);
          }
        }
        break;
      }
      text.append(right.length > 10 ? "svc at " + right[1] : expected.events.get(i)).append('\n');
    }
    text.append('\n');
    for (int i = 0; i < words.length; i++) {
      text.append(String.format("%x: %08x%n", at - CODE + 4L * i, words[i]));
    }
    return text.toString();
  }
}
