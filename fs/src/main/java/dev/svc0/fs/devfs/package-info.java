/**
 * /dev: a tmpfs with the nodes of all devices, and the character devices that are part of every
 * Linux ({@link dev.svc0.fs.devfs.MemoryDevices}: null, zero, full, random, urandom, kmsg) and
 * terminals ({@link dev.svc0.fs.devfs.TtyDevices}).
 *
 * <p>Nodes of disks come from {@link dev.svc0.runtime.block.BlockDevices} when it is mounted; what
 * opens them is registered by the block device module. Slaves of pseudo-terminals are in {@code
 * devpts}.
 */
@NullMarked
package dev.svc0.fs.devfs;

import org.jspecify.annotations.NullMarked;
