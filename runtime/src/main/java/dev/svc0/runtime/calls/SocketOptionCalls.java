package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.IN_OUT;
import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.net.Sock;
import dev.svc0.runtime.net.SockAddr;
import dev.svc0.runtime.task.Task;

/** Options of sockets. */
public final class SocketOptionCalls {
  private static final int MOST = 4096;

  private SocketOptionCalls() {}

  @SyscallDefine(
      nr = 208,
      name = "setsockopt",
      support = Support.PARTIAL,
      note =
          "what shapes packets or their timing is kept and told back, and changes nothing; no"
              + " filters (SO_ATTACH_…), no multicast groups",
      errors = {"EBADF", "EDOM", "EFAULT", "EINVAL", "ENOPROTOOPT", "ENOTSOCK", "EPERM"})
  public static long setsockopt(
      Task task,
      @Fd int fd,
      @EnumOf("socket_level:SOL_") int level,
      int optname,
      @UserPtr(access = IN, length = "optlen") long optval,
      int optlen) {
    if (optlen < 0) {
      return -Errno.EINVAL;
    }
    return SocketFiles.with(
        task,
        fd,
        (sock, file) -> {
          byte[] value = task.memory().readBytes(optval, Math.min(optlen, MOST));
          return level == Socket.SOL_SOCKET
              ? sock.options().set(sock, task, optname, value)
              : sock.setsockopt(task, level, optname, value);
        });
  }

  @SyscallDefine(
      nr = 209,
      name = "getsockopt",
      support = Support.PARTIAL,
      note = "TCP_INFO tells the state, the segment size and a listener's queue only",
      errors = {"EBADF", "EFAULT", "EINVAL", "ENOPROTOOPT", "ENOTSOCK"})
  public static long getsockopt(
      Task task,
      @Fd int fd,
      @EnumOf("socket_level:SOL_") int level,
      int optname,
      @UserPtr(access = OUT, length = "*optlen") long optval,
      @UserPtr(access = IN_OUT, length = "4") long optlen) {
    return SocketFiles.with(
        task,
        fd,
        (sock, file) -> {
          int room = task.memory().readInt(optlen);
          if (room < 0) {
            return -Errno.EINVAL;
          }
          return get(task, sock, level, optname, optval, optlen, room);
        });
  }

  private static long get(
      Task task, Sock sock, int level, int name, long address, long lengthAddress, int room) {
    long[] error = new long[1];
    byte[] value;
    if (level == Socket.SOL_SOCKET && name == Socket.SO_PEERNAME) {
      SockAddr peer = sock.name(true, error);
      value = peer == null ? null : peer.encode();
    } else if (level == Socket.SOL_SOCKET) {
      value = sock.options().get(sock, name, error);
    } else {
      value = sock.getsockopt(task, level, name, error);
    }
    if (value == null) {
      return error[0];
    }
    UserMemory memory = task.memory();
    if (name == Socket.SO_PEERGROUPS && level == Socket.SOL_SOCKET && room < value.length) {
      memory.writeInt(lengthAddress, value.length);
      return -Errno.ERANGE;
    }
    int copied = Math.min(room, value.length);
    if (memory.copyToUser(address, value, 0, copied) != 0) {
      return -Errno.EFAULT;
    }
    memory.writeInt(lengthAddress, copied);
    return 0;
  }
}
