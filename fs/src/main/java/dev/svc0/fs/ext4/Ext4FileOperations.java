package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.jbd2.Journal;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.VmBacking;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.GenericFile;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.MappedFile;
import org.jspecify.annotations.Nullable;

/** An open regular file. <i>Linux:</i> fs/ext4/file.c, fsync.c. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4FileOperations implements FileOperations {
  @Override
  public int supplies() {
    return READ_ITER | WRITE_ITER;
  }

  @Override
  @Traced("ext4_file_open")
  public long open(Inode inode, File file, Caller caller) {
    file.mode |= File.FMODE_NOWAIT;
    if (!((Ext4Inode) inode).journalsData()) {
      file.mode |= File.FMODE_CAN_ODIRECT;
    }
    return 0;
  }

  @Override
  @Traced("ext4_file_read_iter")
  public long readIter(Kiocb kiocb, IovIter to) {
    if (kiocb.has(Kiocb.IOCB_DIRECT)) {
      return Ext4DirectIo.read(kiocb, to);
    }
    return GenericFile.genericFileReadIter(kiocb, to);
  }

  @Override
  @Traced("ext4_file_write_iter")
  public long writeIter(Kiocb kiocb, IovIter from) {
    Ext4Inode inode = (Ext4Inode) kiocb.file.inode();
    inode.mayUseReserve =
        Ext4DirectoryInodeOperations.mayUseReserve(inode.ext4, kiocb.caller.cred());
    if (kiocb.has(Kiocb.IOCB_DIRECT)) {
      return Ext4DirectIo.write(kiocb, from);
    }
    return bufferedWriteIter(inode, kiocb, from);
  }

  @Traced("ext4_buffered_write_iter")
  static long bufferedWriteIter(Ext4Inode inode, Kiocb kiocb, IovIter from) {
    if (kiocb.has(Kiocb.IOCB_NOWAIT)) {
      return -Errno.EOPNOTSUPP;
    }
    long result;
    inode.lock.writeLock().lock();
    try {
      result = writeChecks(inode, kiocb, from);
      if (result > 0) {
        result = GenericFile.fileModified(kiocb);
        result = result == 0 ? GenericFile.genericPerformWrite(kiocb, from) : result;
      }
    } finally {
      inode.lock.writeLock().unlock();
    }
    return result > 0 ? GenericFile.genericWriteSync(kiocb, result) : result;
  }

  /** The limits of the file system, and of files found through pointers. */
  @Traced("ext4_generic_write_checks")
  static long writeChecks(Ext4Inode inode, Kiocb kiocb, IovIter from) {
    if (inode.ext4.isReadOnly()) {
      return -Errno.EROFS;
    }
    long count = GenericFile.genericWriteChecks(kiocb, from);
    if (count > 0 && !inode.hasExtents()) {
      long most = Ext4Truncate.maxSize(inode);
      if (kiocb.position >= most) {
        return -Errno.EFBIG;
      }
      if (count > most - kiocb.position) {
        count = most - kiocb.position;
        from.truncate(count);
      }
    }
    return count;
  }

  @Override
  @Traced("ext4_file_mmap")
  public @Nullable VmBacking mmap(File file, boolean shared, long[] error) {
    return new MappedFile(file);
  }

  @Override
  @Traced("ext4_sync_file")
  public long fsync(File file, long start, long end, SyncKind kind) {
    Ext4Points.syncFileEnter(file, kind == SyncKind.ALL ? 0 : 1);
    long result = sync(file, start, end, kind);
    if (Ext4Trace.ext4SyncFileExitOn()) {
      Inode inode = file.inode();
      Ext4Trace.ext4SyncFileExit(inode.traceDevice(), inode.number(), (int) result);
    }
    return result;
  }

  /** Data, then the transaction that has the inode, then the device's cache. 0 or −errno. */
  static long sync(File file, long start, long end, SyncKind kind) {
    Ext4Inode inode = (Ext4Inode) file.inode();
    Ext4SuperBlock superBlock = inode.ext4;
    if (superBlock.isReadOnly()) {
      return superBlock.lastError() == null ? 0 : -Errno.EROFS;
    }
    Journal journal = superBlock.journal;
    if (journal == null) {
      return fsyncNojournal(file, start, end);
    }
    long result = GenericFile.fileWriteAndWaitRange(file, start, end);
    if (result != 0) {
      return result;
    }
    result = inode.journalsData() ? journal.forceCommit() : fsyncJournal(inode, journal, kind);
    long noted = GenericFile.fileCheckAndAdvanceWbErr(file);
    return result == 0 ? noted : result;
  }

  @Traced("ext4_fsync_nojournal")
  private static long fsyncNojournal(File file, long start, long end) {
    Ext4Inode inode = (Ext4Inode) file.inode();
    long result = GenericFile.genericBuffersFsyncNoflush(file, start, end);
    if (result == 0) {
      result = syncParent(file.path().dentry(), inode);
    }
    long flushed = inode.ext4.options.barriers ? BlockCore.blkdevIssueFlush(inode.ext4.disk) : 0;
    result = result == 0 ? flushed : result;
    long noted = GenericFile.fileCheckAndAdvanceWbErr(file);
    return result == 0 ? noted : result;
  }

  /** A name that was never on the disk goes there, and those of the directories above it. */
  @Traced("ext4_sync_parent")
  private static long syncParent(Dentry entry, Ext4Inode inode) {
    Dentry at = entry;
    Ext4Inode named = inode;
    while (named.newEntry) {
      named.newEntry = false;
      at = at.parent();
      if (at == null || !(at.inode() instanceof Ext4Inode directory)) {
        return 0;
      }
      long result = Buffers.syncMappingBuffers(directory.mapping());
      result = result == 0 ? GenericFile.writeMetadata(directory) : result;
      if (result != 0) {
        return result;
      }
      named = directory;
    }
    return 0;
  }

  @Traced("ext4_fsync_journal")
  private static long fsyncJournal(Ext4Inode inode, Journal journal, SyncKind kind) {
    int tid = kind == SyncKind.ALL ? inode.syncTid : inode.dataSyncTid;
    boolean barrier = inode.ext4.options.barriers && !journal.transWillSendDataBarrier(tid);
    long result = fcCommit(journal, tid);
    if (barrier) {
      long flushed = BlockCore.blkdevIssueFlush(inode.ext4.disk);
      result = result == 0 ? flushed : result;
    }
    return result;
  }

  /** Brings a transaction to the disk. Nothing is written to the area of fast commits. */
  @Traced("ext4_fc_commit")
  private static long fcCommit(Journal journal, int tid) {
    return journal.completeTransaction(tid);
  }

  /** The last writer is gone: nothing is set aside for it; what replaced a file gets its place. */
  @Override
  @Traced("ext4_release_file")
  public void release(Inode inode, File file) {
    Ext4Inode target = (Ext4Inode) inode;
    if (target.allocateOnClose && target.ext4.options.autoDaAlloc && !target.ext4.isReadOnly()) {
      target.allocateOnClose = false;
      if (target.status.delayed() > 0) {
        Filemap.filemapFdatawriteRange(target.mapping(), 0, Long.MAX_VALUE);
      }
    }
    if (file.hasMode(File.FMODE_WRITE)
        && !inode.isOpenForWrite()
        && !target.preallocations.list.isEmpty()) {
      target.ext4.blocks.discardPreallocations(target);
    }
  }

  @Override
  @Traced("ext4_llseek")
  public long llseek(File file, long offset, int whence) {
    if (whence == FsConstants.SEEK_DATA || whence == FsConstants.SEEK_HOLE) {
      return Ext4Extent.seek(file, offset, whence);
    }
    return FileOperations.super.llseek(file, offset, whence);
  }

  @Override
  @Traced("ext4_fallocate")
  public long fallocate(File file, int mode, long offset, long bytes, Caller caller) {
    return Ext4Fallocate.fallocate(file, mode, offset, bytes, caller);
  }

  @Override
  @Traced("ext4_ioctl")
  public long ioctl(File file, int request, long argument, Caller caller) {
    return Ext4Ioctl.ioctl(file, request, argument, caller);
  }
}
