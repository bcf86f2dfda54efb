package dev.svc0.fs.extformat;

import static dev.svc0.fs.extformat.SuperBlockLayout.*;

/**
 * A superblock as it lies in host memory: what the disk says, nothing believed. {@link
 * ExtGeometry#of} makes something to rely on of it.
 *
 * @param address host address of its first byte
 */
public record RawSuperBlock(long address) {
  /** A 16-bit field. */
  public int u16(int field) {
    return Disk.u16(address + field);
  }

  /** A 32-bit field. */
  public long u32(int field) {
    return Disk.u32(address + field);
  }

  /** Stores a 16-bit field. */
  public void put16(int field, int value) {
    Disk.put16(address + field, value);
  }

  /** Stores a 32-bit field. */
  public void put32(int field, long value) {
    Disk.put32(address + field, value);
  }

  /** Whether the revision has no dynamic fields: fixed inode size, no features. */
  public boolean isOldRevision() {
    return u32(S_REV_LEVEL) == EXT2_GOOD_OLD_REV;
  }

  /** COMPAT_ bits. */
  public int compat() {
    return Disk.s32(address + S_FEATURE_COMPAT);
  }

  /** INCOMPAT_ bits. */
  public int incompat() {
    return Disk.s32(address + S_FEATURE_INCOMPAT);
  }

  /** RO_COMPAT_ bits. */
  public int roCompat() {
    return Disk.s32(address + S_FEATURE_RO_COMPAT);
  }

  /** Whether an INCOMPAT_ bit is set. */
  public boolean hasIncompat(int bit) {
    return (incompat() & bit) != 0;
  }

  /** Whether an RO_COMPAT_ bit is set. */
  public boolean hasRoCompat(int bit) {
    return (roCompat() & bit) != 0;
  }

  /** Whether a COMPAT_ bit is set. */
  public boolean hasCompat(int bit) {
    return (compat() & bit) != 0;
  }

  /** A block count kept in two halves; the upper one counts with the 64bit feature only. */
  public long blocks(int lowField, int highField) {
    long high = hasIncompat(Features.INCOMPAT_64BIT) ? u32(highField) : 0;
    return Disk.join(u32(lowField), high);
  }

  /** Stores a block count. */
  public void putBlocks(int lowField, int highField, long value) {
    put32(lowField, value);
    if (hasIncompat(Features.INCOMPAT_64BIT)) {
      put32(highField, value >>> 32);
    }
  }
}
