/** Records of what the layers do, and the live instrumentation of their methods. */
@NullMarked
package dev.svc0.runtime.trace;

import org.jspecify.annotations.NullMarked;
