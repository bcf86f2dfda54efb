package dev.svc0.fs.overlay;

import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.DirContext;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Layer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The merged entries of a directory, read when it is read from its start. */
final class Listing {
  private record Entry(String name, long inode, int type) {}

  private List<Entry> entries = List.of();
  private final List<String> removed = new ArrayList<>();

  long iterate(OverlayInode directory, DirContext context) {
    if (context.position == 0) {
      long result = read(directory);
      if (result != 0) {
        return result;
      }
    }
    for (long at = context.position; at < entries.size(); at++) {
      Entry entry = entries.get((int) at);
      if (!context.emit(entry.name(), at + 1, entry.inode(), entry.type())) {
        return 0;
      }
    }
    return 0;
  }

  private long read(OverlayInode directory) {
    removed.clear();
    Map<String, Entry> merged = new LinkedHashMap<>();
    OverlayInode parent = directory.parent;
    long up = parent == null ? directory.number() : parent.number();
    merged.put(".", new Entry(".", directory.number(), StatConstants.DT_DIR));
    merged.put("..", new Entry("..", up, StatConstants.DT_DIR));
    OverlaySuperBlock overlay = directory.overlay();
    long result = readLayer(overlay.upper, directory.upper, merged);
    if (result == 0) {
      result = readLayer(overlay.lower, directory.lower, merged);
    }
    for (Entry entry : merged.values()) {
      if (entry.type() == StatConstants.DT_WHT) {
        removed.add(entry.name());
      }
    }
    merged.keySet().removeAll(removed);
    entries = new ArrayList<>(merged.values());
    return result;
  }

  private static long readLayer(
      Layer layer, @Nullable Dentry directory, Map<String, Entry> merged) {
    if (directory == null) {
      return 0;
    }
    long[] error = new long[1];
    File file = OverlayFileOperations.openDirectory(layer, directory, LayerCaller.NOBODY, error);
    if (file == null) {
      return error[0];
    }
    Inode inode = directory.requireInode();
    inode.lock.readLock().lock();
    List<Entry> found = new ArrayList<>();
    try {
      long result =
          file.operations()
              .iterate(
                  file,
                  new DirContext() {
                    @Override
                    public boolean emit(String name, long next, long number, int type) {
                      found.add(new Entry(name, number, type));
                      position = next;
                      return true;
                    }
                  });
      if (result != 0) {
        return result;
      }
    } finally {
      inode.lock.readLock().unlock();
      file.put();
    }
    for (Entry entry : found) {
      merged.putIfAbsent(entry.name(), marked(layer, directory, entry));
    }
    return 0;
  }

  /** A removed name shows as a whiteout, whatever its node is. */
  private static Entry marked(Layer layer, Dentry directory, Entry entry) {
    if (entry.type() != StatConstants.DT_CHR) {
      return entry;
    }
    Dentry found = layer.lookup(directory, entry.name(), new long[1]);
    Inode inode = found == null ? null : found.inode();
    boolean whiteout = inode != null && Layer.isWhiteout(inode);
    return whiteout ? new Entry(entry.name(), entry.inode(), StatConstants.DT_WHT) : entry;
  }

  /** Names that are marked as removed. */
  static List<String> whiteouts(OverlayInode directory, long[] error) {
    Listing listing = new Listing();
    error[0] = listing.read(directory);
    return listing.removed;
  }

  /** Whether a directory shows nothing but itself. */
  static boolean isEmpty(OverlayInode directory, long[] error) {
    Listing listing = new Listing();
    error[0] = listing.read(directory);
    return error[0] == 0 && listing.entries.size() == 2;
  }
}
