package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.VmBacking;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.GenericFile;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.MappedFile;
import org.jspecify.annotations.Nullable;

/** An open regular file, for reading. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4FileOperations implements FileOperations {
  @Override
  public int supplies() {
    return READ_ITER | WRITE_ITER;
  }

  @Override
  @Traced("ext4_file_read_iter")
  public long readIter(Kiocb kiocb, IovIter to) {
    return GenericFile.genericFileReadIter(kiocb, to);
  }

  /** Nothing can be opened for writing; a descriptor from elsewhere gets the same answer. */
  @Override
  public long writeIter(Kiocb kiocb, IovIter from) {
    return -Errno.EROFS;
  }

  @Override
  @Traced("ext4_sync_file")
  public long fsync(File file, long start, long end, SyncKind kind) {
    return 0;
  }

  @Override
  @Traced("ext4_file_mmap")
  public @Nullable VmBacking mmap(File file, boolean shared, long[] error) {
    return new MappedFile(file);
  }
}
