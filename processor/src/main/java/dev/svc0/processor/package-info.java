/**
 * The compile-time half of svc0: reads annotated handlers, checks them against the pinned kernel
 * tables, and writes tables, dispatch, constants, header and documentation.
 *
 * <p>Phases, a package each: {@code parse} (elements to records), {@code model} (the records and
 * the pinned kernel data), {@code validate} (records to diagnostics), {@code emit} (records to
 * sources), {@code diag} (tagged diagnostics on elements). {@code abi} is the small processor for
 * constants and struct layouts. A processor never throws: what is wrong becomes a tagged error on
 * its element.
 */
@NullMarked
package dev.svc0.processor;

import org.jspecify.annotations.NullMarked;
