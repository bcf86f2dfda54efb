package dev.svc0.fs.hostfs;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.SuperBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Mounts a folder, or a single file, of the host. The source is its path.
 *
 * <p>Only whoever builds the kernel may mount one: mount(2) of a guest is refused, as it could name
 * any folder. The option {@code trusted} is what the builder passes, and a guest's options never
 * contain it.
 */
@AutoService(FileSystemType.class)
public final class HostFileSystemType implements FileSystemType {
  /** The mark of a mount that the builder of the kernel asks for. */
  public static final String TRUSTED = "trusted";

  @Override
  public String name() {
    return "hostfs";
  }

  @Override
  public boolean requiresDevice() {
    return false;
  }

  @Override
  public SuperBlock mount(MountRequest request) throws MountException {
    if (!request.options().equals(TRUSTED)) {
      throw new MountException(Errno.EPERM, "a guest cannot mount a folder of the host");
    }
    try {
      Path real = Path.of(request.source()).toRealPath();
      if (!Files.isDirectory(real) && !Files.isRegularFile(real)) {
        throw new MountException(
            Errno.ENOTDIR, request.source() + " is neither a folder nor a plain file of the host");
      }
      return new HostSuperBlock(this, request, real);
    } catch (InvalidPathException | IOException e) {
      throw new MountException(
          Errno.ENOENT, request.source() + " cannot be opened on the host: " + e.getMessage());
    }
  }
}
