/**
 * A layer over another disk that fails on purpose: errors, writes that are dropped or torn, delays,
 * by rule or by chance with a seed. <i>Linux:</i> dm-flakey, dm-delay.
 *
 * <p>Main types: {@link dev.svc0.fs.flakey.FlakeyType} makes it from options; {@link
 * dev.svc0.fs.flakey.Flakey} takes a {@link dev.svc0.fs.flakey.Flakey.Rule} from a test.
 */
@NullMarked
package dev.svc0.fs.flakey;

import org.jspecify.annotations.NullMarked;
