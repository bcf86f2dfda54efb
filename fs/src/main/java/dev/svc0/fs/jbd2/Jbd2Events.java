package dev.svc0.fs.jbd2;

import static dev.svc0.annotation.Tracepoint.Show.DEVICE;
import static dev.svc0.annotation.Tracepoint.Show.HEX;
import static dev.svc0.annotation.Tracepoint.Show.RESULT;

import dev.svc0.annotation.Traced;
import dev.svc0.annotation.Tracepoint;
import dev.svc0.annotation.Tracepoint.Field;
import dev.svc0.annotation.TracepointSet;

/**
 * The points of jbd2, with the kernel's names. Times are nanoseconds. Fields of the kernel that
 * would say nothing here (types of handles, lines of its source) are left out.
 */
@TracepointSet(system = "jbd2", type = "Jbd2Trace", layer = Traced.Layer.JOURNAL)
interface Jbd2Events {
  @Tracepoint(value = "jbd2_handle_start", doc = "A handle starts.")
  void jbd2HandleStart(@Field(DEVICE) int dev, int tid, int requestedBlocks);

  @Tracepoint(value = "jbd2_handle_restart", doc = "A handle goes on in another transaction.")
  void jbd2HandleRestart(@Field(DEVICE) int dev, int tid, int requestedBlocks);

  @Tracepoint(value = "jbd2_handle_extend", doc = "A handle gets more credits.")
  void jbd2HandleExtend(@Field(DEVICE) int dev, int tid, int bufferCredits, int requestedBlocks);

  @Tracepoint(value = "jbd2_handle_stats", doc = "A handle stops.")
  void jbd2HandleStats(
      @Field(DEVICE) int dev,
      int tid,
      long interval,
      int sync,
      int requestedBlocks,
      int dirtiedBlocks);

  @Tracepoint(value = "jbd2_start_commit", doc = "A commit starts.")
  void jbd2StartCommit(@Field(DEVICE) int dev, int syncCommit, int transaction);

  @Tracepoint(
      value = "jbd2_commit_locking",
      doc = "A commit waits for the handles of its transaction.")
  void jbd2CommitLocking(@Field(DEVICE) int dev, int syncCommit, int transaction);

  @Tracepoint(
      value = "jbd2_commit_flushing",
      doc = "A commit begins to write data that must come first.")
  void jbd2CommitFlushing(@Field(DEVICE) int dev, int syncCommit, int transaction);

  @Tracepoint(value = "jbd2_commit_logging", doc = "A commit begins to write the journal.")
  void jbd2CommitLogging(@Field(DEVICE) int dev, int syncCommit, int transaction);

  @Tracepoint(value = "jbd2_drop_transaction", doc = "A transaction leaves memory.")
  void jbd2DropTransaction(@Field(DEVICE) int dev, int syncCommit, int transaction);

  @Tracepoint(value = "jbd2_end_commit", doc = "A commit is over.")
  void jbd2EndCommit(@Field(DEVICE) int dev, int syncCommit, int transaction, int head);

  @Tracepoint(
      value = "jbd2_run_stats",
      doc = "How long each phase of a commit took, in nanoseconds.")
  void jbd2RunStats(
      @Field(DEVICE) int dev,
      int tid,
      long running,
      long locked,
      long flushing,
      long logging,
      int handleCount,
      int blocks,
      int blocksLogged);

  @Tracepoint(value = "jbd2_checkpoint", doc = "A checkpoint is made.")
  void jbd2Checkpoint(@Field(DEVICE) int dev, @Field(RESULT) int result);

  @Tracepoint(value = "jbd2_checkpoint_stats", doc = "What a checkpoint wrote.")
  void jbd2CheckpointStats(@Field(DEVICE) int dev, int tid, long chpTime, int written);

  @Tracepoint(value = "jbd2_update_log_tail", doc = "The journal's tail moves.")
  void jbd2UpdateLogTail(
      @Field(DEVICE) int dev, int tailSequence, int firstTid, long blockNr, long freed);

  @Tracepoint(value = "jbd2_write_superblock", doc = "The journal's superblock is written.")
  void jbd2WriteSuperblock(@Field(DEVICE) int dev, @Field(HEX) int writeFlags);

  @Tracepoint(
      value = "jbd2_submit_inode_data",
      doc = "Data of an inode is written before a commit.")
  void jbd2SubmitInodeData(@Field(DEVICE) int dev, long ino);
}
