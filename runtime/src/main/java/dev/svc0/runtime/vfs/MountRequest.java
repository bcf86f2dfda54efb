package dev.svc0.runtime.vfs;

import dev.svc0.runtime.block.BlockDevice;
import org.jspecify.annotations.Nullable;

/**
 * What is to be mounted, and how.
 *
 * @param vfs the kernel's VFS: frames, flusher, clock, devices
 * @param source what mount(2) names as source: a device path, a host folder, or any word
 * @param device the block device, for types that require one
 * @param flags MS_ bits (MS_RDONLY …)
 * @param options the option string, comma-separated, for example {@code size=16m,mode=755}
 */
public record MountRequest(
    Vfs vfs, String source, @Nullable BlockDevice device, long flags, String options) {}
