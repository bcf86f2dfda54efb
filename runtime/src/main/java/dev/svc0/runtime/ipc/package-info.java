/**
 * System V semaphores, shared memory and message queues: {@code Ipc} has those of one kernel.
 *
 * <p><b>Lock order:</b> the monitor of {@code Ipc}, which protects everything here; nothing is
 * called with it held but the VFS for a segment's memory. No thread sleeps with it.
 */
@NullMarked
package dev.svc0.runtime.ipc;

import org.jspecify.annotations.NullMarked;
