/**
 * ext4, for reading: extents of any depth and block maps, 64-bit block numbers, flexible groups,
 * hashed directories read in order, checksums verified on everything that is read, extended
 * attributes in inodes and blocks.
 *
 * <p>Every mount is read-only, whatever was asked for: writers get EROFS. A journal is replayed
 * first when the file system was not unmounted cleanly, as Linux does for read-only mounts too.
 * Features that change what reading means are refused by name.
 *
 * <p>Main types: {@link dev.svc0.fs.ext4.Ext4FileSystemType}, {@code Ext4SuperBlock}, {@code
 * Ext4Inode}, {@code Ext4Extents}, {@code Ext4Checksums}.
 *
 * <p><b>Lock order:</b> inode locks, folio locks; nothing of its own but the stripes of the inode
 * table, which come after the locks of directories.
 *
 * <p>Does not do: writing, orphan clean-up, inline data, encryption, case folding, verity,
 * bigalloc, values of attributes that live in inodes of their own.
 */
@NullMarked
package dev.svc0.fs.ext4;

import org.jspecify.annotations.NullMarked;
