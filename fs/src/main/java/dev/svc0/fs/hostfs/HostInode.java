package dev.svc0.fs.hostfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.Inode;
import org.jspecify.annotations.Nullable;

/**
 * A file of the host. Regular files keep one descriptor for their content while they are in use.
 *
 * <p>Descriptor and counters are protected by the object's monitor.
 */
final class HostInode extends Inode {
  private final HostSuperBlock host;
  private final long device;
  private HostStat seen;
  private volatile @Nullable Dentry entry;
  private long content = -1;
  private boolean contentWritable;
  private boolean pinned;
  private boolean unlinked;
  private int openFiles;

  HostInode(HostSuperBlock host, HostStat stat) {
    super(
        host,
        stat.number(),
        stat.mode(),
        HostInodeOperations.INSTANCE,
        HostFileOperations.INSTANCE,
        HostPages.INSTANCE);
    this.host = host;
    this.device = stat.device();
    this.seen = stat;
    stat.copyTo(this);
    setSize(stat.size());
  }

  HostSuperBlock host() {
    return host;
  }

  long device() {
    return device;
  }

  /** Where it was found last. */
  @Nullable Dentry entry() {
    return entry;
  }

  /** Notes where it is found. */
  void attach(Dentry place) {
    entry = place;
  }

  /** Takes attributes over that the host shows now; drops cached pages when the content changed. */
  synchronized void refresh(HostStat stat) {
    stat.copyTo(this);
    if (isRegular() && stat.contentDiffers(seen) && !mapping().hasDirtyOrWriteback()) {
      Filemap.invalidateInodePages2Range(mapping(), 0, Long.MAX_VALUE >> 12);
      setSize(stat.size());
    } else if (!isRegular()) {
      setSize(stat.size());
    }
    seen = stat;
  }

  /** Asks the host for the attributes now. 0 or −errno. */
  long revalidate() {
    long descriptor;
    boolean own = false;
    synchronized (this) {
      descriptor = content;
    }
    if (descriptor < 0) {
      Dentry place = entry;
      descriptor =
          place != null && place.parent() == null
              ? host.rootDescriptor()
              : host.open(place, Fcntl.O_PATH | HostCalls.O_NOFOLLOW, 0);
      own = place == null || place.parent() != null;
    }
    if (descriptor < 0) {
      return descriptor;
    }
    HostStat[] stat = new HostStat[1];
    long result = HostStat.of(descriptor, stat);
    if (own) {
      HostCalls.close(descriptor);
    }
    if (result == 0) {
      refresh(stat[0]);
    }
    return result;
  }

  /** Uses this descriptor for the content, for ever: a mount of a single file. */
  synchronized void pinContent(long descriptor) {
    content = descriptor;
    pinned = true;
  }

  /** The last name is gone: the descriptor is the only way to the content from now on. */
  synchronized void pinUnlinked() {
    if (content < 0 && isRegular()) {
      openContent(false);
    }
    pinned = true;
    unlinked = true;
  }

  /** The descriptor to change attributes through, as there is no name to do it by; or −1. */
  synchronized long unnamed() {
    return unlinked ? content : -1;
  }

  /** A file was opened. 0 or −errno. */
  long addOpenFile(boolean write) {
    synchronized (this) {
      long result = content >= 0 && (contentWritable || !write) ? 0 : openContent(write);
      if (result != 0) {
        return result;
      }
      openFiles++;
    }
    host.closeIdleDescriptors();
    return 0;
  }

  synchronized void removeOpenFile() {
    openFiles--;
  }

  private long openContent(boolean write) {
    if (pinned) {
      return -Errno.EROFS;
    }
    long descriptor = host.open(entry, write ? Fcntl.O_RDWR : Fcntl.O_RDONLY, 0);
    if (descriptor < 0) {
      return descriptor;
    }
    if (content >= 0) {
      HostCalls.close(content);
    } else {
      host.openDescriptors.incrementAndGet();
    }
    content = descriptor;
    contentWritable = write;
    return 0;
  }

  /** The content's descriptor, opened if need be; or −errno. */
  synchronized long content() {
    long result = content >= 0 ? 0 : openContent(false);
    return result != 0 ? result : content;
  }

  /** Closes the descriptor when nobody needs it now. */
  synchronized void closeIdleContent() {
    if (!pinned && openFiles == 0 && !mapping().hasDirtyOrWriteback()) {
      closeContent();
    }
  }

  synchronized void closeContent() {
    if (content >= 0 && content != host.rootDescriptor()) {
      HostCalls.close(content);
      host.openDescriptors.decrementAndGet();
    }
    content = -1;
    contentWritable = false;
  }

  /** Notes the host's attributes after our own writes, so that they do not look like another's. */
  synchronized void noteOwnChange() {
    HostStat[] stat = new HostStat[1];
    if (content >= 0 && HostStat.of(content, stat) == 0) {
      seen = stat[0];
      blocks512 = stat[0].blocks512();
    }
  }
}
