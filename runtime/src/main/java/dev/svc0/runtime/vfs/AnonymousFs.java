package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsMagic;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.pagecache.Folio;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The file system of objects without a name: event counters, pipes, poll sets. It is mounted
 * nowhere. <i>Linux:</i> anon_inodes, pipefs.
 */
public final class AnonymousFs extends SuperBlock {
  private static final FileSystemType TYPE =
      new FileSystemType() {
        @Override
        public String name() {
          return "anon_inodefs";
        }

        @Override
        public boolean requiresDevice() {
          return false;
        }

        @Override
        public SuperBlock mount(MountRequest request) {
          return request.vfs().anonymous();
        }
      };

  /** Pages of an object that has none. */
  public static final AddressSpaceOperations NO_PAGES =
      new AddressSpaceOperations() {
        @Override
        public long readFolio(Folio folio) {
          folio.unlock();
          return -Errno.EIO;
        }
      };

  /** Nothing can be done with the name of such an object. */
  public static final InodeOperations NO_NAMES = new InodeOperations() {};

  /** Nothing of it is stored anywhere. */
  private static final class Nameless extends Inode {
    Nameless(SuperBlock superBlock, long number, int mode, FileOperations operations) {
      super(superBlock, number, mode, NO_NAMES, operations, NO_PAGES);
    }

    @Override
    public void markDirty(int flags) {}
  }

  private final AtomicLong nextInode = new AtomicLong(1);
  private final Mount mount;

  AnonymousFs(Vfs vfs) {
    super(TYPE, new MountRequest(vfs, "anon_inodefs", null, 0, ""));
    magic = FsMagic.ANON_INODE_FS_MAGIC;
    Inode top = new Inode(this, 0, 0040555, NO_NAMES, new FileOperations() {}, NO_PAGES);
    setRoot(top);
    mount = vfs.mounts().internal(this, root());
  }

  /** A new inode of the given mode. */
  public Inode newInode(int mode, FileOperations operations, Cred owner) {
    Inode inode = new Nameless(this, nextInode.getAndIncrement(), mode, operations);
    inode.uid = owner.fsuid();
    inode.gid = owner.fsgid();
    inode.nlink = 1;
    InodeTimes.setAll(inode);
    return inode;
  }

  /**
   * An open file on a nameless inode, whose reference it takes over.
   *
   * @param name what /proc/PID/fd shows
   * @param mode FMODE_ bits
   */
  public File newFile(Inode inode, String name, int flags, int mode, Cred cred) {
    Path path = new Path(mount, Dentry.anonymous(this, name, inode));
    File file = new File(path, inode, inode.fileOperations(), flags, mode, cred);
    inode.put();
    return file;
  }

  @Override
  public long statfs(StatFs result) {
    result.magic = magic;
    result.blockSize = 4096;
    return 0;
  }
}
