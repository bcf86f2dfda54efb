package dev.svc0.fs.testing;

import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.task.Task;
import java.util.Objects;

/** What the page cache has of a file. */
public final class CachedFile {
  private CachedFile() {}

  /** The pages of an open file. */
  public static AddressSpace mappingOf(Task task, int fd) {
    var file = Objects.requireNonNull(task.files().fdget(fd));
    try {
      return file.mapping();
    } finally {
      file.put();
    }
  }

  /** The order of the folio at an index of pages; -1 when there is none. */
  public static int orderAt(AddressSpace mapping, long index) {
    Folio folio = mapping.find(index);
    if (folio == null) {
      return -1;
    }
    try {
      return folio.order;
    } finally {
      folio.put();
    }
  }
}
