/** Files, inodes, dentries, mounts, path walk. */
@NullMarked
package dev.svc0.runtime.vfs;

import org.jspecify.annotations.NullMarked;
