/**
 * The virtual file system: {@link dev.svc0.runtime.vfs.File}, {@link dev.svc0.runtime.vfs.Inode},
 * {@link dev.svc0.runtime.vfs.Dentry}, {@link dev.svc0.runtime.vfs.Mount}, path walk, file
 * descriptor tables, and the contracts a file system implements: {@link
 * dev.svc0.runtime.vfs.FileSystemType}, {@link dev.svc0.runtime.vfs.SuperBlock}, {@link
 * dev.svc0.runtime.vfs.InodeOperations}, {@link dev.svc0.runtime.vfs.FileOperations}.
 *
 * <p>Names inside the guest are strings with one character a byte (ISO 8859-1): the kernel knows
 * bytes, not letters.
 *
 * <p><b>Lock order:</b> file position lock, then rename lock of the super block, then inode locks
 * of directories from ancestor to descendant, then the inode lock of a file, then the page cache.
 *
 * <p>Does not know tasks: whoever calls is a {@link dev.svc0.runtime.vfs.Caller}. Does not know any
 * file system: they are found through {@link java.util.ServiceLoader}.
 */
@NullMarked
package dev.svc0.runtime.vfs;

import org.jspecify.annotations.NullMarked;
