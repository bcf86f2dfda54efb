package dev.svc0.runtime.mm;

import dev.svc0.runtime.abi.Errno;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A file of a few pages; page i is filled with the byte i + 1. */
final class TestBacking implements VmBacking {
  final FrameAllocator frames;
  final long pages;
  final Map<Long, Long> cache = new HashMap<>();
  final List<VmMapping> mappings = new ArrayList<>();
  final List<Long> mkwrites = new ArrayList<>();
  final Map<Long, Integer> mkwriteCounts = new HashMap<>();
  long mkwriteResult;
  int pins;

  TestBacking(FrameAllocator frames, long pages) {
    this.frames = frames;
    this.pages = pages;
  }

  @Override
  public synchronized long fault(long pageIndex) {
    if (pageIndex >= pages) {
      return -Errno.EFAULT;
    }
    Long frame = cache.get(pageIndex);
    if (frame == null) {
      frame = frames.allocate(0);
      HostMemory.fill(frame, FrameAllocator.PAGE_SIZE, (byte) (pageIndex + 1));
      cache.put(pageIndex, frame);
    }
    pins++;
    return frame;
  }

  @Override
  public synchronized long pageMkwrite(long pageIndex) {
    mkwrites.add(pageIndex);
    mkwriteCounts.merge(pageIndex, 1, Integer::sum);
    return mkwriteResult;
  }

  @Override
  public synchronized void unpin(long pageIndex) {
    pins--;
  }

  @Override
  public synchronized void attach(VmMapping mapping) {
    mappings.add(mapping);
  }

  @Override
  public synchronized void detach(VmMapping mapping) {
    if (!mappings.remove(mapping)) {
      throw new IllegalStateException("was not attached");
    }
  }

  @Override
  public synchronized int mapCount(long pageIndex) {
    return (int) mappings.stream().filter(mapping -> mapping.shows(pageIndex)).count();
  }

  @Override
  public boolean inMemory() {
    return false;
  }

  @Override
  public String mapsName() {
    return "/lib/test.so";
  }

  @Override
  public long mapsDevice() {
    return 8L << 20 | 1;
  }

  @Override
  public long mapsInode() {
    return 42;
  }
}
