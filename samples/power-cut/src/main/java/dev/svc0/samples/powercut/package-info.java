/** A logger whose disk loses power, again and again, and a table of what was there afterwards. */
@NullMarked
package dev.svc0.samples.powercut;

import org.jspecify.annotations.NullMarked;
