/**
 * What the processor writes beside each class of handlers, so that a table compiled later, in
 * another module, finds them on its class path. Nobody writes these by hand.
 */
@NullMarked
package dev.svc0.annotation.index;

import org.jspecify.annotations.NullMarked;
