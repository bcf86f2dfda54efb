/**
 * Files inside disk images and what is moved in and out of them: {@link
 * dev.svc0.cli.image.ImageFiles} reaches them with system calls as any program would; {@link
 * dev.svc0.cli.image.TarImport} and {@link dev.svc0.cli.image.TarExport} bring whole trees in and
 * out; {@link dev.svc0.cli.image.DebRoot} makes a root of Debian packages, which {@link
 * dev.svc0.cli.image.AptDownload} may have fetched.
 *
 * <p>Names inside an image have one character a byte (ISO 8859-1). Errors are {@link
 * java.io.IOException}s with a sentence that names the file.
 *
 * <p>Does not know the command line, nor how an image is mounted: whoever calls brings a machine
 * whose root is the image.
 */
@NullMarked
package dev.svc0.cli.image;

import org.jspecify.annotations.NullMarked;
