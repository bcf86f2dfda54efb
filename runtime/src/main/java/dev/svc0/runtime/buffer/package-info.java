/** Buffer heads: blocks smaller than a page. */
@NullMarked
package dev.svc0.runtime.buffer;

import org.jspecify.annotations.NullMarked;
