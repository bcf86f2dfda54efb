/**
 * The block layer: {@link dev.svc0.runtime.block.Bio} (what to move), {@link
 * dev.svc0.runtime.block.Request} (bios merged for a driver), {@link
 * dev.svc0.runtime.block.RequestQueue} (plug, merge, schedule, complete), {@link
 * dev.svc0.runtime.block.BlockDevice} (a disk or a part of it, with its own page cache), and {@link
 * dev.svc0.runtime.block.BlockDriver}, which a driver implements.
 *
 * <p>A driver has one hardware queue or several, each with its own tags; a thread always submits to
 * the same one.
 *
 * <p>Sectors are 512 bytes, always. A completion may run on any thread and must not block.
 *
 * <p>Does not know drivers: they are found through {@link java.util.ServiceLoader} as {@link
 * dev.svc0.runtime.block.BlockDriverType}.
 */
@NullMarked
package dev.svc0.runtime.block;

import org.jspecify.annotations.NullMarked;
