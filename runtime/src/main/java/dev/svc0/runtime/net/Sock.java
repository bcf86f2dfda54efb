package dev.svc0.runtime.net;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.InternalErrno;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.sched.Sleeper;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Cred;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A socket: what all protocols share, and what each supplies. <i>Linux:</i> {@code socket} and
 * {@code sock} in one, with {@code proto_ops}.
 *
 * <p>State that other sockets change is protected by {@link Net#lock}; single fields may be read
 * without it.
 */
public abstract class Sock {
  /** {@link #shutdown}: nothing more will be received. */
  public static final int RCV_SHUTDOWN = 1;

  /** {@link #shutdown}: nothing more can be sent. */
  public static final int SEND_SHUTDOWN = 2;

  static final int SHUTDOWN_MASK = 3;
  static final long NO_TIMEOUT = Long.MAX_VALUE;

  static final int POLL_READ = Poll.POLLIN | Poll.POLLRDNORM;
  static final int POLL_WRITE = Poll.POLLOUT | Poll.POLLWRNORM | Poll.POLLWRBAND;
  private static final int POLL_STATE = -1;

  final Net net;
  final int family;
  final int type;
  final int protocol;

  /** Sleepers of all kinds. */
  final WaitQueue wait = new WaitQueue();

  /** Held by a reader while it copies to user memory. */
  final ReentrantLock readLock = new ReentrantLock();

  /** What was received. */
  final SkBuffQueue receiveQueue = new SkBuffQueue();

  /** Bytes sent and not yet taken by the receiver, as far as they count against our limit. */
  final AtomicInteger writeMemory = new AtomicInteger();

  /** SO_… of the socket level. */
  final SockOptions options = new SockOptions();

  /** TCP_ state; the other protocols use some of them too. */
  volatile int state = dev.svc0.runtime.abi.Tcp.TCP_CLOSE;

  /** RCV_SHUTDOWN, SEND_SHUTDOWN. */
  volatile int shutdown;

  /** The rights of the maker. */
  Cred cred = Cred.ROOT;

  /** Inode number of its file; 0 before it has one. */
  volatile long inodeNumber;

  /** A positive errno that the next call reports; taken by {@link #takeError}. */
  private final AtomicInteger error = new AtomicInteger();

  /** O_ASYNC: who is sent a signal; null for nobody. */
  volatile WaitQueue.@Nullable Listener asyncListener;

  private volatile long cookie;

  Sock(Net net, int family, int type, int protocol) {
    this.net = net;
    this.family = family;
    this.type = type;
    this.protocol = protocol;
  }

  // What a protocol supplies.

  /** bind(2). 0 or −errno. */
  public abstract long bind(Caller caller, byte[] address);

  /** connect(2). 0 or −errno. */
  public abstract long connect(Caller caller, byte[] address, int fileFlags);

  /** socketpair(2) of two new ones. 0 or −errno. */
  public long socketpair(Sock other, Caller caller) {
    return -Errno.EOPNOTSUPP;
  }

  /** listen(2). 0 or −errno. */
  public long listen(Caller caller, int backlog) {
    return -Errno.EOPNOTSUPP;
  }

  /** accept(2): a new socket, or null with −errno in error[0]. */
  public @Nullable Sock accept(Caller caller, int fileFlags, long[] error) {
    error[0] = -Errno.EOPNOTSUPP;
    return null;
  }

  /** getsockname(2), getpeername(2); null with −errno in error[0]. */
  public abstract @Nullable SockAddr name(boolean peer, long[] error);

  /** shutdown(2). 0 or −errno. */
  public abstract long shutdown(Caller caller, int how);

  /** Sends. Bytes or −errno. */
  public abstract long sendmsg(Msg msg);

  /** Receives. Bytes or −errno. */
  public abstract long recvmsg(Msg msg);

  /** Takes a message of the kernel itself; false for a kind of socket that gets none. */
  public boolean fromKernel(byte[] message) {
    return false;
  }

  /** Which POLL… events are there. */
  public abstract int poll();

  /** The last file on it is closed. */
  abstract void release(Sleeper closer);

  /** An option of another level than SOL_SOCKET. 0 or −errno. */
  public long setsockopt(Caller caller, int level, int name, byte[] value) {
    return -Errno.ENOPROTOOPT;
  }

  /** The same, read; null with −errno in error[0]. */
  public byte @Nullable [] getsockopt(Caller caller, int level, int name, long[] error) {
    error[0] = -Errno.EOPNOTSUPP;
    return null;
  }

  /** Bytes that FIONREAD tells, or −errno. */
  long inputBytes() {
    return -Errno.EINVAL;
  }

  /** Bytes that SIOCOUTQ tells, or −errno. */
  long outputBytes() {
    return -Errno.EINVAL;
  }

  // What they share.

  /** AF_. */
  public final int family() {
    return family;
  }

  /** SOCK_. */
  public final int type() {
    return type;
  }

  /** IPPROTO_, or 0. */
  public final int protocol() {
    return protocol;
  }

  /** SO_… values of the socket level. */
  public final SockOptions options() {
    return options;
  }

  /** TCP_ state. */
  public final int state() {
    return state;
  }

  /** Inode number of its file; 0 when it has none. */
  public final long inodeNumber() {
    return inodeNumber;
  }

  /** User id of its maker. */
  public final int uid() {
    return cred.uid();
  }

  /** What waits to be read counts for so much. */
  public final long receiveMemory() {
    return receiveQueue.memory();
  }

  /** What was sent and not read. */
  public final int writeMemory() {
    return writeMemory.get();
  }

  /** SO_COOKIE: a number no other socket has. */
  final synchronized long cookie() {
    if (cookie == 0) {
      cookie = net.nextCookie();
    }
    return cookie;
  }

  final boolean hasShutdown(int bit) {
    return (shutdown & bit) != 0;
  }

  /** The error that waits, as −errno, or 0; it is reported once. <i>Linux:</i> sock_error. */
  final long takeError() {
    return error.get() == 0 ? 0 : -error.getAndSet(0);
  }

  final boolean hasError() {
    return error.get() != 0;
  }

  final void setError(int errno) {
    error.set(errno);
  }

  /** Data came. */
  final void dataReady() {
    wait.wakeUp(POLL_READ);
  }

  /** There may be room to send. */
  final void writeSpace() {
    wait.wakeUp(POLL_WRITE);
  }

  /** Anything may have changed. */
  final void stateChange() {
    wait.wakeUp(POLL_STATE);
  }

  /** A buffer was taken off a queue: gives its memory back to whom it counts against. */
  final void uncharge(SkBuff buffer) {
    net.charge(-buffer.trueSize);
    Sock owner = buffer.owner;
    if (owner != null) {
      owner.writeMemory.addAndGet(-buffer.trueSize);
      owner.writeSpace();
    }
  }

  /** Throws away what was received. */
  final void purgeReceiveQueue() {
    receiveQueue.close();
    for (SkBuff buffer = receiveQueue.poll(); buffer != null; buffer = receiveQueue.poll()) {
      uncharge(buffer);
      if (buffer.scm != null) {
        buffer.scm.destroy();
      }
    }
  }

  /**
   * Sleeps until the condition holds, without holding {@link #readLock}.
   *
   * @param timeout in nanoseconds from the start of the call, which began at {@code start}
   * @return 0, −EAGAIN when the time is up, −ERESTARTSYS or −EINTR after a signal
   */
  final long sleep(Sleeper sleeper, BooleanSupplier condition, long timeout, long start) {
    long deadline = timeout == NO_TIMEOUT ? WaitQueue.NO_DEADLINE : start + timeout;
    long waited = wait.waitEvent(sleeper, condition, deadline);
    if (waited == -Errno.ETIMEDOUT) {
      return -Errno.EAGAIN;
    }
    return waited == 0 ? 0 : interrupted(timeout);
  }

  /** A call with a time limit is not begun again. <i>Linux:</i> sock_intr_errno. */
  static long interrupted(long timeout) {
    return timeout == NO_TIMEOUT ? -InternalErrno.ERESTARTSYS : -Errno.EINTR;
  }

  final long receiveTimeout(Msg msg) {
    return msg.has(Socket.MSG_DONTWAIT) ? 0 : options.receiveTimeout;
  }

  final long sendTimeout(Msg msg) {
    return msg.has(Socket.MSG_DONTWAIT) ? 0 : options.sendTimeout;
  }

  /** The pipe is broken: a signal, unless the program asked for none. */
  static long brokenPipe(Msg msg) {
    if (!msg.has(Socket.MSG_NOSIGNAL)) {
      msg.caller.sendSignal(Signals.SIGPIPE);
    }
    return -Errno.EPIPE;
  }
}
