package dev.svc0.runtime.net;

import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.CmsghdrLayout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.abi.SocketLevel;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ancillary data that a program sends. <i>Linux:</i> __scm_send, __sock_cmsg_send. */
final class ControlReader {
  private static final int ALIGN = 8;

  private ControlReader() {}

  /** One header with its data. */
  private record Part(int level, int type, ByteBuffer data) {}

  /** The parts, or null when a length is impossible. */
  private static @Nullable List<Part> parts(byte[] control) {
    ByteBuffer in = ByteBuffer.wrap(control).order(ByteOrder.LITTLE_ENDIAN);
    List<Part> parts = new ArrayList<>();
    int at = 0;
    while (control.length - at >= CmsghdrLayout.SIZE) {
      long length = in.getLong(at + CmsghdrLayout.cmsg_len);
      if (length < CmsghdrLayout.SIZE || length > control.length - at) {
        return null;
      }
      ByteBuffer data =
          in.slice(at + CmsghdrLayout.SIZE, (int) length - CmsghdrLayout.SIZE)
              .order(ByteOrder.LITTLE_ENDIAN);
      parts.add(
          new Part(
              in.getInt(at + CmsghdrLayout.cmsg_level),
              in.getInt(at + CmsghdrLayout.cmsg_type),
              data));
      at += ((int) length + ALIGN - 1) & -ALIGN;
    }
    return parts;
  }

  /** What the unix domain sends along; null with −errno in error[0]. */
  static @Nullable Scm unix(Caller caller, byte @Nullable [] control, long[] error) {
    Scm sender = Scm.of(caller);
    if (control == null || control.length == 0) {
      return sender;
    }
    List<Part> parts = parts(control);
    if (parts == null) {
      error[0] = -Errno.EINVAL;
      return null;
    }
    List<File> files = new ArrayList<>();
    for (Part part : parts) {
      if (part.level() != Socket.SOL_SOCKET) {
        continue;
      }
      if (part.type() == SocketLevel.SCM_RIGHTS) {
        error[0] = takeFiles(caller, part.data(), files);
      } else if (part.type() == SocketLevel.SCM_CREDENTIALS) {
        sender = credentials(caller, part.data(), error);
      } else {
        error[0] = -Errno.EINVAL;
      }
      if (error[0] != 0 || sender == null) {
        files.forEach(File::put);
        return null;
      }
    }
    return new Scm(sender.pid(), sender.uid(), sender.gid(), List.copyOf(files));
  }

  private static long takeFiles(Caller caller, ByteBuffer data, List<File> files) {
    int count = data.remaining() / Integer.BYTES;
    if (count + files.size() > Scm.MAX_FILES) {
      return -Errno.EINVAL;
    }
    for (int i = 0; i < count; i++) {
      File file = caller.files().fdgetRaw(data.getInt(i * Integer.BYTES));
      if (file == null) {
        return -Errno.EBADF;
      }
      files.add(file);
    }
    return 0;
  }

  private static @Nullable Scm credentials(Caller caller, ByteBuffer data, long[] error) {
    if (data.remaining() != 12) {
      error[0] = -Errno.EINVAL;
      return null;
    }
    int pid = data.getInt(0);
    int uid = data.getInt(4);
    int gid = data.getInt(8);
    Cred cred = caller.cred();
    boolean pidOk = pid == caller.pid() || cred.capable(Capability.CAP_SYS_ADMIN);
    boolean uidOk =
        uid == cred.uid()
            || uid == cred.euid()
            || uid == cred.suid()
            || cred.capable(Capability.CAP_SETUID);
    boolean gidOk =
        gid == cred.gid()
            || gid == cred.egid()
            || gid == cred.sgid()
            || cred.capable(Capability.CAP_SETGID);
    if (!pidOk || !uidOk || !gidOk) {
      error[0] = -Errno.EPERM;
      return null;
    }
    return new Scm(pid, uid, gid, List.of());
  }

  /** Checks what an internet socket sends along; nothing of it changes a loopback packet. */
  static long inet(byte @Nullable [] control) {
    if (control == null || control.length == 0) {
      return 0;
    }
    List<Part> parts = parts(control);
    if (parts == null) {
      return -Errno.EINVAL;
    }
    for (Part part : parts) {
      boolean ignored =
          part.level() == SocketLevel.SOL_IP
              || part.level() == SocketLevel.SOL_IPV6
              || part.level() == SocketLevel.SOL_TCP
              || part.level() == Socket.SOL_SOCKET;
      if (!ignored) {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }
}
