/**
 * Checks whether an ext2, ext3 or ext4 file system contradicts itself: {@link
 * dev.svc0.fs.fsck.ImageCheck} reads an image and never writes to it.
 *
 * <p>Reads the format by itself, on purpose: a check that used the code of the file systems would
 * share their mistakes. The passes are those of e2fsck: superblock and descriptors; inodes and
 * their blocks; directories; link counts and what nobody refers to; bitmaps and counts.
 *
 * <p>Does not look at: the order of hashes in directory indexes, quota files, the contents of the
 * journal. A file system whose journal needs recovery is checked as it lies there, which may show
 * errors that recovery would mend; a note says so. Does not repair.
 */
@NullMarked
package dev.svc0.fs.fsck;

import org.jspecify.annotations.NullMarked;
