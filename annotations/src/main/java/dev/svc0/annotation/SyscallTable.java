package dev.svc0.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares the system call table of one ABI.
 *
 * <p>Beside the annotated type, named after it, the processor generates the number constants, the
 * dispatch (one switch over every handler found in this module and in every jar on the class path)
 * and the table's metadata. A module of your own {@linkplain #extending extends} an existing table
 * by declaring one more of the same {@link #abi}.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface SyscallTable {
  /** Name of the pinned kernel table that numbers and names are checked against. */
  String abi();

  /**
   * The table this one extends: a type with this annotation and the same ABI, for example {@code
   * dev.svc0.arm64.Arm64Table}. It says that the module that declares that table, and so all of its
   * handlers, must be on the class path; {@code void} says nothing.
   */
  Class<?> extending() default void.class;
}
