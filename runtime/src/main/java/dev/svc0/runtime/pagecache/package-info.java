/**
 * The page cache: {@link dev.svc0.runtime.pagecache.Folio} (a run of pages of a file), {@link
 * dev.svc0.runtime.pagecache.AddressSpace} (all folios of one file), {@link
 * dev.svc0.runtime.pagecache.Filemap} (reading and writing through it) and {@link
 * dev.svc0.runtime.pagecache.Writeback} (bringing dirty folios to their file system).
 *
 * <p>Every dirty folio keeps the ids of the first and the last operation that dirtied it and a
 * count of overwrites, so that a bio written back later still names its cause.
 *
 * <p><b>Lock order:</b> the owner's inode lock, then the address space's invalidate lock, then a
 * folio's lock (in order of index), then the address space's tree lock.
 *
 * <p>Does not know file systems or devices: they stand behind {@link
 * dev.svc0.runtime.pagecache.AddressSpaceOperations} and {@link
 * dev.svc0.runtime.pagecache.PageCacheOwner}.
 */
@NullMarked
package dev.svc0.runtime.pagecache;

import org.jspecify.annotations.NullMarked;
