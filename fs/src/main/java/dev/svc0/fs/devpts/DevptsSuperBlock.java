package dev.svc0.fs.devpts;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsMagic;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.tty.PtyTable;
import dev.svc0.runtime.vfs.AnonymousFs;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.DirContext;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeAttributes;
import dev.svc0.runtime.vfs.InodeOperations;
import dev.svc0.runtime.vfs.InodeTimes;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.SetAttributes;
import dev.svc0.runtime.vfs.StatFs;
import dev.svc0.runtime.vfs.SuperBlock;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A mounted /dev/pts: a node for each slave there is, and {@code ptmx}. */
final class DevptsSuperBlock extends SuperBlock implements PtyTable.Listener {
  private static final String PTMX = "ptmx";
  private static final int PTMX_DEVICE = 5 << 20 | 2;
  private static final int SLAVE_MAJOR = 136 << 20;
  private static final long TOP_NUMBER = 1;
  private static final long PTMX_NUMBER = 2;

  /** Inode number of slave 0; the others follow, so that a name comes back as the same node. */
  private static final long FIRST_NUMBER = 3;

  private final DevptsType.Options options;
  private final PtyTable table;
  private final Names names = new Names();
  private final Node ptmx;
  private final Map<Integer, Node> slaves = new ConcurrentSkipListMap<>();

  DevptsSuperBlock(
      FileSystemType type, MountRequest request, DevptsType.Options options, PtyTable table) {
    super(type, request);
    this.options = options;
    this.table = table;
    magic = FsMagic.DEVPTS_SUPER_MAGIC;
    blockSize = 1024;
    revalidates = true;
    Node top = new Node(TOP_NUMBER, StatConstants.S_IFDIR | 0755, 0);
    top.nlink = 2;
    setRoot(top);
    ptmx = new Node(PTMX_NUMBER, StatConstants.S_IFCHR | options.ptmxMode(), PTMX_DEVICE);
    table.addListener(this);
  }

  /** A directory or device; kept as long as its pair lives. */
  private final class Node extends Inode {
    Node(long number, int mode, int rdev) {
      super(DevptsSuperBlock.this, number, mode, names, new Entries(), AnonymousFs.NO_PAGES);
      this.rdev = rdev;
      nlink = 1;
      InodeTimes.setAll(this);
    }

    @Override
    public void markDirty(int flags) {}
  }

  @Override
  public void added(int number, Cred owner) {
    Node node =
        new Node(
            FIRST_NUMBER + number, StatConstants.S_IFCHR | options.mode(), SLAVE_MAJOR | number);
    node.uid = options.uid() < 0 ? owner.fsuid() : options.uid();
    node.gid = options.gid() < 0 ? owner.fsgid() : options.gid();
    slaves.put(number, node);
  }

  @Override
  public void removed(int number) {
    slaves.remove(number);
  }

  private @Nullable Node find(String name) {
    if (name.equals(PTMX)) {
      return ptmx;
    }
    if (name.isEmpty() || name.length() > 4 || name.length() > 1 && name.charAt(0) == '0') {
      return null;
    }
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return null;
      }
    }
    return slaves.get(Integer.parseInt(name));
  }

  /** Looking up names. */
  private final class Names implements InodeOperations {
    @Override
    public long lookup(Inode directory, Dentry entry) {
      Node found = find(entry.name());
      if (found != null) {
        found.hold();
        entry.instantiate(found);
      }
      return 0;
    }

    @Override
    public boolean revalidate(Inode directory, Dentry entry) {
      return entry.inode() == find(entry.name());
    }

    @Override
    public long setattr(Inode inode, SetAttributes change, Caller caller) {
      InodeAttributes.setattrCopy(inode, change);
      return 0;
    }
  }

  /** Listing the directory. */
  private final class Entries implements FileOperations {
    @Override
    public long iterate(File file, DirContext context) {
      long own = file.inode().number();
      if (!file.inode().isDirectory()) {
        return -Errno.ENOTDIR;
      }
      if (context.position == 0 && !context.emit(".", 1, own, StatConstants.DT_DIR)
          || context.position == 1 && !context.emit("..", 2, own, StatConstants.DT_DIR)
          || context.position == 2 && !context.emit(PTMX, 3, PTMX_NUMBER, StatConstants.DT_CHR)) {
        return 0;
      }
      int first = (int) (context.position - FIRST_NUMBER);
      for (int number : slaves.keySet()) {
        long next = FIRST_NUMBER + number + 1;
        if (number >= first
            && !context.emit(
                Integer.toString(number), next, FIRST_NUMBER + number, StatConstants.DT_CHR)) {
          return 0;
        }
      }
      return 0;
    }
  }

  @Override
  public void putSuper() {
    table.removeListener(this);
  }

  @Override
  public long statfs(StatFs result) {
    result.magic = magic;
    result.blockSize = 4096;
    return 0;
  }
}
