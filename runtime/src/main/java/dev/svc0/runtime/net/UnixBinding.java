package dev.svc0.runtime.net;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.Mount;
import dev.svc0.runtime.vfs.Namei;
import dev.svc0.runtime.vfs.Permissions;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Names of the unix domain: in the file system, or abstract. */
@Traced(layer = Traced.Layer.VFS)
final class UnixBinding {
  private static final int FAMILY_BYTES = 2;
  private static final int PATH_BYTES = 108;
  private static final int MAY_WRITE = 2;

  private final Inode inode;
  private final Mount mount;

  private UnixBinding(Inode inode, Mount mount) {
    this.inode = inode;
    this.mount = mount;
  }

  /** Reads an address; empty for a family alone, null with −errno in error[0]. */
  static SockAddr.@Nullable Unix parse(byte[] bytes, long[] error) {
    if (bytes.length < FAMILY_BYTES
        || bytes.length > FAMILY_BYTES + PATH_BYTES
        || SockAddr.familyOf(bytes) != Socket.AF_UNIX) {
      error[0] = -Errno.EINVAL;
      return null;
    }
    int end = bytes.length;
    if (end > FAMILY_BYTES && bytes[FAMILY_BYTES] != 0) {
      end = FAMILY_BYTES;
      while (end < bytes.length && bytes[end] != 0) {
        end++;
      }
    }
    return new SockAddr.Unix(
        new String(bytes, FAMILY_BYTES, end - FAMILY_BYTES, StandardCharsets.ISO_8859_1));
  }

  static long bind(UnixSock sock, Caller caller, byte[] bytes) {
    if (bytes.length == FAMILY_BYTES && SockAddr.familyOf(bytes) == Socket.AF_UNIX) {
      return autobind(sock);
    }
    long[] error = new long[1];
    SockAddr.Unix name = parse(bytes, error);
    if (name == null) {
      return error[0];
    }
    return name.isAbstract() ? bindAbstract(sock, name) : bindPath(sock, caller, name);
  }

  @Traced("unix_autobind")
  static long autobind(UnixSock sock) {
    sock.net.lock.lock();
    try {
      if (!sock.address.name().isEmpty()) {
        return 0;
      }
      String name = sock.net.unix().autobind(sock);
      if (name == null) {
        return -Errno.ENOSPC;
      }
      sock.address = new SockAddr.Unix(name);
      return 0;
    } finally {
      sock.net.lock.unlock();
    }
  }

  @Traced("unix_bind_abstract")
  private static long bindAbstract(UnixSock sock, SockAddr.Unix name) {
    sock.net.lock.lock();
    try {
      if (!sock.address.name().isEmpty()) {
        return -Errno.EINVAL;
      }
      if (!sock.net.unix().add(key(name.name(), sock.type), sock)) {
        return -Errno.EADDRINUSE;
      }
      sock.address = name;
      return 0;
    } finally {
      sock.net.lock.unlock();
    }
  }

  /** Sockets of different types do not see each other's names. */
  static String key(String name, int type) {
    return type + name;
  }

  @Traced("unix_bind_bsd")
  private static long bindPath(UnixSock sock, Caller caller, SockAddr.Unix name) {
    int mode = StatConstants.S_IFSOCK | 0777;
    long made = Namei.mknodat(caller, Fcntl.AT_FDCWD, name.name(), mode, 0);
    if (made != 0) {
      return made == -Errno.EEXIST ? -Errno.EADDRINUSE : made;
    }
    long result = bindNode(sock, caller, name);
    if (result != 0) {
      Namei.unlinkat(caller, Fcntl.AT_FDCWD, name.name());
    }
    return result;
  }

  private static long bindNode(UnixSock sock, Caller caller, SockAddr.Unix name) {
    return Namei.withPath(
        caller,
        Fcntl.AT_FDCWD,
        name.name(),
        0,
        (path, inode) -> {
          sock.net.lock.lock();
          try {
            if (!sock.address.name().isEmpty()) {
              return -Errno.EINVAL;
            }
            inode.hold();
            path.mount().hold();
            sock.binding = new UnixBinding(inode, path.mount());
            sock.net.unix().add(inode, sock);
            sock.address = name;
            return 0;
          } finally {
            sock.net.lock.unlock();
          }
        });
  }

  /** Gives the name up; a path stays in the file system. Under {@link Net#lock}. */
  static void unbind(UnixSock sock) {
    UnixBinding bound = sock.binding;
    UnixTable table = sock.net.unix();
    if (bound != null) {
      sock.binding = null;
      table.remove(bound.inode, sock);
      bound.inode.put();
      bound.mount.put();
    } else if (sock.address.isAbstract()) {
      String key = key(sock.address.name(), sock.type);
      if (table.find(key) == sock) { // and not the listener's whose name it inherited
        table.remove(key);
      }
    }
  }

  /** Who has a name; null with −errno in error[0]. */
  @Traced("unix_find_other")
  static @Nullable UnixSock findOther(
      Net net, Caller caller, SockAddr.Unix name, int type, long[] error) {
    return name.isAbstract()
        ? findAbstract(net, name, type, error)
        : findPath(net, caller, name, type, error);
  }

  private static @Nullable UnixSock findAbstract(
      Net net, SockAddr.Unix name, int type, long[] error) {
    net.lock.lock();
    try {
      UnixSock found = net.unix().find(key(name.name(), type));
      if (found == null) {
        error[0] = -Errno.ECONNREFUSED;
      }
      return found;
    } finally {
      net.lock.unlock();
    }
  }

  private static @Nullable UnixSock findPath(
      Net net, Caller caller, SockAddr.Unix name, int type, long[] error) {
    UnixSock[] found = new UnixSock[1];
    error[0] =
        Namei.withPath(
            caller,
            Fcntl.AT_FDCWD,
            name.name(),
            Lookup.FOLLOW,
            (path, inode) -> {
              long allowed = Permissions.pathPermission(path, MAY_WRITE, caller);
              if (allowed != 0) {
                return allowed;
              }
              net.lock.lock();
              try {
                found[0] = net.unix().find(inode);
              } finally {
                net.lock.unlock();
              }
              if (found[0] == null) {
                return -Errno.ECONNREFUSED;
              }
              return found[0].type == type ? 0 : -Errno.EPROTOTYPE;
            });
    return error[0] == 0 ? found[0] : null;
  }
}
