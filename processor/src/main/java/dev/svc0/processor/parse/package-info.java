/**
 * From the compiler's elements to the model: {@link dev.svc0.processor.parse.HandlerParser} reads
 * annotated methods, {@link dev.svc0.processor.parse.IndexReader} the indexes other modules left on
 * the class path. Judges nothing.
 */
@NullMarked
package dev.svc0.processor.parse;

import org.jspecify.annotations.NullMarked;
