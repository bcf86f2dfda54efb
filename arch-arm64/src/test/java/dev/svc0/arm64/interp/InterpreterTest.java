package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Code.DATA;
import static dev.svc0.arm64.interp.Code.SVC_0;
import static dev.svc0.arm64.interp.Code.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.isa.InstructionTable;
import dev.svc0.runtime.mm.FrameAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What takes more than one instruction: monitors, changed code, interrupts, counting, threads. */
class InterpreterTest {
  private static final int LDXR_X0_X1 = 0xc85f7c20;
  private static final int STXR_W2_X3_X1 = 0xc8027c23;
  private static final int MOVZ_X0_1 = 0xd2800020;
  private static final int MOVZ_X0_2 = 0xd2800040;
  private static final int RET = 0xd65f03c0;
  private static final int B_SELF = 0x14000000;

  private static final Machine ALONE = new Machine(new Interpreter(), new FrameAllocator(1 << 10));

  private final FrameAllocator frames = new FrameAllocator(1 << 10);

  @Test
  void storeExclusiveSucceedsOnceAfterALoadExclusive() {
    Code code = new Code(frames, LDXR_X0_X1, STXR_W2_X3_X1, SVC_0, STXR_W2_X3_X1, SVC_0);
    code.cpu.x[1] = DATA;
    code.cpu.x[3] = 42;
    code.mm.writeLong(DATA, 7);
    code.run();
    assertThat(code.cpu.x[0]).isEqualTo(7);
    assertThat(code.cpu.x[2]).isZero();
    assertThat(code.mm.readLong(DATA)).isEqualTo(42);
    code.run();
    assertThat(code.cpu.x[2]).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "the value was changed,     f9000024",
    "clrex,                     d5033f5f",
    "a system call,             d4000001",
  })
  void storeExclusiveFailsAfter(String what, String word) {
    int between = Integer.parseUnsignedInt(word, 16);
    Code code = new Code(frames, LDXR_X0_X1, between, STXR_W2_X3_X1, SVC_0);
    code.cpu.x[1] = DATA;
    code.cpu.x[3] = 42;
    code.cpu.x[4] = 9;
    while (code.cpu.pc != TEXT + 16) {
      code.run();
    }
    assertThat(code.cpu.x[2]).as(what).isEqualTo(1);
    assertThat(code.mm.readLong(DATA)).isNotEqualTo(42);
  }

  @Test
  void codeIsDecodedAgainAfterIcIvau() {
    long jit = DATA + 0x10000;
    // blr x1; str w3, [x1]; dc cvau, x1; ic ivau, x1; isb; blr x1
    int[] words = {0xd63f0020, 0xb9000023, 0xd50b7b21, 0xd50b7521, 0xd5033fdf, 0xd63f0020, SVC_0};
    Code code = new Code(frames, words);
    code.map(jit, 7, 0x1000);
    code.mm.writeInt(jit, MOVZ_X0_1);
    code.mm.writeInt(jit + 4, RET);
    code.cpu.x[1] = jit;
    code.cpu.x[3] = MOVZ_X0_2 & 0xffffffffL;
    code.run();
    assertThat(code.cpu.x[0]).isEqualTo(2);
    assertThat(code.cpu.retired).isEqualTo(11);
  }

  /** Compare and branch are executed as one; the result is that of either alone. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "cmp x1 #5,    f100143f",
    "cmp w1 #5,    7100143f",
    "cmp x1 x2,    eb02003f",
    "cmp w1 w2,    6b02003f",
    "cmp x1 #5000, f144143f",
    "cmp x1 x2<<2, eb02083f",
  })
  void comparedAndBranchedAsOne(String what, String word) {
    int compare = Integer.parseUnsignedInt(word, 16);
    long[] values = {0, 4, 5, 6, 5 << 12, -1, Long.MIN_VALUE, 0x1_0000_0005L, 0x8000_0000L};
    for (long value : values) {
      for (int condition = 0; condition < 16; condition++) {
        // cmp; b.cond +8; mov x0, 1; svc
        Code code = new Code(frames, compare, 0x54000040 | condition, MOVZ_X0_1, SVC_0);
        code.cpu.x[1] = value;
        code.cpu.x[2] = 5;
        code.run();
        State before = new State();
        before.pc = State.slot(0);
        before.insn = compare;
        before.x[1] = value;
        before.x[2] = 5;
        int flags = ALONE.run(before).nzcv;
        assertThat(code.cpu.nzcv).as(what).isEqualTo(flags);
        boolean taken = Alu.holds(condition, flags);
        assertThat(code.cpu.x[0])
            .as("%s %x cond %d", what, value, condition)
            .isEqualTo(taken ? 0 : 1);
        assertThat(code.cpu.retired).isEqualTo(taken ? 3 : 4);
        code.cpu.pc = TEXT + 4;
        code.cpu.nzcv = flags;
        code.run();
        assertThat(code.cpu.pc).isEqualTo(TEXT + 16);
        code.mm.release();
      }
    }
  }

  @Test
  void codeIsForgottenWhenItsMappingChanges() {
    Code code = new Code(frames, MOVZ_X0_1, SVC_0);
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

  @ParameterizedTest
  @ValueSource(ints = {B_SELF, 0x54000000, 0xb4000009, 0x36000009, 0xd61f0020})
  @Timeout(value = 240, unit = TimeUnit.SECONDS)
  void endlessLoopCanBeInterrupted(int word) throws InterruptedException {
    Code code = new Code(frames, word);
    code.cpu.nzcv = 4;
    code.cpu.x[1] = TEXT;
    do { // once more if the interrupt came before the loop had begun
      Thread other = new Thread(() -> interruptSoon(code.cpu));
      other.start();
      assertThat(code.run()).isEqualTo(Cpu.VECTOR_IRQ);
      assertThat(code.cpu.pc).isEqualTo(TEXT);
      other.join();
    } while (code.cpu.retired == 0);
  }

  private static void interruptSoon(Cpu cpu) {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    cpu.requestInterrupt();
  }

  @Test
  void pendingInterruptComesBeforeTheFirstInstruction() {
    Code code = new Code(frames, MOVZ_X0_1, SVC_0);
    code.cpu.requestInterrupt();
    assertThat(code.run()).isEqualTo(Cpu.VECTOR_IRQ);
    assertThat(code.cpu.x[0]).isZero();
    assertThat(code.run()).isEqualTo(Cpu.VECTOR_SYNC);
    assertThat(code.cpu.x[0]).isEqualTo(1);
  }

  @Test
  @Timeout(value = 240, unit = TimeUnit.SECONDS)
  void permissionCanBeTakenAwayWhileAnotherThreadRuns() throws InterruptedException {
    // str x0, [x1]; b .-4: stores until the page is gone.
    Code code = new Code(frames, 0xf9000020, 0x17ffffff);
    code.cpu.x[1] = DATA;
    Thread guest = new Thread(code::run);
    guest.start();
    Thread.sleep(100);
    code.mm.munmap(DATA, 0x1000);
    guest.join();
    assertThat(code.cpu.far).isEqualTo(DATA);
    assertThat(code.cpu.esr).isEqualTo(0x92000047);
  }

  /** ldadd, ldxr/stxr, cas and byte ldadd from two threads lose nothing. */
  @Test
  @Timeout(value = 240, unit = TimeUnit.SECONDS)
  void atomicsOfTwoThreadsAddUp() throws InterruptedException {
    int[] words = {
      0xf8200022, // 0: ldadd x0, x2, [x1]
      0xc85f7c83, // 4: ldxr x3, [x4]
      0x91000463, // 8: add x3, x3, #1
      0xc8057c83, // c: stxr w5, x3, [x4]
      0x35ffffa5, // 10: cbnz w5, 4
      0x38200106, // 14: ldaddb w0, w6, [x8]
      0xf9400127, // 18: ldr x7, [x9]
      0xaa0703eb, // 1c: mov x11, x7
      0x910004ec, // 20: add x12, x7, #1
      0xc8a77d2c, // 24: cas x7, x12, [x9]
      0xeb0b00ff, // 28: cmp x7, x11
      0x54ffff61, // 2c: b.ne 18
      0xf100054a, // 30: subs x10, x10, #1
      0x54fffe61, // 34: b.ne 0
      SVC_0,
    };
    Code code = new Code(frames, words);
    Cpu first = code.cpu;
    first.x[0] = 1;
    first.x[1] = DATA;
    first.x[4] = DATA + 64;
    first.x[8] = DATA + 129;
    first.x[9] = DATA + 192;
    first.x[10] = 50_000;
    Cpu second = first.copyForThread();
    Thread other =
        new Thread(() -> {
          new Interpreter().run(second);
          second.release();
        });
    other.start();
    code.run();
    other.join();
    assertThat(first.esr).isEqualTo(0x56000000);
    assertThat(code.mm.readLong(DATA)).isEqualTo(100_000);
    assertThat(code.mm.readLong(DATA + 64)).isEqualTo(100_000);
    assertThat(code.mm.readByte(DATA + 129)).isEqualTo((byte) 100_000);
    assertThat(code.mm.readByte(DATA + 128)).isZero();
    assertThat(code.mm.readByte(DATA + 130)).isZero();
    assertThat(code.mm.readLong(DATA + 192)).isEqualTo(100_000);
  }

  @Test
  void forkedProcessorHasTheRegistersAndItsOwnMemory() {
    Code code = new Code(frames, 0xf9000020, SVC_0, 0xf9400022, SVC_0);
    code.cpu.x[0] = 5;
    code.cpu.x[1] = DATA;
    code.run();
    Cpu child = code.cpu.copyForFork(code.mm.fork());
    code.mm.writeLong(DATA, 6);
    new Interpreter().run(child);
    assertThat(child.x[2]).isEqualTo(5);
    assertThat(child.pc).isEqualTo(TEXT + 16);
  }

  /** HotSpot never compiles a method of 8,000 bytes or more. */
  @Test
  void everyMethodIsSmallEnoughToBeCompiled() throws IOException {
    List<Class<?>> classes =
        List.of(
            Frequent.class, Uncommon.class, SimdThreeSame.class, SimdMisc.class, SimdFloat.class);
    for (Class<?> type : classes) {
      try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
        ClassFile.of()
            .parse(in.readAllBytes())
            .methods()
            .forEach(method ->
                method
                    .findAttribute(Attributes.code())
                    .ifPresent(attribute ->
                        assertThat(attribute.codeLength())
                            .as(type.getSimpleName() + "." + method.methodName())
                            .isLessThan(8_000)));
      }
    }
  }

  @Test
  void disassemblerNamesInstructionAndFields() {
    InstructionTable table = InstructionTable.read();
    assertThat(table.disassemble(0x91000463))
        .isEqualTo("ADD (immediate) sf=1 sh=0 imm12=1 Rn=3 Rd=3");
    assertThat(table.disassemble(0)).isEqualTo(".inst 0x00000000");
  }
}
