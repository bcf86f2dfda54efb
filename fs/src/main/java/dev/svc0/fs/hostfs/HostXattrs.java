package dev.svc0.fs.hostfs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.vfs.Xattr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Extended attributes of host files and folders: those of users, and what a program file may do
 * ({@link Xattr#CAPABILITY}), which can be read and taken away but not given. Others are the host's
 * business.
 */
final class HostXattrs {
  private static final String USER = "user.";
  private static final int XATTR_SIZE_MAX = 65_536;

  private HostXattrs() {}

  /** What is done with a descriptor and memory for names. */
  @FunctionalInterface
  private interface Action {
    /** A result or −errno. */
    long act(long descriptor, Arena arena);
  }

  private static long with(HostInode inode, Action action) {
    if (!inode.isRegular() && !inode.isDirectory()) {
      return -Errno.EOPNOTSUPP;
    }
    long unnamed = inode.unnamed();
    int flags = Fcntl.O_RDONLY | Fcntl.O_NONBLOCK | HostCalls.O_NOFOLLOW;
    long descriptor = unnamed >= 0 ? unnamed : inode.host().open(inode.entry(), flags, 0);
    if (descriptor < 0) {
      return descriptor;
    }
    try (Arena arena = Arena.ofConfined()) {
      return action.act(descriptor, arena);
    } finally {
      if (descriptor != unnamed) {
        HostCalls.close(descriptor);
      }
    }
  }

  private static long nameIn(Arena arena, String name) {
    return arena.allocateFrom(name, StandardCharsets.ISO_8859_1).address();
  }

  /** The value; null with −errno in error[0]. */
  static byte @Nullable [] get(HostInode inode, String name, long[] error) {
    if (!name.startsWith(USER) && !name.equals(Xattr.CAPABILITY)) {
      error[0] = -Errno.EOPNOTSUPP;
      return null;
    }
    byte[][] value = new byte[1][];
    error[0] =
        with(
            inode,
            (descriptor, arena) -> {
              MemorySegment buffer = arena.allocate(XATTR_SIZE_MAX);
              long bytes =
                  HostCalls.call(
                      HostCalls.Call.FGETXATTR,
                      descriptor,
                      nameIn(arena, name),
                      buffer.address(),
                      XATTR_SIZE_MAX);
              if (bytes >= 0) {
                value[0] = buffer.asSlice(0, bytes).toArray(JAVA_BYTE);
              }
              return Math.min(bytes, 0);
            });
    return value[0];
  }

  /** Sets a value; null removes. 0 or −errno. */
  static long set(HostInode inode, String name, byte @Nullable [] value, int flags) {
    boolean takenAway = value == null && name.equals(Xattr.CAPABILITY);
    if (!name.startsWith(USER) && !takenAway) {
      return -Errno.EOPNOTSUPP;
    }
    return with(
        inode,
        (descriptor, arena) -> {
          long named = nameIn(arena, name);
          if (value == null) {
            return HostCalls.call(HostCalls.Call.FREMOVEXATTR, descriptor, named);
          }
          MemorySegment bytes = arena.allocate(Math.max(value.length, 1));
          MemorySegment.copy(value, 0, bytes, JAVA_BYTE, 0, value.length);
          return HostCalls.call(
              HostCalls.Call.FSETXATTR, descriptor, named, bytes.address(), value.length, flags);
        });
  }

  /** The names that {@link #get} knows, each followed by NUL; none when the host has none. */
  static String list(HostInode inode) {
    StringBuilder names = new StringBuilder();
    long ignored = with(inode, (descriptor, arena) -> list(descriptor, arena, names));
    return names.toString();
  }

  private static long list(long descriptor, Arena arena, StringBuilder names) {
    MemorySegment buffer = arena.allocate(XATTR_SIZE_MAX);
    long bytes =
        HostCalls.call(HostCalls.Call.FLISTXATTR, descriptor, buffer.address(), XATTR_SIZE_MAX, 0);
    if (bytes > 0) {
      byte[] all = buffer.asSlice(0, bytes).toArray(JAVA_BYTE);
      for (String name : new String(all, StandardCharsets.ISO_8859_1).split("\0")) {
        if (name.startsWith(USER) || name.equals(Xattr.CAPABILITY)) {
          names.append(name).append('\0');
        }
      }
    }
    return bytes;
  }
}
