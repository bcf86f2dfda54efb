package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.vfs.AnonymousFs;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.PollTable;
import org.jspecify.annotations.Nullable;

/**
 * A process behind a descriptor: it becomes readable when the process has ended. <i>Linux:</i>
 * pidfd.
 */
public final class PidFile implements FileOperations {
  private final SignalStruct process;

  private PidFile(SignalStruct process) {
    this.process = process;
  }

  /** An open file for a process, with one reference. */
  public static File create(SignalStruct process, int flags, Cred cred) {
    AnonymousFs fs = process.kernel().vfs().anonymous();
    Inode inode = fs.newInode(0600, new PidFile(process), cred);
    int mode = File.FMODE_READ | File.FMODE_WRITE | File.FMODE_STREAM;
    int kept = Fcntl.O_RDWR | flags & Fcntl.O_NONBLOCK;
    return fs.newFile(inode, "anon_inode:[pidfd]", kept, mode, cred);
  }

  /** The process's file behind an open one; null when it is none. */
  public static @Nullable PidFile of(File file) {
    return file.operations() instanceof PidFile pid ? pid : null;
  }

  /** The process; it may have ended. */
  public SignalStruct process() {
    return process;
  }

  /** Whether nothing of the process is left, not even its status. */
  public boolean isReaped() {
    return process.kernel().findProcess(process.pid()) != process;
  }

  @Override
  public int poll(File file, @Nullable PollTable table) {
    if (table != null) {
      table.add(process.exitQueue);
    }
    if (isReaped()) {
      return Poll.POLLIN | Poll.POLLRDNORM | Poll.POLLHUP;
    }
    return process.isZombie() ? Poll.POLLIN | Poll.POLLRDNORM : 0;
  }

  @Override
  public long llseek(File file, long offset, int whence) {
    return -Errno.ESPIPE;
  }
}
