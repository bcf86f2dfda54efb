package dev.svc0.fs.ext2;

import dev.svc0.fs.extformat.RawSuperBlock;
import dev.svc0.fs.extformat.SuperBlockLayout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.MountException;

/**
 * Mount options, with their defaults from the superblock. <i>Source:</i> ext4(5), "ext2 options".
 */
final class Ext2Options {
  /** What to do when the disk contradicts itself: EXT2_ERRORS_… */
  int errors = SuperBlockLayout.EXT2_ERRORS_CONTINUE;

  /** Who may use reserved blocks beside those with CAP_SYS_RESOURCE. */
  int resUid;

  int resGid;

  /** New files take their directory's group. */
  boolean grpId;

  /** statfs counts all blocks, not only those for data. */
  boolean minixDf;

  /** Extended attributes of users are there. */
  boolean userXattr = true;

  /** Which copy of the superblock to read, in blocks of 1 KiB. */
  long superBlockAt = 1;

  private boolean errorsGiven;

  static Ext2Options parse(String text) throws MountException {
    Ext2Options options = new Ext2Options();
    for (String option : text.split(",")) {
      if (!option.isEmpty()) {
        options.one(option);
      }
    }
    return options;
  }

  private void one(String option) throws MountException {
    int equals = option.indexOf('=');
    String name = equals < 0 ? option : option.substring(0, equals);
    String value = equals < 0 ? "" : option.substring(equals + 1);
    switch (name) {
      case "errors" -> setErrors(value);
      case "sb" -> superBlockAt = number(name, value);
      case "resuid" -> resUid = (int) number(name, value);
      case "resgid" -> resGid = (int) number(name, value);
      case "grpid", "bsdgroups" -> grpId = true;
      case "nogrpid", "sysvgroups" -> grpId = false;
      case "minixdf" -> minixDf = true;
      case "bsddf" -> minixDf = false;
      case "user_xattr" -> userXattr = true;
      case "nouser_xattr" -> userXattr = false;
      case "acl",
          "noacl",
          "check",
          "nocheck",
          "debug",
          "nouid32",
          "nobh",
          "oldalloc",
          "orlov",
          "reservation",
          "noreservation" -> {
        // Accepted as Linux does; they change nothing here.
      }
      default ->
          throw new MountException(
              Errno.EINVAL, "ext2: unknown mount option \"" + option + "\"; see ext4(5)");
    }
  }

  private void setErrors(String value) throws MountException {
    errorsGiven = true;
    errors =
        switch (value) {
          case "continue" -> SuperBlockLayout.EXT2_ERRORS_CONTINUE;
          case "remount-ro" -> SuperBlockLayout.EXT2_ERRORS_RO;
          case "panic" -> SuperBlockLayout.EXT2_ERRORS_PANIC;
          default ->
              throw new MountException(
                  Errno.EINVAL,
                  "ext2: errors=" + value + " is none of continue, remount-ro, panic");
        };
  }

  private static long number(String name, String value) throws MountException {
    try {
      return Long.parseUnsignedLong(value);
    } catch (NumberFormatException e) {
      throw new MountException(
          Errno.EINVAL, "ext2: mount option " + name + " needs a number, not \"" + value + "\"");
    }
  }

  /** Fills in what was not given from the superblock. */
  void takeDefaults(RawSuperBlock raw) {
    if (!errorsGiven) {
      int stored = raw.u16(SuperBlockLayout.S_ERRORS);
      errors =
          stored == SuperBlockLayout.EXT2_ERRORS_RO || stored == SuperBlockLayout.EXT2_ERRORS_PANIC
              ? stored
              : SuperBlockLayout.EXT2_ERRORS_CONTINUE;
    }
    if (resUid == 0) {
      resUid = raw.u16(SuperBlockLayout.S_DEF_RESUID);
    }
    if (resGid == 0) {
      resGid = raw.u16(SuperBlockLayout.S_DEF_RESGID);
    }
  }

  /** Takes over what a remount changes. */
  void copyFrom(Ext2Options other) {
    if (other.errorsGiven) {
      errors = other.errors;
    }
    grpId = other.grpId;
    minixDf = other.minixDf;
    userXattr = other.userXattr;
  }

  /** As /proc/mounts shows them, each with a leading comma. */
  String show() {
    StringBuilder text = new StringBuilder();
    if (grpId) {
      text.append(",grpid");
    }
    if (minixDf) {
      text.append(",minixdf");
    }
    if (errors == SuperBlockLayout.EXT2_ERRORS_RO) {
      text.append(",errors=remount-ro");
    } else if (errors == SuperBlockLayout.EXT2_ERRORS_PANIC) {
      text.append(",errors=panic");
    }
    if (!userXattr) {
      text.append(",nouser_xattr");
    }
    return text.toString();
  }
}
