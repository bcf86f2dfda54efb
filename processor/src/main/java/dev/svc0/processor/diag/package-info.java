/**
 * Errors for the person who wrote the handler: {@link dev.svc0.processor.diag.Tag} is the stable
 * part that tools and tests look for, {@link dev.svc0.processor.diag.Diagnostics} puts it on the
 * element.
 */
@NullMarked
package dev.svc0.processor.diag;

import org.jspecify.annotations.NullMarked;
