/**
 * Memory: of the host ({@link dev.svc0.runtime.mm.HostMemory}), in page frames ({@link
 * dev.svc0.runtime.mm.FrameAllocator}), of a process ({@link dev.svc0.runtime.mm.MemoryManager}), and
 * the kernel's access to it ({@link dev.svc0.runtime.mm.UserMemory}).
 *
 * <p>A process's addresses lie in one reserved region of host memory, the window: guest address
 * {@code a} is host address {@code windowBase + a}. Beside it stands an array of one byte a page with
 * the permissions. An access is two loads when the permission is there and a call of {@link
 * dev.svc0.runtime.mm.MemoryManager#handleFault} when it is not; no address a program can form
 * reaches memory outside the window. The whole window stays readable and writable on the host, so no
 * race between a mapping call and an access can bring the JVM down.
 *
 * <p>Does not know files: what a mapping shows is a {@link dev.svc0.runtime.mm.VmBacking}.
 *
 * <p><b>Lock order:</b> the manager's own lock, then whatever the backing takes.
 */
@NullMarked
package dev.svc0.runtime.mm;

import org.jspecify.annotations.NullMarked;
