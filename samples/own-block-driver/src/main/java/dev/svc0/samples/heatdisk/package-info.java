/**
 * A block driver of one's own: a disk in a file that notes which parts of it are used how often.
 */
@NullMarked
package dev.svc0.samples.heatdisk;

import org.jspecify.annotations.NullMarked;
