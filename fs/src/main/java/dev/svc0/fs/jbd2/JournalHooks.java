package dev.svc0.fs.jbd2;

import dev.svc0.runtime.pagecache.Filemap;

/**
 * How a commit writes the data of data=ordered, for a file system that must not allocate blocks
 * then. <i>Linux:</i> {@code j_submit_inode_data_buffers}, {@code j_finish_inode_data_buffers}.
 *
 * <p>Both run on the journal's thread while the transaction is locked or flushed: starting a handle
 * of the same journal would wait for itself.
 */
public interface JournalHooks {
  /** Starts writing the dirty range that already has blocks. 0 or −errno. */
  default long submitInodeDataBuffers(JournalInode inode) {
    return Filemap.filemapFdatawriteRange(inode.mapping(), inode.dirtyStart(), inode.dirtyEnd());
  }

  /** Waits for the range. 0 or −errno. */
  default long finishInodeDataBuffers(JournalInode inode) {
    return Filemap.filemapFdatawaitRange(inode.mapping(), inode.dirtyStart(), inode.dirtyEnd());
  }

  /**
   * Told when a transaction is on stable storage, or has failed, before anybody who waits for the
   * commit goes on. <i>Linux:</i> {@code j_commit_callback}.
   *
   * @param error 0, or −errno: the journal was aborted
   */
  default void committed(Journal journal, int tid, long error) {}
}
