/**
 * The network block device: a disk on a server that speaks NBD, over TCP or a Unix socket.
 * <i>Linux:</i> drivers/block/nbd.c and nbd-client. <i>Source:</i> the NBD protocol document: fixed
 * newstyle negotiation with NBD_OPT_GO, simple replies.
 *
 * <p>Main type: {@link dev.svc0.fs.nbd.NbdType}. One thread sends, one receives. A connection that
 * is lost fails everything under way with EIO; it is not made again. TLS is not supported.
 */
@NullMarked
package dev.svc0.fs.nbd;

import org.jspecify.annotations.NullMarked;
