package dev.svc0.runtime.vfs;

/**
 * Something that registers itself with a VFS when the kernel starts: device drivers' nodes, pipes,
 * kinds of files that are not in a file system. Found through {@link java.util.ServiceLoader}.
 * <i>Linux:</i> module_init.
 */
public interface VfsModule {
  /** Registers with {@link Vfs#specialFiles} and keeps nothing static. */
  void init(Vfs vfs);
}
