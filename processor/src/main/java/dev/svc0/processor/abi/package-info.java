/** Generates constants and struct layouts from the pinned kernel data. */
@NullMarked
package dev.svc0.processor.abi;

import org.jspecify.annotations.NullMarked;
