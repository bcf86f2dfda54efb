/**
 * The bytes of ext2 and ext4 on disk, apart from what is done with them: where each field lies,
 * what the feature bits mean, and which values can be believed.
 *
 * <p>Main types: the {@code …Layout} classes (offsets and constants with the kernel's names),
 * {@link dev.svc0.fs.extformat.Disk} (little-endian fields at a host address), {@link
 * dev.svc0.fs.extformat.RawSuperBlock} (a superblock as read, nothing believed), {@link
 * dev.svc0.fs.extformat.ExtGeometry} (what follows from a superblock that was checked field by
 * field) and {@link dev.svc0.fs.extformat.Bitmap}.
 *
 * <p>Takes no lock and does no I/O. Does not know a file system's policies: which features a driver
 * can handle is the driver's to say.
 */
@NullMarked
package dev.svc0.fs.extformat;

import org.jspecify.annotations.NullMarked;
