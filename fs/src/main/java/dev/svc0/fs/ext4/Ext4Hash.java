package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.RawSuperBlock;
import dev.svc0.fs.extformat.SuperBlockLayout;

/**
 * Hashes of names: the legacy one, half of MD4, and TEA, each with bytes as signed or as unsigned
 * numbers. A result has the hash in its upper 32 bits and the minor hash in the lower.
 * <i>Linux:</i> fs/ext4/hash.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Hash {
  static final int DX_HASH_LEGACY = 0;
  static final int DX_HASH_HALF_MD4 = 1;
  static final int DX_HASH_TEA = 2;

  private static final int EOF = 0x7fffffff;
  private static final int DELTA = 0x9E3779B9;
  private static final int K2 = 0x5A827999;
  private static final int K3 = 0x6ED9EBA1;
  private static final int[] START = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};

  private final int[] seed = new int[4];
  private final boolean isSigned;

  /** What new directories use. */
  final int defaultVersion;

  Ext4Hash(RawSuperBlock raw) {
    boolean seeded = false;
    for (int i = 0; i < 4; i++) {
      seed[i] = Disk.s32(raw.address() + SuperBlockLayout.S_HASH_SEED + 4L * i);
      seeded |= seed[i] != 0;
    }
    if (!seeded) {
      System.arraycopy(START, 0, seed, 0, 4);
    }
    isSigned = (raw.u32(SuperBlockLayout.S_FLAGS) & SuperBlockLayout.EXT2_FLAGS_SIGNED_HASH) != 0;
    int version = Disk.u8(raw.address() + SuperBlockLayout.S_DEF_HASH_VERSION);
    defaultVersion = version <= DX_HASH_TEA ? version : DX_HASH_HALF_MD4;
  }

  /** Whether a version can be computed. */
  static boolean isKnown(int version) {
    return version <= DX_HASH_TEA;
  }

  /** The hash of a name, one character a byte. */
  @Traced("ext4fs_dirhash")
  long of(String name, int version) {
    int[] buffer = seed.clone();
    int hash;
    int minor = 0;
    switch (version) {
      case DX_HASH_LEGACY -> hash = legacy(name);
      case DX_HASH_HALF_MD4 -> {
        int[] in = new int[8];
        for (int at = 0; at < name.length(); at += 32) {
          fill(name, at, in);
          halfMd4(buffer, in);
        }
        hash = buffer[1];
        minor = buffer[2];
      }
      default -> {
        int[] in = new int[4];
        for (int at = 0; at < name.length(); at += 16) {
          fill(name, at, in);
          tea(buffer, in);
        }
        hash = buffer[0];
        minor = buffer[1];
      }
    }
    hash &= ~1;
    hash = hash == EOF << 1 ? EOF - 1 << 1 : hash;
    return (hash & 0xffff_ffffL) << 32 | minor & 0xffff_ffffL;
  }

  private int charAt(String name, int index) {
    char c = name.charAt(index);
    return isSigned ? (byte) c : c & 0xff;
  }

  private int legacy(String name) {
    int hash0 = 0x12a3fe2d;
    int hash1 = 0x37abe8f9;
    for (int i = 0; i < name.length(); i++) {
      int hash = hash1 + (hash0 ^ charAt(name, i) * 7152373);
      if (hash < 0) {
        hash -= 0x7fffffff;
      }
      hash1 = hash0;
      hash0 = hash;
    }
    return hash0 << 1;
  }

  /** Packs bytes into words, padding with the length of what is left. */
  private void fill(String name, int from, int[] words) {
    int left = name.length() - from;
    int pad = left | left << 8;
    pad |= pad << 16;
    int count = Math.min(left, 4 * words.length);
    int value = pad;
    int word = 0;
    for (int i = 0; i < count; i++) {
      value = charAt(name, from + i) + (value << 8);
      if ((i & 3) == 3) {
        words[word++] = value;
        value = pad;
      }
    }
    if (word < words.length) {
      words[word++] = value;
    }
    while (word < words.length) {
      words[word++] = pad;
    }
  }

  private static void tea(int[] buffer, int[] in) {
    int sum = 0;
    int b0 = buffer[0];
    int b1 = buffer[1];
    for (int round = 0; round < 16; round++) {
      sum += DELTA;
      b0 += (b1 << 4) + in[0] ^ b1 + sum ^ (b1 >>> 5) + in[1];
      b1 += (b0 << 4) + in[2] ^ b0 + sum ^ (b0 >>> 5) + in[3];
    }
    buffer[0] += b0;
    buffer[1] += b1;
  }

  private static final int[] ORDER_1 = {0, 1, 2, 3, 4, 5, 6, 7};
  private static final int[] ORDER_2 = {1, 3, 5, 7, 0, 2, 4, 6};
  private static final int[] ORDER_3 = {3, 7, 2, 6, 1, 5, 0, 4};
  private static final int[] SHIFT_1 = {3, 7, 11, 19};
  private static final int[] SHIFT_2 = {3, 5, 9, 13};
  private static final int[] SHIFT_3 = {3, 9, 11, 15};

  private static void halfMd4(int[] buffer, int[] in) {
    int[] state = buffer.clone();
    for (int step = 0; step < 24; step++) {
      int round = step >> 3;
      int i = step & 7;
      // The four words take turns: a, d, c, b.
      int a = 4 - i & 3;
      int b = state[a + 1 & 3];
      int c = state[a + 2 & 3];
      int d = state[a + 3 & 3];
      int mixed;
      int shift;
      if (round == 0) {
        mixed = (d ^ b & (c ^ d)) + in[ORDER_1[i]];
        shift = SHIFT_1[i & 3];
      } else if (round == 1) {
        mixed = (b & c) + ((b ^ c) & d) + in[ORDER_2[i]] + K2;
        shift = SHIFT_2[i & 3];
      } else {
        mixed = (b ^ c ^ d) + in[ORDER_3[i]] + K3;
        shift = SHIFT_3[i & 3];
      }
      state[a] = Integer.rotateLeft(state[a] + mixed, shift);
    }
    for (int i = 0; i < 4; i++) {
      buffer[i] += state[i];
    }
  }
}
