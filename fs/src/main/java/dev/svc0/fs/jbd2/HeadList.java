package dev.svc0.fs.jbd2;

import org.jspecify.annotations.Nullable;

/** The buffers of one kind of a transaction, in order. Protected by {@link Journal#lock}. */
final class HeadList {
  private @Nullable JournalHead first;
  private @Nullable JournalHead last;

  @Nullable JournalHead first() {
    return first;
  }

  void add(JournalHead head) {
    JournalHead tail = last;
    head.previous = tail;
    head.next = null;
    if (tail == null) {
      first = head;
    } else {
      tail.next = head;
    }
    last = head;
  }

  void remove(JournalHead head) {
    JournalHead before = head.previous;
    JournalHead after = head.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    head.previous = null;
    head.next = null;
  }
}
