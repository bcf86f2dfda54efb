package dev.svc0.fs.jbd2;

import dev.svc0.fs.loop.LoopType;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.buffer.BlkdevPages;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.pagecache.Writeback;
import java.io.IOException;
import java.nio.file.Path;

/** Page frames, a flusher and disks, for tests of the journal without a file system. */
final class SmallKernel implements AutoCloseable {
  final FrameAllocator frames = new FrameAllocator(4096);
  final Writeback writeback = new Writeback();
  final BlockDevices devices = new BlockDevices(frames, writeback, BlkdevPages::new);

  BlockDevice loop(Path image) throws IOException {
    return new LoopType().create(devices, image.toString());
  }

  @Override
  public void close() {
    devices.shutdown();
    writeback.close();
    frames.close();
  }
}
