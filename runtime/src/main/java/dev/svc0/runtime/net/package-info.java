/**
 * Sockets: {@link dev.svc0.runtime.net.Sock} (what a protocol supplies), {@link
 * dev.svc0.runtime.net.SocketFile} (the open file on it) and {@link dev.svc0.runtime.net.Net} (who
 * is bound where in one kernel).
 *
 * <p>Families: {@code AF_UNIX} (stream, datagram, seqpacket; path, abstract and unnamed addresses;
 * descriptors and credentials as ancillary data), {@code AF_INET} and {@code AF_INET6} (TCP and UDP
 * between sockets of the same kernel, over its loopback addresses), {@code AF_NETLINK} (the route
 * questions that the C library asks). Any other family is EAFNOSUPPORT.
 *
 * <p>No network of the host is ever touched: a packet to an address that is not a loopback one
 * finds no route (ENETUNREACH). There are no packets either: a sender puts its bytes on the
 * receiver's queue, so nothing is lost, reordered or sent again, and what Linux does after a round
 * trip has happened when the call returns.
 *
 * <p><b>Lock order:</b> a socket's {@code readLock}, then {@link dev.svc0.runtime.net.Net#lock}
 * (who is bound and connected to whom, states), then the monitor of a {@link
 * dev.svc0.runtime.net.SkBuffQueue}. No lock but the {@code readLock} is held while user memory is
 * touched, none while a thread sleeps.
 *
 * <p>What differs from Linux on purpose: the timers of TCP that only matter when packets get lost
 * are not there; descriptors in flight that nobody can reach any more are left to Java's garbage
 * collector.
 */
@NullMarked
package dev.svc0.runtime.net;

import org.jspecify.annotations.NullMarked;
