/**
 * Records of what the layers do, and the live instrumentation of their methods.
 *
 * <p>Life of a trace: a {@link dev.svc0.runtime.trace.TraceSelection} says which methods; {@link
 * dev.svc0.runtime.trace.TraceSession#start} weaves advice into them in the running JVM. A woven
 * method calls {@link dev.svc0.runtime.trace.Tracer}, which puts fixed-size binary records into the
 * {@link dev.svc0.runtime.trace.TraceRing} of its thread. {@link
 * dev.svc0.runtime.trace.TraceSession#stop} takes the advice out again, so that every method has
 * the instructions it had before, and returns a {@link dev.svc0.runtime.trace.TraceCapture}, which
 * the renderers in {@code trace.format} read: encode now, format later.
 *
 * <p>Whatever could not be recorded is counted per ring, and {@link
 * dev.svc0.runtime.trace.TraceCapture#verdict} says so in every output.
 *
 * <p><i>Locks:</i> a ring is written by its own thread alone and without a lock; {@link
 * dev.svc0.runtime.trace.TraceSession} has one lock for starting and stopping, taken with no lock
 * of any layer held. The advice takes none.
 *
 * <p>Beside the woven methods there are {@link dev.svc0.runtime.trace.TracePoint}s, compiled in and
 * off: a layer fires them through classes generated from interfaces with {@link
 * dev.svc0.annotation.TracepointSet}, and a session switches on those that it wants.
 *
 * <p>Classes that were woven when they were built, by {@link dev.svc0.runtime.trace.TracePlugin},
 * record in every session whose selection has their methods. A long recording may send its records
 * to a file ({@link dev.svc0.runtime.trace.TraceSession.Options#spoolingTo}), or leave none and
 * only add up what each layer takes for itself ({@link dev.svc0.runtime.trace.LayerTimes}).
 *
 * <p>What is woven, and the tables of methods and points, belong to the JVM, not to a kernel: one
 * session at a time records all kernels in it. Nothing here knows a layer above.
 */
@NullMarked
package dev.svc0.runtime.trace;

import org.jspecify.annotations.NullMarked;
