package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.IN_OUT;
import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.net.Net;
import dev.svc0.runtime.net.Sock;
import dev.svc0.runtime.net.SockAddr;
import dev.svc0.runtime.net.SocketFile;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import java.util.Objects;

/** Making, naming and connecting sockets. */
public final class SocketCalls {
  private static final int TYPE_MASK = 0xf;

  private SocketCalls() {}

  /** Type flags are flags of open(2); anything else is EINVAL. */
  private static boolean badFlags(int type) {
    return (type & ~TYPE_MASK & ~(Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK)) != 0;
  }

  @SyscallDefine(
      nr = 198,
      name = "socket",
      support = Support.PARTIAL,
      note =
          "AF_UNIX, AF_INET and AF_INET6 (TCP and UDP, between guests on loopback), NETLINK_ROUTE;"
              + " other families EAFNOSUPPORT, no raw sockets",
      errors = {"EACCES", "EAFNOSUPPORT", "EINVAL", "EMFILE", "EPERM", "EPROTONOSUPPORT"})
  public static long socket(
      Task task,
      @EnumOf("socket_domain:AF_") int family,
      @Flags("socket_type") int type,
      int protocol) {
    if (badFlags(type)) {
      return -Errno.EINVAL;
    }
    long[] error = new long[1];
    Sock sock = SocketFiles.net(task).create(family, type & TYPE_MASK, protocol, task, error);
    return sock == null ? error[0] : SocketFiles.install(task, sock, type & ~TYPE_MASK);
  }

  @SyscallDefine(
      nr = 199,
      name = "socketpair",
      errors = {"EAFNOSUPPORT", "EINVAL", "EMFILE", "EOPNOTSUPP", "EPROTONOSUPPORT"})
  public static long socketpair(
      Task task,
      @EnumOf("socket_domain:AF_") int family,
      @Flags("socket_type") int type,
      int protocol,
      @UserPtr(access = OUT, length = "8") long usockvec) {
    if (badFlags(type)) {
      return -Errno.EINVAL;
    }
    boolean cloexec = (type & Socket.SOCK_CLOEXEC) != 0;
    long limit = task.rlimit(Rlimits.RLIMIT_NOFILE);
    int first = task.files().reserve(0, cloexec, limit);
    if (first < 0) {
      return first;
    }
    int second = task.files().reserve(0, cloexec, limit);
    if (second < 0) {
      task.files().unreserve(first);
      return second;
    }
    boolean done = false;
    try {
      task.memory().writeInt(usockvec, first);
      task.memory().writeInt(usockvec + Integer.BYTES, second);
      long result = makePair(task, family, type, protocol, first, second);
      done = result == 0;
      return result;
    } finally {
      if (!done) {
        task.files().unreserve(first);
        task.files().unreserve(second);
      }
    }
  }

  private static long makePair(
      Task task, int family, int type, int protocol, int first, int second) {
    Net net = SocketFiles.net(task);
    long[] error = new long[1];
    Sock one = net.create(family, type & TYPE_MASK, protocol, task, error);
    if (one == null) {
      return error[0];
    }
    Sock other =
        Objects.requireNonNull(net.create(family, type & TYPE_MASK, protocol, task, error));
    long result = one.socketpair(other, task);
    if (result != 0) {
      net.discard(one);
      net.discard(other);
      return result;
    }
    task.files().publish(first, net.open(one, type & ~TYPE_MASK, task));
    task.files().publish(second, net.open(other, type & ~TYPE_MASK, task));
    return 0;
  }

  @SyscallDefine(
      nr = 200,
      name = "bind",
      errors = {"EACCES", "EADDRINUSE", "EADDRNOTAVAIL", "EAFNOSUPPORT", "EBADF", "EINVAL"},
      note = "no address but loopback and any")
  public static long bind(
      Task task, @Fd int fd, @UserPtr(access = IN, length = "addrlen") long umyaddr, int addrlen) {
    return SocketFiles.with(
        task,
        fd,
        (sock, file) -> {
          long[] error = new long[1];
          byte[] address = SocketFiles.readAddress(task, umyaddr, addrlen, error);
          return address == null ? error[0] : sock.bind(task, address);
        });
  }

  @SyscallDefine(
      nr = 201,
      name = "listen",
      errors = {"EADDRINUSE", "EBADF", "EINVAL", "ENOTSOCK", "EOPNOTSUPP"})
  public static long listen(Task task, @Fd int fd, int backlog) {
    return SocketFiles.with(task, fd, (sock, file) -> sock.listen(task, backlog));
  }

  @SyscallDefine(
      nr = 202,
      name = "accept",
      errors = {"EAGAIN", "EBADF", "EINVAL", "EMFILE", "ENOTSOCK", "EOPNOTSUPP"},
      restart = Restart.IF_SA_RESTART)
  public static long accept(
      Task task,
      @Fd int fd,
      @UserPtr(access = OUT, length = "*upeer_addrlen") long upeer_sockaddr,
      @UserPtr(access = IN_OUT, length = "4") long upeer_addrlen) {
    return doAccept(task, fd, upeer_sockaddr, upeer_addrlen, 0);
  }

  @SyscallDefine(
      nr = 242,
      name = "accept4",
      errors = {"EAGAIN", "EBADF", "EINVAL", "EMFILE", "ENOTSOCK", "EOPNOTSUPP"},
      restart = Restart.IF_SA_RESTART)
  public static long accept4(
      Task task,
      @Fd int fd,
      @UserPtr(access = OUT, length = "*upeer_addrlen") long upeer_sockaddr,
      @UserPtr(access = IN_OUT, length = "4") long upeer_addrlen,
      @Flags("socket_type:SOCK_NONBLOCK|SOCK_CLOEXEC") int flags) {
    return doAccept(task, fd, upeer_sockaddr, upeer_addrlen, flags);
  }

  /** <i>Linux:</i> __sys_accept4: descriptor, flags, room for one more, and then what it is. */
  private static long doAccept(Task task, int fd, long address, long addressLength, int flags) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      if ((flags & ~(Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK)) != 0) {
        return -Errno.EINVAL;
      }
      return acceptFrom(task, file, address, addressLength, flags);
    } finally {
      file.put();
    }
  }

  private static long acceptFrom(
      Task task, File file, long address, long addressLength, int flags) {
    boolean cloexec = (flags & Socket.SOCK_CLOEXEC) != 0;
    int newFd = task.files().reserve(0, cloexec, task.rlimit(Rlimits.RLIMIT_NOFILE));
    if (newFd < 0) {
      return newFd;
    }
    boolean done = false;
    try {
      Sock sock = SocketFile.of(file);
      long result =
          sock == null
              ? -Errno.ENOTSOCK
              : acceptAt(task, sock, file, address, addressLength, flags, newFd);
      done = result == 0;
      return done ? newFd : result;
    } finally {
      if (!done) {
        task.files().unreserve(newFd);
      }
    }
  }

  private static long acceptAt(
      Task task, Sock sock, File file, long address, long addressLength, int flags, int newFd) {
    long[] error = new long[1];
    Sock made = sock.accept(task, file.flags, error);
    if (made == null) {
      return error[0];
    }
    File opened = SocketFiles.net(task).open(made, flags, task);
    boolean done = false;
    try {
      if (address != 0) {
        SockAddr peer = made.name(true, error);
        if (peer == null) {
          return -Errno.ECONNABORTED;
        }
        long written = SocketFiles.writeAddress(task, peer, address, addressLength);
        if (written != 0) {
          return written;
        }
      }
      task.files().publish(newFd, opened);
      done = true;
      return 0;
    } finally {
      if (!done) {
        opened.put();
      }
    }
  }

  @SyscallDefine(
      nr = 203,
      name = "connect",
      errors = {
        "EADDRNOTAVAIL",
        "EAGAIN",
        "EALREADY",
        "EBADF",
        "ECONNREFUSED",
        "EINPROGRESS",
        "EISCONN",
        "ENETUNREACH"
      },
      restart = Restart.IF_SA_RESTART,
      note = "any address that is not loopback is ENETUNREACH: guests have no other network")
  public static long connect(
      Task task,
      @Fd int fd,
      @UserPtr(access = IN, length = "addrlen") long uservaddr,
      int addrlen) {
    return SocketFiles.with(
        task,
        fd,
        (sock, file) -> {
          long[] error = new long[1];
          byte[] address = SocketFiles.readAddress(task, uservaddr, addrlen, error);
          return address == null ? error[0] : sock.connect(task, address, file.flags);
        });
  }

  @SyscallDefine(
      nr = 204,
      name = "getsockname",
      errors = {"EBADF", "EFAULT", "EINVAL", "ENOTSOCK"})
  public static long getsockname(
      Task task,
      @Fd int fd,
      @UserPtr(access = OUT, length = "*usockaddr_len") long usockaddr,
      @UserPtr(access = IN_OUT, length = "4") long usockaddr_len) {
    return name(task, fd, usockaddr, usockaddr_len, false);
  }

  @SyscallDefine(
      nr = 205,
      name = "getpeername",
      errors = {"EBADF", "EFAULT", "EINVAL", "ENOTCONN", "ENOTSOCK"})
  public static long getpeername(
      Task task,
      @Fd int fd,
      @UserPtr(access = OUT, length = "*usockaddr_len") long usockaddr,
      @UserPtr(access = IN_OUT, length = "4") long usockaddr_len) {
    return name(task, fd, usockaddr, usockaddr_len, true);
  }

  private static long name(Task task, int fd, long address, long addressLength, boolean peer) {
    return SocketFiles.with(
        task,
        fd,
        (sock, file) -> {
          long[] error = new long[1];
          SockAddr found = sock.name(peer, error);
          return found == null
              ? error[0]
              : SocketFiles.writeAddress(task, found, address, addressLength);
        });
  }

  @SyscallDefine(
      nr = 210,
      name = "shutdown",
      errors = {"EBADF", "EINVAL", "ENOTCONN", "ENOTSOCK"})
  public static long shutdown(Task task, @Fd int fd, @EnumOf("socket_shut") int how) {
    return SocketFiles.with(task, fd, (sock, file) -> sock.shutdown(task, how));
  }
}
