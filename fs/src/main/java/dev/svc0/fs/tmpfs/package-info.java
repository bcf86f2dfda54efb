/**
 * Files in memory: the page cache without a store behind it.
 *
 * <p>Main types: {@link dev.svc0.fs.tmpfs.TmpfsType}, {@link dev.svc0.fs.tmpfs.TmpfsSuperBlock}
 * (limits and counts), {@link dev.svc0.fs.tmpfs.TmpfsInode} (entries, link target, attributes),
 * {@link dev.svc0.fs.tmpfs.TmpfsFileOperations}, {@link dev.svc0.fs.tmpfs.TmpfsPages}.
 *
 * <p>An inode is kept by its links, whoever else uses it; entries of a directory are protected by
 * its inode lock. Pages count against {@code size=} when they come into being, inodes against
 * {@code nr_inodes=}.
 *
 * <p>Options: {@code size, nr_blocks, nr_inodes, mode, uid, gid}. There is no swap, no huge page
 * and no quota.
 */
@NullMarked
package dev.svc0.fs.tmpfs;

import org.jspecify.annotations.NullMarked;
