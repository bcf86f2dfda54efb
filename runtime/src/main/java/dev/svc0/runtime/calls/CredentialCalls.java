package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.Credentials;
import dev.svc0.runtime.task.Credentials.KeepCapabilities;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Cred;

/** User and group ids. */
public final class CredentialCalls {
  private static final int SAME = -1;
  private static final int NGROUPS_MAX = 65536;

  private CredentialCalls() {}

  @SyscallDefine(nr = 174, name = "getuid")
  public static long getuid(Task task) {
    return id(task.cred().uid());
  }

  @SyscallDefine(nr = 175, name = "geteuid")
  public static long geteuid(Task task) {
    return id(task.cred().euid());
  }

  @SyscallDefine(nr = 176, name = "getgid")
  public static long getgid(Task task) {
    return id(task.cred().gid());
  }

  @SyscallDefine(nr = 177, name = "getegid")
  public static long getegid(Task task) {
    return id(task.cred().egid());
  }

  private static long id(int id) {
    return id & 0xffffffffL;
  }

  private static void setUids(Task task, int uid, int euid, int suid, int fsuid) {
    KeepCapabilities keep =
        task.settings.keepCapabilities ? KeepCapabilities.YES : KeepCapabilities.NO;
    task.setCred(Credentials.withUids(task.cred(), uid, euid, suid, fsuid, keep));
  }

  @SyscallDefine(
      nr = 146,
      name = "setuid",
      errors = {"EINVAL", "EPERM"})
  public static long setuid(Task task, int uid) {
    Cred old = task.cred();
    if (uid == SAME) {
      return -Errno.EINVAL;
    }
    if (old.capable(Capability.CAP_SETUID)) {
      setUids(task, uid, uid, uid, uid);
      return 0;
    }
    if (uid != old.uid() && uid != old.suid()) {
      return -Errno.EPERM;
    }
    setUids(task, old.uid(), uid, old.suid(), uid);
    return 0;
  }

  @SyscallDefine(nr = 145, name = "setreuid", errors = "EPERM")
  public static long setreuid(Task task, int ruid, int euid) {
    Cred old = task.cred();
    boolean able = old.capable(Capability.CAP_SETUID);
    if (ruid != SAME && ruid != old.uid() && ruid != old.euid() && !able) {
      return -Errno.EPERM;
    }
    if (euid != SAME && euid != old.uid() && euid != old.euid() && euid != old.suid() && !able) {
      return -Errno.EPERM;
    }
    int uid = ruid == SAME ? old.uid() : ruid;
    int effective = euid == SAME ? old.euid() : euid;
    boolean saves = ruid != SAME || euid != SAME && euid != old.uid();
    setUids(task, uid, effective, saves ? effective : old.suid(), effective);
    return 0;
  }

  private static boolean oneOf(int id, int a, int b, int c) {
    return id == SAME || id == a || id == b || id == c;
  }

  @SyscallDefine(nr = 147, name = "setresuid", errors = "EPERM")
  public static long setresuid(Task task, int ruid, int euid, int suid) {
    Cred old = task.cred();
    boolean allowed =
        oneOf(ruid, old.uid(), old.euid(), old.suid())
            && oneOf(euid, old.uid(), old.euid(), old.suid())
            && oneOf(suid, old.uid(), old.euid(), old.suid());
    if (!allowed && !old.capable(Capability.CAP_SETUID)) {
      return -Errno.EPERM;
    }
    int effective = euid == SAME ? old.euid() : euid;
    setUids(
        task,
        ruid == SAME ? old.uid() : ruid,
        effective,
        suid == SAME ? old.suid() : suid,
        effective);
    return 0;
  }

  @SyscallDefine(nr = 148, name = "getresuid", errors = "EFAULT")
  public static long getresuid(
      Task task,
      @UserPtr(access = OUT, length = "4") long ruidp,
      @UserPtr(access = OUT, length = "4") long euidp,
      @UserPtr(access = OUT, length = "4") long suidp) {
    UserMemory memory = task.memory();
    memory.writeInt(ruidp, task.cred().uid());
    memory.writeInt(euidp, task.cred().euid());
    memory.writeInt(suidp, task.cred().suid());
    return 0;
  }

  @SyscallDefine(nr = 151, name = "setfsuid")
  public static long setfsuid(Task task, int uid) {
    Cred old = task.cred();
    boolean known =
        uid == old.uid() || uid == old.euid() || uid == old.suid() || uid == old.fsuid();
    if (uid != SAME && (known || old.capable(Capability.CAP_SETUID))) {
      task.setCred(Credentials.withFsuid(old, uid));
    }
    return id(old.fsuid());
  }

  @SyscallDefine(
      nr = 144,
      name = "setgid",
      errors = {"EINVAL", "EPERM"})
  public static long setgid(Task task, int gid) {
    Cred old = task.cred();
    if (gid == SAME) {
      return -Errno.EINVAL;
    }
    if (old.capable(Capability.CAP_SETGID)) {
      task.setCred(Credentials.withGids(old, gid, gid, gid, gid));
      return 0;
    }
    if (gid != old.gid() && gid != old.sgid()) {
      return -Errno.EPERM;
    }
    task.setCred(Credentials.withGids(old, old.gid(), gid, old.sgid(), gid));
    return 0;
  }

  @SyscallDefine(nr = 143, name = "setregid", errors = "EPERM")
  public static long setregid(Task task, int rgid, int egid) {
    Cred old = task.cred();
    boolean able = old.capable(Capability.CAP_SETGID);
    if (rgid != SAME && rgid != old.gid() && rgid != old.egid() && !able) {
      return -Errno.EPERM;
    }
    if (egid != SAME && egid != old.gid() && egid != old.egid() && egid != old.sgid() && !able) {
      return -Errno.EPERM;
    }
    int gid = rgid == SAME ? old.gid() : rgid;
    int effective = egid == SAME ? old.egid() : egid;
    boolean saves = rgid != SAME || egid != SAME && egid != old.gid();
    task.setCred(
        Credentials.withGids(old, gid, effective, saves ? effective : old.sgid(), effective));
    return 0;
  }

  @SyscallDefine(nr = 149, name = "setresgid", errors = "EPERM")
  public static long setresgid(Task task, int rgid, int egid, int sgid) {
    Cred old = task.cred();
    boolean allowed =
        oneOf(rgid, old.gid(), old.egid(), old.sgid())
            && oneOf(egid, old.gid(), old.egid(), old.sgid())
            && oneOf(sgid, old.gid(), old.egid(), old.sgid());
    if (!allowed && !old.capable(Capability.CAP_SETGID)) {
      return -Errno.EPERM;
    }
    int effective = egid == SAME ? old.egid() : egid;
    task.setCred(
        Credentials.withGids(
            old,
            rgid == SAME ? old.gid() : rgid,
            effective,
            sgid == SAME ? old.sgid() : sgid,
            effective));
    return 0;
  }

  @SyscallDefine(nr = 150, name = "getresgid", errors = "EFAULT")
  public static long getresgid(
      Task task,
      @UserPtr(access = OUT, length = "4") long rgidp,
      @UserPtr(access = OUT, length = "4") long egidp,
      @UserPtr(access = OUT, length = "4") long sgidp) {
    UserMemory memory = task.memory();
    memory.writeInt(rgidp, task.cred().gid());
    memory.writeInt(egidp, task.cred().egid());
    memory.writeInt(sgidp, task.cred().sgid());
    return 0;
  }

  @SyscallDefine(nr = 152, name = "setfsgid")
  public static long setfsgid(Task task, int gid) {
    Cred old = task.cred();
    boolean known =
        gid == old.gid() || gid == old.egid() || gid == old.sgid() || gid == old.fsgid();
    if (gid != SAME && (known || old.capable(Capability.CAP_SETGID))) {
      task.setCred(Credentials.withGids(old, old.gid(), old.egid(), old.sgid(), gid));
    }
    return id(old.fsgid());
  }

  @SyscallDefine(
      nr = 158,
      name = "getgroups",
      errors = {"EINVAL", "EFAULT"})
  public static long getgroups(Task task, int gidsetsize, long grouplist) {
    int[] groups = task.cred().groups();
    if (gidsetsize < 0 || gidsetsize != 0 && groups.length > gidsetsize) {
      return -Errno.EINVAL;
    }
    if (gidsetsize != 0) {
      for (int i = 0; i < groups.length; i++) {
        task.memory().writeInt(grouplist + (long) Integer.BYTES * i, groups[i]);
      }
    }
    return groups.length;
  }

  @SyscallDefine(
      nr = 159,
      name = "setgroups",
      errors = {"EINVAL", "EPERM", "EFAULT"})
  public static long setgroups(Task task, int gidsetsize, long grouplist) {
    if (!task.cred().capable(Capability.CAP_SETGID)) {
      return -Errno.EPERM;
    }
    if (Integer.compareUnsigned(gidsetsize, NGROUPS_MAX) > 0) {
      return -Errno.EINVAL;
    }
    int[] groups = new int[gidsetsize];
    for (int i = 0; i < gidsetsize; i++) {
      groups[i] = task.memory().readInt(grouplist + (long) Integer.BYTES * i);
    }
    task.setCred(Credentials.withGroups(task.cred(), groups));
    return 0;
  }
}
