package dev.svc0.fs.pipe;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.sched.LockClass;
import dev.svc0.runtime.sched.LockOrder;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.FasyncList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A ring of pages between writers and readers. Everything is under {@link #lock} unless said
 * otherwise. <i>Linux:</i> {@code pipe_inode_info}.
 */
final class Pipe {
  static final int PAGE_SIZE = 4096;
  static final int DEFAULT_SLOTS = 16;

  private final FrameAllocator frames;

  final ReentrantLock lock = LockOrder.lock(LockClass.PIPE);

  /** Readers wait here for data. */
  final WaitQueue readWait = new WaitQueue();

  /** Writers wait here for room. */
  final WaitQueue writeWait = new WaitQueue();

  /** Readers that want a signal when there is data. */
  final FasyncList asyncReaders = new FasyncList();

  /** Writers that want one when there is room. */
  final FasyncList asyncWriters = new FasyncList();

  volatile int readers;
  volatile int writers;

  /** Files open on it. */
  int users;

  /** Openings for reading so far, for a FIFO's writers that wait for one. */
  volatile long readerOpens;

  /** Openings for writing so far. */
  volatile long writerOpens;

  private long[] page = new long[DEFAULT_SLOTS];
  private int[] offset = new int[DEFAULT_SLOTS];
  private int[] length = new int[DEFAULT_SLOTS];
  private boolean[] packet = new boolean[DEFAULT_SLOTS];
  private volatile int slots = DEFAULT_SLOTS;
  private volatile long head;
  private volatile long tail;
  private long spare;

  Pipe(FrameAllocator frames) {
    this.frames = frames;
  }

  boolean isEmpty() {
    return head == tail;
  }

  boolean isFull() {
    return head - tail >= slots;
  }

  int slots() {
    return slots;
  }

  /** Bytes that can be read. */
  int bytes() {
    int sum = 0;
    for (long at = tail; at != head; at++) {
      sum += length[slot(at)];
    }
    return sum;
  }

  private int slot(long at) {
    return (int) (at & slots - 1);
  }

  /**
   * Adds a short tail to the last page if it fits.
   *
   * @return bytes added, 0 when it does not fit, −EFAULT
   */
  long merge(IovIter from, int bytes) {
    if (isEmpty()) {
      return 0;
    }
    int last = slot(head - 1);
    int end = offset[last] + length[last];
    if (packet[last] || end + bytes > PAGE_SIZE) {
      return 0;
    }
    long copied = from.copyFromIter(page[last] + end, bytes);
    if (copied < bytes) {
      return -Errno.EFAULT;
    }
    length[last] += bytes;
    return bytes;
  }

  /** Fills one more page. Bytes, −EFAULT or −ENOMEM. */
  long push(IovIter from, boolean asPacket) {
    long frame = spare;
    spare = 0;
    if (frame == 0) {
      frame = frames.allocate(0);
      if (frame < 0 && frame >= -4095) {
        return frame;
      }
    }
    long wanted = Math.min(PAGE_SIZE, from.count());
    long copied = from.copyFromIter(frame, wanted);
    if (copied < wanted) {
      keepSpare(frame);
      return -Errno.EFAULT;
    }
    int at = slot(head);
    page[at] = frame;
    offset[at] = 0;
    length[at] = (int) copied;
    packet[at] = asPacket;
    head++;
    return copied;
  }

  /**
   * Takes bytes out of the first page.
   *
   * @return bytes given, or −EFAULT
   */
  long pull(IovIter to) {
    int at = slot(tail);
    long wanted = Math.min(length[at], to.count());
    long copied = to.copyToIter(page[at] + offset[at], wanted);
    if (copied < wanted) {
      return -Errno.EFAULT;
    }
    offset[at] += (int) copied;
    length[at] = packet[at] ? 0 : length[at] - (int) copied;
    if (length[at] == 0) {
      keepSpare(page[at]);
      tail++;
    }
    return copied;
  }

  /** Copies from the front to host memory, and leaves it there; bytes copied. */
  long peek(long host, long bytes) {
    long done = 0;
    for (long at = tail; at != head && done < bytes; at++) {
      int slot = slot(at);
      long step = Math.min(length[slot], bytes - done);
      HostMemory.copy(page[slot] + offset[slot], host + done, step);
      done += step;
      if (packet[slot]) {
        break;
      }
    }
    return done;
  }

  /** Takes bytes out of the front. */
  void consume(long bytes) {
    long left = bytes;
    while (left > 0 && !isEmpty()) {
      int at = slot(tail);
      int step = (int) Math.min(length[at], left);
      offset[at] += step;
      length[at] = packet[at] ? 0 : length[at] - step;
      left -= step;
      if (length[at] == 0) {
        keepSpare(page[at]);
        tail++;
      }
    }
  }

  /** Bytes that fit in pages that are free. */
  long room() {
    return (slots - (head - tail)) * PAGE_SIZE;
  }

  /** Whether the first page is a packet, which one read takes whole. */
  boolean firstIsPacket() {
    return packet[slot(tail)];
  }

  private void keepSpare(long frame) {
    if (spare == 0) {
      spare = frame;
    } else {
      frames.free(frame, 0);
    }
  }

  /** Gives it another size. 0, or −EBUSY when there is more in it. */
  long resize(int newSlots) {
    int used = (int) (head - tail);
    if (newSlots < used) {
      return -Errno.EBUSY;
    }
    long[] newPage = new long[newSlots];
    int[] newOffset = new int[newSlots];
    int[] newLength = new int[newSlots];
    boolean[] newPacket = new boolean[newSlots];
    for (int i = 0; i < used; i++) {
      int old = slot(tail + i);
      newPage[i] = page[old];
      newOffset[i] = offset[old];
      newLength[i] = length[old];
      newPacket[i] = packet[old];
    }
    page = newPage;
    offset = newOffset;
    length = newLength;
    packet = newPacket;
    slots = newSlots;
    tail = 0;
    head = used;
    return 0;
  }

  /** Gives all pages back: the last user is gone. */
  void free() {
    for (long at = tail; at != head; at++) {
      frames.free(page[slot(at)], 0);
    }
    tail = head;
    if (spare != 0) {
      frames.free(spare, 0);
      spare = 0;
    }
  }
}
