/**
 * From the model to files: {@link dev.svc0.processor.emit.IndexEmitter} for each class of handlers,
 * {@link dev.svc0.processor.emit.DispatchEmitter}, {@link dev.svc0.processor.emit.InfoEmitter},
 * {@link dev.svc0.processor.emit.NumbersEmitter} and {@link dev.svc0.processor.emit.HeaderEmitter}
 * for each table. Output depends on the model alone: same input, same bytes.
 */
@NullMarked
package dev.svc0.processor.emit;

import org.jspecify.annotations.NullMarked;
