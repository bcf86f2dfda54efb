package dev.svc0.fs.extformat;

import dev.svc0.runtime.abi.StatConstants;

/** A directory entry: inode number, length of the record, length of the name, type, name. */
public final class DirEntryLayout {
  public static final int DE_INODE = 0;
  public static final int DE_REC_LEN = 4;
  public static final int DE_NAME_LEN = 6;
  public static final int DE_FILE_TYPE = 7;
  public static final int DE_NAME = 8;

  public static final int EXT2_NAME_LEN = 255;

  /** Most names one inode can have. */
  public static final int EXT2_LINK_MAX = 32000;

  public static final int EXT2_FT_UNKNOWN = 0;
  public static final int EXT2_FT_REG_FILE = 1;
  public static final int EXT2_FT_DIR = 2;
  public static final int EXT2_FT_CHRDEV = 3;
  public static final int EXT2_FT_BLKDEV = 4;
  public static final int EXT2_FT_FIFO = 5;
  public static final int EXT2_FT_SOCK = 6;
  public static final int EXT2_FT_SYMLINK = 7;

  private DirEntryLayout() {}

  /** Bytes that an entry with a name of this length needs: a multiple of 4. */
  public static int recLen(int nameLength) {
    return nameLength + DE_NAME + 3 & ~3;
  }

  /** The file type code of a mode (S_IF…). */
  public static int fileType(int mode) {
    return switch (mode & StatConstants.S_IFMT) {
      case StatConstants.S_IFREG -> EXT2_FT_REG_FILE;
      case StatConstants.S_IFDIR -> EXT2_FT_DIR;
      case StatConstants.S_IFCHR -> EXT2_FT_CHRDEV;
      case StatConstants.S_IFBLK -> EXT2_FT_BLKDEV;
      case StatConstants.S_IFIFO -> EXT2_FT_FIFO;
      case StatConstants.S_IFSOCK -> EXT2_FT_SOCK;
      case StatConstants.S_IFLNK -> EXT2_FT_SYMLINK;
      default -> EXT2_FT_UNKNOWN;
    };
  }

  /** The DT_ value of a file type code; DT_UNKNOWN for one that does not exist. */
  public static int dirType(int fileType) {
    return switch (fileType) {
      case EXT2_FT_REG_FILE -> StatConstants.DT_REG;
      case EXT2_FT_DIR -> StatConstants.DT_DIR;
      case EXT2_FT_CHRDEV -> StatConstants.DT_CHR;
      case EXT2_FT_BLKDEV -> StatConstants.DT_BLK;
      case EXT2_FT_FIFO -> StatConstants.DT_FIFO;
      case EXT2_FT_SOCK -> StatConstants.DT_SOCK;
      case EXT2_FT_SYMLINK -> StatConstants.DT_LNK;
      default -> StatConstants.DT_UNKNOWN;
    };
  }
}
