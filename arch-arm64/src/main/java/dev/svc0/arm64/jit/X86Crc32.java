package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.RAX;
import static dev.svc0.arm64.jit.X86Assembler.RCX;
import static dev.svc0.arm64.jit.X86Assembler.RDX;
import static dev.svc0.arm64.jit.X86Assembler.SHL;
import static dev.svc0.arm64.jit.X86Assembler.SHR;
import static dev.svc0.arm64.jit.X86Assembler.XOR;

/**
 * Steps of CRC-32 with carry-less multiplications. A step has a multiple of the polynomial make the
 * 64 low bits zero, which come first; what is left above is the new value. That multiple is the low
 * bits times the inverse of the polynomial modulo x^64.
 */
final class X86Crc32 {
  /** The polynomial, its lowest bit for the highest power. */
  private static final long POLYNOMIAL = 0x1db710641L;

  private static final long INVERSE = inverse();
  private static final int PCLMULQDQ = 0x0f3a44;

  private X86Crc32() {}

  /** The number whose product with the polynomial is 1 modulo x^64, bit by bit. */
  private static long inverse() {
    long inverse = 0;
    long product = 0;
    for (int bit = 0; bit < 64; bit++) {
      long wanted = bit == 0 ? 1 : 0;
      if ((product >>> bit & 1) != wanted) {
        inverse |= 1L << bit;
        product ^= POLYNOMIAL << bit;
      }
    }
    return inverse;
  }

  /**
   * Adds 1 &lt;&lt; size bytes in RCX to the value in RAX. RDX and two vector registers are lost.
   */
  static void add(X86Assembler a, int size) {
    int bits = 8 << size;
    a.alu(XOR, true, RCX, RAX);
    if (bits < 64) {
      a.shiftImmediate(SHL, true, RCX, 64 - bits); // zeros in front count for nothing
    }
    a.sseWide(0x66, 0x0f6e, 0, RCX);
    a.sseConstant(0x66, 0x0f6f, 1, INVERSE, POLYNOMIAL);
    a.sse(0x66, PCLMULQDQ, 0, 1, 0x00);
    a.sse(0x66, PCLMULQDQ, 0, 1, 0x10);
    a.sseWide(0x66, 0x0f3a16, 0, RDX, 1);
    if (bits < 32) {
      a.shiftImmediate(SHR, false, RAX, bits);
      a.alu(XOR, false, RAX, RDX);
    } else {
      a.mov(false, RAX, RDX);
    }
  }
}
