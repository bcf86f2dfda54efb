package dev.svc0.runtime.block;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The options of a disk on the command line: {@code key=value} pairs separated by commas; a first
 * value without a key is the file or the address; other keys without a value are switches.
 */
public final class DriveOptions {
  private final String driver;
  private final String first;
  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * Takes options apart.
   *
   * @param known the keys the driver understands
   * @throws IOException naming an unknown key and those that exist
   */
  public DriveOptions(String driver, String options, Set<String> known) throws IOException {
    this.driver = driver;
    String leading = "";
    boolean atStart = true;
    for (String part : options.split(",")) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? part : part.substring(0, equals);
      if (known.contains(key)) {
        values.put(key, equals < 0 ? "" : part.substring(equals + 1));
      } else if (atStart && !part.isEmpty()) {
        leading = part;
      } else if (!part.isEmpty()) {
        throw new IOException(
            driver + " has no option \"" + key + "\"; it has " + String.join(", ", known));
      }
      atStart = false;
    }
    first = leading;
  }

  /** The first value when it has no key, or an empty string. */
  public String first() {
    return first;
  }

  /** Whether a key is there. */
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** The value of a key, or the default. */
  public String get(String key, String otherwise) {
    return values.getOrDefault(key, otherwise);
  }

  /** The disk that the first value names, for a layer on top of another disk. */
  public BlockDevice disk(BlockDevices devices) throws IOException {
    BlockDevice disk = devices.byName(first);
    if (disk == null) {
      throw new IOException(
          driver + " needs a disk to lie on, made before it: for example " + driver + ":ram0");
    }
    return disk;
  }

  /** A size in bytes: a number with K, M, G or T behind it, powers of 1024. */
  public long bytes(String key, long otherwise) throws IOException {
    String text = values.get(key);
    if (text == null) {
      return otherwise;
    }
    int shift =
        text.isEmpty() ? -1 : "KMGT".indexOf(Character.toUpperCase(text.charAt(text.length() - 1)));
    String digits = shift < 0 ? text : text.substring(0, text.length() - 1);
    try {
      long number = Long.parseLong(digits);
      return Math.multiplyExact(number, 1L << 10 * (shift + 1));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IOException(
          driver + ": \"" + text + "\" is not a size; write for example " + key + "=64M", e);
    }
  }

  /** A number in a range (inclusive). */
  public int number(String key, int otherwise, int least, int most) throws IOException {
    String text = values.get(key);
    if (text == null) {
      return otherwise;
    }
    boolean isNumber = text.matches("[0-9]{1,9}");
    if (isNumber && Integer.parseInt(text) >= least && Integer.parseInt(text) <= most) {
      return Integer.parseInt(text);
    }
    throw new IOException(
        driver + ": " + key + " must be a number from " + least + " to " + most + ", not " + text);
  }
}
