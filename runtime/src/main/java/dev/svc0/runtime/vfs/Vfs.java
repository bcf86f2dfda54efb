package dev.svc0.runtime.vfs;

import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.pagecache.Writeback;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The file system side of one kernel: page frames, flusher, disks, clock, known file systems, mounts.
 */
public final class Vfs {
  private final FrameAllocator frames;
  private final Writeback writeback;
  private final BlockDevices devices;
  private final InstantSource clock;
  private final AtomicInteger anonymousDevices = new AtomicInteger();

  /** With the parts it works on. */
  public Vfs(
      FrameAllocator frames, Writeback writeback, BlockDevices devices, InstantSource clock) {
    this.frames = frames;
    this.writeback = writeback;
    this.devices = devices;
    this.clock = clock;
  }

  /** Frames of the page cache. */
  public FrameAllocator frames() {
    return frames;
  }

  /** The flusher. */
  public Writeback writeback() {
    return writeback;
  }

  /** The disks. */
  public BlockDevices devices() {
    return devices;
  }

  /** Wall-clock time. */
  public InstantSource clock() {
    return clock;
  }

  /** A device number for a file system without a device: major 0. */
  public int nextAnonymousDevice() {
    return anonymousDevices.incrementAndGet();
  }
}
