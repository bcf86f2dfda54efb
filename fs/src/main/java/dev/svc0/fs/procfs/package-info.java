/**
 * /proc: what programs read about processes and the machine.
 *
 * <p>A tree of {@link dev.svc0.fs.procfs.ProcNode}s, made when they are looked up: directories,
 * texts (made anew when read from the start) and links. Which nodes there are is said in {@link
 * dev.svc0.fs.procfs.ProcRoot} and {@link dev.svc0.fs.procfs.ProcPid}; their contents are made in
 * {@link dev.svc0.fs.procfs.SystemText}, {@link dev.svc0.fs.procfs.ProcessText} and {@link
 * dev.svc0.fs.procfs.MountText}.
 *
 * <p>Names are asked again at each use: processes and descriptors come and go. Takes no lock of its
 * own.
 *
 * <p>Does not let other processes' memory be read or written, and has no /proc/net.
 */
@NullMarked
package dev.svc0.fs.procfs;

import org.jspecify.annotations.NullMarked;
