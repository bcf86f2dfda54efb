/**
 * System calls between the vector and the handlers.
 *
 * <p>{@link dev.svc0.runtime.syscall.SyscallDispatch} is what a table offers; {@link
 * dev.svc0.runtime.syscall.TableDispatch} is what all generated tables share: counting ({@link
 * dev.svc0.runtime.syscall.SyscallStatistics}), hooks ({@link
 * dev.svc0.runtime.syscall.SyscallHooks}: filters, tracers, listeners, in this order), the one
 * boundary where an exception becomes an errno, and handlers that join at run time ({@link
 * dev.svc0.runtime.syscall.SyscallModule}, {@link dev.svc0.runtime.syscall.SyscallJar}). {@link
 * dev.svc0.runtime.syscall.SyscallInfo} is what is known about each call; {@link
 * dev.svc0.runtime.syscall.SyscallResult} has the results that are no plain value.
 *
 * <p>A call of a number that nobody looks at costs a bounds check, a count of its thread's own, one
 * word of the hooks, and the generated switch; nothing is allocated and no lock is taken. Latency
 * is sampled, because reading the clock costs more than a trivial call.
 *
 * <p><i>Locks:</i> {@code TableDispatch} (joining) → {@code SyscallStatistics}; {@code
 * SyscallHooks} stands alone. None is held while a handler or a hook runs.
 *
 * <p>Does not define any call: those are in {@code calls} and wherever a module defines its own.
 * Does not restart calls: the architecture's return to user does.
 */
@NullMarked
package dev.svc0.runtime.syscall;

import org.jspecify.annotations.NullMarked;
