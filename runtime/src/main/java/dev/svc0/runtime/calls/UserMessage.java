package dev.svc0.runtime.calls;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.abi.UserMsghdrLayout;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.net.ControlBuffer;
import dev.svc0.runtime.net.Msg;
import dev.svc0.runtime.net.Sock;
import dev.svc0.runtime.net.SockAddr;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.ReadWrite;
import org.jspecify.annotations.Nullable;

/** Messages as {@code struct msghdr} describes them. <i>Linux:</i> ___sys_sendmsg. */
final class UserMessage {
  private static final int MOST_BUFFERS = 1024;
  private static final int IOVEC_BYTES = 16;
  private static final long MOST_CONTROL = 131072;

  private UserMessage() {}

  /** The buffers of a message; null with −errno in error[0]. */
  private static @Nullable IovIter buffers(UserMemory memory, long header, long[] error) {
    long vector = memory.readLong(header + UserMsghdrLayout.msg_iov);
    long count = memory.readLong(header + UserMsghdrLayout.msg_iovlen);
    if (Long.compareUnsigned(count, MOST_BUFFERS) > 0) {
      error[0] = -Errno.EMSGSIZE;
      return null;
    }
    int n = (int) count;
    long[] bases = new long[n];
    long[] lengths = new long[n];
    long total = 0;
    for (int i = 0; i < n; i++) {
      bases[i] = memory.readLong(vector + (long) i * IOVEC_BYTES);
      lengths[i] = memory.readLong(vector + (long) i * IOVEC_BYTES + Long.BYTES);
      if (lengths[i] < 0) {
        error[0] = -Errno.EINVAL;
        return null;
      }
      if (!memory.accessOk(bases[i], lengths[i])) {
        error[0] = -Errno.EFAULT;
        return null;
      }
      lengths[i] = Math.min(lengths[i], ReadWrite.MAX_RW_COUNT - total);
      total += lengths[i];
    }
    return new IovIter().initUserVector(memory, bases, lengths, n);
  }

  /** Length of the address; negative ones are −EINVAL, longer ones are cut. */
  private static int nameLength(UserMemory memory, long header) {
    long name = memory.readLong(header + UserMsghdrLayout.msg_name);
    int length = memory.readInt(header + UserMsghdrLayout.msg_namelen);
    return name == 0 ? 0 : Math.min(length, SockAddr.MAX_BYTES);
  }

  static long send(Task task, Sock sock, long header, int flags) {
    UserMemory memory = task.memory();
    int nameLength = nameLength(memory, header);
    if (nameLength < 0) {
      return -Errno.EINVAL;
    }
    long[] error = new long[1];
    IovIter iter = buffers(memory, header, error);
    if (iter == null) {
      return error[0];
    }
    Msg msg = new Msg(task, iter, flags & ~Socket.MSG_CMSG_CLOEXEC);
    if (nameLength > 0) {
      long name = memory.readLong(header + UserMsghdrLayout.msg_name);
      msg.name = memory.readBytes(name, nameLength);
    }
    long controlLength = memory.readLong(header + UserMsghdrLayout.msg_controllen);
    if (controlLength != 0) {
      if (controlLength < 0 || controlLength > MOST_CONTROL) {
        return -Errno.ENOBUFS;
      }
      long control = memory.readLong(header + UserMsghdrLayout.msg_control);
      msg.control = memory.readBytes(control, (int) controlLength);
    }
    long result = sock.sendmsg(msg);
    if (result > 0) {
      task.accountWrite(result);
    }
    return result;
  }

  static long receive(Task task, Sock sock, long header, int flags) {
    UserMemory memory = task.memory();
    if (nameLength(memory, header) < 0) {
      return -Errno.EINVAL;
    }
    long[] error = new long[1];
    IovIter iter = buffers(memory, header, error);
    if (iter == null) {
      return error[0];
    }
    Msg msg = new Msg(task, iter, flags);
    long control = memory.readLong(header + UserMsghdrLayout.msg_control);
    long room = memory.readLong(header + UserMsghdrLayout.msg_controllen);
    if (control != 0 && room != 0) {
      msg.controlOut = new ControlBuffer(room);
    }
    long result = sock.recvmsg(msg);
    if (result < 0) {
      return result;
    }
    task.accountRead(result);
    long name = memory.readLong(header + UserMsghdrLayout.msg_name);
    if (name != 0) {
      long lengthAddress = header + UserMsghdrLayout.msg_namelen;
      long written = SocketFiles.writeAddress(task, msg.from, name, lengthAddress);
      if (written != 0) {
        return written;
      }
    }
    ControlBuffer out = msg.controlOut;
    if (out != null && memory.copyToUser(control, out.bytes(), 0, out.used()) != 0) {
      return -Errno.EFAULT;
    }
    int resultFlags = msg.resultFlags | flags & Socket.MSG_CMSG_CLOEXEC;
    memory.writeInt(header + UserMsghdrLayout.msg_flags, resultFlags);
    memory.writeLong(header + UserMsghdrLayout.msg_controllen, out == null ? 0 : out.used());
    return result;
  }
}
