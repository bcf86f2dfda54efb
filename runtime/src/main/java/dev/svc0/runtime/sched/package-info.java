/**
 * How a thread of the kernel sleeps and is woken, and for which operation it works.
 *
 * <p>{@link dev.svc0.runtime.sched.WaitQueue} is where threads wait for a condition; {@link
 * dev.svc0.runtime.sched.Sleeper} is what a wait asks about signals; {@link
 * dev.svc0.runtime.sched.ThreadState} carries the operation id from a system call down to the bios
 * it causes. {@link dev.svc0.runtime.sched.LockOrder} notices, in tests, when locks are taken in
 * two orders. A wait never holds a lock of a layer above.
 */
@NullMarked
package dev.svc0.runtime.sched;

import org.jspecify.annotations.NullMarked;
