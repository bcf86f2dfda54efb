package dev.svc0.fs.procfs;

import dev.svc0.runtime.abi.FsMagic;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.StatFs;
import dev.svc0.runtime.vfs.SuperBlock;
import java.util.concurrent.atomic.AtomicLong;

/** A mounted /proc. */
final class ProcSuperBlock extends SuperBlock {
  private final AtomicLong nextNumber = new AtomicLong(1);

  ProcSuperBlock(FileSystemType type, MountRequest request, ProcNode top) {
    this(type, request, top, FsMagic.PROC_SUPER_MAGIC, 1024);
  }

  /** For a tree of another kind that is shown the same way. */
  ProcSuperBlock(
      FileSystemType type, MountRequest request, ProcNode top, long magic, int blockSize) {
    super(type, request);
    this.magic = magic;
    this.blockSize = blockSize;
    revalidates = true;
    setRoot(newInode(top));
  }

  ProcInode newInode(ProcNode node) {
    return new ProcInode(this, nextNumber.getAndIncrement(), node);
  }

  @Override
  public long statfs(StatFs result) {
    result.magic = magic;
    result.blockSize = 4096;
    return 0;
  }
}
