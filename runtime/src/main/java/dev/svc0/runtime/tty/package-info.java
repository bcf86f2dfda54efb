/**
 * Terminals: {@link dev.svc0.runtime.tty.Tty} is one, with its session, its window size and its
 * line discipline ({@link dev.svc0.runtime.tty.NTty}); what stands behind it is a {@link
 * dev.svc0.runtime.tty.TtyDriver}: the terminal that svc0 itself was started in ({@link
 * dev.svc0.runtime.tty.HostTerminal}) or the other end of a pair ({@link
 * dev.svc0.runtime.tty.PtyPair}, found by number in {@link dev.svc0.runtime.tty.PtyTable}). Open
 * files of them are served by {@link dev.svc0.runtime.tty.TtyFileOperations} and {@link
 * dev.svc0.runtime.tty.PtyMasterOperations}, their control calls by {@link
 * dev.svc0.runtime.tty.TtyIoctl}, who may use them by {@link dev.svc0.runtime.tty.TtyJobControl}.
 *
 * <p>The host's terminal is in raw mode all the time: editing, echo and signals are the guest's own
 * line discipline's.
 *
 * <p><b>Lock order:</b> the kernel's task list lock, then the monitor of a {@link
 * dev.svc0.runtime.tty.Tty}, which also protects its line discipline and the buffer of its pair.
 * Nobody sleeps, sends a signal or touches user memory with that monitor held; what a typed
 * character is to signal is collected and sent afterwards.
 *
 * <p>Not there: other line disciplines, modem lines, delays of slow printers, {@code struct termio}
 * of System V, SIGIO, and master ends opened through TIOCGPTPEER.
 */
@NullMarked
package dev.svc0.runtime.tty;

import org.jspecify.annotations.NullMarked;
