package dev.svc0.fs.conformance;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.VmBacking;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.pagecache.WritebackControl;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.GenericFile;
import dev.svc0.runtime.vfs.GenericFile24;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeOperations;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.MappedFile;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.StatFs;
import dev.svc0.runtime.vfs.SuperBlock;
import org.jspecify.annotations.Nullable;

/**
 * A file system as of 2.4: one file, {@code data}, of which every other block of the disk is a
 * block. Its pages have prepare_write and commit_write, and nothing newer.
 */
final class PreparedFs implements FileSystemType {
  static final int BLOCK = 1024;

  @Override
  public String name() {
    return "preparedfs";
  }

  @Override
  public boolean requiresDevice() {
    return true;
  }

  @Override
  public SuperBlock mount(MountRequest request) {
    return new Super(this, request);
  }

  private static final class Super extends SuperBlock {
    final Inode data;

    Super(FileSystemType type, MountRequest request) {
      super(type, request);
      blockSize = BLOCK;
      data = new Inode(this, 2, StatConstants.S_IFREG | 0644, new Names(), new Data(), new Pages());
      data.nlink = 1;
      setRoot(
          new Inode(this, 1, StatConstants.S_IFDIR | 0755, new Names(), new Data(), new Pages()));
    }

    @Override
    public long statfs(StatFs result) {
      return 0;
    }

    @Override
    public void evictInode(Inode inode) {
      Filemap.truncateInodePages(inode.mapping(), 0);
    }
  }

  private static final class Names implements InodeOperations {
    @Override
    public long lookup(Inode directory, Dentry entry) {
      if (entry.name().equals("data")) {
        Inode data = ((Super) directory.superBlock()).data;
        data.hold();
        entry.instantiate(data);
      }
      return 0;
    }
  }

  private static final class Data implements FileOperations {
    @Override
    public int supplies() {
      return READ | WRITE;
    }

    @Override
    public long read(Kiocb kiocb, long userBuffer, long bytes) {
      return GenericFile24.genericFileRead(kiocb, userBuffer, bytes);
    }

    @Override
    public long write(Kiocb kiocb, long userBuffer, long bytes) {
      return GenericFile24.genericFileWrite(kiocb, userBuffer, bytes);
    }

    @Override
    public long fsync(File file, long start, long end, SyncKind kind) {
      return GenericFile.genericFileFsync(file, start, end, kind);
    }

    @Override
    public @Nullable VmBacking mmap(File file, boolean shared, long[] error) {
      return new MappedFile(file);
    }
  }

  @Traced(layer = Traced.Layer.FILESYSTEM)
  static final class Pages implements AddressSpaceOperations {
    @Override
    public boolean preparesWrites() {
      return true;
    }

    @Traced("prepared_get_block")
    private static long getBlock(PageCacheOwner owner, long block, BufferHead buffer, int mode) {
      BlockDevice device = ((Inode) owner).superBlock().device();
      if (device == null || (2 * block + 1) * BLOCK > device.sizeBytes()) {
        return -Errno.ENOSPC;
      }
      if ((block + 1) * BLOCK > owner.sizeBytes()) {
        buffer.setNew();
      }
      buffer.map(device, 2 * block);
      return 0;
    }

    @Override
    @Traced("prepared_readpage")
    public long readFolio(Folio folio) {
      return Buffers.blockReadFullFolio(folio, Pages::getBlock);
    }

    @Override
    @Traced("prepared_prepare_write")
    public long prepareWrite(Folio folio, int from, int to) {
      return Buffers.blockPrepareWrite(folio, from, to, Pages::getBlock);
    }

    @Override
    public long commitWrite(Folio folio, int from, int to) {
      return GenericFile24.genericCommitWrite(folio, from, to);
    }

    @Override
    public void prepareFailed(AddressSpace mapping, long end) {
      Filemap.truncateInodePages(mapping, mapping.host().sizeBytes());
    }

    @Override
    public long writepages(AddressSpace mapping, WritebackControl control) {
      BlockCore.blkStartPlug();
      long error =
          Filemap.writeCachePages(
              mapping,
              control,
              (folio, how) -> Buffers.blockWriteFullFolio(folio, how, Pages::getBlock));
      BlockCore.blkFinishPlug();
      return error;
    }

    @Override
    public boolean dirtyFolio(AddressSpace mapping, Folio folio) {
      return Buffers.blockDirtyFolio(mapping, folio);
    }

    @Override
    public void invalidateFolio(Folio folio, int offset, int bytes) {
      Buffers.blockInvalidateFolio(folio, offset, bytes);
    }

    @Override
    public boolean releaseFolio(Folio folio) {
      return Buffers.tryToFreeBuffers(folio);
    }
  }
}
