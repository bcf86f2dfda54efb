/**
 * /dev/pts: the slaves of pseudo-terminals by number. {@link dev.svc0.fs.devpts.DevptsType} also
 * keeps the kernel's table of pairs; every mount shows the same one, where Linux gives each mount a
 * table of its own.
 *
 * <p>Options: {@code uid=}, {@code gid=}, {@code mode=} for the slaves, {@code ptmxmode=} for the
 * node {@code ptmx}. Nothing can be created or removed by name.
 */
@NullMarked
package dev.svc0.fs.devpts;

import org.jspecify.annotations.NullMarked;
