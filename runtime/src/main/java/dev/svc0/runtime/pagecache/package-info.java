/** Folios, address spaces, write-back. */
@NullMarked
package dev.svc0.runtime.pagecache;

import org.jspecify.annotations.NullMarked;
