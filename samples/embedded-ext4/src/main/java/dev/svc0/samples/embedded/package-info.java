/** A Java program whose files are in a disk image. */
@NullMarked
package dev.svc0.samples.embedded;

import org.jspecify.annotations.NullMarked;
