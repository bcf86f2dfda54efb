package dev.svc0.fs.ext4;

import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.InodeOperations;
import org.jspecify.annotations.Nullable;

/** Which operations an inode has by its type. */
final class Ext4Kinds {
  private static final InodeOperations FILE = new Ext4FileInodeOperations();
  private static final InodeOperations DIRECTORY = new Ext4DirectoryInodeOperations();
  private static final InodeOperations SYMLINK = new Ext4SymlinkInodeOperations();
  private static final FileOperations FILE_OPERATIONS = new Ext4FileOperations();
  private static final FileOperations DIRECTORY_OPERATIONS = new Ext4DirectoryOperations();

  /** The VFS finds what a device node or a FIFO does when it is opened. */
  private static final FileOperations SPECIAL_OPERATIONS = new FileOperations() {};

  private Ext4Kinds() {}

  /** A new inode object; null for a type that does not exist. */
  static @Nullable Ext4Inode instantiate(Ext4SuperBlock superBlock, long number, int mode) {
    return switch (mode & StatConstants.S_IFMT) {
      case StatConstants.S_IFREG -> make(superBlock, number, mode, FILE, FILE_OPERATIONS);
      case StatConstants.S_IFDIR -> make(superBlock, number, mode, DIRECTORY, DIRECTORY_OPERATIONS);
      case StatConstants.S_IFLNK -> make(superBlock, number, mode, SYMLINK, SPECIAL_OPERATIONS);
      case StatConstants.S_IFCHR,
          StatConstants.S_IFBLK,
          StatConstants.S_IFIFO,
          StatConstants.S_IFSOCK ->
          make(superBlock, number, mode, FILE, SPECIAL_OPERATIONS);
      default -> null;
    };
  }

  private static Ext4Inode make(
      Ext4SuperBlock superBlock,
      long number,
      int mode,
      InodeOperations operations,
      FileOperations fileOperations) {
    return new Ext4Inode(
        superBlock, number, mode, operations, fileOperations, Ext4AddressSpaceOperations.INSTANCE);
  }
}
