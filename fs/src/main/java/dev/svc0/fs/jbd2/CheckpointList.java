package dev.svc0.fs.jbd2;

import org.jspecify.annotations.Nullable;

/**
 * The buffers of a committed transaction that are not at their place yet. Protected by {@link
 * Journal#lock}.
 */
final class CheckpointList {
  private @Nullable JournalHead first;
  private @Nullable JournalHead last;

  @Nullable JournalHead first() {
    return first;
  }

  void add(JournalHead head) {
    JournalHead tail = last;
    head.cpPrevious = tail;
    head.cpNext = null;
    if (tail == null) {
      first = head;
    } else {
      tail.cpNext = head;
    }
    last = head;
  }

  void remove(JournalHead head) {
    JournalHead before = head.cpPrevious;
    JournalHead after = head.cpNext;
    if (before == null) {
      first = after;
    } else {
      before.cpNext = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.cpPrevious = before;
    }
    head.cpPrevious = null;
    head.cpNext = null;
  }
}
