package dev.svc0.fs.bdev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.BlockDriverType;
import dev.svc0.runtime.buffer.BlkdevPages;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Writeback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ServiceLoader;

/** Page frames, a flusher and disks: what a test of disks needs of a kernel. */
final class DiskKernel implements AutoCloseable {
  final FrameAllocator frames;
  final Writeback writeback = new Writeback();
  final BlockDevices devices;

  DiskKernel(long framePages) {
    frames = new FrameAllocator(framePages);
    devices = new BlockDevices(frames, writeback, BlkdevPages::new);
  }

  /** A disk as {@code --drive} makes it, for example {@code brd:size=1M}. */
  BlockDevice disk(String spec) {
    int colon = spec.indexOf(':');
    String name = colon < 0 ? spec : spec.substring(0, colon);
    String options = colon < 0 ? "" : spec.substring(colon + 1);
    for (BlockDriverType type : ServiceLoader.load(BlockDriverType.class)) {
      if (type.name().equals(name)) {
        try {
          return type.create(devices, options);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    throw new AssertionError("no driver " + name);
  }

  /** Writes through the page cache. */
  static void write(BlockDevice disk, long position, byte[] data, int bytes) {
    long buffer = HostMemory.reserve(Math.max(bytes, 1));
    HostMemory.copy(data, 0, buffer, bytes);
    long written =
        Filemap.genericPerformWrite(
            disk.mapping(), position, new IovIter().initKernel(buffer, bytes));
    HostMemory.release(buffer, Math.max(bytes, 1));
    assertThat(written).isEqualTo(bytes);
  }

  /** Reads through the page cache. */
  static byte[] read(BlockDevice disk, long position, int bytes) {
    long buffer = HostMemory.reserve(Math.max(bytes, 1));
    long got =
        Filemap.filemapRead(disk.mapping(), position, new IovIter().initKernel(buffer, bytes));
    byte[] result = new byte[bytes];
    HostMemory.copy(buffer, result, 0, bytes);
    HostMemory.release(buffer, Math.max(bytes, 1));
    assertThat(got).isEqualTo(bytes);
    return result;
  }

  /** Waits until no request has a tag: who waited for one goes on a moment before it is free. */
  static void awaitIdle(BlockDevice disk) {
    while (disk.queue().busyRequests() > 0) {
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    devices.shutdown();
    writeback.close();
    frames.close();
  }
}
