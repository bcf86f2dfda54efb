/**
 * Pipes and FIFOs: {@link dev.svc0.fs.pipe.Pipe} (the ring of pages) and {@link
 * dev.svc0.fs.pipe.PipeFileOperations} (its ends).
 *
 * <p>16 pages unless F_SETPIPE_SZ says otherwise; a write of at most PIPE_BUF bytes is never torn.
 *
 * <p><b>Lock order:</b> the pipe's lock, then what copying to or from user memory takes.
 */
@NullMarked
package dev.svc0.fs.pipe;

import org.jspecify.annotations.NullMarked;
