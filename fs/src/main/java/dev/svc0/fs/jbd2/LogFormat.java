package dev.svc0.fs.jbd2;

import static dev.svc0.fs.jbd2.JournalLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Crc;

/** What the features of a journal say about the form of its blocks, and their checksums. */
@Traced(layer = Traced.Layer.JOURNAL)
final class LogFormat {
  private static final int UUID_BYTES = 16;

  final int blockSize;

  /** Block numbers have 64 bits. */
  final boolean wide;

  /** Tags have 32-bit checksums. */
  final boolean v3;

  /** Each block has a checksum (version 2 or 3). */
  final boolean checksums;

  /** Each commit has one checksum over its transaction (version 1). */
  final boolean commitChecksums;

  final boolean fastCommits;

  /** Data blocks that one descriptor has room for. */
  final int tagsPerBlock;

  private final boolean v2;
  private final int seed;

  LogFormat(int blockSize, int compat, int incompat, int seed) {
    this.blockSize = blockSize;
    this.seed = seed;
    wide = (incompat & FEATURE_INCOMPAT_64BIT) != 0;
    v2 = (incompat & FEATURE_INCOMPAT_CSUM_V2) != 0;
    v3 = (incompat & FEATURE_INCOMPAT_CSUM_V3) != 0;
    checksums = v2 || v3;
    commitChecksums = !checksums && (compat & FEATURE_COMPAT_CHECKSUM) != 0;
    fastCommits = (incompat & FEATURE_INCOMPAT_FAST_COMMIT) != 0;
    tagsPerBlock = (blockSize - HEADER_SIZE - tailBytes() - UUID_BYTES) / tagBytes();
  }

  /** Bytes of a tag, without the UUID behind it. */
  @Traced("journal_tag_bytes")
  int tagBytes() {
    if (v3) {
      return 16;
    }
    int bytes = v2 ? 14 : 12;
    return wide ? bytes : bytes - 4;
  }

  /** Bytes behind the tags or records of a block. */
  int tailBytes() {
    return checksums ? 4 : 0;
  }

  int revokeRecordBytes() {
    return wide ? 8 : 4;
  }

  int revokeRecordsPerBlock() {
    return (blockSize - REVOKE_HEADER_SIZE - tailBytes()) / revokeRecordBytes();
  }

  boolean isTailRight(long address) {
    return !checksums || BigEndian.get32(address + blockSize - 4) == tail(address);
  }

  @Traced("jbd2_descriptor_block_csum_set")
  void setTail(long address) {
    if (checksums) {
      BigEndian.put32(address + blockSize - 4, tail(address));
    }
  }

  private int tail(long address) {
    return Crc.crc32cZeroes(Crc.crc32c(seed, address, blockSize - 4), 4);
  }

  /** Checksum of a commit block (version 2 or 3), its own field counted as zero. */
  int commitChecksum(long address) {
    return checksumWithout(seed, address, COMMIT_CHECKSUM, blockSize);
  }

  /** The same if all behind the header were zeroes: only the first sector arrived. */
  int commitHeaderChecksum(long address) {
    int crc = checksumWithout(seed, address, COMMIT_CHECKSUM, COMMIT_HEADER_SIZE);
    return Crc.crc32cZeroes(crc, blockSize - COMMIT_HEADER_SIZE);
  }

  /** Checksum of bytes in which a field of four counts as zero. */
  static int checksumWithout(int seed, long at, int field, int bytes) {
    int crc = Crc.crc32c(seed, at, field);
    crc = Crc.crc32cZeroes(crc, 4);
    return Crc.crc32c(crc, at + field + 4, bytes - field - 4);
  }

  private int dataChecksum(long data, int sequence) {
    int crc = Crc.crc32c(seed, Integer.reverseBytes(sequence));
    return Crc.crc32c(crc, data, blockSize);
  }

  long tagBlock(long tag) {
    long high = wide ? BigEndian.getU32(tag + 8) : 0;
    return high << 32 | BigEndian.getU32(tag);
  }

  int tagFlags(long tag) {
    return v3 ? BigEndian.get32(tag + 4) : BigEndian.get16(tag + 6);
  }

  boolean isTagRight(long tag, long data, int sequence) {
    if (!checksums) {
      return true;
    }
    int crc = dataChecksum(data, sequence);
    return v3 ? crc == BigEndian.get32(tag + 12) : (crc & 0xffff) == BigEndian.get16(tag + 4);
  }

  /** Writes a tag for data as the log has it. */
  void putTag(long tag, long block, int flags, long data, int sequence) {
    BigEndian.put32(tag, (int) block);
    if (wide) {
      BigEndian.put32(tag + 8, (int) (block >>> 32));
    }
    if (v3) {
      BigEndian.put32(tag + 4, flags);
      BigEndian.put32(tag + 12, dataChecksum(data, sequence));
    } else {
      BigEndian.put16(tag + 4, v2 ? dataChecksum(data, sequence) : 0);
      BigEndian.put16(tag + 6, flags);
    }
  }

  void addTagFlag(long tag, int flag) {
    if (v3) {
      BigEndian.put32(tag + 4, BigEndian.get32(tag + 4) | flag);
    } else {
      BigEndian.put16(tag + 6, BigEndian.get16(tag + 6) | flag);
    }
  }
}
