package dev.svc0.runtime.ipc;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.PollTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A POSIX message queue behind open files: messages leave by priority, equal ones in the order they
 * came. <i>Linux:</i> {@code mqueue_inode_info}. <i>Source:</i> mq_overview(7).
 */
public final class PosixQueue implements FileOperations {
  /** One message. */
  public record Message(int priority, byte[] text) {}

  /** Whom the next message to the empty queue is told. */
  public interface Notifier {
    /** A message has come, from a process of a user. */
    void arrived(Caller sender);

    /** The registration has ended without one. */
    void removed();
  }

  private record Registration(int pid, int kind, int signal, Notifier notifier) {}

  /** The size that its file is shown with. */
  static final int LINE_BYTES = 80;

  /** How many messages it takes. */
  public final long maxMessages;

  /** How long they may be. */
  public final long messageBytes;

  /** Its name and its open files. Protected by the monitor of {@link PosixQueues}. */
  int users = 1;

  private final PosixQueues queues;

  private final WaitQueue changed = new WaitQueue();

  /** Messages by priority, highest first. All below: protected by this object's monitor. */
  private final TreeMap<Integer, ArrayDeque<Message>> messages =
      new TreeMap<>(Collections.reverseOrder());

  private long count;
  private long bytes;
  private int receivers;
  private @Nullable Registration registration;

  PosixQueue(PosixQueues queues, PosixQueues.Size size) {
    this.queues = queues;
    this.maxMessages = size.messages();
    this.messageBytes = size.bytes();
  }

  /** The queue behind an open file; null when it is none. */
  public static @Nullable PosixQueue of(File file) {
    return file.operations() instanceof PosixQueue queue ? queue : null;
  }

  /** How many messages wait. */
  public synchronized long count() {
    return count;
  }

  /** The registration that a message has used up; null when nobody is to be told. */
  private static void tell(@Nullable Registration used, Caller sender) {
    if (used != null) {
      used.notifier.arrived(sender);
    }
  }

  private synchronized boolean add(Message message, @Nullable Registration[] used) {
    if (count >= maxMessages) {
      return false;
    }
    messages.computeIfAbsent(message.priority, p -> new ArrayDeque<>()).add(message);
    bytes += message.text.length;
    if (count++ == 0 && receivers == 0) {
      used[0] = registration;
      registration = null;
    }
    return true;
  }

  private synchronized @Nullable Message poll() {
    Map.Entry<Integer, ArrayDeque<Message>> first = messages.firstEntry();
    if (first == null) {
      return null;
    }
    Message message = first.getValue().remove();
    if (first.getValue().isEmpty()) {
      messages.remove(first.getKey());
    }
    count--;
    bytes -= message.text.length;
    return message;
  }

  /**
   * mq_timedsend(3): waits for room unless the file does not block.
   *
   * @param deadline of {@link System#nanoTime}
   * @return 0, −EAGAIN, −ETIMEDOUT or −ERESTARTSYS
   */
  public long send(Caller caller, File file, Message message, long deadline) {
    @Nullable Registration[] used = new @Nullable Registration[1];
    if (!add(message, used)) {
      if ((file.flags & Fcntl.O_NONBLOCK) != 0) {
        return -Errno.EAGAIN;
      }
      boolean[] added = new boolean[1];
      long waited =
          changed.waitEvent(caller, () -> added[0] || (added[0] = add(message, used)), deadline);
      if (!added[0]) {
        return waited;
      }
    }
    changed.wakeUp();
    tell(used[0], caller);
    return 0;
  }

  /**
   * mq_timedreceive(3): waits for a message unless the file does not block.
   *
   * @param error out: −EAGAIN, −ETIMEDOUT or −ERESTARTSYS
   */
  public @Nullable Message receive(Caller caller, File file, long deadline, long[] error) {
    @Nullable Message[] taken = {poll()};
    if (taken[0] == null) {
      if ((file.flags & Fcntl.O_NONBLOCK) != 0) {
        error[0] = -Errno.EAGAIN;
        return null;
      }
      countReceivers(1);
      try {
        error[0] =
            changed.waitEvent(
                caller, () -> taken[0] != null || (taken[0] = poll()) != null, deadline);
      } finally {
        countReceivers(-1);
      }
      if (taken[0] == null) {
        return null;
      }
    }
    changed.wakeUp();
    return taken[0];
  }

  private synchronized void countReceivers(int change) {
    receivers += change;
  }

  /**
   * mq_notify(3): tells a process of the next message that comes while the queue is empty, once.
   *
   * @param kind SIGEV_…, for those who read the file
   * @return 0, or −EBUSY when somebody is registered
   */
  public synchronized long register(int pid, int kind, int signal, Notifier notifier) {
    if (registration != null) {
      return -Errno.EBUSY;
    }
    registration = new Registration(pid, kind, signal, notifier);
    return 0;
  }

  /** Ends the registration of a process, if it is its. */
  public void unregister(int pid) {
    Registration ended;
    synchronized (this) {
      ended = registration;
      if (ended == null || ended.pid != pid) {
        return;
      }
      registration = null;
    }
    ended.notifier.removed();
  }

  @Override
  public int supplies() {
    return READ;
  }

  /** A line about the queue. */
  @Override
  public long read(Kiocb kiocb, long userBuffer, long length) {
    byte[] line;
    synchronized (this) {
      Registration now = registration;
      String text =
          String.format(
              Locale.ROOT,
              "QSIZE:%-10d NOTIFY:%-5d SIGNO:%-5d NOTIFY_PID:%-6d\n",
              bytes,
              now == null ? 0 : now.kind,
              now == null ? 0 : now.signal,
              now == null ? 0 : now.pid);
      line = text.getBytes(StandardCharsets.US_ASCII);
    }
    int from = (int) Math.clamp(kiocb.position, 0, line.length);
    int wanted = (int) Math.min(length, line.length - from);
    int copied = wanted - kiocb.caller.memory().copyToUser(userBuffer, line, from, wanted);
    kiocb.position += copied;
    return copied == 0 && wanted != 0 ? -Errno.EFAULT : copied;
  }

  @Override
  public long flush(File file, Caller caller) {
    unregister(caller.pid());
    return 0;
  }

  @Override
  public void release(Inode inode, File file) {
    queues.put(this, inode);
  }

  @Override
  public boolean canPoll(Inode inode) {
    return true;
  }

  @Override
  public int poll(File file, @Nullable PollTable table) {
    if (table != null) {
      table.add(changed);
    }
    long now = count();
    int events = now != 0 ? Poll.POLLIN | Poll.POLLRDNORM : 0;
    return now < maxMessages ? events | Poll.POLLOUT | Poll.POLLWRNORM : events;
  }

  /** Its descriptor in /proc opens no further file. */
  @Override
  public long open(Inode inode, File file, Caller caller) {
    return -Errno.ENXIO;
  }
}
