/**
 * The processor as one guest thread sees it: its registers ({@link dev.svc0.arm64.cpu.Cpu}), its
 * access to the memory of its process ({@link dev.svc0.arm64.cpu.GuestMemory}), the exceptions it
 * takes, and what an execution engine must do ({@link dev.svc0.arm64.cpu.Engine}).
 *
 * <p>An engine runs instructions until an exception is taken to EL1. It then leaves the preferred
 * return address in {@code pc}, the syndrome in {@code esr} and the fault address in {@code far},
 * and returns the offset of the vector. Everything at EL1 is somebody else's.
 *
 * <p>Locks: none. A {@code Cpu} belongs to one thread; other threads may only set its interrupt
 * request.
 */
@NullMarked
package dev.svc0.arm64.cpu;

import org.jspecify.annotations.NullMarked;
