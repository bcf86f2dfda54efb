package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.RAX;

import dev.svc0.arm64.isa.A64;

/** Steps of AES, SHA-1 and SHA-256, by the host's own instructions for them. */
final class X86Crypto extends X86Instruction {
  private static final int AESIMC = 0x0f38db;
  private static final int AESENC = 0x0f38dc;
  private static final int AESENCLAST = 0x0f38dd;
  private static final int AESDECLAST = 0x0f38df;
  private static final int SHA1RNDS4 = 0x0f3acc;
  private static final int SHA256RNDS2 = 0x0f38cb;
  private static final int SHA256MSG1 = 0x0f38cc;
  private static final int SHA256MSG2 = 0x0f38cd;
  private static final int PALIGNR = 0x0f3a0f;
  private static final int BYTES_LEFT = 7;

  /** Reverses four words. */
  private static final int REVERSED = 0x1b;

  /** Exchanges the words of each pair. */
  private static final int EXCHANGED = 0xb1;

  /** What the host's rounds of SHA-1 add, and the guest has added before. */
  private static final long[] ADDENDS = {0x5a827999L, 0x6ed9eba1L, 0x8f1bbcdcL};

  X86Crypto(X86Writer m, int number, int insn) {
    super(m, number, insn);
  }

  boolean emit() {
    return switch (number) {
      case A64.AESE, A64.AESD, A64.AESMC, A64.AESIMC -> HostFeatures.AES && aes();
      case A64.SHA1C -> HostFeatures.SHA && sha1Rounds(0);
      case A64.SHA1P -> HostFeatures.SHA && sha1Rounds(1);
      case A64.SHA1M -> HostFeatures.SHA && sha1Rounds(2);
      case A64.SHA1H -> {
        a.load(false, RAX, vectors(), 16 * n);
        a.shiftImmediate(X86Assembler.ROR, false, RAX, 2);
        resultOf(RAX);
        yield true;
      }
      case A64.SHA1SU0 -> sha1Update0();
      case A64.SHA1SU1 -> sha1Update1();
      case A64.SHA256H, A64.SHA256H2 -> HostFeatures.SHA && sha256Rounds();
      case A64.SHA256SU0 -> HostFeatures.SHA && sha256Update0();
      case A64.SHA256SU1 -> HostFeatures.SHA && sha256Update1();
      default -> false;
    };
  }

  /** The host's steps with a key of zero; what they do too much is undone before. */
  private boolean aes() {
    load(0, n);
    switch (number) {
      case A64.AESIMC -> packed(AESIMC, 0, 0);
      case A64.AESMC -> {
        zero(1);
        packed(AESDECLAST, 0, 1);
        packed(AESENC, 0, 1);
      }
      default -> {
        load(1, d);
        packed(PXOR, 0, 1);
        zero(1);
        packed(number == A64.AESE ? AESENCLAST : AESDECLAST, 0, 1);
      }
    }
    store(d, 0);
    return true;
  }

  private boolean sha1Rounds(int function) {
    load(0, d);
    packed(PSHUFD, 0, 0, REVERSED);
    load(1, r);
    packedConstant(PSUB[2], 1, Elements.repeat(ADDENDS[function], 2));
    a.sseMemory(0xf3, 0x0f10, 2, vectors(), X86Assembler.NONE, 16 * n);
    packed(PADD[2], 1, 2);
    packed(PSHUFD, 1, 1, REVERSED);
    a.sse(0, SHA1RNDS4, 0, 1, function);
    packed(PSHUFD, 0, 0, REVERSED);
    store(d, 0);
    return true;
  }

  private boolean sha1Update0() {
    load(0, d);
    load(1, n);
    packed(PALIGNR, 1, 0, 8);
    load(2, r);
    packed(PXOR, 0, 1);
    packed(PXOR, 0, 2);
    store(d, 0);
    return true;
  }

  private boolean sha1Update1() {
    load(0, n);
    a.shiftElements(SHIFT[3], BYTES_RIGHT, 0, 4);
    load(1, d);
    packed(PXOR, 0, 1);
    rotate(0);
    move(1, 0);
    rotate(1);
    a.shiftElements(SHIFT[3], BYTES_LEFT, 1, 12);
    packed(PXOR, 0, 1);
    store(d, 0);
    return true;
  }

  /** Rotates words to the left by 1. */
  private void rotate(int x) {
    move(2, x);
    a.shiftElements(SHIFT[2], LEFT, x, 1);
    a.shiftElements(SHIFT[2], RIGHT, 2, 31);
    packed(POR, x, 2);
  }

  /** The host has a, b, e, f in one register and c, d, g, h in the other, from the top. */
  private boolean sha256Rounds() {
    boolean isFirst = number == A64.SHA256H;
    load(1, isFirst ? d : n);
    load(2, isFirst ? n : d);
    load(0, r);
    packed(PSHUFD, 1, 1, EXCHANGED);
    packed(PSHUFD, 2, 2, EXCHANGED);
    move(3, 2);
    packed(UNPACK_LOW[3], 2, 1);
    packed(UNPACK_HIGH[3], 3, 1);
    a.sse(0, SHA256RNDS2, 3, 2);
    packed(PSHUFD, 0, 0, 0xee);
    a.sse(0, SHA256RNDS2, 2, 3);
    packed(isFirst ? UNPACK_HIGH[3] : UNPACK_LOW[3], 2, 3);
    packed(PSHUFD, 0, 2, EXCHANGED);
    store(d, 0);
    return true;
  }

  private boolean sha256Update0() {
    load(0, d);
    load(1, n);
    a.sse(0, SHA256MSG1, 0, 1);
    store(d, 0);
    return true;
  }

  private boolean sha256Update1() {
    load(0, d);
    load(1, n);
    load(2, r);
    move(3, 2);
    packed(PALIGNR, 3, 1, 4);
    packed(PADD[2], 0, 3);
    a.sse(0, SHA256MSG2, 0, 2);
    store(d, 0);
    return true;
  }
}
