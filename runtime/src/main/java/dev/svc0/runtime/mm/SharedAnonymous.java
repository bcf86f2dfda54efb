package dev.svc0.runtime.mm;

import dev.svc0.runtime.abi.Errno;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Anonymous memory that processes share: frames that live as long as a mapping shows them.
 * <i>Linux:</i> {@code shmem_zero_setup}.
 */
final class SharedAnonymous implements VmBacking {
  private final FrameAllocator frames;
  private final MemoryAccount account;

  // Protected by this.
  private final Map<Long, Long> pages = new HashMap<>();
  private final List<VmMapping> mappings = new ArrayList<>();

  SharedAnonymous(FrameAllocator frames, MemoryAccount account) {
    this.frames = frames;
    this.account = account;
  }

  @Override
  public synchronized long fault(long pageIndex) {
    Long frame = pages.get(pageIndex);
    if (frame != null) {
      return frame;
    }
    if (!account.tryCharge(1)) {
      return -Errno.ENOMEM;
    }
    long fresh = frames.allocate(0);
    if (fresh == -Errno.ENOMEM) {
      account.uncharge(1);
      return fresh;
    }
    pages.put(pageIndex, fresh);
    return fresh;
  }

  @Override
  public long pageMkwrite(long pageIndex) {
    return 0;
  }

  /** Nothing: frames stay until no mapping is left. */
  @Override
  public void unpin(long pageIndex) {}

  @Override
  public synchronized void attach(VmMapping mapping) {
    mappings.add(mapping);
  }

  @Override
  public synchronized void detach(VmMapping mapping) {
    mappings.remove(mapping);
    if (mappings.isEmpty()) {
      pages.values().forEach(frame -> frames.free(frame, 0));
      account.uncharge(pages.size());
      pages.clear();
    }
  }

  @Override
  public synchronized int mapCount(long pageIndex) {
    int count = 0;
    for (VmMapping mapping : mappings) {
      count += mapping.shows(pageIndex) ? 1 : 0;
    }
    return count;
  }

  @Override
  public boolean inMemory() {
    return true;
  }

  @Override
  public String mapsName() {
    return "/dev/zero (deleted)";
  }

  @Override
  public long mapsDevice() {
    return 1;
  }

  @Override
  public long mapsInode() {
    return 1024;
  }
}
