package dev.svc0.runtime.vfs;

/**
 * The rights of a caller; immutable. <i>Linux:</i> {@code cred}.
 *
 * @param uid real user id
 * @param gid real group id
 * @param euid effective user id
 * @param egid effective group id
 * @param suid saved user id
 * @param sgid saved group id
 * @param fsuid user id for file access
 * @param fsgid group id for file access
 * @param groups supplementary groups
 * @param effective capability bits in force (1 &lt;&lt; CAP_…)
 * @param permitted capability bits that may be taken into force
 * @param inheritable capability bits kept over execve
 */
public record Cred(
    int uid,
    int gid,
    int euid,
    int egid,
    int suid,
    int sgid,
    int fsuid,
    int fsgid,
    int[] groups,
    long effective,
    long permitted,
    long inheritable) {

  private static final long ALL_CAPABILITIES = (1L << 41) - 1;

  /** The super-user. */
  public static final Cred ROOT =
      new Cred(0, 0, 0, 0, 0, 0, 0, 0, new int[0], ALL_CAPABILITIES, ALL_CAPABILITIES, 0);

  /** A plain user without capabilities; the super-user when the id is 0. */
  public static Cred of(int uid, int gid) {
    long capabilities = uid == 0 ? ALL_CAPABILITIES : 0;
    return new Cred(
        uid, gid, uid, gid, uid, gid, uid, gid, new int[0], capabilities, capabilities, 0);
  }

  /** Whether a capability (CAP_…) is in force. */
  public boolean capable(int capability) {
    return (effective >>> capability & 1) != 0;
  }

  /** Whether a group is the file-access group or one of the supplementary ones. */
  public boolean inGroup(int group) {
    if (group == fsgid) {
      return true;
    }
    for (int one : groups) {
      if (one == group) {
        return true;
      }
    }
    return false;
  }
}
