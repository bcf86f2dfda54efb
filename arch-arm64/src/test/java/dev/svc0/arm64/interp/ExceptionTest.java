package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Code.DATA;
import static dev.svc0.arm64.interp.Code.NOP;
import static dev.svc0.arm64.interp.Code.SVC_0;
import static dev.svc0.arm64.interp.Code.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.mm.FrameAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Syndromes, addresses and return addresses of exceptions. Expected values are the encodings of
 * ESR_EL1 in the Arm ARM.
 */
class ExceptionTest {
  private static final long UNMAPPED = 0x700000;
  private static final int MAPERR = Signals.SIGSEGV << 8 | SignalConstants.SEGV_MAPERR;
  private static final int ACCERR = Signals.SIGSEGV << 8 | SignalConstants.SEGV_ACCERR;

  private final FrameAllocator frames = new FrameAllocator(1 << 10);

  /** The second of two instructions takes a synchronous exception. */
  private Cpu take(int word, long base) {
    Code code = new Code(frames, NOP, word, NOP);
    code.cpu.x[1] = base;
    code.cpu.x[3] = 3;
    assertThat(code.run()).isEqualTo(Cpu.VECTOR_SYNC);
    return code.cpu;
  }

  @Test
  void supervisorCallReturnsToTheNextInstruction() {
    Cpu cpu = take(0xd4000001 | 0x1234 << 5, 0);
    assertThat(cpu.esr).isEqualTo(0x56001234);
    assertThat(cpu.pc).isEqualTo(TEXT + 8);
    assertThat(cpu.retired).isEqualTo(2);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "brk #0x1234,         d4224680, f2001234",
    "udf #0,              00000000, 02000000",
    "hvc #0,              d4000002, 02000000",
    "eret,                d69f03e0, 02000000",
    "mrs x0 ESR_EL1,      d5385200, 02000000",
    "fadd h0 h1 h2,       1ee22820, 02000000",
    "mrs x2 MIDR_EL1,     d5380002, 62300041",
    "mrs x5 ID_AA64ZFR0,  d5380485, 623800a9",
  })
  void returnsToTheInstructionItself(String what, String word, String esr) {
    Cpu cpu = take(Integer.parseUnsignedInt(word, 16), 0);
    assertThat(cpu.esr).as(what).isEqualTo(Integer.parseUnsignedInt(esr, 16));
    assertThat(cpu.pc).isEqualTo(TEXT + 4);
    assertThat(cpu.retired).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "ldr x0 [x1],        f9400020, 92000007",
    "ldrb w0 [x1],       39400020, 92000007",
    "str x0 [x1],        f9000020, 92000047",
    "strb w0 [x1] #1,    38001420, 92000047",
    "ldp x0 x2 [x1],     a9400820, 92000007",
    "stp x0 x2 [x1],     a9000820, 92000047",
    "ldr q0 [x1],        3dc00020, 92000007",
    "st1 {v0.16b} [x1],  4c007020, 92000047",
    "ldxr x0 [x1],       c85f7c20, 92000007",
    "ldadd x0 x2 [x1],   f8200022, 92000007",
    "dc zva x1,          d50b7421, 92000047",
    "dc cvau x1,         d50b7b21, 92000147",
  })
  void unmappedAddress(String what, String word, String esr) {
    Cpu cpu = take(Integer.parseUnsignedInt(word, 16), UNMAPPED);
    assertThat(cpu.esr).as(what).isEqualTo(Integer.parseUnsignedInt(esr, 16));
    assertThat(cpu.far).isEqualTo(UNMAPPED);
    assertThat(cpu.faultCode).isEqualTo(MAPERR);
    assertThat(cpu.pc).isEqualTo(TEXT + 4);
    assertThat(cpu.x[1]).isEqualTo(UNMAPPED);
  }

  @Test
  void storeToReadOnlyPageIsAPermissionFault() {
    Cpu cpu = take(0xf9000020, TEXT + 0x100);
    assertThat(cpu.esr).isEqualTo(0x9200004f);
    assertThat(cpu.faultCode).isEqualTo(ACCERR);
  }

  @Test
  void secondPageOfACrossingAccessFaultsAtItsStart() {
    Cpu cpu = take(0xf9400020, DATA + 0x2000 - 4);
    assertThat(cpu.far).isEqualTo(DATA + 0x2000);
    assertThat(cpu.esr).isEqualTo(0x92000007);
  }

  @Test
  void addressesOfTheKernelAreLevelZeroFaultsAndKeepTheirTag() {
    Cpu cpu = take(0xf9400020, 0xffff800000001000L);
    assertThat(cpu.esr).isEqualTo(0x92000004);
    assertThat(cpu.far).isEqualTo(0xffff800000001000L);
  }

  @Test
  void tagOfADataAddressIsIgnored() {
    Code code = new Code(frames, 0xf9000020, 0xf9400022, SVC_0);
    code.cpu.x[0] = 77;
    code.cpu.x[1] = DATA | 0x5aL << 56;
    code.run();
    assertThat(code.cpu.x[2]).isEqualTo(77);
    assertThat(code.cpu.esr).isEqualTo(0x56000000);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "ldxr x0 [x1],      c85f7c20, 92000021",
    "stlr w0 [x1],      889ffc20, 92000061",
    "ldaddal x0 x2,     f8e00022, 92000021",
    "casp x4 x5 x6 x7,  48247c26, 92000021",
  })
  void atomicsMustBeAligned(String what, String word, String esr) {
    Cpu cpu = take(Integer.parseUnsignedInt(word, 16), DATA + 2);
    assertThat(cpu.esr).as(what).isEqualTo(Integer.parseUnsignedInt(esr, 16));
    assertThat(cpu.far).isEqualTo(DATA + 2);
    assertThat(cpu.faultCode).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "ldr x0 [sp],      f94003e0",
    "stp x0 x2 [sp]!,  a9bf0be0",
    "ldr x0 [sp x3],   f8636be0",
    "ldr q0 [sp],      3dc003e0",
    "ldrb w0 [sp] #1,  384017e0",
  })
  void stackPointerMustBeAligned(String what, String word) {
    Code code = new Code(frames, Integer.parseUnsignedInt(word, 16));
    code.cpu.x[Cpu.SP] = DATA + 8;
    assertThat(code.run()).isEqualTo(Cpu.VECTOR_SYNC);
    assertThat(code.cpu.esr).as(what).isEqualTo(0x9a000000);
    assertThat(code.cpu.pc).isEqualTo(TEXT);
  }

  @Test
  void branchToOddAddressIsAPcAlignmentFaultThere() {
    Cpu cpu = take(0xd61f0020, TEXT + 0x102);
    assertThat(cpu.esr).isEqualTo(0x8a000000);
    assertThat(cpu.pc).isEqualTo(TEXT + 0x102);
    assertThat(cpu.far).isEqualTo(TEXT + 0x102);
    assertThat(cpu.retired).isEqualTo(2);
  }

  @Test
  void fetchFromUnmappedPage() {
    Cpu cpu = take(0xd61f0020, UNMAPPED);
    assertThat(cpu.esr).isEqualTo(0x82000007);
    assertThat(cpu.far).isEqualTo(UNMAPPED);
    assertThat(cpu.pc).isEqualTo(UNMAPPED);
  }

  @Test
  void fetchFromPageWithoutExecute() {
    Cpu cpu = take(0xd63f0020, DATA);
    assertThat(cpu.esr).isEqualTo(0x8200000f);
    assertThat(cpu.faultCode).isEqualTo(ACCERR);
    assertThat(cpu.x[30]).isEqualTo(TEXT + 8);
  }

  @Test
  void wildBranchesLeaveNothingBehind() {
    Code code = new Code(frames, 0xd61f0020);
    for (long i = 0; i < 100_000; i++) {
      code.cpu.pc = TEXT;
      code.cpu.x[1] = 0x800000000L + (i << 12);
      code.run();
      assertThat(code.cpu.esr).isEqualTo(0x82000007);
    }
    assertThat(code.cpu.code().pages()).isEqualTo(1);
  }

  @Test
  void runningIntoAnUnmappedPageFaultsThere() {
    Code code = new Code(frames, NOP);
    code.cpu.pc = TEXT + 0x1ffc;
    code.mm.mprotect(TEXT, 0x2000, 3);
    code.mm.writeInt(TEXT + 0x1ffc, NOP);
    code.mm.mprotect(TEXT, 0x2000, 5);
    assertThat(code.run()).isEqualTo(Cpu.VECTOR_SYNC);
    assertThat(code.cpu.pc).isEqualTo(TEXT + 0x2000);
    assertThat(code.cpu.esr).isEqualTo(0x82000007);
    assertThat(code.cpu.retired).isEqualTo(1);
  }
}
