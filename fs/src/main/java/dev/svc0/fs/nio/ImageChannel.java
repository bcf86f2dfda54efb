package dev.svc0.fs.nio;

import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.vfs.Attributes;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.ReadWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.locks.ReentrantLock;

/** An open file. Bytes go through a piece of the kernel's memory. */
final class ImageChannel implements SeekableByteChannel {
  private static final int BUFFER = 1 << 16;

  private final ImageFileSystem system;
  private final ImagePath path;
  private final File file;
  private final boolean readable;
  private final boolean writable;
  private final boolean append;
  private final boolean deleteOnClose;
  private final ReentrantLock lock = new ReentrantLock();
  private final long memory = HostMemory.reserve(BUFFER);
  private long position;
  private volatile boolean open = true;

  ImageChannel(
      ImageFileSystem system,
      ImagePath path,
      File file,
      boolean readable,
      boolean writable,
      boolean append,
      boolean deleteOnClose) {
    this.system = system;
    this.path = path;
    this.file = file;
    this.readable = readable;
    this.writable = writable;
    this.append = append;
    this.deleteOnClose = deleteOnClose;
  }

  private void begin() throws IOException {
    lock.lock();
    if (!open) {
      lock.unlock();
      throw new ClosedChannelException();
    }
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    if (!readable) {
      throw new NonReadableChannelException();
    }
    begin();
    try {
      int done = 0;
      long[] at = {position};
      while (to.hasRemaining()) {
        int step = Math.min(BUFFER, to.remaining());
        long result =
            ImageErrors.check(ReadWrite.kernelRead(file, system.caller, memory, step, at), path);
        if (result == 0) {
          break;
        }
        to.put(HostMemory.segment(memory, result).asByteBuffer());
        done += (int) result;
      }
      position = at[0];
      return done == 0 && to.hasRemaining() ? -1 : done;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    if (!writable) {
      throw new NonWritableChannelException();
    }
    begin();
    try {
      int done = 0;
      long[] at = {append ? file.inode().size() : position};
      while (from.hasRemaining()) {
        int step = Math.min(BUFFER, from.remaining());
        ByteBuffer part = from.slice(from.position(), step);
        HostMemory.segment(memory, step).asByteBuffer().put(part);
        long result =
            ImageErrors.check(ReadWrite.kernelWrite(file, system.caller, memory, step, at), path);
        from.position(from.position() + (int) result);
        done += (int) result;
        if (result < step) {
          break;
        }
      }
      position = at[0];
      return done;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long position() throws IOException {
    begin();
    try {
      return position;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public SeekableByteChannel position(long newPosition) throws IOException {
    if (newPosition < 0) {
      throw new IllegalArgumentException("position " + newPosition);
    }
    begin();
    position = newPosition;
    lock.unlock();
    return this;
  }

  @Override
  public long size() throws IOException {
    begin();
    try {
      return file.inode().size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    if (!writable) {
      throw new NonWritableChannelException();
    }
    begin();
    try {
      if (size < file.inode().size()) {
        ImageErrors.check(Attributes.doFtruncate(file, size, system.caller), path);
      }
      position = Math.min(position, size);
      return this;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (!open) {
        return;
      }
      open = false;
      file.put();
      HostMemory.release(memory, BUFFER);
    } finally {
      lock.unlock();
    }
    if (deleteOnClose) {
      system.provider().deleteIfExists(path);
    }
  }
}
