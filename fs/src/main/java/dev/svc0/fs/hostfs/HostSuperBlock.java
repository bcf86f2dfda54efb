package dev.svc0.fs.hostfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.StatfsLayout;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.StatFs;
import dev.svc0.runtime.vfs.SuperBlock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A mounted host folder: the directory descriptor below which everything happens. */
final class HostSuperBlock extends SuperBlock {
  /** Descriptors kept open for content of files nobody has open now. */
  private static final int MAX_IDLE_DESCRIPTORS = 256;

  private static final int AT_FDCWD = -100;

  private record Key(long device, long number) {
    // Written out: what the JVM would link for a record costs a short program more than its work.

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.device == device && key.number == number;
    }

    @Override
    public int hashCode() {
      return 31 * Long.hashCode(device) + Long.hashCode(number);
    }
  }

  private final long rootDescriptor;
  private final Map<Key, HostInode> inodes = new HashMap<>();

  /** Content descriptors that are open now. */
  final AtomicInteger openDescriptors = new AtomicInteger();

  HostSuperBlock(HostFileSystemType type, MountRequest request, Path real) throws MountException {
    super(type, request);
    String path =
        new String(real.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    boolean folder = Files.isDirectory(real);
    HostCalls.Scratch scratch = HostCalls.scratch();
    long name = scratch.first(path);
    long how = scratch.second();
    HostMemory.putLong(how, Fcntl.O_CLOEXEC | (folder ? Fcntl.O_PATH : Fcntl.O_RDONLY));
    HostMemory.putLong(how + 8, 0);
    HostMemory.putLong(how + 16, 0);
    revalidates = !isReadOnly();
    rootDescriptor = HostCalls.call(HostCalls.Call.OPENAT2, AT_FDCWD, name, how, 24);
    if (rootDescriptor < 0) {
      throw new MountException((int) -rootDescriptor, real + " cannot be opened on the host");
    }
    magic = 0x68_6f_73_74; // "host": no kernel has this file system
    HostStat[] stat = new HostStat[1];
    long failed = HostStat.of(rootDescriptor, stat);
    if (failed != 0) {
      throw new MountException((int) -failed, real + " cannot be examined on the host");
    }
    HostInode root = inode(stat[0]);
    if (!folder) {
      root.pinContent(rootDescriptor);
    }
    setRoot(root);
    root.attach(root());
  }

  long rootDescriptor() {
    return rootDescriptor;
  }

  /** The inode for a host file, the same one for the same file, with a reference. */
  HostInode inode(HostStat stat) {
    synchronized (inodes) {
      Key key = new Key(stat.device(), stat.number());
      HostInode known = inodes.get(key);
      if (known != null && known.type() == (stat.mode() & 0170000)) {
        known.hold();
        known.refresh(stat);
        return known;
      }
      HostInode fresh = new HostInode(this, stat);
      inodes.put(key, fresh);
      return fresh;
    }
  }

  /** Opens the place of an entry; a descriptor or −errno. */
  long open(@Nullable Dentry entry, int flags, int mode) {
    return entry == null
        ? -Errno.ENOENT
        : HostCalls.openBeneath(rootDescriptor, pathOf(entry), flags, mode);
  }

  /** The path of an entry from the root of this file system, without a leading slash. */
  static String pathOf(Dentry entry) {
    Dentry parent = entry.parent();
    if (parent == null) {
      return "";
    }
    String above = pathOf(parent);
    return above.isEmpty() ? entry.name() : above + "/" + entry.name();
  }

  /** When many content descriptors are open, closes those that nobody uses. */
  void closeIdleDescriptors() {
    if (openDescriptors.get() > MAX_IDLE_DESCRIPTORS) {
      synchronized (inodes) {
        inodes.values().forEach(HostInode::closeIdleContent);
      }
    }
  }

  @Override
  public void evictInode(Inode inode) {
    if (!(inode instanceof HostInode host)) {
      return;
    }
    synchronized (inodes) {
      if (host.references() > 0) {
        return; // found again in the meantime
      }
      inodes.remove(new Key(host.device(), host.number()), host);
    }
    if (host.isRegular()) {
      Filemap.filemapWriteAndWaitRange(host.mapping(), 0, Long.MAX_VALUE);
      Filemap.truncateInodePages(host.mapping(), 0);
    }
    host.closeContent();
  }

  @Override
  public long statfs(StatFs result) {
    long buffer = HostCalls.scratch().second();
    long done = HostCalls.call(HostCalls.Call.FSTATFS, rootDescriptor, buffer);
    if (done != 0) {
      return done;
    }
    result.magic = magic;
    result.blockSize = HostMemory.getLong(buffer + StatfsLayout.f_bsize);
    result.blocks = HostMemory.getLong(buffer + StatfsLayout.f_blocks);
    result.blocksFree = HostMemory.getLong(buffer + StatfsLayout.f_bfree);
    result.blocksAvailable = HostMemory.getLong(buffer + StatfsLayout.f_bavail);
    result.files = HostMemory.getLong(buffer + StatfsLayout.f_files);
    result.filesFree = HostMemory.getLong(buffer + StatfsLayout.f_ffree);
    result.nameMax = HostMemory.getLong(buffer + StatfsLayout.f_namelen);
    return 0;
  }

  @Override
  public void putSuper() {
    synchronized (inodes) {
      for (HostInode inode : inodes.values()) {
        if (inode.isRegular()) {
          Filemap.filemapWriteAndWaitRange(inode.mapping(), 0, Long.MAX_VALUE);
        }
        inode.closeContent();
      }
      inodes.clear();
    }
    HostCalls.close(rootDescriptor);
  }
}
