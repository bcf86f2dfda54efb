package dev.svc0.fs.procfs;

import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeOperations;
import dev.svc0.runtime.vfs.Path;
import dev.svc0.runtime.vfs.PathNames;
import dev.svc0.runtime.vfs.SetAttributes;
import org.jspecify.annotations.Nullable;

/** Names in /proc. */
final class ProcInodeOperations implements InodeOperations {
  static final ProcInodeOperations INSTANCE = new ProcInodeOperations();

  private ProcInodeOperations() {}

  private static ProcNode nodeOf(Inode inode) {
    return ((ProcInode) inode).node;
  }

  @Override
  public long lookup(Inode directory, Dentry entry) {
    if (!(nodeOf(directory) instanceof ProcNode.Directory parent)) {
      return -Errno.ENOTDIR;
    }
    ProcNode found = parent.find().apply(entry.name());
    if (found != null) {
      forgetTheDead(directory, entry.parent());
      entry.instantiate(((ProcSuperBlock) directory.superBlock()).newInode(found));
    }
    return 0;
  }

  /** Names of processes that ended would keep all that these had. <i>Linux:</i> proc_flush_pid. */
  private void forgetTheDead(Inode directory, @Nullable Dentry parent) {
    if (parent != null) {
      directory.superBlock().vfs().dropStale(parent, child -> !revalidate(directory, child));
    }
  }

  @Override
  public boolean revalidate(Inode directory, Dentry entry) {
    return entry.inode() instanceof ProcInode inode && inode.node.isAlive();
  }

  @Override
  public void getattr(Inode inode) {
    ((ProcInode) inode).refreshOwner();
  }

  @Override
  public long setattr(Inode inode, SetAttributes change, Caller caller) {
    int settable =
        SetAttributes.ATTR_SIZE
            | SetAttributes.ATTR_MTIME
            | SetAttributes.ATTR_CTIME
            | SetAttributes.ATTR_ATIME;
    return (change.valid & ~settable) != 0 ? -Errno.EPERM : 0;
  }

  /** <i>Linux:</i> proc_fd_access_allowed, ptrace_may_access. */
  private static boolean mayLook(ProcNode node, Caller caller) {
    Cred cred = caller.cred();
    Cred owner = node.owner();
    boolean same = cred.fsuid() == owner.uid() && cred.fsuid() == owner.euid();
    return same || cred.capable(Capability.CAP_SYS_PTRACE);
  }

  @Override
  public @Nullable String getLink(Inode inode, Caller caller, long[] error) {
    ProcNode node = nodeOf(inode);
    if (node instanceof ProcNode.NameLink link) {
      return link.target().apply(caller);
    }
    if (!(node instanceof ProcNode.MagicLink link)) {
      error[0] = -Errno.EINVAL;
      return null;
    }
    if (!mayLook(node, caller)) {
      error[0] = -Errno.EACCES;
      return null;
    }
    Path path = link.target().get();
    if (path == null) {
      error[0] = -Errno.ENOENT;
      return null;
    }
    return PathNames.dPath(path, caller.fs().root());
  }

  @Override
  public @Nullable Path followMagicLink(Inode inode, Caller caller) {
    return nodeOf(inode) instanceof ProcNode.MagicLink link && mayLook(link, caller)
        ? link.target().get()
        : null;
  }
}
