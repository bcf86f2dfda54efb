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
 * Tests check it: see {@link dev.svc0.runtime.sched.LockOrder}.
 *
 * <h2>Writing a driver</h2>
 *
 * A driver answers {@link dev.svc0.runtime.vfs.FileOperations#supplies} with the ways it has; write
 * takes the first of these, and read the same:
 *
 * <table>
 * <caption>Three generations of drivers, and a file system of the oldest</caption>
 * <tr><th>generation</th><th>supplies</th><th>what it gets</th></tr>
 * <tr><td>2.4</td><td>{@code WRITE}</td><td>{@code write(kiocb, userBuffer, bytes)}: an address in
 *     the program and a length; a vector of buffers comes as one call a buffer</td></tr>
 * <tr><td>4.x and later</td><td>{@code WRITE_ITER}</td><td>{@code writeIter(kiocb, from)}: all
 *     buffers at once, in the program or in the kernel, behind an {@link
 *     dev.svc0.runtime.mm.IovIter}</td></tr>
 * <tr><td>3.x</td><td>{@code AIO_WRITE}</td><td>{@code aioWrite(kiocb, from)}: as writeIter, but it
 *     may queue the work, answer {@link dev.svc0.runtime.vfs.FileOperations#EIOCBRETRY}, and call
 *     {@link dev.svc0.runtime.vfs.Kiocb#kick} when it wants to be asked again</td></tr>
 * <tr><td>2.4, a file system</td><td>{@code WRITE}</td><td>{@code write} is {@link
 *     dev.svc0.runtime.vfs.GenericFile24#genericFileWrite}, and its pages have {@code prepareWrite}
 *     and {@code commitWrite} (see {@link
 *     dev.svc0.runtime.pagecache.AddressSpaceOperations})</td></tr>
 * </table>
 *
 * <p>With none of them write(2) answers EINVAL. A character device is registered by a {@link
 * dev.svc0.runtime.vfs.VfsModule} with {@link dev.svc0.runtime.vfs.SpecialFiles}; {@code @Traced}
 * on a method shows it in every trace under the kernel's name.
 *
 * <p>Does not know tasks: whoever calls is a {@link dev.svc0.runtime.vfs.Caller}. Does not know any
 * file system: they are found through {@link java.util.ServiceLoader}.
 */
@NullMarked
package dev.svc0.runtime.vfs;

import org.jspecify.annotations.NullMarked;
