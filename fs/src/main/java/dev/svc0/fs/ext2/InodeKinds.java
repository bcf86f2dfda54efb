package dev.svc0.fs.ext2;

import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.InodeOperations;

/** Which operations an inode has by its type. */
final class InodeKinds {
  private static final InodeOperations FILE = new Ext2FileInodeOperations();
  private static final InodeOperations DIRECTORY = new Ext2DirectoryInodeOperations();
  private static final InodeOperations SYMLINK = new Ext2SymlinkInodeOperations();
  private static final FileOperations FILE_OPERATIONS = new Ext2FileOperations();
  private static final FileOperations DIRECTORY_OPERATIONS = new Ext2DirectoryOperations();

  /** The VFS finds what a device node or a FIFO does when it is opened. */
  private static final FileOperations SPECIAL_OPERATIONS = new FileOperations() {};

  private InodeKinds() {}

  static boolean isUnknown(int type) {
    return switch (type) {
      case StatConstants.S_IFREG,
          StatConstants.S_IFDIR,
          StatConstants.S_IFLNK,
          StatConstants.S_IFCHR,
          StatConstants.S_IFBLK,
          StatConstants.S_IFIFO,
          StatConstants.S_IFSOCK ->
          false;
      default -> true;
    };
  }

  static InodeOperations inodeOperations(int mode) {
    return switch (mode & StatConstants.S_IFMT) {
      case StatConstants.S_IFDIR -> DIRECTORY;
      case StatConstants.S_IFLNK -> SYMLINK;
      default -> FILE;
    };
  }

  static FileOperations fileOperations(int mode) {
    return switch (mode & StatConstants.S_IFMT) {
      case StatConstants.S_IFREG -> FILE_OPERATIONS;
      case StatConstants.S_IFDIR -> DIRECTORY_OPERATIONS;
      default -> SPECIAL_OPERATIONS;
    };
  }
}
