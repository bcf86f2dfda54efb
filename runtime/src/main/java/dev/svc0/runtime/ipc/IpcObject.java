package dev.svc0.runtime.ipc;

import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.IpcPermLayout;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.Cred;
import java.nio.ByteBuffer;

/** What semaphores, segments and queues share. <i>Linux:</i> {@code kern_ipc_perm}. */
public abstract sealed class IpcObject permits SemaphoreSet, ShmSegment, MessageQueue {
  private static final int MODE = 0777;

  final int id;
  final int key;
  final int creatorUid;
  final int creatorGid;
  int uid;
  int gid;
  int mode;
  volatile boolean removed;

  /** Who waits for a change of it. */
  final WaitQueue wait = new WaitQueue();

  IpcObject(int id, int key, int mode, Cred cred) {
    this.id = id;
    this.key = key;
    this.mode = mode & MODE;
    this.uid = cred.euid();
    this.gid = cred.egid();
    this.creatorUid = uid;
    this.creatorGid = gid;
  }

  /** Its number. */
  public final int id() {
    return id;
  }

  /**
   * Whether somebody may use it.
   *
   * @param wanted permission bits, as for one class of users: 4 to read, 2 to change
   */
  final boolean allows(Cred cred, int wanted) {
    if (cred.capable(Capability.CAP_IPC_OWNER)) {
      return true;
    }
    int bits = mode;
    if (cred.euid() == uid || cred.euid() == creatorUid) {
      bits >>= 6;
    } else if (cred.inGroup(gid) || cred.inGroup(creatorGid)) {
      bits >>= 3;
    }
    return (wanted & ~bits & 7) == 0;
  }

  final boolean ownedBy(Cred cred) {
    return cred.euid() == uid
        || cred.euid() == creatorUid
        || cred.capable(Capability.CAP_SYS_ADMIN);
  }

  final void putPermissions(ByteBuffer out) {
    out.putInt(IpcPermLayout.key, key);
    out.putInt(IpcPermLayout.uid, uid);
    out.putInt(IpcPermLayout.gid, gid);
    out.putInt(IpcPermLayout.cuid, creatorUid);
    out.putInt(IpcPermLayout.cgid, creatorGid);
    out.putInt(IpcPermLayout.mode, mode);
    out.putShort(IpcPermLayout.seq, (short) IpcTable.sequenceOf(id));
  }

  /** IPC_SET: owner, group and permissions as a program's struct has them. */
  final void setPermissions(ByteBuffer in) {
    uid = in.getInt(IpcPermLayout.uid);
    gid = in.getInt(IpcPermLayout.gid);
    mode = mode & ~MODE | in.getInt(IpcPermLayout.mode) & MODE;
  }
}
