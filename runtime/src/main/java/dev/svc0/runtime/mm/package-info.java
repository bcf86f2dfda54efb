/**
 * Memory: of the host ({@link dev.svc0.runtime.mm.HostMemory}), in page frames ({@link
 * dev.svc0.runtime.mm.FrameAllocator}), of a process ({@link dev.svc0.runtime.mm.MemoryManager}),
 * and the kernel's access to it ({@link dev.svc0.runtime.mm.UserMemory}).
 *
 * <p>The first 64 GiB of a process's addresses lie in one reserved region of host memory, the
 * window: guest address {@code a} is host address {@code windowBase + a}. Beside it stands an array
 * of one byte a page with the permissions. An access is two loads when the permission is there and
 * a call of {@link dev.svc0.runtime.mm.MemoryManager#handleFault} when it is not; no address a
 * program can form reaches memory outside the window. The whole window stays readable and writable
 * on the host, so no race between a mapping call and an access can bring the JVM down.
 *
 * <p>User space has 48 bits. What a program maps above the window, or what does not fit into it,
 * lies in outer windows of 4 GiB, made when they are touched ({@code Windows}); engines ask for
 * each access there ({@link dev.svc0.runtime.mm.MemoryManager#outerHostAddress}).
 *
 * <p><b>Pages.</b> Private pages lie in the window itself: zero pages, and copies of file pages
 * made at the first touch, read or write. Pages of shared mappings are frames of the backing,
 * mapped into the window on the host; stores are allowed once the backing has agreed ({@link
 * dev.svc0.runtime.mm.VmBacking#pageMkwrite}). After fork a child's private pages are links to its
 * parent's, copied when touched ({@code CowLinks}).
 *
 * <p><b>Taking away.</b> Engines check and access without a lock, so whoever takes write or execute
 * permission away waits until no access that saw it can still be under way ({@link
 * dev.svc0.runtime.mm.WindowUser}): otherwise a store could reach a file that may only be read, or
 * be missing from what write-back has written. Only then are pages dropped and decoded code
 * forgotten.
 *
 * <p><b>Limits.</b> Private pages and shared anonymous pages are charged to a {@link
 * dev.svc0.runtime.mm.MemoryAccount} when they are touched. When it is exhausted Linux kills a
 * process of its choice; here it is the one that asks: the fault answers SIGKILL. A single private
 * writable mapping larger than the whole account is refused with ENOMEM, as by Linux's overcommit
 * heuristics. munmap, mremap and madvise answer ENOMEM when children need copies that cannot be
 * charged. The number of host mappings is bounded too ({@code ShownFrames}); frames then take turns
 * in the window.
 *
 * <p>Differs from Linux on purpose: stack and heap lie in the window, and a hint above it is not
 * followed by a private anonymous mapping that may not be accessed, while there is room in the
 * window; who touches more than 512 outer windows, all processes together, is killed as when memory
 * is exhausted; private copies of file pages stay when the file is truncated, and do not follow
 * later writes to the file even where they were only read; MADV_FREE drops pages at once;
 * MADV_REMOVE answers EOPNOTSUPP; there are no huge pages.
 *
 * <p>Does not know files: what a mapping shows is a {@link dev.svc0.runtime.mm.VmBacking}.
 *
 * <p><b>Lock order:</b> the manager's own lock ({@code mmap_lock}); what a backing takes in {@code
 * fault}, {@code pageMkwrite}, {@code attach} and {@code detach}; the page lock of the family of
 * address spaces, which backings enter through {@link dev.svc0.runtime.mm.VmMapping} with their own
 * locks held; what {@code unpin} takes. Copies to and from user memory may resolve faults and so
 * take the manager's lock: nobody who holds a lock that a backing takes may make one, except with
 * {@link dev.svc0.runtime.mm.UserMemory#copyFromUserInatomic}.
 */
@NullMarked
package dev.svc0.runtime.mm;

import org.jspecify.annotations.NullMarked;
