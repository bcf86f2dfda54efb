package dev.svc0.fs.extformat;

/**
 * Where the fields of a group descriptor lie; those from 32 on exist with the 64bit feature only.
 */
public final class GroupDescriptorLayout {
  /** Size of a descriptor without the 64bit feature. */
  public static final int EXT2_MIN_DESC_SIZE = 32;

  public static final int BG_BLOCK_BITMAP = 0;
  public static final int BG_INODE_BITMAP = 4;
  public static final int BG_INODE_TABLE = 8;
  public static final int BG_FREE_BLOCKS_COUNT = 12;
  public static final int BG_FREE_INODES_COUNT = 14;
  public static final int BG_USED_DIRS_COUNT = 16;
  public static final int BG_FLAGS = 18;
  public static final int BG_BLOCK_BITMAP_CSUM = 24;
  public static final int BG_INODE_BITMAP_CSUM = 26;
  public static final int BG_ITABLE_UNUSED = 28;
  public static final int BG_CHECKSUM = 30;
  public static final int BG_BLOCK_BITMAP_HI = 32;
  public static final int BG_INODE_BITMAP_HI = 36;
  public static final int BG_INODE_TABLE_HI = 40;
  public static final int BG_FREE_BLOCKS_COUNT_HI = 44;
  public static final int BG_FREE_INODES_COUNT_HI = 46;
  public static final int BG_USED_DIRS_COUNT_HI = 48;
  public static final int BG_ITABLE_UNUSED_HI = 50;
  public static final int BG_BLOCK_BITMAP_CSUM_HI = 56;
  public static final int BG_INODE_BITMAP_CSUM_HI = 58;

  public static final int EXT4_BG_INODE_UNINIT = 1;
  public static final int EXT4_BG_BLOCK_UNINIT = 2;
  public static final int EXT4_BG_INODE_ZEROED = 4;

  private GroupDescriptorLayout() {}
}
