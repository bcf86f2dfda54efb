package dev.svc0.fs.jbd2;

/**
 * How a file system carries out the changes of fast commits, in the order of the log, at recovery.
 * Each method answers 0 or −errno. <i>Linux:</i> ext4_fc_replay.
 */
public interface FastCommitReplay {
  /** A range of a file lies at a block; unwritten when it reads as zeroes. */
  long addRange(long inode, long fileBlock, int blocks, long physicalBlock, int unwritten);

  /** A range of a file is a hole. */
  long delRange(long inode, long fileBlock, int blocks);

  /** A name for a file that was created in this fast commit. */
  long create(long parent, long inode, String name);

  /** A further name for a file. */
  long link(long parent, long inode, String name);

  /** A name is gone. */
  long unlink(long parent, long inode, String name);

  /** The inode as it lies on disk, but for what describes its blocks. */
  long inode(long inode, byte[] raw);

  /** All of it is done: bitmaps and counts are to be brought in line. */
  long finish();
}
