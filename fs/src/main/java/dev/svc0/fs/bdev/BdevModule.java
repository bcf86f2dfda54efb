package dev.svc0.fs.bdev;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.vfs.Vfs;
import dev.svc0.runtime.vfs.VfsModule;

/** Registers the operations of block device nodes. */
@AutoService(VfsModule.class)
public final class BdevModule implements VfsModule {
  @Override
  public void init(Vfs vfs) {
    vfs.specialFiles().registerBlockDevices(new BdevFileOperations());
  }
}
