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
    super(type, request);
    magic = FsMagic.PROC_SUPER_MAGIC;
    blockSize = 1024;
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
