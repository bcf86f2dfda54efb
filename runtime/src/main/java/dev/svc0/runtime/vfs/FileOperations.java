package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.VmBacking;
import org.jspecify.annotations.Nullable;

/**
 * What can be done with an open file. <i>Linux:</i> {@code file_operations}.
 *
 * <p>A driver supplies one of three ways to write, and says in {@link #supplies} which: {@link
 * #write} (the oldest: a buffer and a length), {@link #writeIter} (since 4.x), or {@link #aioWrite}
 * (3.x, with its retry). The VFS tries them in that order; with none it answers −EINVAL. The same
 * for reading.
 */
public interface FileOperations {
  int READ = 1;
  int READ_ITER = 2;
  int AIO_READ = 4;
  int WRITE = 8;
  int WRITE_ITER = 16;
  int AIO_WRITE = 32;

  /** {@link #aioWrite} and {@link #aioRead}: queued; ask again. Never reaches a program. */
  long EIOCBRETRY = -530;

  /** Which ways to read and write exist, or'ed. */
  default int supplies() {
    return 0;
  }

  /** Reads at {@code kiocb.position} into user memory; moves the position. Bytes or −errno. */
  default long read(Kiocb kiocb, long userBuffer, long bytes) {
    return -Errno.EINVAL;
  }

  /** Writes from user memory at {@code kiocb.position}; moves the position. Bytes or −errno. */
  default long write(Kiocb kiocb, long userBuffer, long bytes) {
    return -Errno.EINVAL;
  }

  /** Reads at {@code kiocb.position} into the buffers; moves the position. Bytes or −errno. */
  default long readIter(Kiocb kiocb, IovIter to) {
    return -Errno.EINVAL;
  }

  /** Writes from the buffers at {@code kiocb.position}; moves the position. Bytes or −errno. */
  default long writeIter(Kiocb kiocb, IovIter from) {
    return -Errno.EINVAL;
  }

  /** As {@link #readIter}, or {@link #EIOCBRETRY}. */
  default long aioRead(Kiocb kiocb, IovIter to) {
    return -Errno.EINVAL;
  }

  /** As {@link #writeIter}, or {@link #EIOCBRETRY}. */
  default long aioWrite(Kiocb kiocb, IovIter from) {
    return -Errno.EINVAL;
  }

  /** Gives the entries of a directory from {@code context.position} on. 0 or −errno. */
  default long iterate(File file, DirContext context) {
    return -Errno.ENOTDIR;
  }

  /** Moves the position. The new one or −errno. */
  default long llseek(File file, long offset, int whence) {
    return FileSeek.genericFileLlseek(file, offset, whence);
  }

  /**
   * The operations an open of this node uses instead of these: for drivers that stand for a whole
   * major number. Null for −ENXIO. <i>Linux:</i> replace_fops.
   */
  default @Nullable FileOperations operationsOf(Inode inode) {
    return this;
  }

  /** The file was opened. 0 or −errno, which makes the open fail. */
  default long open(Inode inode, File file, Caller caller) {
    return 0;
  }

  /** A descriptor of it was closed. 0 or −errno, which close(2) answers. */
  default long flush(File file, Caller caller) {
    return 0;
  }

  /** The last reference is gone. */
  default void release(Inode inode, File file) {}

  /** Brings a byte range (end inclusive) to stable storage. 0 or −errno. */
  default long fsync(File file, long start, long end, SyncKind kind) {
    return -Errno.EINVAL;
  }

  /** Which of a file's state must be stable. */
  enum SyncKind {
    /** fsync: data and all attributes. */
    ALL,
    /** fdatasync: data and the attributes needed to find it. */
    DATA
  }

  /** Whether epoll takes files on an inode: not where data are always there. */
  default boolean canPoll(Inode inode) {
    return !inode.isRegular() && !inode.isDirectory();
  }

  /** Which POLL… events are there now; the queues that announce changes go into the table. */
  default int poll(File file, @Nullable PollTable table) {
    return Poll.POLLIN | Poll.POLLOUT | Poll.POLLRDNORM | Poll.POLLWRNORM;
  }

  /** Device control. A result or −errno (−ENOTTY for an unknown request). */
  default long ioctl(File file, int request, long argument, Caller caller) {
    return -Errno.ENOTTY;
  }

  /**
   * Switches O_ASYNC on or off for a file, in its flags too. 0, or −ENOTTY for what sends no
   * signals.
   */
  default long fasync(File file, boolean on, Caller caller) {
    return -Errno.ENOTTY;
  }

  /** F_GETPIPE_SZ, F_SETPIPE_SZ, F_ADD_SEALS, F_GET_SEALS. A result or −errno. */
  default long fcntl(File file, int command, long argument, Caller caller) {
    boolean pipe = command == Fcntl.F_GETPIPE_SZ || command == Fcntl.F_SETPIPE_SZ;
    return pipe ? -Errno.EBADF : -Errno.EINVAL;
  }

  /** What a memory mapping of it shows; null with the errno in error[0] (−ENODEV). */
  default @Nullable VmBacking mmap(File file, boolean shared, long[] error) {
    error[0] = -Errno.ENODEV;
    return null;
  }

  /** fallocate(2) after the VFS's checks. 0 or −errno. */
  default long fallocate(File file, int mode, long offset, long bytes, Caller caller) {
    return -Errno.EOPNOTSUPP;
  }
}
