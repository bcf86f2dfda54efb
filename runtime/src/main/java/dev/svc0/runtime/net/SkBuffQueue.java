package dev.svc0.runtime.net;

import org.jspecify.annotations.Nullable;

/** Buffers in the order they came. Everything is under the monitor. */
final class SkBuffQueue {
  private @Nullable SkBuff head;
  private @Nullable SkBuff tail;
  private int count;
  private long bytes;
  private long memory;
  private boolean closed;

  /** Adds one; false when nobody will read it any more. */
  synchronized boolean add(SkBuff buffer) {
    if (closed) {
      return false;
    }
    SkBuff last = tail;
    if (last == null) {
      head = buffer;
    } else {
      last.next = buffer;
    }
    tail = buffer;
    count++;
    bytes += buffer.length;
    memory += buffer.trueSize;
    return true;
  }

  synchronized @Nullable SkBuff peek() {
    return head;
  }

  /** The one after, which came later. */
  synchronized @Nullable SkBuff after(SkBuff buffer) {
    return buffer.next;
  }

  /** Takes the first one out. */
  synchronized @Nullable SkBuff poll() {
    SkBuff first = head;
    if (first != null) {
      head = first.next;
      first.next = null;
      tail = head == null ? null : tail;
      count--;
      bytes -= first.length;
      memory -= first.trueSize;
    }
    return first;
  }

  /** A reader took bytes from the front of the first one. */
  synchronized void consume(SkBuff first, int taken) {
    first.offset += taken;
    first.length -= taken;
    bytes -= taken;
  }

  /** Nothing can be added from now on. */
  synchronized void close() {
    closed = true;
  }

  synchronized boolean isEmpty() {
    return head == null;
  }

  synchronized int count() {
    return count;
  }

  /** Bytes that can be read. */
  synchronized long bytes() {
    return bytes;
  }

  /** What they count for against a limit. */
  synchronized long memory() {
    return memory;
  }

  /** Bytes of the first one; 0 when there is none. */
  synchronized int firstBytes() {
    return head == null ? 0 : head.length;
  }
}
