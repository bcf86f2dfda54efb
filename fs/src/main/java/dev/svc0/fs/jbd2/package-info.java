/**
 * The journal of ext3 and ext4: changes of metadata blocks reach the disk together or not at all.
 *
 * <p>Main types: {@link dev.svc0.fs.jbd2.Journal} (the log of a mounted file system), {@link
 * dev.svc0.fs.jbd2.Handle} (one atomic piece of work of one thread), {@link
 * dev.svc0.fs.jbd2.JournalInode} and {@link dev.svc0.fs.jbd2.JournalHooks} (data=ordered), {@link
 * dev.svc0.fs.jbd2.BufferTriggers} (checksums made of what the log gets), {@link
 * dev.svc0.fs.jbd2.JournalRecovery} (what a crash left), {@link dev.svc0.fs.jbd2.FastCommitReplay}
 * (what a file system does with the fast commits behind the log).
 *
 * <p>A transaction: handles join the running one and take credits, the blocks they may change. A
 * commit locks it (open handles end), writes the data of its files, then descriptor blocks with the
 * changed buffers, waits, and writes the commit block with a flush before it and FUA. A buffer that
 * the next transaction changes meanwhile is copied first (frozen); one whose own content is on its
 * way to the log (shadow) makes whoever wants to change it wait. After that the buffers are dirty
 * in the page cache of the device and stand on the checkpoint list of their transaction; its place
 * in the log is free again when all of them have been written, by the flusher or by the journal
 * when the log gets full.
 *
 * <p>Format: all fields big-endian. A superblock in the first block of the log, then transactions:
 * descriptor blocks with tags, each followed by the blocks its tags name; revoke blocks; a commit
 * block. A block whose first four bytes are the log's magic is stored with zeroes there (escaped).
 * The log is written and read past the page cache of its device; only its superblock is in there.
 *
 * <p>Buffers: private bits 0 and 1 of a {@link dev.svc0.runtime.buffer.BufferHead} and its {@code
 * journalData} are the journal's; a file system may use bits from 4 on.
 *
 * <p>Locks, outer before inner: the lock of a buffer; {@code Journal.checkpointMutex}; {@code
 * Journal.lock} (transactions, lists, log positions: Linux has three locks for these); locks of the
 * page cache. No I/O is waited for with {@code Journal.lock} held.
 *
 * <p>Does not do: writing fast commits (they are replayed at recovery), asynchronous commits,
 * waiting a little in a synchronous stop for others to join (those who come during a commit share
 * the next one).
 */
@NullMarked
package dev.svc0.fs.jbd2;

import org.jspecify.annotations.NullMarked;
