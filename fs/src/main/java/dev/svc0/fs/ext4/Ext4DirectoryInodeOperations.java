package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.Inode;

/** Names, for looking up. The VFS refuses changes before they come here (EROFS). */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4DirectoryInodeOperations extends Ext4FileInodeOperations {
  @Override
  @Traced("ext4_lookup")
  public long lookup(Inode directory, Dentry entry) {
    Ext4Inode parent = (Ext4Inode) directory;
    long number = Ext4Directory.findEntry(parent, entry.name());
    if (number <= 0) {
      return number;
    }
    long[] error = new long[1];
    Ext4Inode inode = parent.ext4.table.iget(number, error);
    if (inode == null) {
      return error[0] == -Errno.ESTALE
          ? parent.ext4.error("deleted inode referenced: " + number)
          : error[0];
    }
    entry.instantiate(inode);
    return 0;
  }
}
