package dev.svc0.fs.jbd2;

import dev.svc0.runtime.vfs.MountException;
import java.util.Set;

/**
 * How a file system carries out the changes of fast commits, in the order of the log, at recovery.
 * All of it may happen again, when a crash interrupts the recovery. Each method answers 0 or
 * −errno. <i>Linux:</i> ext4_fc_replay.
 */
public interface FastCommitReplay extends AutoCloseable {
  /** Begins a replay, once the log has been replayed. */
  @FunctionalInterface
  interface Opener {
    /**
     * Opens the file system as the log left it.
     *
     * @throws MountException when it cannot be
     */
    FastCommitReplay open() throws MountException;
  }

  /** Before anything else, for each range of blocks that will belong to a file: it is taken. */
  long claim(long physicalBlock, int blocks);

  /**
   * A fast commit begins.
   *
   * @param inodes those whose fields it has: what it says of names does not change their counts
   */
  long begin(Set<Long> inodes);

  /** A range of a file lies at a block; unwritten when it reads as zeroes. */
  long addRange(long inode, long fileBlock, int blocks, long physicalBlock, int unwritten);

  /** A range of a file is a hole. */
  long delRange(long inode, long fileBlock, long blocks);

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

  /** Whether it went well or not: gives back what was taken. */
  @Override
  void close();
}
