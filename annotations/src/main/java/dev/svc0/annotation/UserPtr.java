package dev.svc0.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The user address of a buffer, a value or a struct; declared {@code long}. */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.CLASS)
public @interface UserPtr {
  /** Which way the data goes. */
  Access access();

  /**
   * Length in bytes: a parameter's name, {@code "$result"}, or a number; empty with {@link
   * #struct}.
   */
  String length() default "";

  /**
   * Name of the ABI struct the address points to, for example {@code "stat"}; empty for plain
   * bytes.
   */
  String struct() default "";

  /** How many structs: a parameter's name or a number; empty means one. */
  String count() default "";

  /** Direction of a user pointer, as the kernel sees it. */
  enum Access {
    IN,
    OUT,
    IN_OUT
  }
}
