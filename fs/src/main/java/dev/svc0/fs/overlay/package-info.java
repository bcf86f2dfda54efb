/**
 * A read-only folder of the host with a tmpfs in front: everything can be changed, and nothing of
 * it reaches the host.
 *
 * <p>Main types: {@link dev.svc0.fs.overlay.OverlayType}, {@link
 * dev.svc0.fs.overlay.OverlaySuperBlock}, {@link dev.svc0.fs.overlay.OverlayInode} (what lies below
 * a name in each layer), {@link dev.svc0.fs.overlay.CopyUp}.
 *
 * <p>The upper layer looks as Linux's overlayfs leaves it: a removed name is a character device
 * 0/0, a directory that hides the one below has the attribute {@code trusted.overlay.opaque}.
 *
 * <p>As in Linux: a directory that has something below cannot be renamed (−EXDEV, programs copy it
 * then), memory mappings of a file made before it was first changed go on showing the old content,
 * and hard links of the lower layer are separate files once one is changed.
 *
 * <p><b>Lock order:</b> inode locks of the overlay, the copy-up lock, then whatever the layers
 * take.
 */
@NullMarked
package dev.svc0.fs.overlay;

import org.jspecify.annotations.NullMarked;
