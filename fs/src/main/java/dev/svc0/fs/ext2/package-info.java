/**
 * The second extended file system, the classic way: data through buffer heads, metadata in the page
 * cache of the device, directories in their own page cache, no journal.
 *
 * <p>Main types: {@link dev.svc0.fs.ext2.Ext2FileSystemType} (mounts), {@code Ext2SuperBlock},
 * {@code Ext2Inode}, {@code BlockTree} (one walk for all levels of indirection), {@code
 * BlockAllocator}, {@code InodeAllocator}, {@code Ext2Directory} (entries in pages) and the
 * operations over them.
 *
 * <p>The format: a superblock at byte 1024; the device cut into groups of blocks, each with a block
 * bitmap, an inode bitmap, an inode table and data; copies of the superblock and of all group
 * descriptors in group 0 and, with sparse_super, in groups 1 and powers of 3, 5 and 7. A file's
 * blocks are found through 12 direct pointers and three trees of pointer blocks.
 *
 * <p>Life cycle: mount marks the file system as in use on disk, unmount marks it clean; in between
 * a crash may leave leaks that e2fsck mends. An inode that is unlinked while open keeps its blocks
 * until the last user is gone.
 *
 * <p><b>Lock order:</b> inode locks, folio locks, then an inode's {@code treeLock}, then the super
 * block's allocation lock. The allocation lock is never held while data is read or written except
 * for bitmap blocks.
 *
 * <p>Differs from Linux on purpose: pointers to metadata blocks are refused with EUCLEAN wherever
 * they turn up, not only when freed; there are no reservation windows, a file continues where its
 * last block was.
 *
 * <p>Does not do: quota, POSIX ACLs' enforcement, DAX, fragments, compression.
 */
@NullMarked
package dev.svc0.fs.ext2;

import org.jspecify.annotations.NullMarked;
