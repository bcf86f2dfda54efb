package dev.svc0.fs.tmpfs;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.SuperBlock;

/** The kind of file system {@code tmpfs}. */
@AutoService(FileSystemType.class)
public final class TmpfsType implements FileSystemType {
  @Override
  public String name() {
    return "tmpfs";
  }

  @Override
  public boolean requiresDevice() {
    return false;
  }

  @Override
  public SuperBlock mount(MountRequest request) throws MountException {
    return new TmpfsSuperBlock(this, request, TmpfsOptions.parse(request));
  }
}
