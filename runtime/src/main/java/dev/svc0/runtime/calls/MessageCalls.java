package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.IN_OUT;
import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MmsghdrLayout;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.net.Msg;
import dev.svc0.runtime.net.Sock;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.ReadWrite;

/** Sending and receiving. */
public final class MessageCalls {
  private static final int MOST_MESSAGES = 1024;

  private MessageCalls() {}

  static int withNonblock(File file, int flags) {
    return (file.flags & Fcntl.O_NONBLOCK) != 0 ? flags | Socket.MSG_DONTWAIT : flags;
  }

  @SyscallDefine(
      nr = 206,
      name = "sendto",
      errors = {"EAGAIN", "EBADF", "ECONNREFUSED", "EDESTADDRREQ", "EMSGSIZE", "ENOTCONN", "EPIPE"},
      restart = Restart.IF_SA_RESTART)
  public static long sendto(
      Task task,
      @Fd int fd,
      @UserPtr(access = IN, length = "len") long buff,
      @Size long len,
      @Flags("socket_msg") int flags,
      @UserPtr(access = IN, length = "addr_len") long addr,
      int addr_len) {
    long bytes = Math.min(len, ReadWrite.MAX_RW_COUNT);
    UserMemory memory = task.memory();
    if (len < 0 || !memory.accessOk(buff, bytes)) {
      return -Errno.EFAULT;
    }
    return SocketFiles.with(
        task,
        fd,
        (sock, file) -> {
          IovIter iter = new IovIter().initUser(memory, buff, bytes);
          Msg msg = new Msg(task, iter, withNonblock(file, flags));
          if (addr != 0) {
            long[] error = new long[1];
            msg.name = SocketFiles.readAddress(task, addr, addr_len, error);
            if (msg.name == null) {
              return error[0];
            }
          }
          return account(task, sock.sendmsg(msg));
        });
  }

  private static long account(Task task, long result) {
    if (result > 0) {
      task.accountWrite(result);
    }
    return result;
  }

  @SyscallDefine(
      nr = 207,
      name = "recvfrom",
      errors = {"EAGAIN", "EBADF", "ECONNREFUSED", "EFAULT", "EINVAL", "ENOTCONN"},
      restart = Restart.IF_SA_RESTART)
  public static long recvfrom(
      Task task,
      @Fd int fd,
      @UserPtr(access = OUT, length = "$result") long ubuf,
      @Size long size,
      @Flags("socket_msg") int flags,
      @UserPtr(access = OUT, length = "*addr_len") long addr,
      @UserPtr(access = IN_OUT, length = "4") long addr_len) {
    long bytes = Math.min(size, ReadWrite.MAX_RW_COUNT);
    UserMemory memory = task.memory();
    if (size < 0 || !memory.accessOk(ubuf, bytes)) {
      return -Errno.EFAULT;
    }
    return SocketFiles.with(
        task,
        fd,
        (sock, file) -> {
          IovIter iter = new IovIter().initUser(memory, ubuf, bytes);
          Msg msg = new Msg(task, iter, withNonblock(file, flags));
          long result = sock.recvmsg(msg);
          if (result >= 0) {
            task.accountRead(result);
            if (addr != 0) {
              long written = SocketFiles.writeAddress(task, msg.from, addr, addr_len);
              return written == 0 ? result : written;
            }
          }
          return result;
        });
  }

  @SyscallDefine(
      nr = 211,
      name = "sendmsg",
      errors = {"EAGAIN", "EBADF", "EINVAL", "EMSGSIZE", "ENOTCONN", "EPERM", "EPIPE"},
      restart = Restart.IF_SA_RESTART)
  public static long sendmsg(
      Task task,
      @Fd int fd,
      @UserPtr(access = IN, struct = "user_msghdr") long msg,
      @Flags("socket_msg") int flags) {
    return SocketFiles.with(
        task, fd, (sock, file) -> UserMessage.send(task, sock, msg, withNonblock(file, flags)));
  }

  @SyscallDefine(
      nr = 212,
      name = "recvmsg",
      errors = {"EAGAIN", "EBADF", "EINVAL", "EMSGSIZE", "ENOTCONN"},
      restart = Restart.IF_SA_RESTART)
  public static long recvmsg(
      Task task,
      @Fd int fd,
      @UserPtr(access = IN_OUT, struct = "user_msghdr") long msg,
      @Flags("socket_msg") int flags) {
    return SocketFiles.with(
        task, fd, (sock, file) -> UserMessage.receive(task, sock, msg, withNonblock(file, flags)));
  }

  @SyscallDefine(
      nr = 269,
      name = "sendmmsg",
      errors = {"EAGAIN", "EBADF", "EINVAL", "EMSGSIZE", "ENOTCONN", "EPIPE"},
      restart = Restart.IF_SA_RESTART)
  public static long sendmmsg(
      Task task,
      @Fd int fd,
      @UserPtr(access = IN_OUT, struct = "mmsghdr", count = "vlen") long mmsg,
      int vlen,
      @Flags("socket_msg") int flags) {
    return SocketFiles.with(
        task, fd, (sock, file) -> sendAll(task, sock, mmsg, vlen, withNonblock(file, flags)));
  }

  private static int bounded(int count) {
    return Integer.compareUnsigned(count, MOST_MESSAGES) > 0 ? MOST_MESSAGES : count;
  }

  private static long sendAll(Task task, Sock sock, long messages, int count, int flags) {
    int most = bounded(count);
    int sent = 0;
    long result = 0;
    while (sent < most) {
      long at = messages + (long) sent * MmsghdrLayout.SIZE;
      try {
        result = UserMessage.send(task, sock, at, flags);
        if (result < 0) {
          break;
        }
        task.memory().writeInt(at + MmsghdrLayout.msg_len, (int) result);
      } catch (UserFault e) {
        result = -Errno.EFAULT;
        break;
      }
      sent++;
    }
    return sent > 0 ? sent : result;
  }

  @SyscallDefine(
      nr = 243,
      name = "recvmmsg",
      errors = {"EAGAIN", "EBADF", "EFAULT", "EINVAL", "ENOTCONN"},
      restart = Restart.IF_SA_RESTART)
  public static long recvmmsg(
      Task task,
      @Fd int fd,
      @UserPtr(access = IN_OUT, struct = "mmsghdr", count = "vlen") long mmsg,
      int vlen,
      @Flags("socket_msg") int flags,
      @UserPtr(access = IN_OUT, struct = "__kernel_timespec") long timeout) {
    long limit = Long.MAX_VALUE;
    if (timeout != 0) {
      limit = UserTime.readTimespec(task.memory(), timeout);
      if (limit == UserTime.INVALID) {
        return -Errno.EINVAL;
      }
    }
    long nanos = limit;
    return SocketFiles.with(
        task,
        fd,
        (sock, file) -> {
          long start = System.nanoTime();
          long result = receiveAll(task, sock, mmsg, vlen, withNonblock(file, flags), start, nanos);
          if (timeout != 0 && result > 0) {
            long left = Math.max(0, nanos - (System.nanoTime() - start));
            UserTime.writeTimespec(task.memory(), timeout, left);
          }
          return result;
        });
  }

  /** The time limit is only looked at after each message, as on Linux. */
  private static long receiveAll(
      Task task, Sock sock, long messages, int count, int flags, long start, long nanos) {
    int most = bounded(count);
    int received = 0;
    long result = 0;
    int now = flags & ~Socket.MSG_WAITFORONE;
    while (received < most) {
      long at = messages + (long) received * MmsghdrLayout.SIZE;
      try {
        result = UserMessage.receive(task, sock, at, now);
        if (result < 0) {
          break;
        }
        task.memory().writeInt(at + MmsghdrLayout.msg_len, (int) result);
      } catch (UserFault e) {
        result = -Errno.EFAULT;
        break;
      }
      received++;
      if ((flags & Socket.MSG_WAITFORONE) != 0) {
        now |= Socket.MSG_DONTWAIT;
      }
      if (nanos != Long.MAX_VALUE && System.nanoTime() - start >= nanos) {
        break;
      }
    }
    return received > 0 ? received : result;
  }
}
