package dev.svc0.runtime.trace.event;

import static dev.svc0.annotation.Tracepoint.Show.DEVICE;

import dev.svc0.annotation.Traced;
import dev.svc0.annotation.Tracepoint;
import dev.svc0.annotation.Tracepoint.Field;
import dev.svc0.annotation.TracepointSet;

/** The page cache. */
@TracepointSet(system = "filemap", type = "FilemapTrace", layer = Traced.Layer.PAGECACHE)
interface FilemapEvents {
  @Tracepoint(value = "mm_filemap_add_to_page_cache", doc = "A folio comes into the page cache.")
  void mmFilemapAddToPageCache(@Field(DEVICE) int sDev, long iIno, long index, byte order);

  @Tracepoint(value = "mm_filemap_delete_from_page_cache", doc = "A folio leaves the page cache.")
  void mmFilemapDeleteFromPageCache(@Field(DEVICE) int sDev, long iIno, long index, byte order);
}
