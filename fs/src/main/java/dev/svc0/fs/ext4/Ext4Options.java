package dev.svc0.fs.ext4;

import dev.svc0.fs.extformat.RawSuperBlock;
import dev.svc0.fs.extformat.SuperBlockLayout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.MountException;
import java.util.Locale;

/** Mount options. <i>Linux:</i> ext4_parse_param. */
final class Ext4Options {
  /** How data and the journal go together. */
  enum Data {
    /** Data goes to the log too. */
    JOURNAL,
    /** Data is on the disk before the transaction that makes it reachable. */
    ORDERED,
    /** No order. */
    WRITEBACK
  }

  Data data = Data.ORDERED;
  private boolean dataGiven;
  boolean delayedAllocation = true;
  private boolean delayedGiven;
  boolean barriers = true;
  private boolean barriersGiven;
  int errors;
  private boolean errorsGiven;
  int commitSeconds = 5;
  int resUid;
  int resGid;
  boolean groupId;
  boolean minixDf;
  boolean userXattr = true;
  boolean acl = true;
  boolean noLoad;
  boolean autoDaAlloc = true;

  /**
   * Parses.
   *
   * @throws MountException EINVAL, naming the option
   */
  static Ext4Options parse(String text) throws MountException {
    Ext4Options options = new Ext4Options();
    for (String word : text.split(",")) {
      if (!word.isBlank()) {
        options.take(word.trim());
      }
    }
    return options;
  }

  private void take(String word) throws MountException {
    int equals = word.indexOf('=');
    String key = equals < 0 ? word : word.substring(0, equals);
    String value = equals < 0 ? "" : word.substring(equals + 1);
    if (equals >= 0 && value.isEmpty()) {
      throw bad(word);
    }
    switch (key) {
      case "data" -> takeData(word, value);
      case "delalloc" -> setDelayed(true);
      case "nodelalloc" -> setDelayed(false);
      case "barrier" -> setBarriers(value.isEmpty() || number(word, value) != 0);
      case "nobarrier" -> setBarriers(false);
      case "errors" -> takeErrors(word, value);
      case "commit" -> {
        commitSeconds = number(word, value);
        commitSeconds = commitSeconds == 0 ? 5 : commitSeconds;
      }
      case "resuid" -> resUid = number(word, value);
      case "resgid" -> resGid = number(word, value);
      case "grpid", "bsdgroups" -> groupId = true;
      case "nogrpid", "sysvgroups" -> groupId = false;
      case "minixdf" -> minixDf = true;
      case "bsddf" -> minixDf = false;
      case "user_xattr" -> userXattr = true;
      case "nouser_xattr" -> userXattr = false;
      case "acl" -> acl = true;
      case "noacl" -> acl = false;
      case "noload", "norecovery" -> noLoad = true;
      case "auto_da_alloc" -> autoDaAlloc = value.isEmpty() || number(word, value) != 0;
      case "noauto_da_alloc" -> autoDaAlloc = false;
      // Choices of the kernel's that change nothing here that could be seen.
      case "block_validity",
          "noblock_validity",
          "dioread_lock",
          "dioread_nolock",
          "nodiscard",
          "init_itable",
          "noinit_itable",
          "lazytime",
          "nolazytime",
          "i_version",
          "journal_checksum",
          "nojournal_checksum",
          "min_batch_time",
          "max_batch_time",
          "stripe",
          "inode_readahead_blks",
          "journal_ioprio",
          "max_dir_size_kb",
          "noquota",
          "oldalloc",
          "orlov",
          "nombcache",
          "prefetch_block_bitmaps",
          "no_prefetch_block_bitmaps",
          "mb_optimize_scan",
          "warn_on_error",
          "nowarn_on_error" -> {}
      default -> throw bad(word);
    }
  }

  private static MountException bad(String word) {
    return new MountException(
        Errno.EINVAL, "ext4: unrecognized mount option \"" + word + "\" or missing value");
  }

  private void setDelayed(boolean value) {
    delayedAllocation = value;
    delayedGiven = true;
  }

  private void setBarriers(boolean value) {
    barriers = value;
    barriersGiven = true;
  }

  private void takeData(String word, String value) throws MountException {
    data =
        switch (value) {
          case "journal" -> Data.JOURNAL;
          case "ordered" -> Data.ORDERED;
          case "writeback" -> Data.WRITEBACK;
          default -> throw bad(word);
        };
    dataGiven = true;
  }

  private void takeErrors(String word, String value) throws MountException {
    errors =
        switch (value) {
          case "continue" -> SuperBlockLayout.EXT2_ERRORS_CONTINUE;
          case "remount-ro" -> SuperBlockLayout.EXT2_ERRORS_RO;
          case "panic" -> SuperBlockLayout.EXT2_ERRORS_PANIC;
          default -> throw bad(word);
        };
    errorsGiven = true;
  }

  private static int number(String word, String value) throws MountException {
    try {
      int number = Integer.parseInt(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw bad(word);
    }
    throw bad(word);
  }

  /** What was not given comes from the superblock. */
  void takeDefaults(RawSuperBlock raw) {
    int stored = raw.u16(SuperBlockLayout.S_ERRORS);
    if (!errorsGiven) {
      boolean known =
          stored == SuperBlockLayout.EXT2_ERRORS_RO || stored == SuperBlockLayout.EXT2_ERRORS_PANIC;
      errors = known ? stored : SuperBlockLayout.EXT2_ERRORS_CONTINUE;
    }
    int defaults = (int) raw.u32(SuperBlockLayout.S_DEFAULT_MOUNT_OPTS);
    if (!dataGiven) {
      data =
          switch (defaults & SuperBlockLayout.EXT4_DEFM_JMODE) {
            case SuperBlockLayout.EXT4_DEFM_JMODE_DATA -> Data.JOURNAL;
            case SuperBlockLayout.EXT4_DEFM_JMODE_WBACK -> Data.WRITEBACK;
            default -> Data.ORDERED;
          };
    }
    if (!delayedGiven && (defaults & SuperBlockLayout.EXT4_DEFM_NODELALLOC) != 0) {
      delayedAllocation = false;
    }
    if (!barriersGiven && (defaults & SuperBlockLayout.EXT4_DEFM_NOBARRIER) != 0) {
      barriers = false;
    }
    if (data == Data.JOURNAL) {
      delayedAllocation = false;
    }
    resUid = resUid == 0 ? raw.u16(SuperBlockLayout.S_DEF_RESUID) : resUid;
    resGid = resGid == 0 ? raw.u16(SuperBlockLayout.S_DEF_RESGID) : resGid;
  }

  /** Takes over what a remount changes; −EINVAL for what cannot change. */
  long copyFrom(Ext4Options other) {
    if (other.dataGiven && other.data != data) {
      return -Errno.EINVAL;
    }
    if (other.errorsGiven) {
      errors = other.errors;
    }
    if (other.delayedGiven) {
      delayedAllocation = other.delayedAllocation && data != Data.JOURNAL;
    }
    if (other.barriersGiven) {
      barriers = other.barriers;
    }
    commitSeconds = other.commitSeconds;
    groupId = other.groupId;
    minixDf = other.minixDf;
    userXattr = other.userXattr;
    return 0;
  }

  /** As /proc/mounts shows them, each with a leading comma. */
  String show(boolean journal) {
    StringBuilder text = new StringBuilder();
    text.append(groupId ? ",grpid" : "").append(minixDf ? ",minixdf" : "");
    if (errors == SuperBlockLayout.EXT2_ERRORS_RO) {
      text.append(",errors=remount-ro");
    } else if (errors == SuperBlockLayout.EXT2_ERRORS_PANIC) {
      text.append(",errors=panic");
    }
    text.append(userXattr ? "" : ",nouser_xattr").append(acl ? "" : ",noacl");
    text.append(barriers ? "" : ",nobarrier");
    if (commitSeconds != 5) {
      text.append(",commit=").append(commitSeconds);
    }
    if (!delayedAllocation && data != Data.JOURNAL) {
      text.append(",nodelalloc");
    }
    if (journal && data != Data.ORDERED) {
      text.append(",data=").append(data.name().toLowerCase(Locale.ROOT));
    }
    return text.append(noLoad ? ",norecovery" : "").toString();
  }
}
