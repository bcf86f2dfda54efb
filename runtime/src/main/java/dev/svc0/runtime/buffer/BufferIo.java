package dev.svc0.runtime.buffer;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.pagecache.AddressSpace;

/** Starting and ending the I/O of single buffers. <i>Linux:</i> fs/buffer.c. */
@Traced(layer = Traced.Layer.PAGECACHE)
public final class BufferIo {
  static final long IO_ERROR = -Errno.EIO;

  private static final BufferHead.EndIo END_READ_SYNC = BufferIo::endBufferReadSync;
  private static final BufferHead.EndIo END_WRITE_SYNC = BufferIo::endBufferWriteSync;

  private BufferIo() {}

  /**
   * Starts the I/O of a locked, mapped buffer whose {@link BufferHead#endIo} is set. The bio names
   * the operations that wrote to the folio.
   */
  @Traced("submit_bh_wbc")
  public static void submitBh(int opf, BufferHead buffer) {
    BlockDevice device = buffer.device;
    if (device == null || !buffer.isMapped() || !buffer.isLocked()) {
      throw new IllegalStateException("I/O of a buffer that is not mapped and locked");
    }
    if (buffer.setRequested() && ReqOp.isWrite(opf)) {
      buffer.clearWriteIoError();
    }
    Bio bio = new Bio(device, 1, opf);
    bio.sector = buffer.blockNumber * (buffer.sizeBytes >>> 9);
    bio.addPage(buffer.address, buffer.sizeBytes);
    if (ReqOp.isWrite(opf) && buffer.folio.firstOperation != 0) {
      bio.operationId = buffer.folio.firstOperation;
      bio.lastOperationId = buffer.folio.lastOperation;
    }
    bio.privateData = buffer;
    bio.endIo = BufferIo::endBioBhIoSync;
    BlockCore.submitBio(bio);
  }

  @Traced("end_bio_bh_io_sync")
  private static void endBioBhIoSync(Bio bio) {
    BufferHead buffer = (BufferHead) bio.privateData;
    if (buffer == null || buffer.endIo == null) {
      throw new IllegalStateException("a bio without its buffer ended");
    }
    buffer.endIo.endIo(buffer, bio.status);
  }

  @Traced("end_buffer_read_sync")
  private static void endBufferReadSync(BufferHead buffer, long status) {
    if (status == 0) {
      buffer.setUptodate();
    } else {
      buffer.clearUptodate();
    }
    buffer.unlock();
    buffer.put();
  }

  @Traced("end_buffer_write_sync")
  private static void endBufferWriteSync(BufferHead buffer, long status) {
    if (status == 0) {
      buffer.setUptodate();
    } else {
      markBufferWriteIoError(buffer);
      buffer.clearUptodate();
    }
    buffer.unlock();
    buffer.put();
  }

  /** A write of a buffer failed: every open file of its device and of its file will hear of it. */
  @Traced("mark_buffer_write_io_error")
  static void markBufferWriteIoError(BufferHead buffer) {
    buffer.setWriteIoError();
    AddressSpace mapping = buffer.folio.mapping;
    if (mapping != null) {
      mapping.setError(-Errno.EIO);
    }
    AddressSpace file = buffer.associatedFile;
    if (file != null) {
      file.setError(-Errno.EIO);
    }
  }

  /** Reads a buffer that is not up to date and waits. 0 or −EIO. */
  @Traced("__bh_read")
  public static long bhRead(BufferHead buffer) {
    buffer.lock();
    if (buffer.isUptodate()) {
      buffer.unlock();
      return 0;
    }
    startRead(buffer, ReqOp.READ | ReqOp.META | ReqOp.PRIO);
    buffer.waitLocked();
    return buffer.isUptodate() ? 0 : -Errno.EIO;
  }

  /** Starts reading a buffer that is not up to date; it is locked until the data is there. */
  public static void bhReadNowait(BufferHead buffer) {
    buffer.lock();
    if (buffer.isUptodate()) {
      buffer.unlock();
    } else {
      startRead(buffer, ReqOp.READ | ReqOp.META | ReqOp.PRIO);
    }
  }

  /** Starts reading a buffer unless somebody has it locked. */
  static void bhReadahead(BufferHead buffer) {
    if (buffer.isUptodate() || !buffer.tryLock()) {
      return;
    }
    if (buffer.isUptodate()) {
      buffer.unlock();
    } else {
      startRead(buffer, ReqOp.READ | ReqOp.RAHEAD);
    }
  }

  /** Starts reading a locked buffer; it is unlocked when the data is there. */
  static void startRead(BufferHead buffer, int opf) {
    buffer.get();
    buffer.endIo = END_READ_SYNC;
    submitBh(opf, buffer);
  }

  /** Writes a dirty buffer and waits. 0 or −errno. */
  @Traced("__sync_dirty_buffer")
  public static long syncDirtyBuffer(BufferHead buffer, int flags) {
    buffer.lock();
    if (!buffer.testAndClearDirty()) {
      buffer.unlock();
      return 0;
    }
    if (!buffer.isMapped()) {
      buffer.unlock();
      return -Errno.EIO;
    }
    startWrite(buffer, flags);
    buffer.waitLocked();
    return buffer.isUptodate() ? 0 : -Errno.EIO;
  }

  /** Starts writing a buffer if it is dirty; waits for the lock first. */
  @Traced("write_dirty_buffer")
  public static void writeDirtyBuffer(BufferHead buffer, int flags) {
    buffer.lock();
    if (buffer.testAndClearDirty() && buffer.isMapped()) {
      startWrite(buffer, flags);
    } else {
      buffer.unlock();
    }
  }

  private static void startWrite(BufferHead buffer, int flags) {
    buffer.get();
    buffer.endIo = END_WRITE_SYNC;
    submitBh(ReqOp.WRITE | flags, buffer);
  }
}
