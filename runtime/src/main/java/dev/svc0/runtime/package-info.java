/**
 * The kernel core, knowing neither an architecture nor a file system.
 *
 * <p>Packages from the ground up; an import only points to a line further up:
 *
 * <ol>
 *   <li>{@code abi} numbers and layouts, generated
 *   <li>{@code sched} how a thread sleeps and is woken, and which operation it works for
 *   <li>{@code trace} records of what the layers do
 *   <li>{@code mm} host memory, page frames, the memory of a process, user access
 *   <li>{@code pagecache} folios, address spaces, write-back
 *   <li>{@code block} bios, requests, queues, devices
 *   <li>{@code buffer} buffer heads: blocks smaller than a page
 *   <li>{@code iomap} buffered and direct I/O for file systems that map extents
 *   <li>{@code vfs} files, inodes, dentries, mounts, path walk
 *   <li>{@code net} sockets: unix, TCP and UDP on the guest's own loopback
 *   <li>{@code ipc} System V semaphores, shared memory, messages
 *   <li>{@code task} processes, threads, signals, program loading
 *   <li>{@code tty} terminals: the line discipline, pseudo-terminals
 *   <li>{@code syscall} the dispatch contract
 *   <li>{@code calls} the system calls themselves, a class a family
 * </ol>
 */
@NullMarked
package dev.svc0.runtime;

import org.jspecify.annotations.NullMarked;
