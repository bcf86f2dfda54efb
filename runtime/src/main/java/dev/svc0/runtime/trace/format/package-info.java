/**
 * What a capture looks like to people and to other tools: function graph and more to come. Each
 * renderer reads a {@link dev.svc0.runtime.trace.TraceCapture} and writes characters or bytes; none
 * keeps a trace or touches what is traced.
 */
@NullMarked
package dev.svc0.runtime.trace.format;

import org.jspecify.annotations.NullMarked;
