/**
 * Buffer heads: the blocks inside a folio, for file systems whose block is smaller than a page and
 * for their metadata, which lives in the page cache of the block device. <i>Linux:</i> fs/buffer.c.
 *
 * <p>Main types: {@link dev.svc0.runtime.buffer.BufferHead}, {@link
 * dev.svc0.runtime.buffer.Buffers}, {@link dev.svc0.runtime.buffer.GetBlock}. {@link
 * dev.svc0.runtime.buffer.Mpage} reads ahead and writes back whole folios, many with one bio, where
 * their blocks follow each other on the disk.
 */
@NullMarked
package dev.svc0.runtime.buffer;

import org.jspecify.annotations.NullMarked;
