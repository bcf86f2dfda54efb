package dev.svc0.fs.mkfs;

import java.time.Instant;
import java.util.UUID;

/**
 * What to make. Everything has the default of {@code mke2fs -t ext2}: sizes of 0 are chosen by the
 * size of the image, as mke2fs.conf of Debian 12 does.
 */
public final class Mke2fsOptions {
  int blockSize;
  int inodeSize = 256;
  int inodeRatio;
  long inodes;
  int reservedPercent = 5;
  String label = "";
  UUID uuid = UUID.randomUUID();
  UUID hashSeed = UUID.randomUUID();
  Instant now = Instant.now();

  /** 1024, 2048 or 4096 bytes. */
  public Mke2fsOptions blockSize(int bytes) {
    if (bytes != 1024 && bytes != 2048 && bytes != 4096) {
      throw new IllegalArgumentException("block size " + bytes + " is none of 1024, 2048, 4096");
    }
    blockSize = bytes;
    return this;
  }

  /** 128 to 1024 bytes, a power of two. */
  public Mke2fsOptions inodeSize(int bytes) {
    if (bytes < 128 || bytes > 1024 || Integer.bitCount(bytes) != 1) {
      throw new IllegalArgumentException(
          "inode size " + bytes + " is no power of two from 128 to 1024");
    }
    inodeSize = bytes;
    return this;
  }

  /** One inode for so many bytes. */
  public Mke2fsOptions inodeRatio(int bytes) {
    if (bytes < 1024) {
      throw new IllegalArgumentException("inode ratio " + bytes + " is below 1024");
    }
    inodeRatio = bytes;
    return this;
  }

  /** So many inodes, whatever the ratio. */
  public Mke2fsOptions inodes(long count) {
    if (count < 12 || count > 0xffff_ffffL) {
      throw new IllegalArgumentException("cannot make " + count + " inodes");
    }
    inodes = count;
    return this;
  }

  /** Blocks set aside for the super-user, 0 to 50 per cent. */
  public Mke2fsOptions reservedPercent(int percent) {
    if (percent < 0 || percent > 50) {
      throw new IllegalArgumentException("reserved blocks of " + percent + " per cent");
    }
    reservedPercent = percent;
    return this;
  }

  /** Volume name, at most 16 bytes. */
  public Mke2fsOptions label(String name) {
    if (name.length() > 16) {
      throw new IllegalArgumentException("label \"" + name + "\" is longer than 16 bytes");
    }
    label = name;
    return this;
  }

  /** Identity of the file system and seed of its hashes. */
  public Mke2fsOptions uuid(UUID identity, UUID seed) {
    uuid = identity;
    hashSeed = seed;
    return this;
  }

  /** The time of making. */
  public Mke2fsOptions now(Instant time) {
    now = time;
    return this;
  }
}
