package dev.svc0.fs.jbd2;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A set of changes that reach the disk together. <i>Linux:</i> {@code transaction_t}. Protected by
 * {@link Journal#lock}.
 */
final class Transaction {
  /** How far it is, in order. */
  enum State {
    /** Handles join it. */
    RUNNING,
    /** No new handles; those under way end. */
    LOCKED,
    /** Its data and blocks are written. */
    FLUSH,
    COMMIT,
    /** The data of its files is waited for, and the file system's device flushed. */
    COMMIT_DFLUSH,
    /** Its commit block is written. */
    COMMIT_JFLUSH,
    /** It is on stable storage; whoever asked is told. */
    COMMIT_CALLBACK,
    FINISHED
  }

  final int tid;

  /** When it is committed at the latest, by System.nanoTime. */
  final long expiresNanos;

  final HeadList buffers = new HeadList();
  final HeadList forget = new HeadList();
  final HeadList shadow = new HeadList();
  final HeadList reserved = new HeadList();
  final CheckpointList checkpoint = new CheckpointList();
  final Set<JournalInode> inodes = new LinkedHashSet<>();

  volatile State state = State.RUNNING;

  /** Handles that are open. */
  int updates;

  /** Blocks of the log that may be needed: those used and those handles may still use. */
  int outstandingCredits;

  /** Revoke records made by handles that have ended. */
  int outstandingRevokes;

  /** First block of it in the log. */
  long logStart;

  /** For a trace: handles that have joined it, blocks written to the log, whether one waits. */
  int handles;

  int loggedBlocks;
  volatile boolean synchronous;

  /** Data was written for it that must be flushed before the commit block. */
  boolean needDataFlush;

  /** The last operation that joined it: whom the log's own blocks are written for. */
  long lastOperation;

  Transaction(int tid, long expiresNanos) {
    this.tid = tid;
    this.expiresNanos = expiresNanos;
  }

  HeadList list(JournalHead.Kind kind) {
    return switch (kind) {
      case METADATA -> buffers;
      case FORGET -> forget;
      case SHADOW -> shadow;
      case RESERVED -> reserved;
      case NONE -> throw new IllegalStateException("a buffer on no list has no list");
    };
  }

  boolean isBefore(State other) {
    return state.compareTo(other) < 0;
  }
}
