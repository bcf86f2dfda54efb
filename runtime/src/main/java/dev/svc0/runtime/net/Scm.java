package dev.svc0.runtime.net;

import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import java.util.List;

/**
 * What travels beside the bytes. <i>Linux:</i> {@code scm_cookie}, unix_skb_parms.
 *
 * @param pid process id of the sender
 * @param uid its user id
 * @param gid its group id
 * @param files descriptors, each with a reference that belongs to this object
 */
record Scm(int pid, int uid, int gid, List<File> files) {
  /** What Linux shows as user and group when the sender is not known. */
  static final int OVERFLOW_ID = 65534;

  /** The most descriptors one message carries. */
  static final int MAX_FILES = 253;

  static Scm of(Caller caller) {
    return new Scm(caller.pid(), caller.cred().uid(), caller.cred().gid(), List.of());
  }

  boolean sameSender(Scm other) {
    return pid == other.pid && uid == other.uid && gid == other.gid;
  }

  /** Lets go of the descriptors. */
  void destroy() {
    for (File file : files) {
      file.put();
    }
  }
}
