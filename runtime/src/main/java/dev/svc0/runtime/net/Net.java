package dev.svc0.runtime.net;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.AnonymousFs;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Vfs;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The sockets of one kernel: who is bound where. <i>Linux:</i> {@code struct net}. */
@Traced(layer = Traced.Layer.VFS)
public final class Net {
  /** Bytes that may wait in all queues together before senders get only the smallest buffers. */
  private static final long MEMORY_LIMIT = 256L << 20;

  /** Protects who is bound and connected to whom, and the states of connections. */
  final ReentrantLock lock = new ReentrantLock();

  private final Vfs vfs;
  private final UnixTable unix = new UnixTable();
  private final InetTable tcp = new InetTable();
  private final InetTable udp = new InetTable();
  private final Set<Sock> all = ConcurrentHashMap.newKeySet();
  private final AtomicLong memory = new AtomicLong();
  private final AtomicLong cookies = new AtomicLong();

  private Net(Vfs vfs) {
    this.vfs = vfs;
  }

  /** The sockets of the kernel that owns a VFS. */
  public static Net of(Vfs vfs) {
    return vfs.component(Net.class, Net::new);
  }

  Vfs vfs() {
    return vfs;
  }

  UnixTable unix() {
    return unix;
  }

  InetTable tcp() {
    return tcp;
  }

  InetTable udp() {
    return udp;
  }

  /** Every socket that a file is open on, and connections not accepted yet. */
  public List<Sock> all() {
    return List.copyOf(all);
  }

  void register(Sock sock) {
    all.add(sock);
  }

  void unregister(Sock sock) {
    all.remove(sock);
  }

  long nextCookie() {
    return cookies.incrementAndGet();
  }

  void charge(long bytes) {
    memory.addAndGet(bytes);
  }

  /** Bytes waiting in all queues. */
  public long memory() {
    return memory.get();
  }

  /** Whether so much waits to be read that senders must be slowed down. */
  boolean underPressure() {
    return memory.get() > MEMORY_LIMIT;
  }

  /**
   * A new socket without a file; null with −errno in error[0]. <i>Linux:</i> __sock_create.
   *
   * @param type SOCK_ type without flags
   */
  @Traced("__sock_create")
  public @Nullable Sock create(int family, int type, int protocol, Caller caller, long[] error) {
    if (family < 0 || family >= Socket.AF_MAX) {
      error[0] = -Errno.EAFNOSUPPORT;
      return null;
    }
    if (type < 0 || type > Socket.SOCK_PACKET) {
      error[0] = -Errno.EINVAL;
      return null;
    }
    Sock sock =
        switch (family) {
          case Socket.AF_UNIX -> UnixSock.create(this, type, protocol, error);
          case Socket.AF_INET, Socket.AF_INET6 ->
              InetSock.create(this, family, type, protocol, caller, error);
          case Socket.AF_NETLINK -> NetlinkSock.create(this, type, protocol, error);
          default -> {
            error[0] = -Errno.EAFNOSUPPORT;
            yield null;
          }
        };
    if (sock != null) {
      sock.cred = caller.cred();
      register(sock);
    }
    return sock;
  }

  /** An open file on a socket, with one reference. <i>Linux:</i> sock_alloc_file. */
  @Traced("sock_alloc_file")
  public File open(Sock sock, int flags, Caller caller) {
    AnonymousFs fs = vfs.anonymous();
    int mode = StatConstants.S_IFSOCK | 0777;
    Inode inode = fs.newInode(mode, SocketFile.INSTANCE, caller.cred());
    String name = "socket:[" + inode.number() + "]";
    int modes = File.FMODE_READ | File.FMODE_WRITE | File.FMODE_STREAM | File.FMODE_NOWAIT;
    int kept = Fcntl.O_RDWR | flags & Fcntl.O_NONBLOCK;
    sock.inodeNumber = inode.number();
    File file = fs.newFile(inode, name, kept, modes, caller.cred());
    file.privateData = sock;
    return file;
  }

  /** Lets go of a socket that no file was opened on. */
  public void discard(Sock sock) {
    sock.release(dev.svc0.runtime.sched.Sleeper.UNINTERRUPTIBLE);
    unregister(sock);
  }
}
