package dev.svc0.arm64.jit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Encodings whose bytes the GNU assembler gives for the same text. */
class X86AssemblerTest {
  private static Arguments of(String text, String bytes, Consumer<X86Assembler> write) {
    return Arguments.of(text, bytes, write);
  }

  static Arguments[] encodings() {
    return new Arguments[] {
      of("vfmadd213sd xmm0, xmm1, xmm2", "c4e2f1a9c2", a -> a.vex(0x66, 2, true, 0xa9, 0, 1, 2)),
      of(
          "vfnmadd231ps xmm9, xmm10, xmm11",
          "c44229bccb",
          a -> a.vex(0x66, 2, false, 0xbc, 9, 10, 11)),
      of("vpsllvq xmm3, xmm0, xmm1", "c4e2f947d9", a -> a.vex(0x66, 2, true, 0x47, 3, 0, 1)),
      of("rorx ecx, r12d, 7", "c4c37bf0cc07", a -> a.rotate(false, 1, 12, 7)),
      of("rorx r14, rax, 63", "c463fbf0f03f", a -> a.rotate(true, 14, 0, 63)),
      of("shlx rax, r12, rcx", "c4c2f1f7c4", a -> a.shiftBy(X86Assembler.SHL, true, 0, 12, 1)),
      of("shrx r9d, eax, r14d", "c4620bf7c8", a -> a.shiftBy(X86Assembler.SHR, false, 9, 0, 14)),
      of("sarx r14, r12, rbp", "c442d2f7f4", a -> a.shiftBy(X86Assembler.SAR, true, 14, 12, 5)),
      of("lzcnt r12, rcx", "f34c0fbde1", a -> a.lzcnt(true, 12, 1)),
      of("dec dword ptr [rsp+56]", "ff4c2438", a -> a.decMemory(X86Assembler.RSP, 56)),
      of(
          "test byte ptr [r15+rcx-16781312], 2",
          "41f6840f00f0fffe02",
          a -> a.test8(15, 1, -16781312, 2)),
      of("lea r12d, [rbp+r12*8]", "468d64e500", a -> a.lea(false, 12, 5, 12, 8, 0)),
      of(
          "call, clc, stc",
          "e878563412f8f9",
          a -> {
            int displacement = a.callFar(0x12345678);
            a.clc();
            a.stc();
            assertThat(displacement).isEqualTo(1);
          }),
      of("crc32 eax, ecx", "f20f38f1c1", a -> a.crc32c(2, 0, 1)),
      of("crc32 rax, rcx", "f2480f38f1c1", a -> a.crc32c(3, 0, 1)),
      of("crc32 eax, cx", "66f20f38f1c1", a -> a.crc32c(1, 0, 1)),
      of("crc32 eax, sil", "f2400f38f0c6", a -> a.crc32c(0, 0, 6)),
      of("psllq xmm3, 5", "660f73f305", a -> a.shiftElements(0x0f73, 6, 3, 5)),
      of("psrldq xmm9, 8", "66410f73d908", a -> a.shiftElements(0x0f73, 3, 9, 8)),
      of("pinsrq xmm1, rcx, 1", "66480f3a22c901", a -> a.sseWide(0x66, 0x0f3a22, 1, 1, 1)),
      of("pextrq rdx, xmm0, 1", "66480f3a16c201", a -> a.sseWide(0x66, 0x0f3a16, 0, 2, 1)),
      of("movq xmm8, r9", "664d0f6ec1", a -> a.sseWide(0x66, 0x0f6e, 8, 9)),
      of("cmp al, cl", "3ac1", a -> a.cmp8(0, 1)),
      of("movzx eax, byte ptr [r15+rax+4]", "410fb6440704", a -> a.movzx(0, 0, 15, 0, 4)),
      of("movsxd rdx, dword ptr [r15+rax+8]", "4963540708", a -> a.movsx(true, 2, 2, 15, 0, 8)),
      of("cvttsd2si rax, xmm0", "f2480f2cc0", a -> a.registers(0xf2, true, 0x0f2c, 0, 0)),
      of("roundsd xmm0, xmm9, 8", "66410f3a0bc108", a -> a.sse(0x66, 0x0f3a0b, 0, 9, 8)),
      of("movddup xmm1, [rdx+32]", "f20f124a20", a -> a.sseMemory(0xf2, 0x0f12, 1, 2, -1, 32)),
      of("sha256rnds2 xmm3, xmm2", "0f38cbda", a -> a.sse(0, 0x0f38cb, 3, 2)),
      of(
          "pand xmm9, [rip+7], nops, the constant",
          "66440fdb0d07000000" + "90".repeat(7) + "0100000000000000" + "02".repeat(8),
          a -> a.sseConstant(0x66, 0x0fdb, 9, 1, 0x0202020202020202L))
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("encodings")
  void writesWhatTheManualSays(String text, String bytes, Consumer<X86Assembler> write) {
    X86Assembler a = new X86Assembler();
    write.accept(a);
    assertThat(HexFormat.of().formatHex(a.finish())).as(text).isEqualTo(bytes);
  }
}
