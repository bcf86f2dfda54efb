package dev.svc0.cli.image;

import dev.svc0.runtime.abi.StatConstants;

/**
 * What an image knows about a file.
 *
 * @param inode inode number
 * @param mode type and permissions
 * @param links names it has
 * @param uid owner
 * @param gid group
 * @param size in bytes
 * @param blocks512 what it takes on the disk, in units of 512 bytes
 * @param device of a device node
 * @param mtimeSeconds when its contents changed
 * @param mtimeNanos the rest of that
 */
public record FileStat(
    long inode,
    int mode,
    long links,
    long uid,
    long gid,
    long size,
    long blocks512,
    long device,
    long mtimeSeconds,
    long mtimeNanos) {

  /** S_IF… bits of the mode. */
  public int type() {
    return mode & StatConstants.S_IFMT;
  }

  /** Permissions, with set-id and sticky bits. */
  public int permissions() {
    return mode & 07777;
  }

  public boolean isFolder() {
    return type() == StatConstants.S_IFDIR;
  }

  public boolean isFile() {
    return type() == StatConstants.S_IFREG;
  }

  public boolean isLink() {
    return type() == StatConstants.S_IFLNK;
  }

  public boolean isDevice() {
    return type() == StatConstants.S_IFCHR || type() == StatConstants.S_IFBLK;
  }

  /** Major number of a device node, from the encoding of system calls. */
  public int major() {
    return (int) (device >>> 8 & 0xfff);
  }

  /** Minor number of a device node. */
  public int minor() {
    return (int) (device & 0xff | device >>> 12 & 0xfff00);
  }

  /** A device number as system calls take it. */
  public static long device(long major, long minor) {
    return minor & 0xff | major << 8 | (minor & ~0xffL) << 12;
  }

  /** What ls -l would show as type and permissions. */
  public String modeText() {
    StringBuilder text = new StringBuilder(10).append(typeLetter());
    String letters = "rwxrwxrwx";
    for (int i = 0; i < letters.length(); i++) {
      text.append((mode >>> 8 - i & 1) != 0 ? letters.charAt(i) : '-');
    }
    special(text, 3, StatConstants.S_ISUID, 's');
    special(text, 6, StatConstants.S_ISGID, 's');
    special(text, 9, StatConstants.S_ISVTX, 't');
    return text.toString();
  }

  private void special(StringBuilder text, int at, int bit, char letter) {
    if ((mode & bit) != 0) {
      text.setCharAt(at, text.charAt(at) == 'x' ? letter : Character.toUpperCase(letter));
    }
  }

  private char typeLetter() {
    return switch (type()) {
      case StatConstants.S_IFDIR -> 'd';
      case StatConstants.S_IFLNK -> 'l';
      case StatConstants.S_IFCHR -> 'c';
      case StatConstants.S_IFBLK -> 'b';
      case StatConstants.S_IFIFO -> 'p';
      case StatConstants.S_IFSOCK -> 's';
      default -> '-';
    };
  }
}
