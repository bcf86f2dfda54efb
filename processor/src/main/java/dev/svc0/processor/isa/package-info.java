/**
 * The instruction set as data: reads a specification ({@link dev.svc0.processor.isa.IsaSpec}),
 * checks it ({@link dev.svc0.processor.isa.IsaProcessor}) and writes the decoder as a tree of
 * switches ({@link dev.svc0.processor.isa.DecoderEmitter}).
 *
 * <p>Knows nothing of what instructions do.
 */
@NullMarked
package dev.svc0.processor.isa;

import org.jspecify.annotations.NullMarked;
