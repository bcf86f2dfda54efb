package dev.svc0.fs.jbd2;

import java.util.Arrays;

/** A stack of host addresses. */
final class LongStack {
  private long[] values = new long[16];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  void push(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  long pop() {
    return values[--size];
  }
}
