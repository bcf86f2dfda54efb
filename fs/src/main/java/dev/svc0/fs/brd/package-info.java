/**
 * The ram disk: a disk in host memory that is used as it is written. <i>Linux:</i>
 * drivers/block/brd.c.
 *
 * <p>Main type: {@link dev.svc0.fs.brd.BrdType}. It begins empty, or as a copy of a file of the
 * host, so that a disk can be tried and thrown away. Takes bios without a queue and ends them
 * before submitting returns. Takes no lock: two writes of one sector at once leave either, as on a
 * real disk.
 */
@NullMarked
package dev.svc0.fs.brd;

import org.jspecify.annotations.NullMarked;
