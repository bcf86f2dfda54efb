package dev.svc0.fs.ext2;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.SuperBlock;

/** The file system {@code ext2}. */
@AutoService(FileSystemType.class)
public final class Ext2FileSystemType implements FileSystemType {
  @Override
  public String name() {
    return "ext2";
  }

  @Override
  public boolean requiresDevice() {
    return true;
  }

  @Override
  public SuperBlock mount(MountRequest request) throws MountException {
    return new Ext2Mounter(this, request).fillSuper();
  }
}
