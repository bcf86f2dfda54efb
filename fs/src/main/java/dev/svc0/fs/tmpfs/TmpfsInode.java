package dev.svc0.fs.tmpfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeTimes;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file of any kind in a tmpfs. Entries and extended attributes are under the inode lock. */
final class TmpfsInode extends Inode {
  /** What an entry adds to the size of its directory. */
  static final int BOGO_DIRENT_SIZE = 20;

  /** Positions of {@code .} and {@code ..}; entries come after them. */
  private static final long FIRST_OFFSET = 2;

  /** An entry of a directory. */
  record Entry(String name, long offset, TmpfsInode inode) {}

  private final TmpfsSuperBlock superBlock;
  private final Map<String, Entry> byName = new HashMap<>();
  private final TreeMap<Long, Entry> byOffset = new TreeMap<>();
  private long nextOffset = FIRST_OFFSET;

  /** The directory it is in; itself for the top. Only for directories. */
  volatile TmpfsInode parent = this;

  /** Target of a symbolic link. */
  @Nullable String target;

  /** Extended attributes; null until there is one. */
  @Nullable Map<String, byte[]> xattrs;

  /** Pages that were counted. Protected by this object's monitor. */
  private long allocated;

  TmpfsInode(TmpfsSuperBlock superBlock, long number, int mode) {
    super(
        superBlock,
        number,
        mode,
        TmpfsInodeOperations.INSTANCE,
        TmpfsFileOperations.INSTANCE,
        TmpfsPages.INSTANCE);
    this.superBlock = superBlock;
    mapping().setUnevictable();
    mapping().setLargeFolios(FrameAllocator.MAX_ORDER);
    if (isDirectory()) {
      setSize(2L * BOGO_DIRENT_SIZE);
    }
    InodeTimes.setAll(this);
  }

  @Nullable Entry find(String name) {
    return byName.get(name);
  }

  void add(String name, TmpfsInode child) {
    Entry entry = new Entry(name, nextOffset++, child);
    byName.put(name, entry);
    byOffset.put(entry.offset(), entry);
    setSize(size() + BOGO_DIRENT_SIZE);
  }

  void remove(String name) {
    Entry entry = byName.remove(name);
    if (entry != null) {
      byOffset.remove(entry.offset());
      setSize(size() - BOGO_DIRENT_SIZE);
    }
  }

  /** Makes an entry lead to another inode. */
  void change(String name, TmpfsInode child) {
    Entry was = byName.get(name);
    if (was != null) {
      Entry entry = new Entry(name, was.offset(), child);
      byName.put(name, entry);
      byOffset.put(entry.offset(), entry);
    }
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }

  /** The first entry at or after a position; null at the end. */
  @Nullable Entry entryFrom(long offset) {
    Map.Entry<Long, Entry> found = byOffset.ceilingEntry(offset);
    return found == null ? null : found.getValue();
  }

  /** Counts pages that are about to be added; false when there is no room. */
  synchronized boolean charge(int pages) {
    if (!superBlock.charge(pages)) {
      return false;
    }
    addBytes(pages);
    return true;
  }

  @Traced(value = "inode_add_bytes", layer = Traced.Layer.FILESYSTEM)
  private void addBytes(int pages) {
    allocated += pages;
    blocks512 = allocated << 3;
  }

  /** Uncounts pages that are gone. <i>Linux:</i> shmem_recalc_inode. */
  synchronized void recalculate() {
    long gone = allocated - mapping().pages();
    if (gone > 0) {
      allocated -= gone;
      superBlock.uncharge(gone);
      blocks512 = allocated << 3;
    }
  }

  Map<String, byte[]> xattrsForChange() {
    Map<String, byte[]> now = xattrs;
    if (now == null) {
      now = new LinkedHashMap<>();
      xattrs = now;
    }
    return now;
  }

  /** There is no store: nothing is ever written back. */
  @Override
  public void markDirty(int flags) {}
}
