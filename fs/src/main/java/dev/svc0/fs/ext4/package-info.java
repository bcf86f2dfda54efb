/**
 * ext4, read and written: extents of any depth and block maps, 64-bit block numbers, flexible
 * groups, hashed directories, checksums verified on everything that is read and set on everything
 * that is written, extended attributes in inodes and shared blocks, a journal or none.
 *
 * <p>Main types: {@link dev.svc0.fs.ext4.Ext4FileSystemType} (mounts), {@code Ext4SuperBlock},
 * {@code Ext4Inode}, {@code Ext4Handle} (an atomic piece of work, with a journal or without),
 * {@code Ext4Mapper} (from file blocks to device blocks, over {@code Ext4Extents} and {@code
 * Ext4Indirect}), {@code Ext4ExtentStatus} (what is known of that, delayed allocations above all),
 * {@code Ext4BlockAllocator} (many blocks at once, buddies, preallocations), {@code
 * Ext4InodeAllocator}, {@code Ext4Directory} and {@code Ext4HashTree} (names), {@code
 * Ext4Writepages} (write-back, with {@code Ext4RunMapper} and {@code Ext4LoggedPages}), {@code
 * Ext4Truncate}, {@code Ext4Fallocate}, {@code Ext4Orphans}, {@code Ext4FastCommits} (recovery).
 *
 * <p>Life of a write: the page gets a promise of space; write-back chooses blocks for runs of dirty
 * pages, notes them in the tree under a handle and sends the data; the commit of that handle's
 * transaction waits for the data (data=ordered). With little space left, with nodelalloc and with
 * data=journal, blocks are chosen when the page is written to.
 *
 * <p><b>Lock order:</b> inode locks, a handle, folio locks, an inode's {@code xattrLock}, its
 * {@code dataLock}, the lock of orphans, the allocator's lock; the monitor of an {@code
 * Ext4ExtentStatus} is innermost. A handle is never started with a folio locked: a commit locks
 * folios while it waits for handles to end. The inode of a number that is being evicted is waited
 * for, never with a handle open.
 *
 * <p>Failures in the depth leave as an {@code Ext4Exception}, which operations of the VFS turn into
 * an errno.
 *
 * <p>Differs from Linux on purpose: write-back gives delayed blocks content at once and has the
 * commit wait for the data, as dioread_lock does, instead of converting after the I/O; errors=panic
 * stops writing, as remount-ro does; direct writes of parts of blocks go through the page cache.
 *
 * <p>Write-back with data=journal: a page that a transaction has stays dirty until the commit, for
 * which write-back asks; then its buffers are written to their places like in a checkpoint. Only
 * pages that a memory mapping may have stored to since they were logged (marked as checked) are
 * logged once more. A commit takes the right to store from the mappings of its pages: what the log
 * gets does not change on the way.
 *
 * <p>Does not do: inline data, encryption, case folding, verity, bigalloc, values of attributes
 * that live in inodes of their own, quota, journals on other devices, discard: images with such
 * features are refused by name, or mounted read-only where reading is safe.
 */
@NullMarked
package dev.svc0.fs.ext4;

import org.jspecify.annotations.NullMarked;
