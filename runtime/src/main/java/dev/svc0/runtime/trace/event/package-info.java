/**
 * The tracepoints of the kernel core: one interface a subsystem, from which the class that fires
 * them is generated. Names and fields are the kernel's where it has such a point; what it has not
 * is said in the event's comment.
 *
 * <p>A device is an {@code int}, {@code major << 20 | minor}. Fields that the kernel has not:
 * {@code id}, the same for all events of one bio or request that follow each other in time; {@code
 * last_op}, the last operation that wrote the data, when that is another one than the cause.
 */
@NullMarked
package dev.svc0.runtime.trace.event;

import org.jspecify.annotations.NullMarked;
