/** ext4 images from plain Java: a folder goes in and is read back, with java.nio.file alone. */
@NullMarked
package dev.svc0.samples.embedded;

import org.jspecify.annotations.NullMarked;
