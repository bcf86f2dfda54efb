/**
 * The loop disk: a disk whose content is a file of the host. <i>Linux:</i> drivers/block/loop.c.
 *
 * <p>Main type: {@link dev.svc0.fs.loop.LoopType}. Each disk has one worker thread, which does its
 * requests in order; a flush forces the file to the host's storage. It has a volatile cache (the
 * host's) and no FUA. Nobody may interrupt the worker: a host interrupt would close the file.
 */
@NullMarked
package dev.svc0.fs.loop;

import org.jspecify.annotations.NullMarked;
