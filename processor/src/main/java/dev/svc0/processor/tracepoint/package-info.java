/**
 * From an interface with {@link dev.svc0.annotation.TracepointSet} to the class that fires its
 * events: {@link dev.svc0.processor.tracepoint.TracepointProcessor} finds the sets and writes the
 * service entries, {@link dev.svc0.processor.tracepoint.TracepointModel} is a checked event, {@link
 * dev.svc0.processor.tracepoint.TracepointEmitter} writes the class.
 */
@NullMarked
package dev.svc0.processor.tracepoint;

import org.jspecify.annotations.NullMarked;
