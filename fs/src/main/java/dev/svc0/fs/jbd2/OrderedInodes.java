package dev.svc0.fs.jbd2;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.pagecache.Filemap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files whose data a transaction writes before it commits. <i>Linux:</i> fs/jbd2. */
@Traced(layer = Traced.Layer.JOURNAL)
final class OrderedInodes {
  private final Journal journal;

  OrderedInodes(Journal journal) {
    this.journal = journal;
  }

  /** Has a transaction write, or wait for, a range of a file. */
  @Traced("jbd2_journal_file_inode")
  void file(Transaction now, JournalInode inode, long start, long length, boolean write) {
    long last = start + length - 1;
    journal.lock.lock();
    try {
      inode.waitData = true;
      inode.writeData |= write;
      boolean first = inode.transaction == null;
      inode.dirtyStart = first ? start : Math.min(inode.dirtyStart, start);
      inode.dirtyEnd = first ? last : Math.max(inode.dirtyEnd, last);
      if (inode.transaction == now || inode.nextTransaction == now) {
        return;
      }
      now.needDataFlush = true;
      if (first) {
        inode.transaction = now;
        now.inodes.add(inode);
      } else {
        inode.nextTransaction = now;
      }
    } finally {
      journal.lock.unlock();
    }
  }

  /** Starts writing the data of a transaction. The first error, or 0. */
  @Traced("journal_submit_data_buffers")
  long submit(Transaction transaction) {
    long error = 0;
    for (JournalInode inode : claim(transaction, true)) {
      Jbd2Points.submitInodeData(journal, inode);
      long result = journal.hooks.submitInodeDataBuffers(inode);
      error = error == 0 ? result : error;
      unclaim(inode);
    }
    return error;
  }

  /** Waits for it. The first error, or 0. */
  @Traced("journal_finish_inode_data_buffers")
  long finish(Transaction transaction) {
    long error = 0;
    for (JournalInode inode : claim(transaction, false)) {
      long result = journal.hooks.finishInodeDataBuffers(inode);
      error = error == 0 ? result : error;
      unclaim(inode);
    }
    refile(transaction);
    return error;
  }

  /** The files to write or to wait for, which cannot go away until {@link #unclaim}. */
  private List<JournalInode> claim(Transaction transaction, boolean toWrite) {
    List<JournalInode> claimed = new ArrayList<>();
    journal.lock.lock();
    try {
      for (JournalInode inode : transaction.inodes) {
        if (toWrite ? inode.writeData : inode.waitData) {
          inode.committing = true;
          claimed.add(inode);
        }
      }
    } finally {
      journal.lock.unlock();
    }
    return claimed;
  }

  private void unclaim(JournalInode inode) {
    journal.lock.lock();
    try {
      inode.committing = false;
      journal.shadowDone.signalAll();
    } finally {
      journal.lock.unlock();
    }
  }

  private void refile(Transaction transaction) {
    journal.lock.lock();
    try {
      for (JournalInode inode : transaction.inodes) {
        Transaction next = inode.nextTransaction;
        inode.transaction = next;
        inode.nextTransaction = null;
        if (next != null) {
          next.inodes.add(inode);
        } else {
          inode.writeData = false;
          inode.waitData = false;
          inode.dirtyStart = 0;
          inode.dirtyEnd = 0;
        }
      }
      transaction.inodes.clear();
    } finally {
      journal.lock.unlock();
    }
  }

  void release(JournalInode inode) {
    journal.lock.lock();
    try {
      while (inode.committing && !journal.isDead()) {
        Transactions.await(journal.shadowDone);
      }
      forget(inode.transaction, inode);
      forget(inode.nextTransaction, inode);
      inode.transaction = null;
      inode.nextTransaction = null;
    } finally {
      journal.lock.unlock();
    }
  }

  private static void forget(@Nullable Transaction transaction, JournalInode inode) {
    if (transaction != null) {
      transaction.inodes.remove(inode);
    }
  }

  /** Data of the committing transaction that is going to be cut off is written first. */
  long beginTruncate(JournalInode inode, long newSize) {
    journal.lock.lock();
    try {
      Transaction has = inode.transaction;
      if (has == null || has != journal.committing) {
        return 0;
      }
    } finally {
      journal.lock.unlock();
    }
    long error = Filemap.filemapFdatawriteRange(inode.mapping(), newSize, Long.MAX_VALUE);
    if (error != 0) {
      journal.abort((int) error);
    }
    return error;
  }
}
