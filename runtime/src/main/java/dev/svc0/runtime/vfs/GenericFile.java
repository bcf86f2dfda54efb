package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.WritebackControl;
import dev.svc0.runtime.trace.event.VfsTrace;

/**
 * Reading, writing and syncing as most file systems want it: through the page cache. <i>Linux:</i>
 * the generic_file_ functions of mm/filemap.c and fs/libfs.c, and the checks of fs/read_write.c.
 */
@Traced(layer = Traced.Layer.VFS)
public final class GenericFile {
  private GenericFile() {}

  /** Reads through the page cache. Bytes or −errno. */
  @Traced("generic_file_read_iter")
  public static long genericFileReadIter(Kiocb kiocb, IovIter to) {
    if (to.count() == 0) {
      return 0;
    }
    File file = kiocb.file;
    long read = Filemap.filemapRead(file.mapping(), kiocb.position, to, kiocb.readaheadPages());
    if (read > 0) {
      kiocb.position += read;
    }
    fileAccessed(file);
    return read;
  }

  /** The file was read. <i>Linux:</i> file_accessed. */
  public static void fileAccessed(File file) {
    if ((file.flags & Fcntl.O_NOATIME) == 0) {
      InodeTimes.touchAtime(file.path().mount(), file.inode());
    }
  }

  /**
   * Writes through the page cache under the inode lock, then syncs if the file is open that way.
   * Bytes or −errno.
   */
  @Traced("generic_file_write_iter")
  public static long genericFileWriteIter(Kiocb kiocb, IovIter from) {
    Inode inode = kiocb.file.inode();
    long result;
    inode.lock.writeLock().lock();
    try {
      result = genericWriteChecks(kiocb, from);
      if (result > 0) {
        result = genericFileWriteIterLocked(kiocb, from);
      }
    } finally {
      inode.lock.writeLock().unlock();
    }
    return result > 0 ? genericWriteSync(kiocb, result) : result;
  }

  /** After the checks, with the lock held. Bytes or −errno. */
  @Traced("__generic_file_write_iter")
  public static long genericFileWriteIterLocked(Kiocb kiocb, IovIter from) {
    long result = fileModified(kiocb);
    return result != 0 ? result : genericPerformWrite(kiocb, from);
  }

  /** Copies into the page cache at the position and moves it. Bytes or −errno. */
  public static long genericPerformWrite(Kiocb kiocb, IovIter from) {
    long written = Filemap.genericPerformWrite(kiocb.file.mapping(), kiocb.position, from);
    if (written > 0) {
      kiocb.position += written;
    }
    return written;
  }

  /**
   * What must hold before a write, with the inode lock held: settles the position of an append, and
   * cuts the length at the limits.
   *
   * @return bytes that may be written, 0 for nothing to do, or −errno
   */
  @Traced("generic_write_checks")
  public static long genericWriteChecks(Kiocb kiocb, IovIter from) {
    if (from.count() == 0) {
      return 0;
    }
    Inode inode = kiocb.file.inode();
    if (kiocb.has(Kiocb.IOCB_APPEND)) {
      kiocb.position = inode.size();
    }
    if (kiocb.has(Kiocb.IOCB_NOWAIT) && !kiocb.has(Kiocb.IOCB_DIRECT)) {
      return -Errno.EINVAL;
    }
    long allowed = genericWriteCheckLimits(kiocb.caller, inode, kiocb.position, from.count());
    if (allowed > 0) {
      from.truncate(allowed);
    }
    return allowed;
  }

  /** The file size limit of the caller (SIGXFSZ) and of the file system. Bytes or −EFBIG. */
  @Traced("generic_write_check_limits")
  public static long genericWriteCheckLimits(
      Caller caller, Inode inode, long position, long bytes) {
    long count = bytes;
    long limit = caller.rlimit(Rlimits.RLIMIT_FSIZE);
    if (limit != Rlimits.RLIM_INFINITY) {
      if (Long.compareUnsigned(position, limit) >= 0) {
        caller.sendSignal(Signals.SIGXFSZ);
        return -Errno.EFBIG;
      }
      long room = limit - position;
      count = Long.compareUnsigned(room, count) < 0 ? room : count;
    }
    long max = inode.superBlock().maxBytes;
    if (position >= max) {
      return -Errno.EFBIG;
    }
    return Math.min(count, max - position);
  }

  /** Takes set-id bits away and moves the times on, before content changes. 0 or −errno. */
  @Traced("file_modified")
  public static long fileModified(Kiocb kiocb) {
    long result = fileRemovePrivsFlags(kiocb.file, kiocb.caller);
    return result != 0 ? result : InodeTimes.fileUpdateTimeFlags(kiocb.file);
  }

  /** As {@link #fileModified}, for changes that are no writes (fallocate). */
  public static long fileModified(File file, Caller caller) {
    long result = fileRemovePrivsFlags(file, caller);
    return result != 0 ? result : InodeTimes.fileUpdateTimeFlags(file);
  }

  /** Moves mtime and ctime on if a clock tick has passed. 0 or −errno. */
  @Traced("file_update_time")
  public static long fileUpdateTime(File file) {
    return InodeTimes.fileUpdateTimeFlags(file);
  }

  /** Takes set-id bits and file capabilities away before a write. 0 or −errno. */
  @Traced("file_remove_privs")
  public static long fileRemovePrivs(Kiocb kiocb) {
    return fileRemovePrivsFlags(kiocb.file, kiocb.caller);
  }

  /** Takes set-id bits and file capabilities away. 0 or −errno. */
  @Traced("file_remove_privs_flags")
  public static long fileRemovePrivsFlags(File file, Caller caller) {
    Inode inode = file.inode();
    if (inode.hasFlag(Inode.S_NOSEC) || !inode.isRegular()) {
      return 0;
    }
    int kill = setattrShouldDropSuidgid(inode, caller.cred());
    boolean capabilities = needKillpriv(inode);
    if (kill == 0 && !capabilities) {
      if ((inode.mode & (StatConstants.S_ISUID | StatConstants.S_ISGID)) == 0) {
        inode.inodeFlags |= Inode.S_NOSEC;
      }
      return 0;
    }
    long result = 0;
    if (capabilities) {
      result = inode.operations().setxattr(inode, Xattr.CAPABILITY, null, 0);
    }
    if (result == 0 && kill != 0) {
      SetAttributes change = new SetAttributes();
      change.valid = SetAttributes.ATTR_MODE;
      change.mode = inode.mode & ~kill & 07777;
      result = inode.operations().setattr(inode, change, caller);
    }
    return result;
  }

  /** Which of S_ISUID and S_ISGID a write by this caller takes away. */
  @Traced("setattr_should_drop_suidgid")
  static int setattrShouldDropSuidgid(Inode inode, Cred cred) {
    int kill = inode.mode & StatConstants.S_ISUID;
    kill |= setattrShouldDropSgid(inode, cred);
    return kill != 0 && cred.capable(Capability.CAP_FSETID) ? 0 : kill;
  }

  static int setattrShouldDropSgid(Inode inode, Cred cred) {
    int mode = inode.mode;
    if ((mode & StatConstants.S_ISGID) == 0) {
      return 0;
    }
    boolean executable = (mode & StatConstants.S_IXGRP) != 0;
    return executable || !Permissions.inGroupOrCapable(inode, cred) ? StatConstants.S_ISGID : 0;
  }

  @Traced("security_inode_need_killpriv")
  private static boolean needKillpriv(Inode inode) {
    return inode.operations().getxattr(inode, Xattr.CAPABILITY, new long[1]) != null;
  }

  /** After a write to a file open with O_SYNC or O_DSYNC: waits until it is stable. */
  @Traced("generic_write_sync")
  public static long genericWriteSync(Kiocb kiocb, long written) {
    if (!kiocb.has(Kiocb.IOCB_DSYNC)) {
      return written;
    }
    FileOperations.SyncKind kind =
        kiocb.has(Kiocb.IOCB_SYNC) ? FileOperations.SyncKind.ALL : FileOperations.SyncKind.DATA;
    long end = kiocb.position - 1;
    long result = vfsFsyncRange(kiocb.file, end - written + 1, end, kind);
    return result == 0 ? written : result;
  }

  /** fsync of a byte range (end inclusive). 0 or −errno. */
  @Traced("vfs_fsync_range")
  public static long vfsFsyncRange(File file, long start, long end, FileOperations.SyncKind kind) {
    if (VfsTrace.vfsFsyncOn()) {
      VfsTrace.vfsFsync(
          file.inode().traceDevice(),
          file.inode().number(),
          kind == FileOperations.SyncKind.DATA,
          PathNames.traced(file));
    }
    return file.operations().fsync(file, start, end, kind);
  }

  /** Data, then the inode, then the device's cache. 0 or −errno. */
  @Traced("generic_file_fsync")
  public static long genericFileFsync(
      File file, long start, long end, FileOperations.SyncKind kind) {
    long result = fileWriteAndWaitRange(file, start, end);
    if (result != 0) {
      return result;
    }
    Inode inode = file.inode();
    inode.lock.writeLock().lock();
    try {
      result = syncInodeMetadata(inode);
    } finally {
      inode.lock.writeLock().unlock();
    }
    BlockDevice device = inode.superBlock().device();
    if (result == 0 && device != null) {
      result = BlockCore.blkdevIssueFlush(device);
    }
    return result;
  }

  /**
   * fsync where metadata has buffers that belong to the file, all but the device's cache: data,
   * those buffers, then the inode. 0 or −errno. <i>Linux:</i> fs/buffer.c.
   */
  @Traced("generic_buffers_fsync_noflush")
  public static long genericBuffersFsyncNoflush(File file, long start, long end) {
    long result = fileWriteAndWaitRange(file, start, end);
    if (result != 0) {
      return result;
    }
    result = Buffers.syncMappingBuffers(file.mapping());
    long written = writeMetadata(file.inode());
    long noted = fileCheckAndAdvanceWbErr(file);
    result = result == 0 ? written : result;
    return result == 0 ? noted : result;
  }

  /** Writes an inode's attributes, after pages that are being written, and waits. 0 or −errno. */
  @Traced("sync_inode_metadata")
  public static long writeMetadata(Inode inode) {
    WritebackControl control = new WritebackControl();
    control.syncMode = WritebackControl.SyncMode.ALL;
    control.nrToWrite = 0; // no pages
    return inode.superBlock().vfs().writeback().writeOwner(inode, inode.mapping(), control);
  }

  /** Writes a file's data in a byte range and waits; reports an error once to each open file. */
  @Traced("file_write_and_wait_range")
  public static long fileWriteAndWaitRange(File file, long start, long end) {
    AddressSpace mapping = file.mapping();
    long result = 0;
    if (mapping.hasDirtyOrWriteback()) {
      result = Filemap.filemapFdatawriteRange(mapping, start, end);
      if (result != -Errno.EIO) {
        Filemap.waitForWriteback(mapping, start, end);
      }
    }
    long noted = fileCheckAndAdvanceWbErr(file);
    return result != 0 ? result : noted;
  }

  /** The write-back error noted since this file last asked, or 0. */
  @Traced("file_check_and_advance_wb_err")
  public static long fileCheckAndAdvanceWbErr(File file) {
    int now = file.mapping().advanceError(file.errorSequence);
    if (now == file.errorSequence) {
      return 0;
    }
    file.errorSequence = now;
    return AddressSpace.errorOf(now);
  }

  @Traced("sync_inode_metadata")
  private static long syncInodeMetadata(Inode inode) {
    WritebackControl control = new WritebackControl();
    control.syncMode = WritebackControl.SyncMode.ALL;
    return inode.writeAttributes(control);
  }
}
