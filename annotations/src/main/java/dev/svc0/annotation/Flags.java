package dev.svc0.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A set of flags, named by a group of the ABI constants, for example {@code "open_flags"}. */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.CLASS)
public @interface Flags {
  /**
   * The group of constants that names the bits. A group that serves several calls is narrowed by
   * the beginnings of names: {@code "mmap:PROT_"}, {@code "at_flags:AT_REMOVEDIR"}, {@code
   * "wait:W|__W"}.
   */
  String value();

  /**
   * The flags the call accepts, by name. Any other bit makes the generated dispatch answer −EINVAL
   * before the handler runs, and is counted. Empty leaves the check, or ignoring unknown bits as
   * open does, to the handler.
   */
  String[] supported() default {};
}
