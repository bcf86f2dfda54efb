package dev.svc0.fs.devpts;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.tty.PtyTable;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.SuperBlock;

/** The kind of file system {@code devpts}, and the pseudo-terminals of its kernel. */
@AutoService(FileSystemType.class)
public final class DevptsType implements FileSystemType {
  private static final int DEFAULT_MODE = 0600;
  private static final int OCTAL = 8;

  private final PtyTable table = new PtyTable();

  /** What the slaves are owned by and allow; −1 for the opener's ids. */
  record Options(int uid, int gid, int mode, int ptmxMode) {}

  @Override
  public String name() {
    return "devpts";
  }

  @Override
  public boolean requiresDevice() {
    return false;
  }

  /** The pairs. */
  public PtyTable table() {
    return table;
  }

  @Override
  public SuperBlock mount(MountRequest request) throws MountException {
    return new DevptsSuperBlock(this, request, parse(request.options()), table);
  }

  private static Options parse(String text) throws MountException {
    int uid = -1;
    int gid = -1;
    int mode = DEFAULT_MODE;
    int ptmxMode = 0;
    for (String option : text.split(",", -1)) {
      int equals = option.indexOf('=');
      String value = option.substring(equals + 1);
      try {
        switch (equals < 0 ? option : option.substring(0, equals)) {
          case "uid" -> uid = Integer.parseUnsignedInt(value);
          case "gid" -> gid = Integer.parseUnsignedInt(value);
          case "mode" -> mode = Integer.parseInt(value, OCTAL) & 07777;
          case "ptmxmode" -> ptmxMode = Integer.parseInt(value, OCTAL) & 07777;
          case "", "newinstance" -> {}
          default -> throw new MountException(Errno.EINVAL, "unknown option " + option);
        }
      } catch (NumberFormatException e) {
        throw new MountException(Errno.EINVAL, "no number: " + option);
      }
    }
    return new Options(uid, gid, mode, ptmxMode);
  }
}
