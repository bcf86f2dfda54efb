/**
 * Makes file systems on images without tools of the host: {@link dev.svc0.fs.mkfs.Mke2fs} lays out
 * what {@code mke2fs -t ext2} or {@code mke2fs -t ext4} of e2fsprogs 1.47 would, with the same
 * defaults ({@link dev.svc0.fs.mkfs.Mke2fsOptions#ext4}).
 *
 * <p>Takes no locks. Does not fill the file system: mount it for that.
 */
@NullMarked
package dev.svc0.fs.mkfs;

import org.jspecify.annotations.NullMarked;
