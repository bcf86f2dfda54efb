/**
 * A folder of the host as a file system, read-only or read-write, that never reaches outside it.
 *
 * <p>Every name is resolved by the host below one directory descriptor with openat2(2) and {@code
 * RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS}: neither {@code ..}, nor a symbolic link, nor a rename
 * that races with the walk leads out. Symbolic links are resolved by the guest's own path walk.
 * Content goes through the page cache and is written back on close, fsync and by the flusher; a
 * file whose size or time changed on the host is read anew when it is opened next.
 *
 * <p>Main types: {@link dev.svc0.fs.hostfs.HostCalls} (the host's system calls), {@link
 * dev.svc0.fs.hostfs.HostSuperBlock}, {@link dev.svc0.fs.hostfs.HostInode}.
 *
 * <p>Needs Linux 5.6 or newer on the host. Owners are shown as they are; changing them needs the
 * host's permission.
 */
@NullMarked
package dev.svc0.fs.hostfs;

import org.jspecify.annotations.NullMarked;
