package dev.svc0.fs.tmpfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsMagic;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.StatFs;
import dev.svc0.runtime.vfs.SuperBlock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A mounted tmpfs: its limits and what is used of them. */
final class TmpfsSuperBlock extends SuperBlock {
  private final AtomicLong usedBlocks = new AtomicLong();
  private final AtomicLong usedInodes = new AtomicLong();
  private final AtomicLong nextNumber = new AtomicLong(1);
  private final Set<TmpfsInode> inodes = ConcurrentHashMap.newKeySet();
  private volatile long maxBlocks;
  private volatile long maxInodes;

  TmpfsSuperBlock(FileSystemType type, MountRequest request, TmpfsOptions options) {
    super(type, request);
    magic = FsMagic.TMPFS_MAGIC;
    maxBlocks = options.maxBlocks();
    maxInodes = options.maxInodes();
    int mode = StatConstants.S_IFDIR | options.mode();
    TmpfsInode top = newInode(mode, 0);
    if (top == null) {
      throw new IllegalArgumentException("nr_inodes leaves no room for the top directory");
    }
    top.uid = options.uid();
    top.gid = options.gid();
    top.nlink = 2;
    setRoot(top);
  }

  /** A new inode without a link; null when there are too many. */
  @Nullable TmpfsInode newInode(int mode, int rdev) {
    if (usedInodes.incrementAndGet() > maxInodes && maxInodes != 0) {
      usedInodes.decrementAndGet();
      return null;
    }
    TmpfsInode inode = new TmpfsInode(this, nextNumber.getAndIncrement(), mode);
    inode.rdev = rdev;
    inodes.add(inode);
    return inode;
  }

  /** Takes pages; false, with nothing taken, when there is no room. */
  boolean charge(long pages) {
    if (usedBlocks.addAndGet(pages) > maxBlocks && maxBlocks != 0) {
      usedBlocks.addAndGet(-pages);
      return false;
    }
    return true;
  }

  /** Gives pages back. */
  void uncharge(long pages) {
    usedBlocks.addAndGet(-pages);
  }

  @Override
  public long statfs(StatFs result) {
    result.magic = magic;
    result.blockSize = blockSize;
    if (maxBlocks != 0) {
      result.blocks = maxBlocks;
      result.blocksFree = Math.max(maxBlocks - usedBlocks.get(), 0);
      result.blocksAvailable = result.blocksFree;
    }
    if (maxInodes != 0) {
      result.files = maxInodes;
      result.filesFree = Math.max(maxInodes - usedInodes.get(), 0);
    }
    return 0;
  }

  @Override
  public void evictInode(Inode inode) {
    release((TmpfsInode) inode);
  }

  private void release(TmpfsInode inode) {
    if (inodes.remove(inode)) {
      Filemap.truncateInodePages(inode.mapping(), 0);
      inode.recalculate();
      usedInodes.decrementAndGet();
    }
  }

  @Override
  public void putSuper() {
    for (TmpfsInode inode : inodes) {
      release(inode);
    }
  }

  @Override
  public long remount(long newFlags, String options) {
    try {
      TmpfsOptions parsed =
          TmpfsOptions.parse(
              new MountRequest(vfs(), source, null, newFlags, withDefaults(options)));
      if (parsed.maxBlocks() != 0 && parsed.maxBlocks() < usedBlocks.get()
          || parsed.maxInodes() != 0 && parsed.maxInodes() < usedInodes.get()) {
        return -Errno.EINVAL;
      }
      maxBlocks = parsed.maxBlocks();
      maxInodes = parsed.maxInodes();
      setFlags(newFlags);
      return 0;
    } catch (MountException refused) {
      return -refused.errno();
    }
  }

  private String withDefaults(String options) {
    String now = "nr_blocks=" + maxBlocks + ",nr_inodes=" + maxInodes;
    return options.isEmpty() ? now : now + "," + options;
  }

  @Override
  public String showOptions() {
    StringBuilder text = new StringBuilder();
    if (maxBlocks != 0) {
      text.append(",size=").append(maxBlocks * blockSize / 1024).append('k');
    }
    if (maxInodes != 0) {
      text.append(",nr_inodes=").append(maxInodes);
    }
    Inode top = root().requireInode();
    if ((top.mode & 07777) != 01777) {
      text.append(",mode=").append(Integer.toOctalString(top.mode & 07777));
    }
    return text.toString();
  }
}
