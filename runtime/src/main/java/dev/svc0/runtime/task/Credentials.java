package dev.svc0.runtime.task;

import dev.svc0.runtime.vfs.Cred;

/** Rules by which rights change. <i>Linux:</i> security/commoncap.c. */
public final class Credentials {
  private static final long ALL = (1L << 41) - 1;

  private Credentials() {}

  /**
   * Saved ids become the effective ones; root keeps all capabilities, others lose them.
   *
   * @param euid the effective user id from now on: the old one, or a set-id file's owner
   * @param egid the effective group id from now on
   */
  static Cred afterExec(Cred old, int euid, int egid) {
    boolean root = old.uid() == 0 || euid == 0;
    long permitted = root ? ALL : 0;
    long effective = euid == 0 ? ALL : 0;
    return new Cred(
        old.uid(),
        old.gid(),
        euid,
        egid,
        euid,
        egid,
        euid,
        egid,
        old.groups(),
        effective,
        permitted,
        old.inheritable());
  }

  /** Other user ids; capabilities follow when root is left or entered. */
  public static Cred withUids(
      Cred old, int uid, int euid, int suid, int fsuid, KeepCapabilities keep) {
    long permitted = old.permitted();
    long effective = old.effective();
    boolean hadRoot = old.uid() == 0 || old.euid() == 0 || old.suid() == 0;
    boolean hasRoot = uid == 0 || euid == 0 || suid == 0;
    if (hadRoot && !hasRoot && keep == KeepCapabilities.NO) {
      permitted = 0;
      effective = 0;
    }
    if (old.euid() == 0 && euid != 0) {
      effective = 0;
    } else if (old.euid() != 0 && euid == 0) {
      effective = permitted;
    }
    return new Cred(
        uid,
        old.gid(),
        euid,
        old.egid(),
        suid,
        old.sgid(),
        fsuid,
        old.fsgid(),
        old.groups(),
        effective,
        permitted,
        old.inheritable());
  }

  /** PR_SET_KEEPCAPS. */
  public enum KeepCapabilities {
    YES,
    NO
  }

  /** Other group ids. */
  public static Cred withGids(Cred old, int gid, int egid, int sgid, int fsgid) {
    return new Cred(
        old.uid(),
        gid,
        old.euid(),
        egid,
        old.suid(),
        sgid,
        old.fsuid(),
        fsgid,
        old.groups(),
        old.effective(),
        old.permitted(),
        old.inheritable());
  }

  /** Another file-access user id alone. */
  public static Cred withFsuid(Cred old, int fsuid) {
    return new Cred(
        old.uid(),
        old.gid(),
        old.euid(),
        old.egid(),
        old.suid(),
        old.sgid(),
        fsuid,
        old.fsgid(),
        old.groups(),
        old.effective(),
        old.permitted(),
        old.inheritable());
  }

  /** Other supplementary groups. */
  public static Cred withGroups(Cred old, int[] groups) {
    return new Cred(
        old.uid(),
        old.gid(),
        old.euid(),
        old.egid(),
        old.suid(),
        old.sgid(),
        old.fsuid(),
        old.fsgid(),
        groups,
        old.effective(),
        old.permitted(),
        old.inheritable());
  }

  /** Other capabilities. */
  public static Cred withCapabilities(Cred old, long effective, long permitted, long inheritable) {
    return new Cred(
        old.uid(),
        old.gid(),
        old.euid(),
        old.egid(),
        old.suid(),
        old.sgid(),
        old.fsuid(),
        old.fsgid(),
        old.groups(),
        effective,
        permitted,
        inheritable);
  }
}
