package dev.svc0.runtime.calls;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.net.Net;
import dev.svc0.runtime.net.Sock;
import dev.svc0.runtime.net.SockAddr;
import dev.svc0.runtime.net.SocketFile;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import org.jspecify.annotations.Nullable;

/** From descriptors and user addresses to sockets and their addresses. */
final class SocketFiles {
  private SocketFiles() {}

  /** Does something with a socket. */
  @FunctionalInterface
  interface Action {
    long apply(Sock sock, File file);
  }

  /** −EBADF, −ENOTSOCK, or what the action says. <i>Linux:</i> sockfd_lookup_light. */
  static long with(Task task, int fd, Action action) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      Sock sock = SocketFile.of(file);
      return sock == null ? -Errno.ENOTSOCK : action.apply(sock, file);
    } finally {
      file.put();
    }
  }

  /** An address a program gave; null with −errno in error[0]. */
  static byte @Nullable [] readAddress(Task task, long address, int length, long[] error) {
    if (length < 0 || length > SockAddr.MAX_BYTES) {
      error[0] = -Errno.EINVAL;
      return null;
    }
    return length == 0 ? new byte[0] : task.memory().readBytes(address, length);
  }

  /** Tells a program an address, as far as there is room. <i>Linux:</i> move_addr_to_user. */
  static long writeAddress(Task task, @Nullable SockAddr value, long address, long lengthAddress) {
    UserMemory memory = task.memory();
    int room = memory.readInt(lengthAddress);
    if (room < 0) {
      return -Errno.EINVAL;
    }
    byte[] bytes = value == null ? new byte[0] : value.encode();
    int copied = Math.min(room, bytes.length);
    if (copied != 0 && memory.copyToUser(address, bytes, 0, copied) != 0) {
      return -Errno.EFAULT;
    }
    memory.writeInt(lengthAddress, bytes.length);
    return 0;
  }

  /** Opens a file on a new socket and gives it a descriptor; on −errno nothing of it is left. */
  static long install(Task task, Sock sock, int flags) {
    long limit = task.rlimit(Rlimits.RLIMIT_NOFILE);
    boolean cloexec = (flags & Fcntl.O_CLOEXEC) != 0;
    int fd = task.files().reserve(0, cloexec, limit);
    if (fd < 0) {
      net(task).discard(sock);
      return fd;
    }
    task.files().publish(fd, net(task).open(sock, flags, task));
    return fd;
  }

  static Net net(Task task) {
    return Net.of(task.kernel().vfs());
  }
}
