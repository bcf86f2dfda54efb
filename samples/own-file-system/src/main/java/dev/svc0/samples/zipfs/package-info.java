/** A file system of one's own: what is in a zip file, read-only. */
@NullMarked
package dev.svc0.samples.zipfs;

import org.jspecify.annotations.NullMarked;
