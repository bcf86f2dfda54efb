package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.VmBacking;
import dev.svc0.runtime.mm.VmMapping;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.WriteContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a memory mapping of a file shows: the folios of its page cache. Keeps the file open while
 * any mapping of it exists. <i>Linux:</i> generic_file_vm_ops.
 */
public final class MappedFile implements VmBacking {
  private static final int PAGE_SIZE = FrameAllocator.PAGE_SIZE;

  private final File file;
  private final AddressSpace mapping;
  private final AtomicInteger mappings = new AtomicInteger();
  private final Map<Long, Deque<Folio>> pinned = new ConcurrentHashMap<>();

  /** Over an open file, of which it takes a reference with its first mapping. */
  public MappedFile(File file) {
    this.file = file;
    this.mapping = file.mapping();
  }

  @Override
  public long fault(long pageIndex) {
    long[] error = new long[1];
    while (pageIndex < pages()) {
      Folio folio = Filemap.readMappingFolio(mapping, pageIndex, error);
      if (folio == null) {
        return error[0];
      }
      // Pages leave the cache under this lock, after they were taken out of every mapping.
      folio.lock();
      boolean good = folio.mapping == mapping && folio.isUptodate() && pageIndex < pages();
      if (good) {
        pin(pageIndex, folio);
      }
      folio.unlock();
      if (good) {
        return addressIn(folio, pageIndex);
      }
      folio.put();
    }
    return -Errno.EFAULT;
  }

  @Override
  public void readAround(long pageIndex, int before, int pages) {
    Filemap.readAround(mapping, pageIndex, before, pages);
  }

  @Override
  public void willNeed(long firstPageIndex, long pages) {
    Filemap.willNeed(
        mapping, firstPageIndex << FrameAllocator.PAGE_SHIFT, pages << FrameAllocator.PAGE_SHIFT);
  }

  private void pin(long pageIndex, Folio folio) {
    pinned.compute(
        pageIndex,
        (index, before) -> {
          Deque<Folio> pins = before == null ? new ArrayDeque<>(2) : before;
          pins.add(folio);
          return pins;
        });
  }

  private static long addressIn(Folio folio, long pageIndex) {
    return folio.address + (pageIndex - folio.index) * PAGE_SIZE;
  }

  private long pages() {
    return mapping.host().sizeBytes() + PAGE_SIZE - 1 >> FrameAllocator.PAGE_SHIFT;
  }

  /** Makes room for the page in the file system and marks it dirty, as a write of it would. */
  @Override
  public long pageMkwrite(long pageIndex) {
    long position = pageIndex << FrameAllocator.PAGE_SHIFT;
    int bytes = (int) Math.min(PAGE_SIZE, mapping.host().sizeBytes() - position);
    if (bytes <= 0) {
      return -Errno.EFAULT;
    }
    long result = InodeTimes.fileUpdateTimeFlags(file);
    if (result != 0) {
      return result;
    }
    WriteContext context = new WriteContext();
    context.forMapping = true;
    result = mapping.operations().writeBegin(mapping, position, bytes, context);
    if (result != 0) {
      return result;
    }
    result = mapping.operations().writeEnd(mapping, position, bytes, bytes, context);
    return result < 0 ? result : 0;
  }

  @Override
  public void unpin(long pageIndex) {
    Folio[] last = new Folio[1];
    pinned.computeIfPresent(
        pageIndex,
        (index, pins) -> {
          last[0] = pins.poll();
          return pins.isEmpty() ? null : pins;
        });
    Folio folio = last[0];
    if (folio != null) {
      folio.put();
    }
  }

  @Override
  public void attach(VmMapping newMapping) {
    if (mappings.getAndIncrement() == 0) {
      file.get();
    }
    mapping.addMapping(newMapping);
  }

  @Override
  public void detach(VmMapping oldMapping) {
    mapping.removeMapping(oldMapping);
    if (mappings.decrementAndGet() == 0) {
      file.put();
    }
  }

  @Override
  public long sync(long firstPageIndex, long lastPageIndex) {
    return GenericFile.vfsFsyncRange(
        file,
        firstPageIndex << FrameAllocator.PAGE_SHIFT,
        (lastPageIndex + 1 << FrameAllocator.PAGE_SHIFT) - 1,
        FileOperations.SyncKind.ALL);
  }

  @Override
  public int mapCount(long pageIndex) {
    return mapping.mapCount(pageIndex);
  }

  @Override
  public boolean inMemory() {
    return file.inode().superBlock().type().name().equals("tmpfs");
  }

  @Override
  public String mapsName() {
    return PathNames.dPath(file.path(), file.inode().superBlock().vfs().root());
  }

  @Override
  public long mapsDevice() {
    return file.inode().superBlock().deviceNumber();
  }

  @Override
  public long mapsInode() {
    return file.inode().number();
  }

  /** The file that is mapped. */
  public File file() {
    return file;
  }
}
