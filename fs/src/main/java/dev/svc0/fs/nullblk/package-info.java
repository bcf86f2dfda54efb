/**
 * The null disk: takes every request and does nothing, for measuring what lies above it. What is
 * read is zeroes. {@code submit_queues} gives it several hardware queues. <i>Linux:</i>
 * drivers/block/null_blk.
 *
 * <p>Main type: {@link dev.svc0.fs.nullblk.NullBlkType}.
 */
@NullMarked
package dev.svc0.fs.nullblk;

import org.jspecify.annotations.NullMarked;
