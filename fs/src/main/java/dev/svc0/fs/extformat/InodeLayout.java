package dev.svc0.fs.extformat;

/** Where the fields of an inode lie, and its flags. */
public final class InodeLayout {
  public static final int EXT2_BAD_INO = 1;
  public static final int EXT2_ROOT_INO = 2;
  public static final int EXT2_RESIZE_INO = 7;
  public static final int EXT2_JOURNAL_INO = 8;

  /** {@link #I_FLAGS}: new inodes below take over the project. */
  public static final int EXT4_PROJINHERIT_FL = 0x20000000;

  public static final int EXT4_VERITY_FL = 0x100000;
  public static final int EXT4_ENCRYPT_FL = 0x800;

  public static final int I_MODE = 0;
  public static final int I_UID = 2;
  public static final int I_SIZE = 4;
  public static final int I_ATIME = 8;
  public static final int I_CTIME = 12;
  public static final int I_MTIME = 16;
  public static final int I_DTIME = 20;
  public static final int I_GID = 24;
  public static final int I_LINKS_COUNT = 26;
  public static final int I_BLOCKS = 28;
  public static final int I_FLAGS = 32;
  public static final int I_BLOCK = 40;
  public static final int I_GENERATION = 100;
  public static final int I_FILE_ACL = 104;
  public static final int I_SIZE_HIGH = 108;
  public static final int I_FADDR = 112;
  public static final int I_BLOCKS_HIGH = 116;
  public static final int I_FILE_ACL_HIGH = 118;
  public static final int I_UID_HIGH = 120;
  public static final int I_GID_HIGH = 122;
  public static final int I_CHECKSUM_LO = 124;
  public static final int I_EXTRA_ISIZE = 128;
  public static final int I_CHECKSUM_HI = 130;
  public static final int I_CTIME_EXTRA = 132;
  public static final int I_MTIME_EXTRA = 136;
  public static final int I_ATIME_EXTRA = 140;
  public static final int I_CRTIME = 144;
  public static final int I_CRTIME_EXTRA = 148;
  public static final int I_VERSION_HI = 152;
  public static final int I_PROJID = 156;

  /** Behind the last field that is known: what new inodes reserve for fields. */
  public static final int EXT4_GOOD_EXTRA_ISIZE = 32;

  /** Pointers in {@link #I_BLOCK}: 12 direct, then single, double and triple indirect. */
  public static final int EXT2_N_BLOCKS = 15;

  public static final int EXT2_NDIR_BLOCKS = 12;
  public static final int EXT2_IND_BLOCK = 12;
  public static final int EXT2_DIND_BLOCK = 13;
  public static final int EXT2_TIND_BLOCK = 14;

  public static final int EXT2_SECRM_FL = 0x1;
  public static final int EXT2_UNRM_FL = 0x2;
  public static final int EXT2_COMPR_FL = 0x4;
  public static final int EXT2_SYNC_FL = 0x8;
  public static final int EXT2_IMMUTABLE_FL = 0x10;
  public static final int EXT2_APPEND_FL = 0x20;
  public static final int EXT2_NODUMP_FL = 0x40;
  public static final int EXT2_NOATIME_FL = 0x80;
  public static final int EXT2_NOCOMP_FL = 0x400;
  public static final int EXT2_BTREE_FL = 0x1000;
  public static final int EXT2_JOURNAL_DATA_FL = 0x4000;
  public static final int EXT2_NOTAIL_FL = 0x8000;
  public static final int EXT2_DIRSYNC_FL = 0x10000;
  public static final int EXT2_TOPDIR_FL = 0x20000;
  public static final int EXT4_HUGE_FILE_FL = 0x40000;
  public static final int EXT4_EXTENTS_FL = 0x80000;
  public static final int EXT4_EA_INODE_FL = 0x200000;
  public static final int EXT4_INLINE_DATA_FL = 0x10000000;

  /** Flags that a new inode takes over from its directory. */
  public static final int EXT2_FL_INHERITED =
      EXT2_SECRM_FL
          | EXT2_UNRM_FL
          | EXT2_COMPR_FL
          | EXT2_SYNC_FL
          | EXT2_NODUMP_FL
          | EXT2_NOATIME_FL
          | 0x200
          | EXT2_NOCOMP_FL
          | EXT2_JOURNAL_DATA_FL
          | EXT2_NOTAIL_FL
          | EXT2_DIRSYNC_FL;

  private InodeLayout() {}
}
