/** A JUnit extension that runs arm64 programs inside a test and tells what they did. */
@NullMarked
package dev.svc0.samples.junit;

import org.jspecify.annotations.NullMarked;
