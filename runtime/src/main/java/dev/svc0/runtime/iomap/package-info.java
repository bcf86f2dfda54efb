/**
 * File I/O over extents: a file system tells where a range of a file lies ({@link
 * dev.svc0.runtime.iomap.IomapOps} fills an {@link dev.svc0.runtime.iomap.Iomap}), and the helpers
 * here do the rest: buffered writes ({@link dev.svc0.runtime.iomap.IomapBufferedIo}) and direct I/O
 * ({@link dev.svc0.runtime.iomap.IomapDirectIo}). <i>Linux:</i> fs/iomap.
 *
 * <p>Direct I/O to and from user memory goes through frames of the kernel: a program cannot change
 * or unmap what a driver is reading. The page cache is written back and emptied before, and emptied
 * after.
 *
 * <p><b>Lock order:</b> as the page cache; the caller holds the inode lock where its file system
 * needs it.
 */
@NullMarked
package dev.svc0.runtime.iomap;

import org.jspecify.annotations.NullMarked;
