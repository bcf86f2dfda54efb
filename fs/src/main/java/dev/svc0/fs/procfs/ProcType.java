package dev.svc0.fs.procfs;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.ProcessTable;
import dev.svc0.runtime.vfs.SuperBlock;

/** The kind of file system {@code proc}. */
@AutoService(FileSystemType.class)
public final class ProcType implements FileSystemType {
  @Override
  public String name() {
    return "proc";
  }

  @Override
  public boolean requiresDevice() {
    return false;
  }

  @Override
  public SuperBlock mount(MountRequest request) throws MountException {
    ProcessTable table = request.vfs().processes();
    if (table == null) {
      throw new MountException(
          Errno.EINVAL, "proc shows processes, and there is no kernel that has any");
    }
    return new ProcSuperBlock(this, request, new ProcRoot(request.vfs(), table).node());
  }
}
