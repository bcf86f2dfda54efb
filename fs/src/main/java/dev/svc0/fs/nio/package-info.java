/**
 * Disk images as {@link java.nio.file.FileSystem}s: a Java program reads and writes ext2 and ext4
 * images with the calls of {@link java.nio.file.Files}, with no guest and no rights.
 *
 * <pre>{@code
 * try (FileSystem image = FileSystems.newFileSystem(URI.create("svc0:/tmp/disk.ext4"), Map.of())) {
 *   Files.writeString(image.getPath("/etc/motd"), "hello");
 * }
 * }</pre>
 *
 * <p>The provider is found by {@link java.util.ServiceLoader} under the scheme {@code svc0}. A URI
 * names the image and, behind {@code !}, a path in it: {@code svc0:/tmp/disk.ext4!/etc/motd}. The
 * environment may have {@code readOnly} (true), {@code type} (ext2, ext4; else by the superblock's
 * features), {@code options} (mount options) and {@code memory} (bytes of page cache).
 *
 * <p>Main types: {@link dev.svc0.fs.nio.ImageFileSystemProvider}, {@code ImageFileSystem} (one
 * kernel without tasks: frames, flusher, one loop disk), {@code ImagePath}, {@code ImageChannel},
 * {@code ImageAttributes}. Views: basic, posix, owner, user, unix. Names are UTF-8 in Java and
 * bytes in the image. All calls act as the super-user.
 *
 * <p><b>Lock order:</b> that of the VFS below; a channel's own lock is outermost.
 *
 * <p>Does not do: watching, memory-mapped files ({@code FileChannel.map}), file locks.
 */
@NullMarked
package dev.svc0.fs.nio;

import org.jspecify.annotations.NullMarked;
