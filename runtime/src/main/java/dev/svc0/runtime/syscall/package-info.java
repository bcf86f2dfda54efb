/**
 * The dispatch contract: what a generated table offers ({@link
 * dev.svc0.runtime.syscall.SyscallDispatch}), what is known about each call ({@link
 * dev.svc0.runtime.syscall.SyscallInfo}), and results that are no plain value ({@link
 * dev.svc0.runtime.syscall.SyscallResult}).
 *
 * <p>Does not define any call: those are in {@code calls} and wherever a module defines its own.
 */
@NullMarked
package dev.svc0.runtime.syscall;

import org.jspecify.annotations.NullMarked;
