package dev.svc0.fs.ext4;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.SuperBlock;

/** The file system {@code ext4}. */
@AutoService(FileSystemType.class)
public final class Ext4FileSystemType implements FileSystemType {
  @Override
  public String name() {
    return "ext4";
  }

  @Override
  public boolean requiresDevice() {
    return true;
  }

  @Override
  public SuperBlock mount(MountRequest request) throws MountException {
    return new Ext4Mounter(this, request).fillSuper();
  }
}
