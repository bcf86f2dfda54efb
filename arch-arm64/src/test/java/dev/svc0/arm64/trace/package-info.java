/** Traces of programs on a whole machine: that all outputs tell the same. */
@NullMarked
package dev.svc0.arm64.trace;

import org.jspecify.annotations.NullMarked;
