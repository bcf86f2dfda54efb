package dev.svc0.samples.zipfs;

import dev.svc0.fs.hostfs.HostFileSystemType;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.SuperBlock;
import java.io.IOException;
import java.util.zip.ZipFile;

/** The type {@code zipfs}: {@code --mount zipfs:FILE.zip:/mnt}. */
public final class ZipFileSystem implements FileSystemType {
  @Override
  public String name() {
    return "zipfs";
  }

  @Override
  public boolean requiresDevice() {
    return false;
  }

  @Override
  public SuperBlock mount(MountRequest request) throws MountException {
    if (!request.options().equals(HostFileSystemType.TRUSTED)) {
      throw new MountException(Errno.EPERM, "a guest cannot mount a file of the host");
    }
    try {
      return new ZipSuperBlock(this, request, new ZipFile(request.source()));
    } catch (IOException e) {
      throw new MountException(Errno.EINVAL, request.source() + ": " + e.getMessage());
    }
  }
}
