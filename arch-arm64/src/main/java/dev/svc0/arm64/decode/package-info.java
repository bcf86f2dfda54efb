/**
 * From instruction words to what an engine executes: decoded code by page ({@link
 * dev.svc0.arm64.decode.CodeCache}, {@link dev.svc0.arm64.decode.CodePage}) and the decoder that
 * fills it ({@link dev.svc0.arm64.decode.PreDecoder}).
 *
 * <p>Each instruction becomes one {@code long}, decoded when it is first reached. Code that the
 * guest changes is forgotten when it says so (IC IVAU) or when its mapping changes.
 *
 * <p><b>Lock order:</b> the cache's lock, then a page's lock. The memory manager calls in with its
 * own lock held; nothing here calls out to it with a lock held.
 */
@NullMarked
package dev.svc0.arm64.decode;

import org.jspecify.annotations.NullMarked;
