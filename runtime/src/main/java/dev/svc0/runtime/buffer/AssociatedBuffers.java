package dev.svc0.runtime.buffer;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.pagecache.AddressSpace;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The metadata buffers (indirect blocks) of a file that its fsync must write. <i>Linux:</i> {@code
 * i_private_list}. Protected by its own monitor.
 */
@Traced(layer = Traced.Layer.PAGECACHE)
final class AssociatedBuffers {
  private final Set<BufferHead> buffers = new LinkedHashSet<>();

  static AssociatedBuffers of(AddressSpace file) {
    if (file.privateList instanceof AssociatedBuffers list) {
      return list;
    }
    synchronized (file) {
      if (file.privateList instanceof AssociatedBuffers list) {
        return list;
      }
      AssociatedBuffers list = new AssociatedBuffers();
      file.privateList = list;
      return list;
    }
  }

  void add(BufferHead buffer, AddressSpace file) {
    if (buffer.associatedFile != file) {
      synchronized (this) {
        buffer.associatedFile = file;
        buffers.add(buffer);
      }
    }
  }

  synchronized void remove(BufferHead buffer) {
    buffers.remove(buffer);
    buffer.associatedFile = null;
  }

  synchronized void clear() {
    for (BufferHead buffer : buffers) {
      buffer.associatedFile = null;
    }
    buffers.clear();
  }

  /** Writes all of them and waits; the first error, or 0. */
  @Traced("fsync_buffers_list")
  long sync() {
    List<BufferHead> taken = new ArrayList<>();
    synchronized (this) {
      for (BufferHead buffer : buffers) {
        buffer.associatedFile = null;
        if (buffer.tryGet()) {
          taken.add(buffer);
        }
      }
      buffers.clear();
    }
    BlockCore.blkStartPlug();
    for (BufferHead buffer : taken) {
      BufferIo.writeDirtyBuffer(buffer, ReqOp.SYNC);
    }
    BlockCore.blkFinishPlug();
    long error = 0;
    for (BufferHead buffer : taken) {
      buffer.waitLocked();
      if (!buffer.isUptodate()) {
        error = error == 0 ? BufferIo.IO_ERROR : error;
      }
      buffer.put();
    }
    return error;
  }
}
