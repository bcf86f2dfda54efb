/**
 * The frame that a signal handler finds on its stack, and the way back: {@link
 * dev.svc0.arm64.signal.SignalFrame}. The layout is ABI; debuggers and unwinders read it too.
 */
@NullMarked
package dev.svc0.arm64.signal;

import org.jspecify.annotations.NullMarked;
