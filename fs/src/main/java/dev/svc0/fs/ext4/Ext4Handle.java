package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.jbd2.Handle;
import dev.svc0.fs.jbd2.Journal;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import org.jspecify.annotations.Nullable;

/**
 * An atomic piece of work on a mounted file system, with a journal or without: all changes of
 * metadata go through one. Failures leave as {@link Ext4Exception}. <i>Linux:</i>
 * fs/ext4/ext4_jbd2.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Handle implements AutoCloseable {
  /** Blocks of metadata that are freed between two looks at the credits, at most. */
  static final int MOST_REVOKED = 256;

  private static final int REVOKES = MOST_REVOKED + 44;

  final Ext4SuperBlock superBlock;
  private final @Nullable Handle jbd;
  private boolean stopped;

  private Ext4Handle(Ext4SuperBlock superBlock, @Nullable Handle jbd) {
    this.superBlock = superBlock;
    this.jbd = jbd;
  }

  /** Begins one that dirties at most so many blocks. */
  static Ext4Handle start(Ext4SuperBlock superBlock, int credits) {
    return start(superBlock, null, credits);
  }

  /** The same for changes of one inode. */
  static Ext4Handle start(Ext4Inode inode, int credits) {
    return start(inode.ext4, inode, credits);
  }

  @Traced("__ext4_journal_start_sb")
  private static Ext4Handle start(
      Ext4SuperBlock superBlock, @Nullable Ext4Inode inode, int credits) {
    journalCheckStart(superBlock);
    Journal journal = superBlock.journal;
    if (journal == null) {
      return new Ext4Handle(superBlock, null);
    }
    int most = journal.maxTransactionBuffers();
    int revokes = credits >= Ext4Truncate.CREDITS ? REVOKES : 8;
    Ext4Points.journalStart(superBlock, inode, credits, revokes);
    Handle jbd = journal.start(Math.min(credits, most - 1), 0, revokes);
    Ext4Exception.check(jbd.error());
    return new Ext4Handle(superBlock, jbd);
  }

  @Traced("ext4_journal_check_start")
  private static void journalCheckStart(Ext4SuperBlock superBlock) {
    if (superBlock.isReadOnly() && !superBlock.recovering) {
      throw new Ext4Exception(-Errno.EROFS);
    }
    Journal journal = superBlock.journal;
    if (journal != null && journal.isAborted()) {
      superBlock.abort("the journal was aborted");
      throw new Ext4Exception(-Errno.EROFS);
    }
  }

  /** Whether changes are journalled. */
  boolean isJournalled() {
    return jbd != null;
  }

  /** Its commit is waited for at the end. */
  void setSync() {
    if (jbd != null) {
      jbd.setSync();
    }
  }

  /** The transaction it belongs to; 0 without a journal. */
  int tid() {
    return jbd == null ? 0 : jbd.tid();
  }

  /** Whether so many more blocks can be dirtied, after asking for them. */
  @Traced("ext4_journal_extend")
  boolean hasCredits(int blocks) {
    if (jbd == null || jbd.credits() >= blocks && jbd.revokeCredits() > MOST_REVOKED) {
      return true;
    }
    int more = jbd.revokeCredits() > MOST_REVOKED ? 0 : REVOKES;
    long result = jbd.extend(Math.max(0, 2 * blocks - jbd.credits()), more);
    Ext4Exception.check(result);
    return result == 0;
  }

  /**
   * Makes sure of credits, if need be by committing what was done so far to its transaction and
   * going on in another one. No lock of an inode's block map may be held, and what was done must be
   * whole.
   */
  @Traced("__ext4_journal_ensure_credits")
  void ensureCredits(int blocks) {
    if (!hasCredits(blocks) && jbd != null) {
      Ext4Exception.check(jbd.restart(blocks, REVOKES));
    }
  }

  @Traced("__ext4_journal_get_write_access")
  void getWriteAccess(BufferHead buffer) {
    if (jbd != null) {
      Ext4Exception.check(jbd.getWriteAccess(buffer));
    }
  }

  @Traced("__ext4_journal_get_create_access")
  void getCreateAccess(BufferHead buffer) {
    if (jbd != null) {
      Ext4Exception.check(jbd.getCreateAccess(buffer));
    }
  }

  /** A buffer of the file system at large was changed. */
  void dirtyMetadata(BufferHead buffer) {
    dirtyMetadata(buffer, null);
  }

  /** A buffer was changed; without a journal, the fsync of the inode writes it. */
  @Traced("__ext4_handle_dirty_metadata")
  void dirtyMetadata(BufferHead buffer, @Nullable Ext4Inode inode) {
    if (jbd != null) {
      Ext4Exception.check(jbd.dirtyMetadata(buffer));
    } else if (inode != null) {
      Buffers.markBufferDirtyInode(buffer, inode.mapping());
    } else {
      Buffers.markBufferDirty(buffer);
    }
  }

  /** A block of metadata was freed: its buffer is not to be written, nor to be replayed. */
  @Traced("__ext4_forget")
  void forgetMetadata(long block) {
    BufferHead buffer = Buffers.findGetBlock(superBlock.disk, block, superBlock.blockSize);
    if (jbd != null) {
      Ext4Exception.check(jbd.revoke(block, buffer));
    } else if (buffer != null) {
      Buffers.bforget(buffer);
    }
  }

  /** A commit of the transaction needs the data of a range to be on the disk. */
  void orderedWrite(Ext4Inode inode, long start, long bytes, boolean underWay) {
    if (jbd == null) {
      return;
    }
    Ext4Exception.check(
        underWay
            ? jbd.inodeRangedWait(inode.journalInode, start, bytes)
            : jbd.inodeRangedWrite(inode.journalInode, start, bytes));
  }

  /** Ends it. 0 or −errno. */
  @Traced("__ext4_journal_stop")
  long stop() {
    if (stopped) {
      return 0;
    }
    stopped = true;
    return jbd == null ? 0 : jbd.stop();
  }

  @Override
  public void close() {
    stop();
  }
}
