package dev.svc0.fs.procfs;

import dev.svc0.runtime.vfs.AnonymousFs;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeTimes;

/** A node of /proc that somebody looked up. */
final class ProcInode extends Inode {
  final ProcNode node;

  ProcInode(ProcSuperBlock superBlock, long number, ProcNode node) {
    super(
        superBlock,
        number,
        node.mode(),
        ProcInodeOperations.INSTANCE,
        ProcFileOperations.INSTANCE,
        AnonymousFs.NO_PAGES);
    this.node = node;
    nlink = isDirectory() ? 2 : 1;
    InodeTimes.setAll(this);
    btimeNanos = -1;
    refreshOwner();
  }

  /** The owner is the process's, which may change. */
  void refreshOwner() {
    Cred owner = node.owner();
    uid = owner.euid();
    gid = owner.egid();
  }

  /** Nothing is stored anywhere. */
  @Override
  public void markDirty(int flags) {}
}
