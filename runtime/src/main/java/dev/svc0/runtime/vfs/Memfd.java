package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.StatConstants;
import org.jspecify.annotations.Nullable;

/** Files in memory without a name. <i>Linux:</i> memfd_create, shmem_file_setup. */
public final class Memfd {
  private final Mount mount;

  private Memfd(Vfs vfs) {
    FileSystemType type = vfs.type("tmpfs");
    if (type == null) {
      throw new IllegalStateException("no tmpfs on the class path");
    }
    try {
      SuperBlock superBlock = type.mount(new MountRequest(vfs, "tmpfs", null, 0, ""));
      mount = vfs.mounts().internal(superBlock, superBlock.root());
    } catch (MountException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * An empty one, open for reading and writing, with one reference.
   *
   * @param name what /proc/PID/fd shows
   * @param mode permission bits
   * @param seals F_SEAL_ bits from the start
   * @return null with −errno in error[0]
   */
  public static @Nullable File create(
      Vfs vfs, Caller caller, String name, int mode, int seals, long[] error) {
    if (vfs.type("tmpfs") == null) {
      error[0] = -Errno.ENOSYS;
      return null;
    }
    Mount mount = vfs.component(Memfd.class, Memfd::new).mount;
    Inode top = mount.root().requireInode();
    int bits = StatConstants.S_IFREG | mode;
    Inode inode = top.operations().tmpfile(top, bits, caller, error);
    if (inode == null) {
      return null;
    }
    inode.nlink = 0;
    inode.seals = seals;
    Path path = new Path(mount, Dentry.anonymous(inode.superBlock(), name, inode));
    int modes =
        File.FMODE_READ
            | File.FMODE_WRITE
            | File.FMODE_LSEEK
            | File.FMODE_PREAD
            | File.FMODE_PWRITE
            | File.FMODE_ATOMIC_POS
            | File.FMODE_CAN_ODIRECT;
    int flags = Fcntl.O_RDWR | Fcntl.O_LARGEFILE;
    File file = new File(path, inode, inode.fileOperations(), flags, modes, caller.cred());
    inode.put();
    return file;
  }
}
