/**
 * Block device nodes: what open, read, write, lseek, fsync, ioctl, fallocate and mmap do with
 * {@code /dev/ram0} and its like, buffered and with O_DIRECT. <i>Linux:</i> block/fops.c,
 * block/ioctl.c.
 *
 * <p>Main types: {@link dev.svc0.fs.bdev.BdevModule} registers {@link
 * dev.svc0.fs.bdev.BdevFileOperations}; {@link dev.svc0.fs.bdev.BdevIoctl} answers the BLK
 * requests.
 *
 * <p><b>Lock order:</b> the disk's lock, then its page cache.
 *
 * <p>Does not know partitions: BLKRRPART answers EINVAL, as for a disk that cannot have any.
 */
@NullMarked
package dev.svc0.fs.bdev;

import org.jspecify.annotations.NullMarked;
