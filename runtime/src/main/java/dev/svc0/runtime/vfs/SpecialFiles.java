package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What opens device nodes, FIFOs and pipes, whatever file system the node is in. Filled by {@link
 * VfsModule}s. <i>Linux:</i> init_special_inode, chrdev_open, def_blk_fops.
 */
public final class SpecialFiles {
  /** Makes pipes. */
  public interface Pipes {
    /**
     * A pipe's two ends.
     *
     * @param flags O_NONBLOCK, O_DIRECT
     * @param ends read end in [0], write end in [1], each with one reference
     * @return 0 or −errno
     */
    long create(Caller caller, int flags, @Nullable File[] ends);

    /**
     * Copies what waits in a pipe, without taking it out; sleeps until there is something.
     *
     * @param host where it goes
     * @return bytes, 0 when nobody will write any more, or −errno
     */
    long peek(File pipe, Caller caller, long host, long bytes, boolean nonblock);

    /** Takes out what {@link #peek} copied. */
    void consume(File pipe, long bytes);

    /**
     * Sleeps until a pipe has room.
     *
     * @return bytes that fit, or −errno; −EPIPE comes with its signal
     */
    long room(File pipe, Caller caller, boolean nonblock);

    /** Operations of an open FIFO. */
    FileOperations fifoOperations();
  }

  private final Map<Integer, FileOperations> characterMajors = new ConcurrentHashMap<>();
  private @Nullable FileOperations blockOperations;
  private @Nullable Pipes pipes;

  /**
   * Operations of all character devices of a major number; their open finds the minor in {@link
   * Inode#rdev} and may answer −ENXIO.
   */
  public void registerCharacterDevices(int major, FileOperations operations) {
    characterMajors.put(major, operations);
  }

  /** Operations of block device nodes; their open finds the device by {@link Inode#rdev}. */
  public void registerBlockDevices(FileOperations operations) {
    blockOperations = operations;
  }

  /** Who makes pipes and FIFOs. */
  public void registerPipes(Pipes maker) {
    pipes = maker;
  }

  /** Who makes pipes; null when nobody does. */
  public @Nullable Pipes pipes() {
    return pipes;
  }

  /** The operations for an open of an inode; null with −errno in error[0]. */
  @Nullable FileOperations operationsFor(Inode inode, long[] error) {
    if (inode.isRegular() || inode.isDirectory() || inode.isSymlink()) {
      return inode.fileOperations();
    }
    if (inode.superBlock() instanceof AnonymousFs && inode.special == null) {
      return inode.fileOperations();
    }
    FileOperations found = null;
    if (inode.isCharacterDevice()) {
      found = characterMajors.get(inode.rdev >>> 20);
    } else if (inode.isBlockDevice()) {
      found = blockOperations;
    } else if (inode.isFifo()) {
      Pipes maker = pipes;
      found = maker == null ? null : maker.fifoOperations();
    }
    found = found == null ? null : found.operationsOf(inode);
    if (found == null) {
      error[0] = -Errno.ENXIO;
    }
    return found;
  }
}
