package dev.svc0.fs.jbd2;

import dev.svc0.annotation.Traced;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The blocks that were freed while the log held them: those of the running transaction, and those
 * of the committing one. <i>Linux:</i> fs/jbd2/revoke.c. Protected by {@link Journal#lock}.
 */
@Traced(layer = Traced.Layer.JOURNAL)
final class RevokeTable {
  private Set<Long> running = new LinkedHashSet<>();
  private Set<Long> committing = new LinkedHashSet<>();

  @Traced("insert_revoke_hash")
  void insert(long block) {
    running.add(block);
  }

  /** The block is in use again: what the log gets now must be replayed. */
  @Traced("jbd2_journal_cancel_revoke")
  void cancel(long block) {
    if (!running.isEmpty()) {
      running.remove(block);
    }
  }

  /** The running transaction is going to commit. */
  @Traced("jbd2_journal_switch_revoke_table")
  void switchTable() {
    Set<Long> empty = committing;
    committing = running;
    running = empty;
    running.clear();
  }

  /** Takes the blocks of the committing transaction. */
  long[] takeCommitting() {
    long[] blocks = new long[committing.size()];
    int at = 0;
    for (long block : committing) {
      blocks[at++] = block;
    }
    committing.clear();
    Arrays.sort(blocks);
    return blocks;
  }
}
