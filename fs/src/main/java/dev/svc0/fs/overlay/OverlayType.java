package dev.svc0.fs.overlay;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.SuperBlock;
import dev.svc0.runtime.vfs.Vfs;

/**
 * The kind of file system {@code overlay}. Source and options are those of the lower layer, which
 * is a host folder mounted read-only.
 */
@AutoService(FileSystemType.class)
public final class OverlayType implements FileSystemType {
  private static final String LOWER = "hostfs";
  private static final String UPPER = "tmpfs";

  @Override
  public String name() {
    return "overlay";
  }

  @Override
  public boolean requiresDevice() {
    return false;
  }

  @Override
  public SuperBlock mount(MountRequest request) throws MountException {
    Vfs vfs = request.vfs();
    long readOnly = request.flags() | MountFlags.MS_RDONLY;
    SuperBlock lower =
        typeOf(vfs, LOWER)
            .mount(new MountRequest(vfs, request.source(), null, readOnly, request.options()));
    SuperBlock upper = typeOf(vfs, UPPER).mount(new MountRequest(vfs, UPPER, null, 0, "mode=755"));
    return new OverlaySuperBlock(this, request, lower, upper);
  }

  private static FileSystemType typeOf(Vfs vfs, String name) throws MountException {
    FileSystemType type = vfs.type(name);
    if (type == null) {
      throw new MountException(Errno.ENODEV, "overlay needs the file system '" + name + "'");
    }
    return type;
  }
}
