package dev.svc0.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** One value out of a group of the ABI constants, for example {@code "fcntl_cmd"}. */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.CLASS)
public @interface EnumOf {
  /**
   * The group of constants that names the values. A group that serves several calls is narrowed by
   * the beginnings of names: {@code "clock:CLOCK_"}, {@code "signal_action:SIG_"}.
   */
  String value();
}
