package dev.svc0.runtime.vfs;

/** One kind of file system. Found through {@link java.util.ServiceLoader}. */
public interface FileSystemType {
  /** The name for mount(2), for example {@code ext2}. */
  String name();

  /** Whether it lives on a block device; such a one is tried by {@code mount -t auto}. */
  boolean requiresDevice();

  /**
   * Mounts.
   *
   * @throws MountException with the errno and a sentence that says what is wrong and what to do
   */
  SuperBlock mount(MountRequest request) throws MountException;
}
