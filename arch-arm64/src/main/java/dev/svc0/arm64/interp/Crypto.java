package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.high;
import static dev.svc0.arm64.interp.Fields.low;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.rm;
import static dev.svc0.arm64.interp.Fields.rn;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.isa.A64;

/** Steps of AES, SHA-1 and SHA-256. <i>Source:</i> FIPS 197, FIPS 180-4 and the Arm ARM. */
final class Crypto {
  private Crypto() {}

  static void execute(Cpu cpu, int insn, int number) {
    int n = rn(insn);
    int d = rd(insn);
    switch (number) {
      case A64.AESE -> aes(cpu, d, low(cpu, d) ^ low(cpu, n), high(cpu, d) ^ high(cpu, n), true);
      case A64.AESD -> aes(cpu, d, low(cpu, d) ^ low(cpu, n), high(cpu, d) ^ high(cpu, n), false);
      case A64.AESMC ->
          Fields.setVector(
              cpu, d, AesTables.mixColumns(low(cpu, n)), AesTables.mixColumns(high(cpu, n)));
      case A64.AESIMC ->
          Fields.setVector(
              cpu,
              d,
              AesTables.inverseMixColumns(low(cpu, n)),
              AesTables.inverseMixColumns(high(cpu, n)));
      default -> sha(cpu, insn, number);
    }
  }

  /** ShiftRows and SubBytes, or their inverses. */
  private static void aes(Cpu cpu, int d, long stateLow, long stateHigh, boolean forward) {
    byte[] box = forward ? AesTables.SBOX : AesTables.INVERSE_SBOX;
    int step = forward ? 5 : 13;
    long newLow = 0;
    long newHigh = 0;
    for (int i = 0; i < 8; i++) {
      newLow |= substituted(box, stateLow, stateHigh, i * step) << (i << 3);
      newHigh |= substituted(box, stateLow, stateHigh, (i + 8) * step) << (i << 3);
    }
    Fields.setVector(cpu, d, newLow, newHigh);
  }

  /**
   * Byte i of a shifted row comes from byte 5·i of the state, modulo 16; 13 is the inverse of 5.
   */
  private static long substituted(byte[] box, long stateLow, long stateHigh, int index) {
    int from = index & 15;
    long half = from < 8 ? stateLow : stateHigh;
    return box[(int) (half >>> ((from & 7) << 3)) & 255] & 255L;
  }

  private static void sha(Cpu cpu, int insn, int number) {
    int n = rn(insn);
    int m = rm(insn);
    int d = rd(insn);
    switch (number) {
      case A64.SHA1C, A64.SHA1P, A64.SHA1M -> sha1Rounds(cpu, number, d, n, m);
      case A64.SHA1H ->
          Fields.setVector(cpu, d, Integer.rotateLeft((int) low(cpu, n), 30) & 0xffffffffL, 0);
      case A64.SHA1SU0 -> {
        long newLow = high(cpu, d) ^ low(cpu, d) ^ low(cpu, m);
        Fields.setVector(cpu, d, newLow, low(cpu, n) ^ high(cpu, d) ^ high(cpu, m));
      }
      case A64.SHA1SU1 -> sha1Update(cpu, d, n);
      case A64.SHA256H -> sha256Rounds(cpu, d, n, m, true);
      case A64.SHA256H2 -> sha256Rounds(cpu, d, n, m, false);
      case A64.SHA256SU0 -> sha256Update0(cpu, d, n);
      default -> sha256Update1(cpu, d, n, m);
    }
  }

  private static int word(Cpu cpu, int register, int index) {
    return (int) (cpu.v[(register << 1) + (index >>> 1)] >>> ((index & 1) << 5));
  }

  private static void setWords(Cpu cpu, int register, int w0, int w1, int w2, int w3) {
    Fields.setVector(
        cpu, register, w0 & 0xffffffffL | (long) w1 << 32, w2 & 0xffffffffL | (long) w3 << 32);
  }

  /** Four rounds: abcd in d, e in n, four schedule words with their constants in m. */
  private static void sha1Rounds(Cpu cpu, int number, int d, int n, int m) {
    int a = word(cpu, d, 0);
    int b = word(cpu, d, 1);
    int c = word(cpu, d, 2);
    int dd = word(cpu, d, 3);
    int e = word(cpu, n, 0);
    for (int i = 0; i < 4; i++) {
      int f =
          switch (number) {
            case A64.SHA1C -> (c ^ dd) & b ^ dd;
            case A64.SHA1P -> b ^ c ^ dd;
            default -> b & c | (b | c) & dd;
          };
      int next = e + Integer.rotateLeft(a, 5) + f + word(cpu, m, i);
      e = dd;
      dd = c;
      c = Integer.rotateLeft(b, 30);
      b = a;
      a = next;
    }
    setWords(cpu, d, a, b, c, dd);
  }

  private static void sha1Update(Cpu cpu, int d, int n) {
    int t0 = word(cpu, d, 0) ^ word(cpu, n, 1);
    int t1 = word(cpu, d, 1) ^ word(cpu, n, 2);
    int t2 = word(cpu, d, 2) ^ word(cpu, n, 3);
    int t3 = word(cpu, d, 3);
    int w0 = Integer.rotateLeft(t0, 1);
    setWords(
        cpu,
        d,
        w0,
        Integer.rotateLeft(t1, 1),
        Integer.rotateLeft(t2, 1),
        Integer.rotateLeft(t3 ^ w0, 1));
  }

  /** Four rounds; the first part of the state is abcd, the second efgh. */
  private static void sha256Rounds(Cpu cpu, int d, int n, int m, boolean firstPart) {
    int abcd = firstPart ? d : n;
    int efgh = firstPart ? n : d;
    int a = word(cpu, abcd, 0);
    int b = word(cpu, abcd, 1);
    int c = word(cpu, abcd, 2);
    int dd = word(cpu, abcd, 3);
    int e = word(cpu, efgh, 0);
    int f = word(cpu, efgh, 1);
    int g = word(cpu, efgh, 2);
    int h = word(cpu, efgh, 3);
    for (int i = 0; i < 4; i++) {
      int sum1 =
          Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25);
      int sum0 =
          Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22);
      int t1 = h + sum1 + ((f ^ g) & e ^ g) + word(cpu, m, i);
      int t2 = sum0 + (a & b | (a | b) & c);
      h = g;
      g = f;
      f = e;
      e = dd + t1;
      dd = c;
      c = b;
      b = a;
      a = t1 + t2;
    }
    if (firstPart) {
      setWords(cpu, d, a, b, c, dd);
    } else {
      setWords(cpu, d, e, f, g, h);
    }
  }

  private static int sigma0(int w) {
    return Integer.rotateRight(w, 7) ^ Integer.rotateRight(w, 18) ^ w >>> 3;
  }

  private static int sigma1(int w) {
    return Integer.rotateRight(w, 17) ^ Integer.rotateRight(w, 19) ^ w >>> 10;
  }

  private static void sha256Update0(Cpu cpu, int d, int n) {
    setWords(
        cpu,
        d,
        word(cpu, d, 0) + sigma0(word(cpu, d, 1)),
        word(cpu, d, 1) + sigma0(word(cpu, d, 2)),
        word(cpu, d, 2) + sigma0(word(cpu, d, 3)),
        word(cpu, d, 3) + sigma0(word(cpu, n, 0)));
  }

  private static void sha256Update1(Cpu cpu, int d, int n, int m) {
    int w0 = word(cpu, d, 0) + word(cpu, n, 1) + sigma1(word(cpu, m, 2));
    int w1 = word(cpu, d, 1) + word(cpu, n, 2) + sigma1(word(cpu, m, 3));
    int w2 = word(cpu, d, 2) + word(cpu, n, 3) + sigma1(w0);
    int w3 = word(cpu, d, 3) + word(cpu, m, 0) + sigma1(w1);
    setWords(cpu, d, w0, w1, w2, w3);
  }
}
