package dev.svc0.runtime.net;

import dev.svc0.runtime.abi.CmsghdrLayout;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.abi.SocketLevel;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Ancillary data for a program, as {@code struct cmsghdr} after {@code struct cmsghdr}. */
public final class ControlBuffer {
  private static final int ALIGN = 8;
  private static final int MOST = 1 << 16;

  private final ByteBuffer out;
  private final int room;
  private int used;

  /** Room for so many bytes. */
  public ControlBuffer(long bytes) {
    room = (int) Math.min(Math.max(bytes, 0), MOST);
    out = ByteBuffer.allocate(room).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Bytes used. */
  public int used() {
    return used;
  }

  /** What was put, in an array that may be longer. */
  public byte[] bytes() {
    return out.array();
  }

  private static int align(int bytes) {
    return (bytes + ALIGN - 1) & -ALIGN;
  }

  /** Adds one; what does not fit is cut, and the message says so. <i>Linux:</i> put_cmsg. */
  void put(Msg msg, int level, int type, byte[] data) {
    if (room - used < CmsghdrLayout.SIZE) {
      msg.resultFlags |= Socket.MSG_CTRUNC;
      return;
    }
    int length = CmsghdrLayout.SIZE + data.length;
    if (room - used < length) {
      msg.resultFlags |= Socket.MSG_CTRUNC;
      length = room - used;
    }
    putHeader(length, level, type);
    out.put(used + CmsghdrLayout.SIZE, data, 0, length - CmsghdrLayout.SIZE);
    used += Math.min(align(CmsghdrLayout.SIZE + data.length), room - used);
  }

  private void putHeader(int length, int level, int type) {
    out.putLong(used + CmsghdrLayout.cmsg_len, length);
    out.putInt(used + CmsghdrLayout.cmsg_level, level);
    out.putInt(used + CmsghdrLayout.cmsg_type, type);
  }

  void putCredentials(Msg msg, int pid, int uid, int gid) {
    ByteBuffer data = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(pid).putInt(uid).putInt(gid);
    put(msg, Socket.SOL_SOCKET, SocketLevel.SCM_CREDENTIALS, data.array());
  }

  /**
   * Gives the receiver descriptors, as many as fit; each gets a reference of its own. <i>Linux:</i>
   * scm_detach_fds.
   */
  void putFiles(Msg msg, List<File> files) {
    int most = Math.max(0, (room - used - CmsghdrLayout.SIZE) / Integer.BYTES);
    int given = 0;
    for (File file : files.subList(0, Math.min(most, files.size()))) {
      int fd = receiveFd(msg, file);
      if (fd < 0) {
        break;
      }
      out.putInt(used + CmsghdrLayout.SIZE + given * Integer.BYTES, fd);
      given++;
    }
    if (given > 0) {
      int length = CmsghdrLayout.SIZE + given * Integer.BYTES;
      putHeader(length, Socket.SOL_SOCKET, SocketLevel.SCM_RIGHTS);
      used += Math.min(align(length), room - used);
    }
    if (given < files.size()) {
      msg.resultFlags |= Socket.MSG_CTRUNC;
    }
  }

  private static int receiveFd(Msg msg, File file) {
    Caller caller = msg.caller;
    boolean cloexec = msg.has(Socket.MSG_CMSG_CLOEXEC);
    int fd = caller.files().install(file.get(), 0, cloexec, caller.rlimit(Rlimits.RLIMIT_NOFILE));
    if (fd < 0) {
      file.put();
    }
    return fd;
  }
}
