package dev.svc0.fs.ext4;

import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeOperations;
import java.util.BitSet;

/** An inode of ext4 in memory. <i>Linux:</i> {@code ext4_inode_info}. */
final class Ext4Inode extends Inode {
  final Ext4SuperBlock ext4;

  /** EXT4_…_FL bits. */
  int flags;

  /** Block of extended attributes; 0 for none. */
  long fileAcl;

  /** What checksums of its blocks begin with. */
  int checksumSeed;

  /** Blocks of a directory whose checksum was verified. Protected by itself. */
  private final BitSet verified = new BitSet();

  /** Protected by the stripe lock of the inode table. */
  boolean evicted;

  Ext4Inode(
      Ext4SuperBlock superBlock,
      long number,
      int mode,
      InodeOperations operations,
      FileOperations fileOperations,
      AddressSpaceOperations pageOperations) {
    super(superBlock, number, mode, operations, fileOperations, pageOperations);
    this.ext4 = superBlock;
  }

  boolean hasDiskFlag(int flag) {
    return (flags & flag) != 0;
  }

  boolean isVerified(int block) {
    synchronized (verified) {
      return verified.get(block);
    }
  }

  void setVerified(int block) {
    synchronized (verified) {
      verified.set(block);
    }
  }
}
