package dev.svc0.fs.jbd2;

/** Where the fields of the blocks of a journal lie, and their constants. */
public final class JournalLayout {
  static final int JBD2_MAGIC_NUMBER = 0xC03B3998;

  static final int JBD2_DESCRIPTOR_BLOCK = 1;
  static final int JBD2_COMMIT_BLOCK = 2;
  static final int JBD2_SUPERBLOCK_V1 = 3;
  static final int JBD2_SUPERBLOCK_V2 = 4;
  static final int JBD2_REVOKE_BLOCK = 5;

  static final int H_MAGIC = 0;
  static final int H_BLOCKTYPE = 4;
  static final int H_SEQUENCE = 8;
  static final int HEADER_SIZE = 12;

  static final int S_BLOCKSIZE = 12;
  static final int S_MAXLEN = 16;
  static final int S_FIRST = 20;
  static final int S_SEQUENCE = 24;
  static final int S_START = 28;
  static final int S_ERRNO = 32;
  static final int S_FEATURE_COMPAT = 36;
  static final int S_FEATURE_INCOMPAT = 40;
  static final int S_UUID = 48;
  static final int S_CHECKSUM_TYPE = 80;
  static final int S_NUM_FC_BLKS = 84;
  static final int S_CHECKSUM = 252;
  static final int SUPERBLOCK_SIZE = 1024;

  /** Each commit has a checksum over the descriptors and the data of its transaction. */
  static final int FEATURE_COMPAT_CHECKSUM = 1;

  public static final int FEATURE_INCOMPAT_REVOKE = 1;
  public static final int FEATURE_INCOMPAT_64BIT = 2;
  public static final int FEATURE_INCOMPAT_ASYNC_COMMIT = 4;
  public static final int FEATURE_INCOMPAT_CSUM_V2 = 8;
  public static final int FEATURE_INCOMPAT_CSUM_V3 = 16;
  public static final int FEATURE_INCOMPAT_FAST_COMMIT = 32;

  static final int JBD2_CRC32C_CHKSUM = 4;

  /** Blocks of the fast commit area where the superblock names none. */
  static final int JBD2_DEFAULT_FAST_COMMIT_BLOCKS = 256;

  static final int JBD2_MIN_JOURNAL_BLOCKS = 1024;

  static final int JBD2_FLAG_ESCAPE = 1;
  static final int JBD2_FLAG_SAME_UUID = 2;
  static final int JBD2_FLAG_LAST_TAG = 8;

  static final int R_COUNT = 12;
  static final int REVOKE_HEADER_SIZE = 16;
  static final int COMMIT_CHECKSUM_TYPE = 12;
  static final int COMMIT_CHECKSUM_SIZE = 13;
  static final int COMMIT_CHECKSUM = 16;
  static final int COMMIT_SEC = 48;
  static final int COMMIT_NSEC = 56;

  /** Bytes of a commit block that are not zero. */
  static final int COMMIT_HEADER_SIZE = 60;

  static final int JBD2_CRC32_CHKSUM = 1;

  private JournalLayout() {}
}
