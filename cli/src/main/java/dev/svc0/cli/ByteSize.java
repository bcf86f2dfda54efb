package dev.svc0.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * A number of bytes as people write it: {@code 4096}, {@code 64K}, {@code 1.5G}; the letters are
 * powers of 1024.
 *
 * @param bytes how many
 */
record ByteSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([KMGT]?)(?:I?B)?");

  /** Reads one from the command line. */
  static final class Converter implements CommandLine.ITypeConverter<ByteSize> {
    @Override
    public ByteSize convert(String text) {
      try {
        return parse(text);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.TypeConversionException(e.getMessage());
      }
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with a sentence when it is none
   */
  static ByteSize parse(String text) {
    Matcher form = FORM.matcher(text.toUpperCase(Locale.ROOT));
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no size; write for example 64M or 2G");
    }
    int shift = "KMGT".indexOf(form.group(2)) * 10 + 10;
    double bytes = Double.parseDouble(form.group(1)) * (form.group(2).isEmpty() ? 1 : 1L << shift);
    if (bytes >= Long.MAX_VALUE) {
      throw new IllegalArgumentException("'" + text + "' is more than there can be");
    }
    return new ByteSize((long) bytes);
  }
}
