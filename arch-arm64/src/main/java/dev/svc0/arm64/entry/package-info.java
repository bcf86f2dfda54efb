/**
 * What happens at EL1 when a program takes an exception: the vector table ({@link
 * dev.svc0.arm64.entry.Vectors}), what each exception class means ({@link
 * dev.svc0.arm64.entry.El0Sync}), system calls ({@link dev.svc0.arm64.entry.El0Svc}), and the work
 * before the program goes on ({@link dev.svc0.arm64.entry.ReturnToUser}).
 *
 * <p>Names follow arch/arm64/kernel/entry-common.c. Each guest thread runs all of it on its own
 * host thread; there are no locks here.
 */
@NullMarked
package dev.svc0.arm64.entry;

import org.jspecify.annotations.NullMarked;
