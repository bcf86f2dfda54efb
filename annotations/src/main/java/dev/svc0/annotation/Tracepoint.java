package dev.svc0.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One event. The method's comment says when it happens; a parameter {@code nrSector} is the field
 * {@code nr_sector}.
 *
 * <p>Parameters are {@code long}, {@code int}, {@code short}, {@code byte}, {@code boolean} and
 * {@code String}; all but the strings take at most 80 bytes together, and 40 when there is a
 * string.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.SOURCE)
public @interface Tracepoint {
  /** The kernel's name, for example {@code block_bio_queue}. */
  String value();

  /** What happened, in a sentence: shown in the list of events. */
  String doc();

  /** How a field is shown. */
  enum Show {
    /** A signed number. */
    DECIMAL,
    /** A number without sign. */
    UNSIGNED,
    /** Hexadecimal, with 0x before it. */
    HEX,
    /** {@code major << 20 | minor}, as {@code 8,0}. */
    DEVICE,
    /** Operation and flags of a bio, as {@code WS}. */
    RWBS,
    /** A result: −errno with its name. */
    RESULT,
    /** A permission mode in octal. */
    OCTAL
  }

  /** How a parameter is shown, where decimal is not right. */
  @Documented
  @Target(ElementType.PARAMETER)
  @Retention(RetentionPolicy.SOURCE)
  @interface Field {
    /** The way. */
    Show value();
  }

  /**
   * A {@code long} that is not a field but the id of the operation that caused what happens; when
   * there is none, that is the one the calling thread works for.
   */
  @Documented
  @Target(ElementType.PARAMETER)
  @Retention(RetentionPolicy.SOURCE)
  @interface Cause {}
}
