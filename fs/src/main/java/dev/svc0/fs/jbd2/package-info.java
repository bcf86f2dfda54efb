/**
 * The journal of ext3 and ext4, for recovery: {@link dev.svc0.fs.jbd2.JournalRecovery} brings what
 * a crash left in the log to its place, in the three passes of Linux (scan, revoke, replay).
 *
 * <p>Format: all fields big-endian. A superblock in the first block of the log, then transactions:
 * descriptor blocks with tags, each followed by the blocks its tags name; revoke blocks; a commit
 * block. A block whose first four bytes are the log's magic is stored with zeroes there (escaped).
 *
 * <p>Takes no locks: nobody uses the file system yet. Does not do: writing transactions, fast
 * commits, journals on other devices.
 */
@NullMarked
package dev.svc0.fs.jbd2;

import org.jspecify.annotations.NullMarked;
