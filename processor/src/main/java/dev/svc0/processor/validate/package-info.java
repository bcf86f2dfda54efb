/**
 * Judges what was parsed, against the pinned tables and against each other: {@link
 * dev.svc0.processor.validate.HandlerValidator} one method, {@link
 * dev.svc0.processor.validate.Duplicates} all of them together.
 */
@NullMarked
package dev.svc0.processor.validate;

import org.jspecify.annotations.NullMarked;
