package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.CString;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Mode;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MqAttrLayout;
import dev.svc0.runtime.abi.SigeventLayout;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.ipc.PosixQueue;
import dev.svc0.runtime.ipc.PosixQueues;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.net.Sock;
import dev.svc0.runtime.net.SocketFile;
import dev.svc0.runtime.task.SigInfo;
import dev.svc0.runtime.task.SignalRules;
import dev.svc0.runtime.task.SignalSender;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import java.util.Arrays;

/** POSIX message queues. */
public final class MqueueCalls {
  private static final int PRIORITIES = 32768;

  /** A message of the kernel to a library's thread: its cookie, and in the last byte what it is. */
  private static final int COOKIE_BYTES = 32;

  private static final byte WOKEN = 1;
  private static final byte REMOVED = 2;

  private MqueueCalls() {}

  private static PosixQueues queues(Task task) {
    return PosixQueues.of(task.kernel().vfs());
  }

  @SyscallDefine(
      nr = 180,
      name = "mq_open",
      note = "the file system of the queues cannot be mounted",
      errors = {"EACCES", "EEXIST", "EINVAL", "EMFILE", "ENAMETOOLONG", "ENOENT", "ENOSPC"})
  public static long mqOpen(
      Task task,
      @CString long name,
      @Flags("open_flags") int oflag,
      @Mode int mode,
      @UserPtr(access = IN, struct = "mq_attr") long attr) {
    UserMemory memory = task.memory();
    PosixQueues.Size size = null;
    if (attr != 0) {
      size =
          new PosixQueues.Size(
              memory.readLong(attr + MqAttrLayout.mq_maxmsg),
              memory.readLong(attr + MqAttrLayout.mq_msgsize));
    }
    String called = UserPath.read(task, name);
    long[] error = new long[1];
    File file = queues(task).open(task, called, oflag, mode, size, error);
    return file == null ? error[0] : PidfdCalls.install(task, file, true);
  }

  @SyscallDefine(
      nr = 181,
      name = "mq_unlink",
      errors = {"EACCES", "ENAMETOOLONG", "ENOENT", "EPERM"})
  public static long mqUnlink(Task task, @CString long name) {
    return queues(task).unlink(task, UserPath.read(task, name));
  }

  /** Does something with a queue and the file it is open as. */
  @FunctionalInterface
  private interface Action {
    long apply(PosixQueue queue, File file);
  }

  private static long with(Task task, int fd, int mode, Action action) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      PosixQueue queue = PosixQueue.of(file);
      return queue == null || (file.mode & mode) != mode ? -Errno.EBADF : action.apply(queue, file);
    } finally {
      file.put();
    }
  }

  @SyscallDefine(
      nr = 182,
      name = "mq_timedsend",
      errors = {"EAGAIN", "EBADF", "EINTR", "EINVAL", "EMSGSIZE", "ETIMEDOUT"},
      restart = Restart.IF_SA_RESTART)
  public static long mqTimedsend(
      Task task,
      @Fd int mqdes,
      @UserPtr(access = IN, length = "msgLen") long msgPtr,
      @Size long msgLen,
      int msgPrio,
      @UserPtr(access = IN, struct = "__kernel_timespec") long absTimeout) {
    long deadline = FutexCalls.absolute(task, absTimeout, true);
    if (deadline == Long.MIN_VALUE || Integer.compareUnsigned(msgPrio, PRIORITIES) >= 0) {
      return -Errno.EINVAL;
    }
    return with(
        task,
        mqdes,
        File.FMODE_WRITE,
        (queue, file) -> {
          if (Long.compareUnsigned(msgLen, queue.messageBytes) > 0) {
            return -Errno.EMSGSIZE;
          }
          byte[] text = task.memory().readBytes(msgPtr, (int) msgLen);
          return queue.send(task, file, new PosixQueue.Message(msgPrio, text), deadline);
        });
  }

  @SyscallDefine(
      nr = 183,
      name = "mq_timedreceive",
      errors = {"EAGAIN", "EBADF", "EINTR", "EINVAL", "EMSGSIZE", "ETIMEDOUT"},
      restart = Restart.IF_SA_RESTART)
  public static long mqTimedreceive(
      Task task,
      @Fd int mqdes,
      @UserPtr(access = OUT, length = "msgLen") long msgPtr,
      @Size long msgLen,
      @UserPtr(access = OUT, length = "4") long msgPrio,
      @UserPtr(access = IN, struct = "__kernel_timespec") long absTimeout) {
    long deadline = FutexCalls.absolute(task, absTimeout, true);
    if (deadline == Long.MIN_VALUE) {
      return -Errno.EINVAL;
    }
    return with(
        task,
        mqdes,
        File.FMODE_READ,
        (queue, file) -> {
          if (Long.compareUnsigned(msgLen, queue.messageBytes) < 0) {
            return -Errno.EMSGSIZE;
          }
          long[] error = new long[1];
          PosixQueue.Message message = queue.receive(task, file, deadline, error);
          if (message == null) {
            return error[0];
          }
          if (msgPrio != 0) {
            task.memory().writeInt(msgPrio, message.priority());
          }
          task.memory().writeBytes(msgPtr, message.text());
          return message.text().length;
        });
  }

  @SyscallDefine(
      nr = 184,
      name = "mq_notify",
      errors = {"EBADF", "EBUSY", "EINVAL", "ENOTSOCK"})
  public static long mqNotify(
      Task task, @Fd int mqdes, @UserPtr(access = IN, struct = "sigevent") long notification) {
    if (notification == 0) {
      return with(
          task,
          mqdes,
          0,
          (queue, file) -> {
            queue.unregister(task.pid());
            return 0;
          });
    }
    UserMemory memory = task.memory();
    int notify = memory.readInt(notification + SigeventLayout.sigev_notify);
    int signal = memory.readInt(notification + SigeventLayout.sigev_signo);
    long value = memory.readLong(notification + SigeventLayout.sigev_value);
    return switch (notify) {
      case SignalConstants.SIGEV_NONE -> register(task, mqdes, notify, signal, new Silent());
      case SignalConstants.SIGEV_SIGNAL ->
          signal != 0 && !SignalRules.valid(signal)
              ? -Errno.EINVAL
              : register(task, mqdes, notify, signal, new BySignal(task, signal, value));
      case SignalConstants.SIGEV_THREAD -> {
        byte[] cookie = memory.readBytes(value, COOKIE_BYTES);
        yield registerThread(task, mqdes, signal, cookie);
      }
      default -> -Errno.EINVAL;
    };
  }

  private static long register(
      Task task, int mqdes, int notify, int signal, PosixQueue.Notifier notifier) {
    return with(
        task, mqdes, 0, (queue, file) -> queue.register(task.pid(), notify, signal, notifier));
  }

  private static long registerThread(Task task, int mqdes, int socket, byte[] cookie) {
    File file = task.files().fdget(socket);
    if (file == null) {
      return -Errno.EBADF;
    }
    Sock sock = SocketFile.of(file);
    long result;
    if (sock == null) {
      result = -Errno.ENOTSOCK;
    } else if (sock.family() != Socket.AF_NETLINK) {
      result = -Errno.EINVAL;
    } else {
      BySocket notifier = new BySocket(file, sock, cookie);
      result = register(task, mqdes, SignalConstants.SIGEV_THREAD, 0, notifier);
    }
    if (result != 0) {
      file.put();
    }
    return result;
  }

  @SyscallDefine(
      nr = 185,
      name = "mq_getsetattr",
      errors = {"EBADF", "EINVAL"})
  public static long mqGetsetattr(
      Task task,
      @Fd int mqdes,
      @UserPtr(access = IN, struct = "mq_attr") long mqstat,
      @UserPtr(access = OUT, struct = "mq_attr") long omqstat) {
    UserMemory memory = task.memory();
    long wanted = mqstat == 0 ? 0 : memory.readLong(mqstat + MqAttrLayout.mq_flags);
    if ((wanted & ~(long) Fcntl.O_NONBLOCK) != 0) {
      return -Errno.EINVAL;
    }
    return with(
        task,
        mqdes,
        0,
        (queue, file) -> {
          int flags = file.flags;
          long count = queue.count();
          if (mqstat != 0) {
            file.flags = flags & ~Fcntl.O_NONBLOCK | (int) wanted;
          }
          if (omqstat != 0) {
            memory.writeBytes(omqstat, new byte[MqAttrLayout.SIZE]);
            memory.writeLong(omqstat + MqAttrLayout.mq_flags, flags & Fcntl.O_NONBLOCK);
            memory.writeLong(omqstat + MqAttrLayout.mq_maxmsg, queue.maxMessages);
            memory.writeLong(omqstat + MqAttrLayout.mq_msgsize, queue.messageBytes);
            memory.writeLong(omqstat + MqAttrLayout.mq_curmsgs, count);
          }
          return 0;
        });
  }

  /** SIGEV_NONE. */
  private record Silent() implements PosixQueue.Notifier {
    @Override
    public void arrived(Caller sender) {}

    @Override
    public void removed() {}
  }

  /** SIGEV_SIGNAL. */
  private record BySignal(Task receiver, int signal, long value) implements PosixQueue.Notifier {
    @Override
    public void arrived(Caller sender) {
      if (signal != 0) {
        SigInfo info = SigInfo.message(signal, sender.pid(), sender.cred().uid(), value);
        SignalSender.sendToProcess(receiver.signal(), info);
      }
    }

    @Override
    public void removed() {}
  }

  /** SIGEV_THREAD: a thread of the library waits at a netlink socket. Owns the open file. */
  private record BySocket(File file, Sock sock, byte[] cookie) implements PosixQueue.Notifier {
    private void say(byte what) {
      byte[] message = Arrays.copyOf(cookie, COOKIE_BYTES);
      message[COOKIE_BYTES - 1] = what;
      sock.fromKernel(message);
      file.put();
    }

    @Override
    public void arrived(Caller sender) {
      say(WOKEN);
    }

    @Override
    public void removed() {
      say(REMOVED);
    }
  }
}
