package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.SiginfoLayout;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.SignalfdSiginfoLayout;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.AnonymousFs;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.PollTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Signals read from a descriptor: always those of the thread that reads. <i>Linux:</i>
 * fs/signalfd.c.
 */
public final class SignalFile implements FileOperations {
  private final Kernel kernel;

  /** A bit a signal, as a program blocks them. */
  private volatile long wanted;

  private SignalFile(Kernel kernel, long wanted) {
    this.kernel = kernel;
    setMask(wanted);
  }

  /** An open file with one reference. */
  public static File create(Kernel kernel, long mask, int flags, Cred cred) {
    AnonymousFs fs = kernel.vfs().anonymous();
    Inode inode = fs.newInode(0600, new SignalFile(kernel, mask), cred);
    int mode = File.FMODE_READ | File.FMODE_WRITE | File.FMODE_STREAM;
    int kept = Fcntl.O_RDWR | flags & Fcntl.O_NONBLOCK;
    return fs.newFile(inode, "anon_inode:[signalfd]", kept, mode, cred);
  }

  /** The signals' file behind an open one; null when it is none. */
  public static @Nullable SignalFile of(File file) {
    return file.operations() instanceof SignalFile signals ? signals : null;
  }

  /** Changes which signals are read. */
  public void setMask(long mask) {
    wanted = mask & ~(SigPending.bit(Signals.SIGKILL) | SigPending.bit(Signals.SIGSTOP));
  }

  @Override
  public int supplies() {
    return READ_ITER;
  }

  private boolean isPending(Task task) {
    return ((task.pendingSignals() | task.signal().sharedPending()) & wanted) != 0;
  }

  private @Nullable SigInfo take(Task task) {
    synchronized (task.signal()) {
      return SignalDelivery.dequeue(task, ~wanted);
    }
  }

  @Override
  public long readIter(Kiocb kiocb, IovIter to) {
    if (to.count() < SignalfdSiginfoLayout.SIZE) {
      return -Errno.EINVAL;
    }
    Task task = (Task) kiocb.caller;
    boolean nonblock = (kiocb.file.flags & Fcntl.O_NONBLOCK) != 0;
    long done = 0;
    while (to.count() >= SignalfdSiginfoLayout.SIZE) {
      SigInfo info = take(task);
      if (info == null) {
        if (done > 0) {
          break;
        }
        if (nonblock) {
          return -Errno.EAGAIN;
        }
        long waited =
            task.signal().signalQueue.waitEvent(task, () -> isPending(task), WaitQueue.NO_DEADLINE);
        if (waited != 0) {
          return waited;
        }
        continue;
      }
      byte[] shown = show(info);
      if (to.copyToIter(shown, 0, shown.length) != shown.length) {
        return done == 0 ? -Errno.EFAULT : done;
      }
      done += shown.length;
    }
    return done;
  }

  /** <i>Linux:</i> signalfd_copyinfo. */
  private static byte[] show(SigInfo info) {
    ByteBuffer in = ByteBuffer.wrap(info.layout()).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer out = ByteBuffer.allocate(SignalfdSiginfoLayout.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(SignalfdSiginfoLayout.ssi_signo, info.signal());
    out.putInt(SignalfdSiginfoLayout.ssi_errno, in.getInt(SiginfoLayout.si_errno));
    out.putInt(SignalfdSiginfoLayout.ssi_code, info.code());
    if (info.code() == SignalConstants.SI_TIMER) {
      out.putInt(SignalfdSiginfoLayout.ssi_tid, in.getInt(SiginfoLayout._sifields__timer__tid));
      out.putInt(
          SignalfdSiginfoLayout.ssi_overrun, in.getInt(SiginfoLayout._sifields__timer__overrun));
      long value = in.getLong(SiginfoLayout._sifields__timer__sigval);
      out.putLong(SignalfdSiginfoLayout.ssi_ptr, value);
      out.putInt(SignalfdSiginfoLayout.ssi_int, (int) value);
      return out.array();
    }
    boolean fault =
        info.code() > 0
            && info.code() < SignalConstants.SI_KERNEL
            && (info.signal() == Signals.SIGSEGV
                || info.signal() == Signals.SIGBUS
                || info.signal() == Signals.SIGILL
                || info.signal() == Signals.SIGFPE);
    if (fault) {
      out.putLong(SignalfdSiginfoLayout.ssi_addr, info.address());
      return out.array();
    }
    out.putInt(SignalfdSiginfoLayout.ssi_pid, info.pid());
    out.putInt(SignalfdSiginfoLayout.ssi_uid, in.getInt(SiginfoLayout._sifields__kill__uid));
    if (info.signal() == Signals.SIGCHLD && info.code() > 0) {
      out.putInt(
          SignalfdSiginfoLayout.ssi_status, in.getInt(SiginfoLayout._sifields__sigchld__status));
      out.putLong(
          SignalfdSiginfoLayout.ssi_utime, in.getLong(SiginfoLayout._sifields__sigchld__utime));
      out.putLong(
          SignalfdSiginfoLayout.ssi_stime, in.getLong(SiginfoLayout._sifields__sigchld__stime));
    } else if (info.code() < 0) {
      long value = in.getLong(SiginfoLayout._sifields__rt__sigval);
      out.putLong(SignalfdSiginfoLayout.ssi_ptr, value);
      out.putInt(SignalfdSiginfoLayout.ssi_int, (int) value);
    }
    return out.array();
  }

  @Override
  public int poll(File file, @Nullable PollTable table) {
    Task task = kernel.findTask(ThreadState.current().tid);
    if (task == null) {
      return 0;
    }
    if (table != null) {
      table.add(task.signal().signalQueue);
    }
    return isPending(task) ? Poll.POLLIN : 0;
  }
}
