package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.jbd2.Journal;
import dev.svc0.fs.jbd2.JournalHooks;
import dev.svc0.fs.jbd2.JournalInode;
import dev.svc0.runtime.pagecache.WritebackControl;

/**
 * What a commit does with the data of files. data=ordered: it writes what has a place, and no more.
 * data=journal: pages that memory mappings may store to are write-protected and stay dirty, so that
 * the log gets one content of each, and the next store takes part in the next transaction.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4JournalHooks implements JournalHooks {
  private final Ext4SuperBlock superBlock;

  Ext4JournalHooks(Ext4SuperBlock superBlock) {
    this.superBlock = superBlock;
  }

  @Override
  @Traced("ext4_journal_submit_inode_data_buffers")
  public long submitInodeDataBuffers(JournalInode file) {
    WritebackControl control = new WritebackControl();
    control.syncMode = WritebackControl.SyncMode.ALL;
    control.rangeStart = file.dirtyStart();
    control.rangeEnd = file.dirtyEnd();
    return new Ext4Writepages((Ext4Inode) file.mapping().host(), control, false).run();
  }

  @Override
  @Traced("ext4_journal_commit_callback")
  public void committed(Journal journal, int tid, long error) {
    superBlock.blocks.processFreedData(tid);
  }
}
