package dev.svc0.fs.extformat;

import java.util.StringJoiner;

/** Feature bits of the superblock, and the names e2fsprogs gives them. */
public final class Features {
  public static final int COMPAT_DIR_PREALLOC = 0x1;
  public static final int COMPAT_HAS_JOURNAL = 0x4;
  public static final int COMPAT_EXT_ATTR = 0x8;
  public static final int COMPAT_RESIZE_INODE = 0x10;
  public static final int COMPAT_DIR_INDEX = 0x20;
  public static final int COMPAT_SPARSE_SUPER2 = 0x200;
  public static final int COMPAT_FAST_COMMIT = 0x400;
  public static final int COMPAT_STABLE_INODES = 0x800;
  public static final int COMPAT_ORPHAN_FILE = 0x1000;

  public static final int INCOMPAT_COMPRESSION = 0x1;
  public static final int INCOMPAT_FILETYPE = 0x2;
  public static final int INCOMPAT_RECOVER = 0x4;
  public static final int INCOMPAT_JOURNAL_DEV = 0x8;
  public static final int INCOMPAT_META_BG = 0x10;
  public static final int INCOMPAT_EXTENTS = 0x40;
  public static final int INCOMPAT_64BIT = 0x80;
  public static final int INCOMPAT_MMP = 0x100;
  public static final int INCOMPAT_FLEX_BG = 0x200;
  public static final int INCOMPAT_EA_INODE = 0x400;
  public static final int INCOMPAT_DIRDATA = 0x1000;
  public static final int INCOMPAT_CSUM_SEED = 0x2000;
  public static final int INCOMPAT_LARGEDIR = 0x4000;
  public static final int INCOMPAT_INLINE_DATA = 0x8000;
  public static final int INCOMPAT_ENCRYPT = 0x10000;
  public static final int INCOMPAT_CASEFOLD = 0x20000;

  public static final int RO_COMPAT_SPARSE_SUPER = 0x1;
  public static final int RO_COMPAT_LARGE_FILE = 0x2;
  public static final int RO_COMPAT_BTREE_DIR = 0x4;
  public static final int RO_COMPAT_HUGE_FILE = 0x8;
  public static final int RO_COMPAT_GDT_CSUM = 0x10;
  public static final int RO_COMPAT_DIR_NLINK = 0x20;
  public static final int RO_COMPAT_EXTRA_ISIZE = 0x40;
  public static final int RO_COMPAT_QUOTA = 0x100;
  public static final int RO_COMPAT_BIGALLOC = 0x200;
  public static final int RO_COMPAT_METADATA_CSUM = 0x400;
  public static final int RO_COMPAT_READONLY = 0x1000;
  public static final int RO_COMPAT_PROJECT = 0x2000;
  public static final int RO_COMPAT_VERITY = 0x8000;
  public static final int RO_COMPAT_ORPHAN_PRESENT = 0x10000;

  private static final String[] COMPAT_NAMES = {
    "dir_prealloc",
    "imagic_inodes",
    "has_journal",
    "ext_attr",
    "resize_inode",
    "dir_index",
    "lazy_bg",
    "FEATURE_C7",
    "snapshot_bitmap",
    "sparse_super2",
    "fast_commit",
    "stable_inodes",
    "orphan_file"
  };
  private static final String[] INCOMPAT_NAMES = {
    "compression",
    "filetype",
    "needs_recovery",
    "journal_dev",
    "meta_bg",
    "FEATURE_I5",
    "extents",
    "64bit",
    "mmp",
    "flex_bg",
    "ea_inode",
    "FEATURE_I11",
    "dirdata",
    "metadata_csum_seed",
    "large_dir",
    "inline_data",
    "encrypt",
    "casefold"
  };
  private static final String[] RO_COMPAT_NAMES = {
    "sparse_super",
    "large_file",
    "btree_dir",
    "huge_file",
    "uninit_bg",
    "dir_nlink",
    "extra_isize",
    "has_snapshot",
    "quota",
    "bigalloc",
    "metadata_csum",
    "replica",
    "read-only",
    "project",
    "shared_blocks",
    "verity",
    "orphan_present"
  };

  private Features() {}

  /** Names of the compat bits set, separated by commas. */
  public static String compatNames(int bits) {
    return names(bits, COMPAT_NAMES, 'C');
  }

  /** Names of the incompat bits set, separated by commas. */
  public static String incompatNames(int bits) {
    return names(bits, INCOMPAT_NAMES, 'I');
  }

  /** Names of the ro_compat bits set, separated by commas. */
  public static String roCompatNames(int bits) {
    return names(bits, RO_COMPAT_NAMES, 'R');
  }

  private static String names(int bits, String[] names, char letter) {
    StringJoiner text = new StringJoiner(", ");
    for (int bit = 0; bit < 32; bit++) {
      if ((bits >>> bit & 1) != 0) {
        text.add(bit < names.length ? names[bit] : "FEATURE_" + letter + bit);
      }
    }
    return text.toString();
  }
}
