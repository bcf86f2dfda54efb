package dev.svc0.runtime.net;

import org.jspecify.annotations.Nullable;

/**
 * Bytes on the way to a receiver, with what came along. The bytes do not change once it is queued;
 * {@link #offset} and {@link #length} are moved by readers, under the receiver's read lock.
 * <i>Linux:</i> {@code sk_buff}.
 */
final class SkBuff {
  private static final int HEAD_BYTES = 256;
  private static final int SHARED_BYTES = 320;
  private static final int LINEAR_MOST = 4096;
  private static final int PAGE_SIZE = 4096;

  final byte[] data;
  int offset;
  int length;

  /** What it counts for against a limit of memory. */
  final int trueSize;

  /** The sender whose limit it counts against; null when it counts against the receiver's. */
  final @Nullable Sock owner;

  /** Where it came from. */
  @Nullable SockAddr from;

  /** Where it was sent to, for IP_PKTINFO. */
  @Nullable SockAddr to;

  /** Descriptors and credentials. */
  @Nullable Scm scm;

  /** A connection that waits to be accepted. */
  @Nullable Sock connection;

  /** The next one in the queue; protected by the queue's monitor. */
  @Nullable SkBuff next;

  SkBuff(byte[] data, @Nullable Sock owner) {
    this(data, owner, trueSize(data.length));
  }

  /** One that counts for so many bytes. */
  SkBuff(byte[] data, @Nullable Sock owner, int trueSize) {
    this.data = data;
    this.length = data.length;
    this.owner = owner;
    this.trueSize = trueSize;
  }

  /** What Linux allocates for so many bytes: the head, and the data rounded up. */
  static int trueSize(int bytes) {
    int wanted = bytes + SHARED_BYTES;
    if (wanted > LINEAR_MOST) {
      return HEAD_BYTES + 2 * SHARED_BYTES + (bytes + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
    }
    return HEAD_BYTES + Math.max(2 * HEAD_BYTES, Integer.highestOneBit(wanted - 1) << 1);
  }
}
