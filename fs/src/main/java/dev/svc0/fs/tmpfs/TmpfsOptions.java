package dev.svc0.fs.tmpfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;

/**
 * Mount options.
 *
 * @param maxBlocks pages, 0 for no limit
 * @param maxInodes inodes, 0 for no limit
 * @param mode permission bits of the top directory
 * @param uid owner of the top directory
 * @param gid group of the top directory
 */
record TmpfsOptions(long maxBlocks, long maxInodes, int mode, int uid, int gid) {
  private static final int PAGE_SHIFT = 12;

  /** Parses {@code size=16m,mode=755}; the defaults are half of the page frames for both limits. */
  static TmpfsOptions parse(MountRequest request) throws MountException {
    long half = request.vfs().frames().limitPages() / 2;
    long blocks = half;
    long inodes = half;
    int mode = 01777;
    int uid = 0;
    int gid = 0;
    for (String option : request.options().split(",")) {
      int equals = option.indexOf('=');
      String key = equals < 0 ? option : option.substring(0, equals);
      String value = equals < 0 ? "" : option.substring(equals + 1);
      switch (key) {
        case "" -> {}
        case "size" -> blocks = pages(value, half * 2);
        case "nr_blocks" -> blocks = number(key, value, 10);
        case "nr_inodes" -> inodes = number(key, value, 10);
        case "mode" -> mode = (int) number(key, value, 8) & 07777;
        case "uid" -> uid = (int) number(key, value, 10);
        case "gid" -> gid = (int) number(key, value, 10);
        default ->
            throw new MountException(
                Errno.EINVAL,
                "tmpfs has no option '"
                    + key
                    + "'; it has size, nr_blocks, nr_inodes, mode, uid, gid");
      }
    }
    return new TmpfsOptions(blocks, inodes, mode, uid, gid);
  }

  private static long pages(String value, long allPages) throws MountException {
    if (value.endsWith("%")) {
      return allPages * number("size", value.substring(0, value.length() - 1), 10) / 100;
    }
    return number("size", value, 10) + (1 << PAGE_SHIFT) - 1 >>> PAGE_SHIFT;
  }

  private static long number(String key, String value, int radix) throws MountException {
    String digits = value;
    int shift = 0;
    if (!value.isEmpty()) {
      shift =
          switch (Character.toLowerCase(value.charAt(value.length() - 1))) {
            case 'k' -> 10;
            case 'm' -> 20;
            case 'g' -> 30;
            default -> 0;
          };
    }
    if (shift != 0) {
      digits = value.substring(0, value.length() - 1);
    }
    try {
      long number = Long.parseLong(digits, radix);
      if (number >= 0 && number <= Long.MAX_VALUE >> shift + PAGE_SHIFT) {
        return number << shift;
      }
    } catch (NumberFormatException notANumber) {
      // Falls through to the message below.
    }
    throw new MountException(
        Errno.EINVAL, "tmpfs: " + key + "=" + value + " is not a number that makes sense");
  }
}
