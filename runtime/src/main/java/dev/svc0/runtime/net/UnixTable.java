package dev.svc0.runtime.net;

import dev.svc0.runtime.vfs.Inode;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who is bound to which name of the unix domain. Everything is under {@link Net#lock}. */
final class UnixTable {
  private static final int AUTOBIND_NAMES = 1 << 20;

  private final Map<String, UnixSock> names = new HashMap<>();
  private final Map<Inode, UnixSock> inodes = new IdentityHashMap<>();
  private int lastAutobind;

  /** Takes an abstract name; false when somebody has it. */
  boolean add(String name, UnixSock sock) {
    return names.putIfAbsent(name, sock) == null;
  }

  @Nullable UnixSock find(String name) {
    return names.get(name);
  }

  void remove(String name) {
    names.remove(name);
  }

  void add(Inode inode, UnixSock sock) {
    inodes.put(inode, sock);
  }

  @Nullable UnixSock find(Inode inode) {
    return inodes.get(inode);
  }

  void remove(Inode inode, UnixSock sock) {
    inodes.remove(inode, sock);
  }

  /** A free abstract name of five hexadecimal digits, or null. */
  @Nullable String autobind(UnixSock sock) {
    for (int i = 0; i < AUTOBIND_NAMES; i++) {
      lastAutobind = (lastAutobind + 1) % AUTOBIND_NAMES;
      String name = String.format("\0%05x", lastAutobind);
      if (add(UnixBinding.key(name, sock.type), sock)) {
        return name;
      }
    }
    return null;
  }
}
