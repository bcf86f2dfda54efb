package dev.svc0.fs.procfs;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.abi.FsMagic;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.SuperBlock;

/** The kind of file system {@code sysfs}: see {@link SysBlock}. */
@AutoService(FileSystemType.class)
public final class SysType implements FileSystemType {
  private static final int PAGE_SIZE = 4096;

  @Override
  public String name() {
    return "sysfs";
  }

  @Override
  public boolean requiresDevice() {
    return false;
  }

  @Override
  public SuperBlock mount(MountRequest request) {
    ProcNode top = new SysRoot(request.vfs()).node();
    return new ProcSuperBlock(this, request, top, FsMagic.SYSFS_MAGIC, PAGE_SIZE);
  }
}
