package dev.svc0.runtime.tty;

import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.AnonymousFs;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Console;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Open;
import dev.svc0.runtime.vfs.Vfs;

/** A console that is a terminal: programs start with it as their controlling terminal. */
public final class TtyConsole implements Console {
  private final Vfs vfs;
  private final Tty tty;
  private final String node;
  private final FileOperations operations;
  private final FileOperations own;

  /**
   * Over a terminal.
   *
   * @param node where its device node is, when /dev is mounted
   */
  public TtyConsole(Vfs vfs, Tty tty, String node) {
    this.vfs = vfs;
    this.tty = tty;
    this.node = node;
    operations = new TtyFileOperations((inode, caller) -> tty, true);
    own = new TtyFileOperations((inode, caller) -> tty, false);
  }

  /** The terminal. */
  public Tty tty() {
    return tty;
  }

  @Override
  public FileOperations operations() {
    return operations;
  }

  /** Operations of the terminal's own device node. */
  public FileOperations ttyOperations() {
    return own;
  }

  /** Opened by its name, as login does, so that a program can find the name again. */
  @Override
  public File standardFile(int fd, Caller caller) {
    long[] error = new long[1];
    File file = Open.doFilpOpen(caller, Fcntl.AT_FDCWD, node, Fcntl.O_RDWR, 0, 0, error);
    return file == null ? nameless(caller) : file;
  }

  /** Where no /dev is. */
  private File nameless(Caller caller) {
    AnonymousFs fs = vfs.anonymous();
    Inode inode = fs.newInode(StatConstants.S_IFCHR | 0600, own, caller.cred());
    inode.rdev = tty.device();
    int mode = File.FMODE_STREAM | File.FMODE_READ | File.FMODE_WRITE;
    File file = fs.newFile(inode, node, Fcntl.O_RDWR, mode, caller.cred());
    long opened = own.open(inode, file, caller);
    if (opened != 0) {
      throw new IllegalStateException("the terminal cannot be opened: " + opened);
    }
    return file;
  }
}
