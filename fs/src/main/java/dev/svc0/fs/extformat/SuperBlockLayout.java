package dev.svc0.fs.extformat;

/** Where the fields of the superblock lie, in bytes from its start, and its constants. */
public final class SuperBlockLayout {
  /** Where the superblock lies on the device. */
  public static final int SUPERBLOCK_OFFSET = 1024;

  public static final int SUPERBLOCK_SIZE = 1024;

  public static final int S_INODES_COUNT = 0;
  public static final int S_BLOCKS_COUNT = 4;
  public static final int S_R_BLOCKS_COUNT = 8;
  public static final int S_FREE_BLOCKS_COUNT = 12;
  public static final int S_FREE_INODES_COUNT = 16;
  public static final int S_FIRST_DATA_BLOCK = 20;
  public static final int S_LOG_BLOCK_SIZE = 24;
  public static final int S_LOG_FRAG_SIZE = 28;
  public static final int S_BLOCKS_PER_GROUP = 32;
  public static final int S_FRAGS_PER_GROUP = 36;
  public static final int S_INODES_PER_GROUP = 40;
  public static final int S_MTIME = 44;
  public static final int S_WTIME = 48;
  public static final int S_MNT_COUNT = 52;
  public static final int S_MAX_MNT_COUNT = 54;
  public static final int S_MAGIC = 56;
  public static final int S_STATE = 58;
  public static final int S_ERRORS = 60;
  public static final int S_MINOR_REV_LEVEL = 62;
  public static final int S_LASTCHECK = 64;
  public static final int S_CHECKINTERVAL = 68;
  public static final int S_CREATOR_OS = 72;
  public static final int S_REV_LEVEL = 76;
  public static final int S_DEF_RESUID = 80;
  public static final int S_DEF_RESGID = 82;
  public static final int S_FIRST_INO = 84;
  public static final int S_INODE_SIZE = 88;
  public static final int S_BLOCK_GROUP_NR = 90;
  public static final int S_FEATURE_COMPAT = 92;
  public static final int S_FEATURE_INCOMPAT = 96;
  public static final int S_FEATURE_RO_COMPAT = 100;
  public static final int S_UUID = 104;
  public static final int S_VOLUME_NAME = 120;
  public static final int S_LAST_MOUNTED = 136;
  public static final int S_RESERVED_GDT_BLOCKS = 206;
  public static final int S_JOURNAL_UUID = 208;
  public static final int S_JOURNAL_INUM = 224;
  public static final int S_JOURNAL_DEV = 228;
  public static final int S_LAST_ORPHAN = 232;
  public static final int S_HASH_SEED = 236;
  public static final int S_DEF_HASH_VERSION = 252;
  public static final int S_JNL_BACKUP_TYPE = 253;
  public static final int S_DESC_SIZE = 254;
  public static final int S_DEFAULT_MOUNT_OPTS = 256;
  public static final int S_FIRST_META_BG = 260;
  public static final int S_MKFS_TIME = 264;
  public static final int S_JNL_BLOCKS = 268;
  public static final int S_BLOCKS_COUNT_HI = 336;
  public static final int S_R_BLOCKS_COUNT_HI = 340;
  public static final int S_FREE_BLOCKS_COUNT_HI = 344;
  public static final int S_MIN_EXTRA_ISIZE = 348;
  public static final int S_WANT_EXTRA_ISIZE = 350;
  public static final int S_FLAGS = 352;
  public static final int S_RAID_STRIDE = 356;
  public static final int S_MMP_INTERVAL = 358;
  public static final int S_MMP_BLOCK = 360;
  public static final int S_RAID_STRIPE_WIDTH = 368;
  public static final int S_LOG_GROUPS_PER_FLEX = 372;
  public static final int S_CHECKSUM_TYPE = 373;
  public static final int S_KBYTES_WRITTEN = 376;
  public static final int S_ERROR_COUNT = 404;
  public static final int S_FIRST_ERROR_TIME = 408;
  public static final int S_FIRST_ERROR_INO = 412;
  public static final int S_FIRST_ERROR_BLOCK = 416;
  public static final int S_FIRST_ERROR_FUNC = 424;
  public static final int S_LAST_ERROR_TIME = 460;
  public static final int S_LAST_ERROR_INO = 464;
  public static final int S_LAST_ERROR_BLOCK = 472;
  public static final int S_LAST_ERROR_FUNC = 480;
  public static final int S_OVERHEAD_CLUSTERS = 584;
  public static final int S_BACKUP_BGS = 588;
  public static final int S_LPF_INO = 616;
  public static final int S_CHECKSUM_SEED = 624;
  public static final int S_ORPHAN_FILE_INUM = 640;
  public static final int S_CHECKSUM = 1020;

  /** {@link #S_STATE}: unmounted cleanly. */
  public static final int EXT2_VALID_FS = 1;

  /** {@link #S_STATE}: errors were found. */
  public static final int EXT2_ERROR_FS = 2;

  /** {@link #S_STATE}: inodes are being taken off the list of orphans. */
  public static final int EXT4_ORPHAN_FS = 4;

  public static final int EXT2_GOOD_OLD_REV = 0;
  public static final int EXT2_DYNAMIC_REV = 1;
  public static final int EXT2_GOOD_OLD_FIRST_INO = 11;
  public static final int EXT2_GOOD_OLD_INODE_SIZE = 128;

  public static final int EXT2_ERRORS_CONTINUE = 1;
  public static final int EXT2_ERRORS_RO = 2;
  public static final int EXT2_ERRORS_PANIC = 3;

  public static final int EXT2_FLAGS_SIGNED_HASH = 1;
  public static final int EXT2_FLAGS_UNSIGNED_HASH = 2;

  public static final int EXT2_DEFM_XATTR_USER = 4;
  public static final int EXT2_DEFM_ACL = 8;
  public static final int EXT4_DEFM_JMODE = 0x60;
  public static final int EXT4_DEFM_JMODE_DATA = 0x20;
  public static final int EXT4_DEFM_JMODE_ORDERED = 0x40;
  public static final int EXT4_DEFM_JMODE_WBACK = 0x60;
  public static final int EXT4_DEFM_NOBARRIER = 0x100;
  public static final int EXT4_DEFM_NODELALLOC = 0x800;

  private SuperBlockLayout() {}
}
