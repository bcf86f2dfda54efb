package dev.svc0.fs.ext2;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.VmBacking;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.GenericFile;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.MappedFile;
import org.jspecify.annotations.Nullable;

/** An open regular file. <i>Linux:</i> fs/ext2/file.c. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext2FileOperations implements FileOperations {
  @Override
  public int supplies() {
    return READ_ITER | WRITE_ITER;
  }

  @Override
  @Traced("ext2_file_read_iter")
  public long readIter(Kiocb kiocb, IovIter to) {
    if (kiocb.has(Kiocb.IOCB_DIRECT)) {
      return Ext2DirectIo.read(kiocb, to);
    }
    return GenericFile.genericFileReadIter(kiocb, to);
  }

  @Override
  @Traced("ext2_file_write_iter")
  public long writeIter(Kiocb kiocb, IovIter from) {
    Ext2Inode inode = (Ext2Inode) kiocb.file.inode();
    inode.mayUseReserve =
        Ext2DirectoryInodeOperations.mayUseReserve(inode.ext2, kiocb.caller.cred());
    if (kiocb.has(Kiocb.IOCB_DIRECT)) {
      return Ext2DirectIo.write(kiocb, from);
    }
    return GenericFile.genericFileWriteIter(kiocb, from);
  }

  @Override
  @Traced("ext2_file_open")
  public long open(Inode inode, File file, Caller caller) {
    file.mode |= File.FMODE_CAN_ODIRECT;
    return 0;
  }

  @Override
  @Traced("ext2_file_mmap")
  public @Nullable VmBacking mmap(File file, boolean shared, long[] error) {
    return new MappedFile(file);
  }

  @Override
  public long fsync(File file, long start, long end, SyncKind kind) {
    return sync(file, start, end, kind);
  }

  /** Data, then pointer blocks, then the inode, then the device's cache. 0 or −errno. */
  @Traced("ext2_fsync")
  static long sync(File file, long start, long end, SyncKind kind) {
    Ext2Inode inode = (Ext2Inode) file.inode();
    long result = GenericFile.fileWriteAndWaitRange(file, start, end);
    if (result != 0) {
      return result;
    }
    inode.lock.writeLock().lock();
    try {
      result = Buffers.syncMappingBuffers(inode.mapping());
      if (kind == SyncKind.ALL || inode.isDataDirty()) {
        long written = inode.ext2.table.writeInode(inode, true);
        result = result == 0 ? written : result;
      }
    } finally {
      inode.lock.writeLock().unlock();
    }
    long flushed = BlockCore.blkdevIssueFlush(inode.ext2.disk);
    return result == 0 ? flushed : result;
  }
}
